//! The fully connected layer, also known as dense or affine.

use rand::Rng;

use crate::tensor::Tensor;

use super::init;
use super::module::{Module, Visitor};
use super::weight_norm::Weighted;

// ANCHOR: linear
/// y = x·Wᵀ + b: each output is a weighted sum of all inputs.
///
/// # Shapes
/// x (…, in) → y (…, out); weight (out, in), bias (out)
pub struct Linear {
    /// (out, in)
    pub weight: Tensor,
    /// (out), unless the layer has none.
    pub bias: Option<Tensor>,
}

impl Linear {
    /// A layer with a bias, initialised as PyTorch's: both uniform within ±1/√in.
    pub fn new(inputs: usize, outputs: usize, rng: &mut impl Rng) -> Linear {
        let bias = init::uniform([outputs], 1.0 / (inputs as f64).sqrt(), rng);
        Linear { bias: Some(bias.requires_grad_()), ..Linear::without_bias(inputs, outputs, rng) }
    }

    /// A layer that only multiplies.
    pub fn without_bias(inputs: usize, outputs: usize, rng: &mut impl Rng) -> Linear {
        let weight = init::uniform([outputs, inputs], 1.0 / (inputs as f64).sqrt(), rng);
        Linear { weight: weight.requires_grad_(), bias: None }
    }
}

impl Module for Linear {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.linear(&self.weight, self.bias.as_ref())
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
        if let Some(bias) = &self.bias {
            visitor.parameter("bias", bias);
        }
    }
}
// ANCHOR_END: linear

impl Weighted for Linear {
    fn weight(&self) -> &Tensor {
        &self.weight
    }

    fn bias(&self) -> &Option<Tensor> {
        &self.bias
    }

    fn with_weight(&self, weight: Tensor) -> Linear {
        Linear { weight, bias: self.bias.clone() }
    }
}
