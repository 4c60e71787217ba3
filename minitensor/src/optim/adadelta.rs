//! Adadelta.

use crate::device::Update;
use crate::tensor::Tensor;

use super::descent::{Descent, UpdateRule, check_ranges};

/// What [`Adadelta`] can be told; the defaults are PyTorch's, whose learning rate for it is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdadeltaOptions {
    /// How much of the running means is kept each step.
    pub rho: f64,
    /// Keeps the division finite, and the first steps above 0.
    pub eps: f64,
    /// The strength of the pull towards 0, added to the gradient as `weight_decay · w`.
    pub weight_decay: f64,
}

impl Default for AdadeltaOptions {
    fn default() -> AdadeltaOptions {
        AdadeltaOptions { rho: 0.9, eps: 1e-6, weight_decay: 0.0 }
    }
}

/// w ← w − lr · d, where d = g · √(u + ε) / √(s + ε), and s and u are running means of g² and d²: a step has the unit of
/// the weight, so it needs no learning rate of its own (Zeiler, 2012, algorithm 1).
pub type Adadelta = Descent<AdadeltaOptions>;

impl UpdateRule for AdadeltaOptions {
    fn memory(&self) -> Vec<(&'static str, f64)> {
        vec![("square_avg", 0.0), ("acc_delta", 0.0)]
    }

    // ANCHOR: adadelta
    fn plain(&self, w: &Tensor, g: &Tensor, memory: &mut [Tensor], lr: f64, _: i32) -> Tensor {
        let AdadeltaOptions { rho, eps, weight_decay } = *self;
        let g = g.add(&w.mul_scalar(weight_decay));
        let mean = |m: &Tensor, x: &Tensor| m.mul_scalar(rho).add(&x.mul_scalar(1.0 - rho));
        memory[0] = mean(&memory[0], &g.square());
        let root = |x: &Tensor| x.add_scalar(eps).sqrt();
        let d = g.mul(&root(&memory[1])).div(&root(&memory[0]));
        memory[1] = mean(&memory[1], &d.square());
        w.sub(&d.mul_scalar(lr))
    }
    // ANCHOR_END: adadelta

    fn update(&self, lr: f64, _: i32) -> Update {
        let AdadeltaOptions { rho, eps, weight_decay } = *self;
        Update::Adadelta { lr, weight_decay, rho, eps }
    }

    fn check(&self) -> Result<(), String> {
        let AdadeltaOptions { rho, eps, weight_decay } = *self;
        let limit = f64::INFINITY;
        check_ranges(
            "adadelta",
            &[("rho", rho, 1.0), ("eps", eps, limit), ("weight_decay", weight_decay, limit)],
        )
    }
}
