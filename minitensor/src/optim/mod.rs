//! Optimisers, learning-rate schedules, gradient clipping, averages of weights, and early stopping.
//!
//! An optimiser holds the parameters it changes. `step` reads the gradients that `backward` left. Each optimiser is a rule
//! for one parameter, written twice: in small ops, to be read and tested against, and for a kernel of one pass, which
//! runs. [`Descent`] applies it to all parameters; the optimiser to copy is [`Sgd`].

mod adadelta;
mod adagrad;
mod adam;
mod best;
mod clip;
mod descent;
mod early_stopping;
mod ema;
mod optimizer;
mod parameters;
mod rmsprop;
mod schedule;
mod sgd;
mod slot;
#[cfg(test)]
mod tests;

pub use adadelta::{Adadelta, AdadeltaOptions};
pub use adagrad::{Adagrad, AdagradOptions};
pub use adam::{Adam, AdamOptions};
pub use best::{Goal, Margin};
pub use clip::{clip_grad_norm, clip_grad_p_norm, clip_grad_value, grad_norm};
pub use descent::{Descent, Group, UpdateRule};
pub use early_stopping::{EarlyStopping, Verdict};
pub use ema::Ema;
pub use optimizer::{Optimizer, OptimizerState};
pub use parameters::Parameters;
pub use rmsprop::{RMSprop, RMSpropOptions};
pub use schedule::{
    Anneal, CosineAnnealingLR, CosineAnnealingWarmRestarts, ExponentialLR, LinearLR, MultiStepLR, OneCycleLR,
    PlateauOptions, PolynomialLR, ReduceLROnPlateau, Schedule, StepLR, Warmup, WarmupCosine,
};
pub use sgd::{Sgd, SgdOptions};
