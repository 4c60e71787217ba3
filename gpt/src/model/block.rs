//! The block that a GPT repeats.

use minitensor::Tensor;
use minitensor::nn::{Dropout, KeyValueCache, Linear, Module, Visitor};
use rand::{Rng, RngExt};

use super::attention::CausalSelfAttention;
use super::{GptConfig, linear, norm};
use minitensor::nn::LayerNorm;

// ANCHOR: block
/// First every position learns from the others, then it thinks for itself; both are added to what it knew.
///
/// # Shapes
/// x (B, T, C) → (B, T, C)
pub struct Block {
    ln_1: LayerNorm,
    attn: CausalSelfAttention,
    ln_2: LayerNorm,
    mlp: Mlp,
}

impl Module for Block {
    fn forward(&self, x: &Tensor) -> Tensor {
        let x = x + self.attn.forward(&self.ln_1.forward(x));
        &x + self.mlp.forward(&self.ln_2.forward(&x))
    }
    // ANCHOR_END: block

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("ln_1", &self.ln_1);
        visitor.module("attn", &self.attn);
        visitor.module("ln_2", &self.ln_2);
        visitor.module("mlp", &self.mlp);
    }
}

impl Block {
    pub(super) fn new(config: &GptConfig, rng: &mut impl Rng) -> Block {
        Block {
            ln_1: norm(config),
            attn: CausalSelfAttention::new(config, rng),
            ln_2: norm(config),
            mlp: Mlp::new(config, rng),
        }
    }

    pub(super) fn attention(&self, x: &Tensor) -> Tensor {
        self.attn.weights(&self.ln_1.forward(x))
    }

    /// The same for the positions that come after those in the cache.
    pub(super) fn go_on(&self, x: &Tensor, cache: &mut KeyValueCache) -> Tensor {
        let x = x + self.attn.go_on(&self.ln_1.forward(x), cache);
        &x + self.mlp.forward(&self.ln_2.forward(&x))
    }
}

// ANCHOR: mlp
/// Two layers, four times as wide in between.
///
/// # Shapes
/// x (B, T, C) → (B, T, C)
struct Mlp {
    c_fc: Linear,
    c_proj: Linear,
    tanh: bool,
    dropout: Dropout,
}

impl Module for Mlp {
    fn forward(&self, x: &Tensor) -> Tensor {
        let h = self.c_fc.forward(x); // (B, T, 4 C)
        let h = if self.tanh { h.gelu_tanh() } else { h.gelu() };
        self.dropout.forward(&self.c_proj.forward(&h))
    }
    // ANCHOR_END: mlp

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("c_fc", &self.c_fc);
        visitor.module("c_proj", &self.c_proj);
        visitor.module("dropout", &self.dropout);
    }
}

impl Mlp {
    fn new(config: &GptConfig, rng: &mut impl Rng) -> Mlp {
        let GptConfig { width, bias, tanh, dropout, .. } = *config;
        Mlp {
            c_fc: linear(width, 4 * width, super::STD, bias, rng),
            c_proj: linear(4 * width, width, config.residual_std(), bias, rng),
            tanh,
            dropout: Dropout::new(dropout, rng.random()),
        }
    }
}
