//! Adagrad.

use crate::device::Update;
use crate::tensor::Tensor;

use super::descent::{Descent, UpdateRule, check_ranges};

/// What [`Adagrad`] can be told; the defaults are PyTorch's, whose learning rate for it is 0.01.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdagradOptions {
    /// Divides the learning rate by 1 + lr_decay · steps.
    pub lr_decay: f64,
    /// The strength of the pull towards 0, added to the gradient as `weight_decay · w`.
    pub weight_decay: f64,
    /// Where the sums of squares start.
    pub initial_accumulator_value: f64,
    /// Keeps the division finite.
    pub eps: f64,
}

impl Default for AdagradOptions {
    fn default() -> AdagradOptions {
        AdagradOptions { lr_decay: 0.0, weight_decay: 0.0, initial_accumulator_value: 0.0, eps: 1e-10 }
    }
}

/// w ← w − lr · g / (√s + ε), where s is the sum of all g² so far: what has moved much moves less (Duchi et al., 2011).
pub type Adagrad = Descent<AdagradOptions>;

impl UpdateRule for AdagradOptions {
    const COUNTS: bool = true;

    fn memory(&self) -> Vec<(&'static str, f64)> {
        vec![("sum", self.initial_accumulator_value)]
    }

    // ANCHOR: adagrad
    fn plain(&self, w: &Tensor, g: &Tensor, memory: &mut [Tensor], lr: f64, t: i32) -> Tensor {
        let g = g.add(&w.mul_scalar(self.weight_decay));
        memory[0] = memory[0].add(&g.square());
        let d = g.div(&memory[0].sqrt().add_scalar(self.eps));
        w.sub(&d.mul_scalar(self.decayed(lr, t)))
    }
    // ANCHOR_END: adagrad

    fn update(&self, lr: f64, t: i32) -> Update {
        Update::Adagrad { lr: self.decayed(lr, t), weight_decay: self.weight_decay, eps: self.eps }
    }

    fn check(&self) -> Result<(), String> {
        let AdagradOptions { lr_decay, weight_decay, initial_accumulator_value, eps } = *self;
        let limit = f64::INFINITY;
        let decays = [("lr_decay", lr_decay, limit), ("weight_decay", weight_decay, limit)];
        let rest = [("initial_accumulator_value", initial_accumulator_value, limit), ("eps", eps, limit)];
        check_ranges("adagrad", &decays).and_then(|()| check_ranges("adagrad", &rest))
    }
}

impl AdagradOptions {
    fn decayed(&self, lr: f64, t: i32) -> f64 {
        lr / (1.0 + f64::from(t - 1) * self.lr_decay)
    }
}
