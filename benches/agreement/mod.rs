//! Before two programs are compared for speed: do they compute the same thing?

use ripple_effect::{Detail, Error};

use crate::naive::{Moments, Twin};
use crate::workload::Workload;

/// Standard errors, of the difference, by which two means may differ.
const ALLOWED: f64 = 4.0;

/// Compares the means of wait, lateness and errors of the library with those of the naive twin.
///
/// # Errors
/// The first figure that differs by more than sampling explains, in words.
pub(crate) fn check(workload: &Workload, replications: u64) -> Result<(), String> {
    let ours = ours(workload, replications).map_err(|error| error.to_string())?;
    let twin = Twin::of(workload).run(replications, 1);
    let theirs =
        [twin.wait, twin.lateness, twin.error].map(|moments: Moments| (moments.mean, moments.standard_error()));
    for (figure, ((mean, error), (twin, twin_error))) in
        ["wait", "lateness", "error"].iter().zip(ours.into_iter().zip(theirs))
    {
        // Where every engagement was the same, one more could have been otherwise.
        let allowed = ALLOWED * error.hypot(twin_error).max(1.0 / replications as f64);
        if (mean - twin).abs() > allowed {
            let services = workload.services;
            return Err(format!(
                "{figure}, {services} services: library {mean}, twin {twin}, more than {allowed} apart"
            ));
        }
    }
    Ok(())
}

/// Means and standard errors of wait, lateness and errors.
fn ours(workload: &Workload, replications: u64) -> Result<[(f64, f64); 3], Error> {
    let simulation = workload.organization()?.plan()?.simulate().replications(replications).detail(Detail::Customers);
    let summary = simulation.run()?.summary();
    let customer = &summary.customers[0];
    let count = replications as f64;
    let moments = |spread: &ripple_effect::outcome::Spread| {
        let figure = |estimate: ripple_effect::Estimate| estimate.estimate.unwrap_or(f64::NAN);
        (figure(spread.mean), figure(spread.sd) / count.sqrt())
    };
    let wrong = customer.error_free.complement().estimate.unwrap_or(f64::NAN);
    Ok([moments(&customer.wait), moments(&customer.lateness), (wrong, (wrong * (1.0 - wrong) / count).sqrt())])
}
