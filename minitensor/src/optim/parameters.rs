//! The parameters that an optimiser changes.

use crate::nn::Module;
use crate::tensor::Tensor;

/// The parameters an optimiser changes, with their names.
#[derive(Clone)]
pub struct Parameters(Vec<(String, Tensor)>);

impl<M: Module + ?Sized> From<&M> for Parameters {
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

    /// Those of which `first` is true, and the others: two groups for [`Group`](super::Group).
    ///
    /// ```
    /// # use minitensor::{nn::Linear, optim::Parameters};
    /// # use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # let model = Linear::new(2, 2, &mut ChaCha8Rng::seed_from_u64(0));
    /// let (matrices, vectors) = Parameters::from(&model).partition(|_, tensor| tensor.rank() >= 2);
    /// assert_eq!((matrices.len(), vectors.len()), (1, 1)); // the weight; the bias
    /// ```
    pub fn partition(self, first: impl Fn(&str, &Tensor) -> bool) -> (Parameters, Parameters) {
        let (first, second) = self.0.into_iter().partition(|(name, tensor)| first(name, tensor));
        (Parameters(first), Parameters(second))
    }

    /// Adds more parameters after these.
    pub(crate) fn extend(&mut self, more: Parameters) {
        self.0.extend(more.0);
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
        let found = wanted().filter_map(|(i, (name, tensor))| Some((i, name, tensor, tensor.grad()?)));
        found
            .map(|(i, name, tensor, grad)| {
                assert!(
                    grad.shape() == tensor.shape() && grad.dtype() == tensor.dtype(),
                    "step: the parameter {name} is {:?} of {}, but `set_grad` gave it a gradient of {:?} of {}",
                    tensor.shape(),
                    tensor.dtype(),
                    grad.shape(),
                    grad.dtype()
                );
                (i, tensor, grad)
            })
            .collect()
    }
}
