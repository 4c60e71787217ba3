//! Adam and AdamW.

use crate::autograd::no_grad;
use crate::nn::StateError;
use crate::tensor::Tensor;

use super::optimizer::{Memory, Optimizer, OptimizerState, Parameters};

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
}

impl Default for AdamOptions {
    fn default() -> AdamOptions {
        AdamOptions { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0, decoupled: false }
    }
}

/// w ← w − lr · m̂ / (√v̂ + ε), where m and v are running means of the gradient and its square, and m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ) correct for their start at 0 (Kingma and Ba, 2015, algorithm 1).
pub struct Adam {
    parameters: Parameters,
    lr: f64,
    options: AdamOptions,
    step: i32,
    mean: Memory,
    square: Memory,
}

impl Adam {
    /// Adam at a learning rate.
    pub fn new(parameters: impl Into<Parameters>, lr: f64, options: AdamOptions) -> Adam {
        let parameters = parameters.into();
        let (mean, square) = (Memory::new("exp_avg", &parameters), Memory::new("exp_avg_sq", &parameters));
        Adam { mean, square, parameters, lr, options, step: 0 }
    }

    /// AdamW: Adam with decoupled weight decay; PyTorch's default decay is 0.01.
    pub fn adamw(parameters: impl Into<Parameters>, lr: f64, weight_decay: f64) -> Adam {
        Adam::new(parameters, lr, AdamOptions { weight_decay, decoupled: true, ..AdamOptions::default() })
    }
}

impl Optimizer for Adam {
    #[track_caller]
    fn step(&mut self) {
        let AdamOptions { beta1, beta2, eps, weight_decay, decoupled } = self.options;
        let gradients = self.parameters.with_gradients();
        self.step += 1;
        let (correct1, correct2) = (1.0 - beta1.powi(self.step), 1.0 - beta2.powi(self.step));
        no_grad(|| {
            for (i, w, mut g) in gradients {
                let mut kept = w.detach();
                if decoupled {
                    kept = kept.mul_scalar(1.0 - self.lr * weight_decay);
                } else if weight_decay != 0.0 {
                    g = g.add(&w.mul_scalar(weight_decay));
                }
                let m = running_mean(self.mean.get(i), beta1, &g);
                let v = running_mean(self.square.get(i), beta2, &g.square());
                let scale = v.mul_scalar(1.0 / correct2).sqrt().add_scalar(eps);
                w.copy_(&kept.sub(&m.mul_scalar(self.lr / correct1).div(&scale)));
            }
        });
    }

    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }

    fn state(&self) -> OptimizerState {
        let mut state = OptimizerState::from([("step".to_string(), Tensor::scalar(i64::from(self.step)))]);
        self.mean.save(&self.parameters, &mut state);
        self.square.save(&self.parameters, &mut state);
        state
    }

    fn load_state(&mut self, state: &OptimizerState) -> Result<(), StateError> {
        let mut error = StateError::default();
        let mean = self.mean.load(&self.parameters, state, &mut error);
        let square = self.square.load(&self.parameters, state, &mut error);
        let step = state.get("step").filter(|step| step.numel() == 1);
        if step.is_none() {
            error.missing.push("step".to_string());
        }
        match (step, error == StateError::default()) {
            (Some(step), true) => {
                (self.mean, self.square, self.step) = (mean, square, step.item() as i32);
                Ok(())
            }
            _ => Err(error),
        }
    }
}

/// mean ← β · mean + (1 − β) · value, from 0.
fn running_mean(slot: &mut Option<Tensor>, beta: f64, value: &Tensor) -> Tensor {
    let part = value.mul_scalar(1.0 - beta);
    let mean = match slot.take() {
        Some(mean) => mean.mul_scalar(beta).add(&part),
        None => part,
    };
    slot.insert(mean).clone()
}
