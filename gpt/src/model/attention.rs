//! Where positions learn from each other.

use minitensor::Tensor;
use minitensor::nn::{Dropout, KeyValueCache, Linear, Mode, Module, Visitor};
use minitensor::ops::AttentionOptions;
use rand::{Rng, RngExt};

use super::{GptConfig, linear};

// ANCHOR: attention
/// Several attentions side by side, in which each position sees itself and what came before it.
///
/// # Shapes
/// x (B, T, C) → (B, T, C)
pub struct CausalSelfAttention {
    c_attn: Linear,
    c_proj: Linear,
    heads: usize,
    forgotten: f64,
    attn_dropout: Dropout,
    resid_dropout: Dropout,
    mode: Mode,
}

impl CausalSelfAttention {
    /// The heads' queries, keys and values, each (B, nh, T, hs).
    fn heads(&self, x: &Tensor) -> [Tensor; 3] {
        let [b, t, c] = x.dims();
        let qkv = self.c_attn.forward(x); // (B, T, 3 C)
        [0, 1, 2].map(|i| {
            let part = qkv.narrow(2, i * c, c); // (B, T, C)
            part.reshape([b, t, self.heads, c / self.heads]).transpose(1, 2) // (B, nh, T, hs)
        })
    }

    /// The heads' answers side by side, and mixed.
    fn join(&self, y: &Tensor) -> Tensor {
        let [b, heads, t, size] = y.dims();
        let y = y.transpose(1, 2).reshape([b, t, heads * size]); // (B, T, C)
        self.resid_dropout.forward(&self.c_proj.forward(&y))
    }
}

impl Module for CausalSelfAttention {
    fn forward(&self, x: &Tensor) -> Tensor {
        let [q, k, v] = self.heads(x);
        let causal = AttentionOptions::causal();
        let y = match self.mode.is_training() && self.forgotten > 0.0 {
            true => self.attn_dropout.forward(&q.attention_weights(&k, &v, &causal)).matmul(&v),
            false => q.scaled_dot_product_attention(&k, &v, &causal),
        };
        self.join(&y) // y is (B, nh, T, hs)
    }
    // ANCHOR_END: attention

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("c_attn", &self.c_attn);
        visitor.module("c_proj", &self.c_proj);
        visitor.module("attn_dropout", &self.attn_dropout);
        visitor.module("resid_dropout", &self.resid_dropout);
        visitor.mode(&self.mode);
    }
}

impl CausalSelfAttention {
    pub(super) fn new(config: &GptConfig, rng: &mut impl Rng) -> CausalSelfAttention {
        let GptConfig { width, heads, dropout, bias, .. } = *config;
        assert!(
            heads > 0 && width.is_multiple_of(heads),
            "gpt: {heads} heads cannot share a width of {width} evenly"
        );
        CausalSelfAttention {
            c_attn: linear(width, 3 * width, super::STD, bias, rng),
            c_proj: linear(width, width, config.residual_std(), bias, rng),
            heads,
            forgotten: dropout,
            attn_dropout: Dropout::new(dropout, rng.random()),
            resid_dropout: Dropout::new(dropout, rng.random()),
            mode: Mode::default(),
        }
    }

    /// How much each position takes from each, in each head: (B, T, C) → (B, nh, T, T).
    pub(super) fn weights(&self, x: &Tensor) -> Tensor {
        let [q, k, v] = self.heads(x);
        q.attention_weights(&k, &v, &AttentionOptions::causal())
    }

    // ANCHOR: cached
    /// The same for the T positions that come after those in the cache, which are not computed again.
    pub(super) fn go_on(&self, x: &Tensor, cache: &mut KeyValueCache) -> Tensor {
        let before = cache.len();
        let [q, k, v] = self.heads(x); // (B, nh, T, hs)
        let (k, v) = cache.append(&k, &v); // (B, nh, before + T, hs)
        let (t, s) = (q.size(2), k.size(2));
        let seen = Tensor::arange(s)
            .reshape([1, s])
            .le(&Tensor::arange(t).add_scalar(before as f64).reshape([t, 1])); // (T, before + T)
        let options = AttentionOptions { mask: Some(seen.to(x.device())), ..AttentionOptions::default() };
        self.join(&q.scaled_dot_product_attention(&k, &v, &options))
    }
    // ANCHOR_END: cached
}
