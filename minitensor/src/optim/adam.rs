//! Adam and AdamW.

use crate::device::Update;
use crate::tensor::Tensor;

use super::descent::{Descent, UpdateRule, check_ranges};
use super::parameters::Parameters;

/// What [`Adam`] can be told; the defaults are PyTorch's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamOptions {
    /// How much of the running mean of the gradient is kept each step.
    pub beta1: f64,
    /// How much of the running mean of its square is kept each step.
    pub beta2: f64,
    /// Keeps the division finite.
    pub eps: f64,
    /// The strength of the pull towards 0.
    pub weight_decay: f64,
    /// AdamW: the pull acts on the weight itself, not through the gradient (Loshchilov and Hutter, 2019, algorithm 2).
    pub decoupled: bool,
    /// The largest mean of squares so far stands for the present one, so that steps never grow (Reddi et al., 2018).
    pub amsgrad: bool,
}

impl Default for AdamOptions {
    fn default() -> AdamOptions {
        AdamOptions {
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.0,
            decoupled: false,
            amsgrad: false,
        }
    }
}

/// w ← w − lr · m̂ / (√v̂ + ε), where m and v are running means of the gradient and its square, and m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ) correct for their start at 0 (Kingma and Ba, 2015, algorithm 1).
pub type Adam = Descent<AdamOptions>;

impl Adam {
    /// AdamW: Adam with decoupled weight decay; PyTorch's default decay is 0.01.
    #[track_caller]
    pub fn adamw(parameters: impl Into<Parameters>, lr: f64, weight_decay: f64) -> Adam {
        Adam::new(parameters, lr, AdamOptions { weight_decay, decoupled: true, ..AdamOptions::default() })
    }
}

impl UpdateRule for AdamOptions {
    const COUNTS: bool = true;

    fn memory(&self) -> Vec<(&'static str, f64)> {
        let largest = self.amsgrad.then_some(("max_exp_avg_sq", 0.0));
        [("exp_avg", 0.0), ("exp_avg_sq", 0.0)].into_iter().chain(largest).collect()
    }

    // ANCHOR: adam
    fn plain(&self, w: &Tensor, g: &Tensor, memory: &mut [Tensor], lr: f64, t: i32) -> Tensor {
        let AdamOptions { beta1, beta2, eps, weight_decay, decoupled, .. } = *self;
        let (mut w, mut g) = (w.clone(), g.clone());
        match decoupled {
            true => w = w.mul_scalar(1.0 - lr * weight_decay),
            false => g = g.add(&w.mul_scalar(weight_decay)),
        }
        memory[0] = memory[0].mul_scalar(beta1).add(&g.mul_scalar(1.0 - beta1));
        memory[1] = memory[1].mul_scalar(beta2).add(&g.square().mul_scalar(1.0 - beta2));
        if let [_, v, largest] = memory {
            *largest = largest.maximum(v);
        }
        let (m, v) = (&memory[0], &memory[memory.len() - 1]);
        let m = m.mul_scalar(1.0 / (1.0 - beta1.powi(t)));
        let v = v.mul_scalar(1.0 / (1.0 - beta2.powi(t)));
        w.sub(&m.mul_scalar(lr).div(&v.sqrt().add_scalar(eps)))
    }
    // ANCHOR_END: adam

    fn update(&self, lr: f64, t: i32) -> Update {
        let AdamOptions { beta1, beta2, eps, weight_decay, decoupled, amsgrad } = *self;
        let (through_gradient, keep) = match decoupled {
            true => (0.0, 1.0 - lr * weight_decay),
            false => (weight_decay, 1.0),
        };
        Update::Adam {
            lr: lr / (1.0 - beta1.powi(t)),
            weight_decay: through_gradient,
            keep,
            beta1,
            beta2,
            root: 1.0 / (1.0 - beta2.powi(t)).sqrt(),
            eps,
            amsgrad,
        }
    }

    fn check(&self) -> Result<(), String> {
        let AdamOptions { beta1, beta2, eps, weight_decay, .. } = *self;
        let limit = f64::INFINITY;
        let rest = [("eps", eps, limit), ("weight_decay", weight_decay, limit)];
        check_ranges("adam", &[("beta1", beta1, 1.0), ("beta2", beta2, 1.0), rest[0], rest[1]])
    }
}
