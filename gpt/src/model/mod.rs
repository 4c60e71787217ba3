//! A GPT in the layout of GPT-2 (Radford et al., 2019), whose tensors have the names of its published weights.

mod attention;
mod block;
mod config;
mod gpt;
mod published;
#[cfg(test)]
mod tests;

pub use attention::CausalSelfAttention;
pub use block::Block;
pub use config::GptConfig;
pub use gpt::{Cache, Gpt};
pub use published::from_published;

use minitensor::Tensor;
use minitensor::nn::{LayerNorm, Linear, init};
use rand::Rng;

/// The deviation of first weights (Radford et al., 2018, section 4.1).
const STD: f64 = 0.02;

impl GptConfig {
    /// Each block adds two terms to the signal that runs through all of them; their first weights are the smaller, the more
    /// there are, so that the sum stays of one size (Radford et al., 2019, section 2.3).
    fn residual_std(&self) -> f64 {
        STD / (2.0 * self.layers as f64).sqrt()
    }
}

fn linear(inputs: usize, outputs: usize, std: f64, bias: bool, rng: &mut impl Rng) -> Linear {
    Linear {
        weight: init::normal([outputs, inputs], std, rng).requires_grad_(),
        bias: bias.then(|| Tensor::zeros([outputs]).requires_grad_()),
    }
}

fn norm(config: &GptConfig) -> LayerNorm {
    let norm = LayerNorm::new([config.width]);
    if config.bias { norm } else { norm.without_bias() }
}
