//! Colours that everybody can tell apart (Okabe & Ito 2008), and one ramp whose lightness alone says how much.

/// For departments, in this order; after the last the first comes again, and the names in the boxes tell them apart.
pub(super) const GROUPS: [&str; 7] = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#7F7F7F"];
/// What is pointed at: vermillion.
pub(super) const ACCENT: &str = "#D55E00";
/// What helps, or is as promised: blue.
pub(super) const CALM: &str = "#0072B2";
pub(super) const INK: &str = "#1A1A1A";
pub(super) const SOFT: &str = "#595959";
pub(super) const LINE: &str = "#8C8C8C";
pub(super) const FAINT: &str = "#DDDDDD";
pub(super) const PAPER: &str = "#FFFFFF";

/// From white to vermillion, for 0 to 1: the more the darker, also in grey.
pub(super) fn ramp(value: f64) -> String {
    let share = value.clamp(0.0, 1.0);
    let mix = |full: f64| (255.0 + (full - 255.0) * share).round() as u8;
    format!("#{:02X}{:02X}{:02X}", mix(213.0), mix(94.0), mix(0.0))
}

/// Ink that can be read on that part of the ramp.
pub(super) fn ink_on(value: f64) -> &'static str {
    if value > 0.85 { PAPER } else { INK }
}
