//! Stochastic gradient descent.

use crate::device::Update;
use crate::tensor::Tensor;

use super::descent::{Descent, UpdateRule, check_ranges};

/// What [`Sgd`] can be told; the default is plain descent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SgdOptions {
    /// How much of the last velocity is kept (Polyak, 1964).
    pub momentum: f64,
    /// How much less of the gradient enters the velocity.
    pub dampening: f64,
    /// The strength of the pull towards 0, added to the gradient as `weight_decay · w`.
    pub weight_decay: f64,
    /// Looks ahead by one velocity before it steps (Nesterov, 1983).
    pub nesterov: bool,
}

// ANCHOR: sgd
/// w ← w − lr · v, where v ← momentum · v + (1 − dampening) · g, and g is the gradient plus weight decay.
///
/// The first v is g itself, as in PyTorch.
pub type Sgd = Descent<SgdOptions>;

impl UpdateRule for SgdOptions {
    fn memory(&self) -> Vec<(&'static str, f64)> {
        if self.momentum == 0.0 { vec![] } else { vec![("momentum_buffer", 0.0)] }
    }

    fn plain(&self, w: &Tensor, g: &Tensor, memory: &mut [Tensor], lr: f64, t: i32) -> Tensor {
        let SgdOptions { momentum, dampening, weight_decay, nesterov } = *self;
        let mut g = g.add(&w.mul_scalar(weight_decay));
        if let [velocity] = memory {
            *velocity = match t {
                1 => g.clone(),
                _ => velocity.mul_scalar(momentum).add(&g.mul_scalar(1.0 - dampening)),
            };
            g = if nesterov { g.add(&velocity.mul_scalar(momentum)) } else { velocity.clone() };
        }
        w.sub(&g.mul_scalar(lr))
    }
    // ANCHOR_END: sgd

    fn update(&self, lr: f64, t: i32) -> Update {
        let SgdOptions { momentum, dampening, weight_decay, nesterov } = *self;
        let take = if t == 1 { 1.0 } else { 1.0 - dampening };
        match momentum {
            0.0 => Update::Descend { lr, weight_decay },
            _ => Update::Momentum { lr, weight_decay, momentum, take, nesterov },
        }
    }

    fn check(&self) -> Result<(), String> {
        let SgdOptions { momentum, dampening, weight_decay, nesterov } = *self;
        if nesterov && (momentum <= 0.0 || dampening != 0.0) {
            return Err(
                "sgd: nesterov looks ahead along the velocity, so it needs momentum above 0 and no dampening"
                    .to_string(),
            );
        }
        let limit = f64::INFINITY;
        check_ranges("sgd", &[("momentum", momentum, limit), ("weight_decay", weight_decay, limit)])
    }
}
