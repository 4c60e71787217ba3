//! What every optimiser can do.

use std::collections::BTreeMap;

use crate::nn::StateError;
use crate::tensor::Tensor;

use super::parameters::Parameters;

/// What an optimiser remembers between steps, by name: what a checkpoint must keep.
pub type OptimizerState = BTreeMap<String, Tensor>;

/// Changes parameters by their gradients.
pub trait Optimizer {
    /// Changes each parameter by the gradient it has.
    ///
    /// # Panics
    /// If a parameter that requires a gradient has none.
    fn step(&mut self);

    /// The parameters it changes.
    fn parameters(&self) -> &Parameters;

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Sets the learning rate, as schedules do.
    fn set_lr(&mut self, lr: f64);

    /// What it remembers, by name: PyTorch's word for it, then the parameter's, `exp_avg.layer1.0.weight`.
    fn state(&self) -> OptimizerState;

    /// Takes up what another optimiser of the same kind remembered.
    ///
    /// # Errors
    /// If a name is missing or unknown, or a shape differs.
    fn load_state(&mut self, state: &OptimizerState) -> Result<(), StateError>;

    /// Forgets the gradients.
    fn zero_grad(&mut self) {
        self.parameters().iter().for_each(|(_, tensor)| tensor.zero_grad());
    }
}
