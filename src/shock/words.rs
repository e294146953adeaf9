//! A shock in plain words.

use std::fmt;

use super::effect::Effect;
use super::written::Shock;
use crate::Distribution;
use crate::change::Things;

/// What happens to whom, as one says it, and in which rounds.
///
/// ```
/// use ripple_effect::change::Selection;
/// use ripple_effect::shock::Shock;
///
/// let late = Shock::new("A bad start").on(Selection::employee("Ana")).late(6.0).in_round(2);
/// assert_eq!(late.to_string(), "Ana is 6 h late, in the third round");
/// let silence = Shock::new("No answer").on(Selection::dependency("Ana -> Ben")).unanswered_for(8.0);
/// assert_eq!(silence.to_string(), "the request Ana -> Ben goes unanswered, 8 h are lost, in the first round");
/// ```
impl fmt::Display for Shock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.happens(), self.when())
    }
}

impl Shock {
    /// The same in a run of so many rounds: of one alone nobody has to be told which it is.
    pub(crate) fn told(&self, rounds: u32) -> String {
        if rounds == 1 { self.happens() } else { self.to_string() }
    }

    fn happens(&self) -> String {
        let mut sentence = String::new();
        let mut last = String::new();
        for effect in self.effects() {
            let (subject, happens) = self.phrase(effect);
            if !sentence.is_empty() {
                sentence.push_str(", ");
            }
            if subject != last {
                sentence.push_str(&subject);
                sentence.push(' ');
                last = subject;
            }
            sentence.push_str(&happens);
        }
        if sentence.is_empty() { "nothing happens".to_owned() } else { sentence }
    }

    /// Who or what, and what happens.
    fn phrase(&self, effect: Effect) -> (String, String) {
        let things = effect.kind(&self.select, "").unwrap_or(Things::Employees);
        let (mut subject, is_one) = self.subject(things);
        let of_work = things == Things::Services;
        let on_the_way = things == Things::Dependencies;
        let hours = |of: &Option<Distribution>| of.as_ref().map(lost);
        let happens = match effect {
            Effect::Late => {
                let hours = hours(&self.late).unwrap_or_default();
                format!("{} {hours} late", if on_the_way { "comes" } else { "is" })
            }
            Effect::Wrong if on_the_way => "comes wrong".to_owned(),
            Effect::Wrong if of_work => "is wrong".to_owned(),
            Effect::Wrong => "delivers wrong results".to_owned(),
            Effect::Absent => "is away".to_owned(),
            Effect::Unanswered => {
                let chase = self.unanswered.as_ref().and_then(|unanswered| hours(&unanswered.chase));
                let each = if on_the_way && is_one { "" } else { " each time" };
                let cost = chase.map_or(String::new(), |hours| format!(", {hours} are lost{each}"));
                match things {
                    Things::Dependencies => {
                        subject = if is_one { format!("the request {subject}") } else { subject };
                        format!("goes unanswered{cost}")
                    }
                    Things::Services => {
                        subject = format!("every request for {subject}");
                        format!("goes unanswered{cost}")
                    }
                    _ => format!("answers no request{cost}"),
                }
            }
            Effect::Quality => {
                let left = 100.0 * self.quality.unwrap_or(1.0);
                format!("{} {left:.0} % of the quality", if of_work { "has" } else { "delivers" })
            }
            Effect::Pace => {
                let pace = self.pace.unwrap_or(1.0);
                format!("{} {pace} times as long", if of_work { "takes" } else { "needs" })
            }
        };
        (subject, happens)
    }

    /// Whom or what it strikes, and whether that is one thing with a name.
    fn subject(&self, things: Things) -> (String, bool) {
        let select = &self.select;
        let only = |field: &Option<String>| field.is_some() && self.names_one_field();
        if only(&select.employee) && things != Things::Dependencies {
            return (select.employee.clone().unwrap_or_default(), true);
        }
        if only(&select.department) && things != Things::Dependencies {
            return (format!("everybody in {}", select.department.as_deref().unwrap_or_default()), false);
        }
        if only(&select.service) {
            let label = select.service.as_deref().unwrap_or_default();
            let of = label
                .split_once('/')
                .map_or_else(|| format!("the work of {label}"), |(person, service)| format!("{service} of {person}"));
            return (of, true);
        }
        if only(&select.dependency) {
            return (select.dependency.clone().unwrap_or_default(), true);
        }
        if self.says_nothing() {
            let everything = match things {
                Things::Dependencies => "everything that is asked for",
                Things::Services => "all work",
                _ => "everybody",
            };
            return (everything.to_owned(), false);
        }
        (format!("whatever fits {select}"), false)
    }

    fn fields(&self) -> usize {
        let select = &self.select;
        let texts = [
            &select.employee,
            &select.service,
            &select.department,
            &select.customer,
            &select.dependency,
            &select.from,
            &select.to,
            &select.tag,
        ];
        texts.iter().filter(|field| field.is_some()).count() + usize::from(select.between.is_some())
    }

    fn names_one_field(&self) -> bool {
        self.fields() == 1
    }

    fn says_nothing(&self) -> bool {
        self.fields() == 0
    }

    fn when(&self) -> String {
        match (self.round, self.rounds) {
            (round, 0 | 1) => format!("in the {} round", ordinal(round)),
            (0, rounds) => format!("in the first {rounds} rounds"),
            (round, rounds) => format!("in {rounds} rounds from the {} on", ordinal(round)),
        }
    }
}

/// `6 h`, `6.2 h on average`.
fn lost(hours: &Distribution) -> String {
    match hours.as_constant() {
        Some(hours) => format!("{hours} h"),
        None => format!("{:.1} h on average", hours.mean()),
    }
}

/// Rounds as people count them: the first is 0.
fn ordinal(round: u32) -> String {
    const WORDS: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth",
    ];
    if let Some(word) = WORDS.get(round as usize) {
        return (*word).to_owned();
    }
    let number = u64::from(round) + 1;
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Selection;

    #[test]
    fn says_what_happens_to_whom() {
        let shock = || Shock::new("x");
        for (shock, said) in [
            (shock().on(Selection::employee("Ana")).absent().for_rounds(3), "Ana is away, in the first 3 rounds"),
            (
                shock().on(Selection::employee("Ana")).late(Distribution::uniform(1.0, 4.0)).wrong(),
                "Ana is 2.5 h on average late, delivers wrong results, in the first round",
            ),
            (
                shock().on(Selection::employee("Ana")).unanswered_for(8.0).in_round(20),
                "Ana answers no request, 8 h are lost each time, in the 21st round",
            ),
            (
                shock().on(Selection::department("Operations")).pace(2.0).in_round(1).for_rounds(2),
                "everybody in Operations needs 2 times as long, in 2 rounds from the second on",
            ),
            (
                shock().on(Selection::service("Ana/list")).quality(0.5).wrong(),
                "list of Ana is wrong, has 50 % of the quality, in the first round",
            ),
            (
                shock().on(Selection::dependency("Ana -> Ben")).late(1.5),
                "Ana -> Ben comes 1.5 h late, in the first round",
            ),
            (shock().on(Selection::dependency("a")).unanswered(), "the request a goes unanswered, in the first round"),
            (shock().unanswered(), "everything that is asked for goes unanswered, in the first round"),
            (shock().pace(3.0), "everybody needs 3 times as long, in the first round"),
            (
                shock().on(Selection::department("Operations").tagged("clerk")).absent(),
                "whatever fits department \"Operations\", tag \"clerk\" is away, in the first round",
            ),
            (shock(), "nothing happens, in the first round"),
        ] {
            assert_eq!(shock.to_string(), said);
        }
        assert_eq!(shock().on(Selection::employee("Ana")).late(6.0).told(1), "Ana is 6 h late");
        assert_eq!(
            [10, 11, 12, 20, 21, 22, 110, 111].map(ordinal).join(" "),
            "eleventh twelfth 13th 21st 22nd 23rd 111th 112th"
        );
    }
}
