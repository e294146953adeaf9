//! A slow and obvious twin of the engine, written from the text of the model alone.
//!
//! It is given a [`Description`](ripple_effect::organization::Description) and the draws of a
//! [`Trace`](ripple_effect::Trace), and says what must have come of them. It shares no code with the engine.
//!
//! | file | what lives there |
//! |---|---|
//! | `model` | names become labels and ids, defaults become numbers |
//! | `plan` | the order of work and the planned offsets |
//! | `draws` | what was drawn, read from a trace, and whether it could have been drawn |
//! | `run` | what comes of the plan and the draws, round by round |

mod draws;
mod model;
mod plan;
mod run;

pub(crate) use draws::Draws;
pub(crate) use model::Model;
pub(crate) use plan::Plan;
pub(crate) use run::{CustomerGot, InputCame, Round, ServiceDone, run};

/// The nearest multiple of 2^-30 hours, ties to even.
pub(crate) fn on_grid(hours: f64) -> f64 {
    let steps_an_hour = (1u64 << 30) as f64;
    (hours * steps_an_hour).round_ties_even() / steps_an_hour
}
