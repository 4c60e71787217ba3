//! What every optimiser can do.

use std::collections::BTreeMap;

use crate::nn::{Module, StateError};
use crate::tensor::Tensor;

/// The parameters an optimiser changes, with their names.
pub struct Parameters(Vec<(String, Tensor)>);

impl<M: Module> From<&M> for Parameters {
    fn from(module: &M) -> Parameters {
        Parameters(module.named_parameters())
    }
}

impl From<Vec<Tensor>> for Parameters {
    fn from(tensors: Vec<Tensor>) -> Parameters {
        Parameters(tensors.into_iter().enumerate().map(|(i, tensor)| (i.to_string(), tensor)).collect())
    }
}

impl From<Vec<(String, Tensor)>> for Parameters {
    fn from(named: Vec<(String, Tensor)>) -> Parameters {
        Parameters(named)
    }
}

impl Parameters {
    /// The parameters in order.
    pub fn iter(&self) -> impl Iterator<Item = &(String, Tensor)> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each parameter that is not frozen, with its position and gradient.
    ///
    /// # Panics
    /// If one has received no gradient: a part of the model that the loss does not reach learns nothing, silently.
    #[track_caller]
    pub(crate) fn with_gradients(&self) -> Vec<(usize, &Tensor, Tensor)> {
        let wanted = || self.0.iter().enumerate().filter(|(_, (_, tensor))| tensor.requires_grad());
        let without: Vec<&str> =
            wanted().filter(|(_, (_, t))| t.grad().is_none()).map(|(_, (name, _))| name.as_str()).collect();
        assert!(
            without.is_empty(),
            "step: no gradient has reached {}; call `backward()` first, and if the loss is not meant to depend on \
             it, freeze it with `set_requires_grad(false)`",
            without.join(", ")
        );
        wanted().filter_map(|(i, (_, tensor))| Some((i, tensor, tensor.grad()?))).collect()
    }
}

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

    /// What it remembers, by name.
    fn state(&self) -> OptimizerState;

    /// Takes up what another optimiser of the same kind remembered.
    ///
    /// # Errors
    /// If a name is unknown or a shape differs.
    fn load_state(&mut self, state: &OptimizerState) -> Result<(), StateError>;

    /// Forgets the gradients.
    fn zero_grad(&mut self) {
        self.parameters().iter().for_each(|(_, tensor)| tensor.zero_grad());
    }
}

/// One remembered tensor a parameter, such as momentum, made when first needed.
pub(crate) struct Memory {
    name: &'static str,
    tensors: Vec<Option<Tensor>>,
}

impl Memory {
    pub(crate) fn new(name: &'static str, parameters: &Parameters) -> Memory {
        Memory { name, tensors: vec![None; parameters.len()] }
    }

    pub(crate) fn get(&mut self, i: usize) -> &mut Option<Tensor> {
        &mut self.tensors[i]
    }

    /// Adds `momentum.layer.weight` and so on to a state.
    pub(crate) fn save(&self, parameters: &Parameters, state: &mut OptimizerState) {
        for ((name, _), tensor) in parameters.iter().zip(&self.tensors) {
            if let Some(tensor) = tensor {
                state.insert(format!("{}.{name}", self.name), tensor.detach());
            }
        }
    }

    /// The same memory as a state keeps it; differences are added to `error`.
    pub(crate) fn load(
        &self,
        parameters: &Parameters,
        state: &OptimizerState,
        error: &mut StateError,
    ) -> Memory {
        let prefix = format!("{}.", self.name);
        let known = |key: &str| parameters.iter().any(|(name, _)| key.strip_prefix(&prefix) == Some(name));
        let unknown = state.keys().filter(|key| key.starts_with(&prefix) && !known(key));
        error.unexpected.extend(unknown.cloned());
        let tensors = parameters.iter().map(|(name, parameter)| {
            let tensor = state.get(&format!("{prefix}{name}"))?;
            if tensor.shape() != parameter.shape() {
                error.shapes.push((name.clone(), parameter.shape().clone(), tensor.shape().clone()));
            }
            Some(tensor.to_dtype(parameter.dtype()))
        });
        Memory { name: self.name, tensors: tensors.collect() }
    }
}
