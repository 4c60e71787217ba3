//! Stochastic gradient descent.

use crate::autograd::no_grad;
use crate::nn::StateError;

use super::optimizer::{Memory, Optimizer, OptimizerState, Parameters};

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
pub struct Sgd {
    parameters: Parameters,
    lr: f64,
    options: SgdOptions,
    velocity: Memory,
}

impl Optimizer for Sgd {
    #[track_caller]
    fn step(&mut self) {
        let SgdOptions { momentum, dampening, weight_decay, nesterov } = self.options;
        no_grad(|| {
            for (i, w, mut g) in self.parameters.with_gradients() {
                if weight_decay != 0.0 {
                    g = g.add(&w.mul_scalar(weight_decay));
                }
                if momentum != 0.0 {
                    let slot = self.velocity.get(i);
                    let v = match slot.take() {
                        Some(v) => v.mul_scalar(momentum).add(&g.mul_scalar(1.0 - dampening)),
                        None => g.clone(),
                    };
                    g = if nesterov { g.add(&v.mul_scalar(momentum)) } else { v.clone() };
                    *slot = Some(v);
                }
                w.copy_(&w.sub(&g.mul_scalar(self.lr)));
            }
        });
    }
    // ANCHOR_END: sgd

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
        let mut state = OptimizerState::new();
        self.velocity.save(&self.parameters, &mut state);
        state
    }

    fn load_state(&mut self, state: &OptimizerState) -> Result<(), StateError> {
        let mut error = StateError::default();
        let velocity = self.velocity.load(&self.parameters, state, &mut error);
        if error != StateError::default() {
            return Err(error);
        }
        self.velocity = velocity;
        Ok(())
    }
}

impl Sgd {
    /// Descent at a learning rate.
    ///
    /// # Panics
    /// If Nesterov's look-ahead is asked for without momentum, or with dampening.
    #[track_caller]
    pub fn new(parameters: impl Into<Parameters>, lr: f64, options: SgdOptions) -> Sgd {
        assert!(
            !options.nesterov || (options.momentum > 0.0 && options.dampening == 0.0),
            "sgd: nesterov looks ahead along the velocity, so it needs momentum above 0 and no dampening"
        );
        let parameters = parameters.into();
        Sgd { velocity: Memory::new("momentum", &parameters), parameters, lr, options }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Tensor;

    #[test]
    fn a_parameter_without_a_gradient_is_named() {
        let reached = Tensor::ones([1]).requires_grad_();
        let forgotten = Tensor::ones([1]).requires_grad_();
        reached.sum().backward();
        let named = vec![("reached".to_string(), reached), ("forgotten".to_string(), forgotten.clone())];
        let mut sgd = Sgd::new(named, 0.1, SgdOptions::default());
        let panic =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sgd.step())).expect_err("must refuse");
        assert!(panic.downcast::<String>().unwrap().contains("no gradient has reached forgotten;"));

        forgotten.set_requires_grad(false);
        sgd.step();
        assert_eq!(forgotten.item(), 1.0);
    }
}
