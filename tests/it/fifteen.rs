//! Fifteen candidates for a portfolio.

use ripple_effect::change::{Parameter, Scenario, Selection};
use ripple_effect::practice::{Cost, Kind, Practice};
use ripple_effect::{Organization, generate};

/// Fifteen practices in an organisation of fifty services, each for some of its people.
pub(crate) fn fifteen(seed: u64, costs: impl Fn(usize) -> f64) -> (Organization, Vec<Scenario>) {
    let organization = generate::layered(50).seed(seed).organization().unwrap();
    let people: Vec<String> = organization.description().employees.iter().map(|one| one.name.clone()).collect();
    let kinds = [Kind::Training, Kind::Recognition, Kind::Coaching, Kind::PeerSharing, Kind::HandoffChecklist];
    let candidate = |place: usize| {
        let cost = Cost { fixed: Some(costs(place)), hours_per_person: Some(0.0), ..Cost::default() };
        let mut scenario = Scenario::new(format!("candidate {place}"));
        for person in people.iter().skip(place * 3).take(5) {
            let practice = Practice::new(kinds[place % kinds.len()], Selection::employee(person));
            scenario = scenario.practice(practice.effect(0.4 + 0.03 * place as f64).cost(Cost {
                fixed: Some(0.0),
                hours_per_person: Some(0.0),
                ..Cost::default()
            }));
            scenario = scenario.change(Selection::employee(person).scale(Parameter::Duration, 0.97));
        }
        let last = Practice::new(Kind::PeerSharing, Selection::employee(&people[(place * 7) % people.len()]));
        scenario.practice(last.effect(0.9).cost(cost))
    };
    let candidates = (0..15).map(candidate).collect();
    (organization, candidates)
}
