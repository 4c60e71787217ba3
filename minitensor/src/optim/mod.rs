//! Optimisers, learning-rate schedules and gradient clipping.
//!
//! An optimiser holds the parameters it changes. `step` reads the gradients that `backward` left. Each optimiser is a rule
//! for one parameter, written twice: in small ops, to be read and tested against, and for a kernel of one pass, which
//! runs. [`Descent`] applies it to all parameters; the optimiser to copy is [`Sgd`].

mod adadelta;
mod adagrad;
mod adam;
mod clip;
mod descent;
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
pub use clip::{clip_grad_norm, clip_grad_p_norm, clip_grad_value, grad_norm};
pub use descent::{Descent, Group, UpdateRule};
pub use optimizer::{Optimizer, OptimizerState};
pub use parameters::Parameters;
pub use rmsprop::{RMSprop, RMSpropOptions};
pub use schedule::{CosineAnnealing, Schedule, StepDecay};
pub use sgd::{Sgd, SgdOptions};
