//! Numbers that come out the same on every machine.
//!
//! | file | what lives there, and why |
//! |---|---|
//! | `elementary` | a choice without a jump, for the sampling kernel |
//! | `special` | the log-gamma family, small differences without cancellation, Gauss-Legendre quadrature |
//! | `solve` | inverting a log-concave tail by Newton's method, which then cannot fail |
//! | `gamma`, `beta`, `normal` | the distribution functions of those names and their inverses; Student's t with beta |
//!
//! Everything but `elementary` goes through the pinned `libm` crate: `f64::ln` and its kin call whatever the platform
//! has, and its last bits differ from one to the next.
pub(crate) mod beta;
pub(crate) mod elementary;
pub(crate) mod gamma;
pub(crate) mod normal;
pub(crate) mod solve;
pub(crate) mod special;

pub(crate) use beta::{beta_cdf, beta_quantile, student_t_quantile};
pub(crate) use normal::{normal_cdf, normal_quantile};
