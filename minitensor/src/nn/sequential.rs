//! Layers one after the other.

use crate::tensor::Tensor;

use super::module::{Module, Visitor};

/// Each layer's output is the next one's input; parts are named `0`, `1`, ….
///
/// ```
/// # use minitensor::{Tensor, nn::{Linear, Module, Relu, Sequential}};
/// # use rand::{SeedableRng, rngs::ChaCha8Rng};
/// let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let net = Sequential::new().with(Linear::new(4, 8, &mut rng)).with(Relu).with(Linear::new(8, 2, &mut rng));
/// assert_eq!(net.forward(&Tensor::zeros([5, 4])).shape()[..], [5, 2]);
/// assert_eq!(net.num_parameters(), 4 * 8 + 8 + 8 * 2 + 2);
/// ```
#[derive(Default)]
pub struct Sequential(Vec<Box<dyn Module>>);

impl Sequential {
    /// No layer yet.
    pub fn new() -> Sequential {
        Sequential::default()
    }

    /// The same with one more layer at the end.
    #[must_use]
    pub fn with(mut self, layer: impl Module + 'static) -> Sequential {
        self.push(layer);
        self
    }

    /// Adds a layer at the end.
    pub fn push(&mut self, layer: impl Module + 'static) {
        self.0.push(Box::new(layer));
    }

    /// The layers in order.
    pub fn layers(&self) -> &[Box<dyn Module>] {
        &self.0
    }
}

impl Module for Sequential {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.0.iter().fold(x.clone(), |x, layer| layer.forward(&x))
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        for (i, layer) in self.0.iter().enumerate() {
            visitor.module(&i.to_string(), layer);
        }
    }
}

/// (N, …) → (N, product of the rest): what stands between convolutions and a linear layer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flatten;

impl Module for Flatten {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.flatten(1, -1)
    }
}
