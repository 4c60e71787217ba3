//! Optimisers, learning-rate schedules and gradient clipping.
//!
//! An optimiser holds the parameters it changes. `step` reads the gradients that `backward` left; the optimiser to copy
//! is [`Sgd`].

mod adam;
mod clip;
mod optimizer;
mod schedule;
mod sgd;

pub use adam::{Adam, AdamOptions};
pub use clip::{clip_grad_norm, clip_grad_value};
pub use optimizer::{Optimizer, OptimizerState, Parameters};
pub use schedule::{CosineAnnealing, Schedule, StepDecay};
pub use sgd::{Sgd, SgdOptions};
