//! RMSprop.

use crate::device::Update;
use crate::tensor::Tensor;

use super::descent::{Descent, UpdateRule, check_ranges};

/// What [`RMSprop`] can be told; the defaults are PyTorch's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RMSpropOptions {
    /// How much of the running mean of the squared gradient is kept each step.
    pub alpha: f64,
    /// Keeps the division finite.
    pub eps: f64,
    /// The strength of the pull towards 0, added to the gradient as `weight_decay · w`.
    pub weight_decay: f64,
    /// How much of the last velocity is kept.
    pub momentum: f64,
    /// Divides by the deviation of the gradient, not by the root of its mean square (Graves, 2013, equations 38 to 40).
    pub centered: bool,
}

impl Default for RMSpropOptions {
    fn default() -> RMSpropOptions {
        RMSpropOptions { alpha: 0.99, eps: 1e-8, weight_decay: 0.0, momentum: 0.0, centered: false }
    }
}

/// w ← w − lr · g / (√s + ε), where s is a running mean of g²: steep directions are walked in smaller steps (Hinton, 2012,
/// "Neural networks for machine learning", lecture 6e).
pub type RMSprop = Descent<RMSpropOptions>;

impl UpdateRule for RMSpropOptions {
    fn memory(&self) -> Vec<(&'static str, f64)> {
        let mean = self.centered.then_some(("grad_avg", 0.0));
        let velocity = (self.momentum != 0.0).then_some(("momentum_buffer", 0.0));
        std::iter::once(("square_avg", 0.0)).chain(mean).chain(velocity).collect()
    }

    // ANCHOR: rmsprop
    fn plain(&self, w: &Tensor, g: &Tensor, memory: &mut [Tensor], lr: f64, _: i32) -> Tensor {
        let RMSpropOptions { alpha, eps, weight_decay, momentum, centered } = *self;
        let g = g.add(&w.mul_scalar(weight_decay));
        let mean = |m: &Tensor, x: &Tensor| m.mul_scalar(alpha).add(&x.mul_scalar(1.0 - alpha));
        memory[0] = mean(&memory[0], &g.square());
        let mut variance = memory[0].clone();
        if centered {
            memory[1] = mean(&memory[1], &g);
            variance = variance.sub(&memory[1].square()).clamp(0.0, f64::INFINITY);
        }
        let mut d = g.div(&variance.sqrt().add_scalar(eps));
        if momentum != 0.0 {
            let velocity = &mut memory[1 + usize::from(centered)];
            *velocity = velocity.mul_scalar(momentum).add(&d);
            d = velocity.clone();
        }
        w.sub(&d.mul_scalar(lr))
    }
    // ANCHOR_END: rmsprop

    fn update(&self, lr: f64, _: i32) -> Update {
        let RMSpropOptions { alpha, eps, weight_decay, momentum, centered } = *self;
        Update::RmsProp { lr, weight_decay, alpha, eps, momentum, centered }
    }

    fn check(&self) -> Result<(), String> {
        let RMSpropOptions { alpha, eps, weight_decay, momentum, .. } = *self;
        let limit = f64::INFINITY;
        let rest =
            [("eps", eps, limit), ("weight_decay", weight_decay, limit), ("momentum", momentum, limit)];
        check_ranges("rmsprop", &[("alpha", alpha, 1.0)]).and_then(|()| check_ranges("rmsprop", &rest))
    }
}
