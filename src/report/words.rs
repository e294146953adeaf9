//! Figures as people say them.

pub(super) use crate::thousands::thousands;

/// `31 in 100`, `4 in 1,000`, `never`, `always`.
pub(super) fn often(share: Option<f64>) -> String {
    let Some(share) = share else { return "-".into() };
    if share <= 0.0 {
        return "never".into();
    }
    if share >= 1.0 {
        return "always".into();
    }
    for of in [100.0, 1_000.0, 10_000.0, 100_000.0] {
        let count = (share * of).round();
        let rare_enough = share * of >= if of == 100.0 { 2.0 } else { 1.0 };
        if rare_enough && count < of {
            return format!("{} in {}", thousands(count), thousands(of));
        }
    }
    if share > 0.5 { "nearly always".into() } else { "hardly ever".into() }
}

/// `In 31 of 100 runs`, `In every run`.
pub(super) fn runs(share: Option<f64>) -> String {
    match often(share).as_str() {
        "always" => "In every run".to_owned(),
        "nearly always" => "In nearly every run".to_owned(),
        "never" => "In no run".to_owned(),
        "hardly ever" => "In hardly any run".to_owned(),
        often => format!("In {} runs", often.replacen(" in ", " of ", 1)),
    }
}

/// `100 runs`, `1 run`.
pub(super) fn so_many_runs(replications: u64) -> String {
    match replications {
        1 => "1 run".to_owned(),
        many => format!("{} runs", thousands(many as f64)),
    }
}

/// A word about times that were cut, where any were.
pub(super) fn caution(cut: u64) -> String {
    if cut == 0 {
        return String::new();
    }
    format!(
        "CAUTION: {} times were cut to the largest allowed; the figures are wrong by them. Look for a distribution with \
         far too heavy a tail.\n",
        thousands(cut as f64)
    )
}

/// `15 -> 21 in 100`: as few digits as tell the two apart.
pub(super) fn change(before: f64, after: f64) -> String {
    let whole = |share: f64| share <= 0.0 || share >= 1.0;
    if whole(before) && whole(after) && before != after {
        return format!("{} -> {}", often(Some(before)), often(Some(after)));
    }
    for of in [100.0, 1_000.0, 10_000.0] {
        let (then, now) = ((before * of).round(), (after * of).round());
        if then != now {
            return format!("{} -> {} in {}", thousands(then), thousands(now), thousands(of));
        }
    }
    often(Some(before))
}

/// `+1.2 h`; 0 where it is nothing.
pub(super) fn signed(hours: f64) -> String {
    if hours.abs() >= 100.0 {
        format!("{}{} h", if hours > 0.0 { "+" } else { "" }, thousands(hours))
    } else if hours.abs() < 0.05 {
        if hours.abs() < 0.005 { "0".into() } else { format!("{hours:+.2} h") }
    } else {
        format!("{hours:+.1} h")
    }
}

/// `93 %` of a share.
pub(super) fn of_100(share: Option<f64>) -> String {
    share.map_or("-".into(), |share| format!("{:.0} %", 100.0 * share))
}

/// `6.3 h`.
pub(super) fn hours(hours: Option<f64>) -> String {
    hours.map_or(
        "-".into(),
        |hours| if hours >= 100.0 { format!("{} h", thousands(hours)) } else { format!("{hours:.1} h") },
    )
}

/// `6.3 h = 0.8 days`, working days.
pub(super) fn hours_and_days(time: f64, hours_per_day: f64) -> String {
    let days = time / hours_per_day;
    let days = match days {
        days if days >= 10.0 => thousands(days),
        days if days >= 0.1 => format!("{days:.1}"),
        days => format!("{days:.2}"),
    };
    format!("{} = {days} days", hours(Some(time)))
}

/// `1,200`; nothing where it costs nothing.
pub(super) fn money(amount: f64) -> String {
    if amount == 0.0 { "-".into() } else { thousands(amount) }
}

/// A mean count per round.
pub(super) fn count(value: f64) -> String {
    if value == 0.0 {
        "0".into()
    } else if value < 0.005 {
        "< 0.01".into()
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_as_people_do() {
        assert_eq!(often(Some(0.314)), "31 in 100");
        assert_eq!(often(Some(0.0042)), "4 in 1,000");
        assert_eq!(often(Some(0.0)), "never");
        assert_eq!(often(Some(1.0)), "always");
        assert_eq!(often(Some(0.9999)), "9,999 in 10,000");
        assert_eq!(often(Some(1e-9)), "hardly ever");
        assert_eq!(often(None), "-");
        assert_eq!(runs(Some(0.314)), "In 31 of 100 runs");
        assert_eq!(runs(Some(1.0)), "In every run");
        assert_eq!(change(0.15, 0.21), "15 -> 21 in 100");
        assert_eq!(change(0.0, 0.004), "0 -> 4 in 1,000");
        assert_eq!(change(0.0, 1.0), "never -> always");
        assert_eq!(change(0.15, 0.15), "15 in 100");
        assert_eq!([signed(1.23), signed(-0.5), signed(0.01), signed(0.0)].join(" "), "+1.2 h -0.5 h +0.01 h 0");
        assert_eq!(hours_and_days(6.3, 8.0), "6.3 h = 0.8 days");
        assert_eq!(thousands(1_234_567.0), "1,234,567");
        assert_eq!(thousands(-1234.0), "-1,234");
    }
}
