//! Learning rates that change over time, as functions of the time: a run that goes on needs only to know where it is.
//!
//! [`ReduceLROnPlateau`] alone looks at how the training goes, and so has a state to keep.

mod cosine;
mod decay;
mod one_cycle;
mod plateau;

pub use cosine::{CosineAnnealingLR, CosineAnnealingWarmRestarts, WarmupCosine};
pub use decay::{ExponentialLR, LinearLR, MultiStepLR, PolynomialLR, StepLR, Warmup};
pub use one_cycle::{Anneal, OneCycleLR};
pub use plateau::{PlateauOptions, ReduceLROnPlateau};

/// A learning rate for each step (or epoch: whatever the caller counts). A closure is one too.
///
/// ```
/// # use minitensor::optim::Schedule;
/// let noam = |t: usize| ((t + 1) as f64).powf(-0.5).min((t + 1) as f64 * 400f64.powf(-1.5));
/// assert_eq!(noam.lr(399), 0.05);
/// ```
pub trait Schedule {
    /// The rate at time `t`, counted from 0.
    fn lr(&self, t: usize) -> f64;
}

impl<F: Fn(usize) -> f64> Schedule for F {
    fn lr(&self, t: usize) -> f64 {
        self(t)
    }
}

/// From `start` to `end` along half a cosine wave, for a `part` from 0 to 1.
fn half_wave(start: f64, end: f64, part: f64) -> f64 {
    end + (start - end) * (1.0 + (std::f64::consts::PI * part).cos()) / 2.0
}
