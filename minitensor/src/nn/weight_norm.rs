//! Weight norm.

use crate::autograd::no_grad;
use crate::tensor::Tensor;

use super::module::{Module, Visitor};

/// A layer whose weight can be computed instead of learned.
pub trait Weighted: Module + Sized {
    /// The weight, (out, in, …).
    fn weight(&self) -> &Tensor;

    /// The bias, if the layer has one.
    fn bias(&self) -> &Option<Tensor>;

    /// The same layer, its bias shared, with another weight.
    fn with_weight(&self, weight: Tensor) -> Self;
}

// ANCHOR: weight_norm
/// A layer that learns the lengths and the directions of its units' weights apart: `weight = weight_g · weight_v /
/// |weight_v|` (Salimans and Kingma, 2016). The gradient of the direction is then at right angles to it, and no step in
/// length is taken by accident.
///
/// The keys are those of PyTorch's `weight_norm(layer, dim=0)`; its newer form reads them too.
///
/// # Shapes
/// those of the layer; weight_g (out, 1, …), weight_v (out, in, …)
pub struct WeightNorm<L> {
    /// The length of each unit's weight, (out, 1, …).
    pub weight_g: Tensor,
    /// The directions, of any length: the layer's former weight.
    pub weight_v: Tensor,
    layer: L,
}

impl<L: Weighted> WeightNorm<L> {
    /// The layer with its weight taken apart; it still computes the same.
    pub fn new(layer: L) -> WeightNorm<L> {
        let weight_v = layer.weight().clone();
        let weight_g = no_grad(|| weight_v.norm_except_dim(0)).requires_grad_();
        WeightNorm { weight_g, weight_v, layer }
    }

    /// The weight as it is now.
    pub fn weight(&self) -> Tensor {
        self.weight_v.weight_norm(&self.weight_g, 0)
    }

    /// The plain layer with the weight as it is now: PyTorch's `remove_weight_norm`.
    pub fn into_inner(self) -> L {
        self.layer.with_weight(no_grad(|| self.weight()).requires_grad_())
    }
}

impl<L: Weighted> Module for WeightNorm<L> {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.layer.with_weight(self.weight()).forward(x)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight_g", &self.weight_g);
        visitor.parameter("weight_v", &self.weight_v);
        visitor.optional_parameter("bias", self.layer.bias());
    }
}
// ANCHOR_END: weight_norm
