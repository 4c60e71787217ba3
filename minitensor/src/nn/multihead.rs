//! Attention with several heads.

use rand::Rng;

use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::ops::AttentionOptions;
use crate::tensor::Tensor;

use super::init;
use super::linear::Linear;
use super::module::{Mode, Module, RngCell, Visitor};

/// What hides keys from queries. As in PyTorch, a 1 of a `U8` mask *hides* here; a float is added to the scores.
#[derive(Clone, Default)]
pub struct AttentionMasks {
    /// Keys that are padding: (N, S).
    pub key_padding_mask: Option<Tensor>,
    /// Pairs of queries and keys: (T, S), or (N · heads, T, S).
    pub attn_mask: Option<Tensor>,
    /// Query t sees keys 0 to t only.
    pub causal: bool,
}

// ANCHOR: multihead
/// Several attentions side by side, each with a share of the width, and their answers mixed (Vaswani et al., 2017, section
/// 3.2.2).
///
/// # Shapes
/// query (T, N, C), key (S, N, kdim), value (S, N, vdim) → (T, N, C); with `batch_first`, N stands before T and S
pub struct MultiheadAttention {
    /// The matrices of queries, keys and values.
    pub in_proj: InProjection,
    /// (3 C)
    pub in_proj_bias: Option<Tensor>,
    /// (C, C)
    pub out_proj: Linear,
    heads: usize,
    batch_first: bool,
    dropout: f64,
    mode: Mode,
    rng: RngCell,
}

/// The matrices that make queries, keys and values.
pub enum InProjection {
    /// All three in one, (3 C, C), where keys and values are as wide as queries.
    Packed(Tensor),
    /// (C, C), (C, kdim) and (C, vdim).
    Apart([Tensor; 3]),
}

impl MultiheadAttention {
    /// Attention whose keys and values are as wide as its queries, with PyTorch's first weights.
    ///
    /// # Panics
    /// If the heads cannot share the width evenly.
    #[track_caller]
    pub fn new(width: usize, heads: usize, rng: &mut impl Rng) -> MultiheadAttention {
        let packed = init::xavier_uniform([3 * width, width], 1.0, rng).requires_grad_();
        MultiheadAttention::projecting(width, heads, InProjection::Packed(packed), rng)
    }

    /// Attention to keys and values of other widths.
    ///
    /// # Panics
    /// As [`MultiheadAttention::new`].
    #[track_caller]
    pub fn with_dims(
        width: usize,
        heads: usize,
        kdim: usize,
        vdim: usize,
        rng: &mut impl Rng,
    ) -> MultiheadAttention {
        let apart = [width, kdim, vdim]
            .map(|inputs| init::xavier_uniform([width, inputs], 1.0, rng).requires_grad_());
        MultiheadAttention::projecting(width, heads, InProjection::Apart(apart), rng)
    }

    #[track_caller]
    fn projecting(
        width: usize,
        heads: usize,
        in_proj: InProjection,
        rng: &mut impl Rng,
    ) -> MultiheadAttention {
        heads_rule(width, heads).or_panic();
        let out_proj = Linear::without_bias(width, width, rng);
        MultiheadAttention {
            in_proj,
            in_proj_bias: Some(Tensor::zeros([3 * width]).requires_grad_()),
            out_proj: Linear { bias: Some(Tensor::zeros([width]).requires_grad_()), ..out_proj },
            heads,
            batch_first: false,
            dropout: 0.0,
            mode: Mode::default(),
            rng: RngCell::new(0),
        }
    }

    /// The same with the batch as first dimension.
    #[must_use]
    pub fn batch_first(self) -> MultiheadAttention {
        MultiheadAttention { batch_first: true, ..self }
    }

    /// The same without biases.
    #[must_use]
    pub fn without_bias(self) -> MultiheadAttention {
        let out_proj = Linear { bias: None, ..self.out_proj };
        MultiheadAttention { in_proj_bias: None, out_proj, ..self }
    }

    /// The same with attention weights forgotten in training with probability `p`.
    #[must_use]
    pub fn dropout(self, p: f64, seed: u64) -> MultiheadAttention {
        MultiheadAttention { dropout: p, rng: RngCell::new(seed), ..self }
    }

    /// What each query reads.
    ///
    /// # Panics
    /// If shapes do not fit.
    #[track_caller]
    pub fn attend(&self, query: &Tensor, key: &Tensor, value: &Tensor, masks: &AttentionMasks) -> Tensor {
        let [q, k, v] = self.projected([query, key, value]); // (N, H, T, C/H), (N, H, S, C/H)
        let options = self.options(&q, &k, masks);
        let y = match self.mode.is_training() && self.dropout > 0.0 {
            true => q.attention_with_dropout(&k, &v, &options, self.dropout, &mut *self.rng.lock()),
            false => q.scaled_dot_product_attention(&k, &v, &options),
        };
        self.joined(&y)
    }

    /// What each query reads, and how much it makes of each key: the mean over the heads, (N, T, S).
    ///
    /// # Panics
    /// If shapes do not fit.
    #[track_caller]
    pub fn attend_with_weights(
        &self,
        query: &Tensor,
        key: &Tensor,
        value: &Tensor,
        masks: &AttentionMasks,
    ) -> (Tensor, Tensor) {
        let [q, k, v] = self.projected([query, key, value]);
        let mut weights = q.attention_weights(&k, &v, &self.options(&q, &k, masks)); // (N, H, T, S)
        if self.mode.is_training() && self.dropout > 0.0 {
            weights = weights.dropout(self.dropout, &mut *self.rng.lock());
        }
        (self.joined(&weights.matmul(&v)), weights.mean_dim(1, false))
    }
    // ANCHOR_END: multihead

    /// The heads' queries, keys and values: (N, H, length, C/H).
    #[track_caller]
    fn projected(&self, inputs: [&Tensor; 3]) -> [Tensor; 3] {
        let c = self.out_proj.weight.size(0);
        [0, 1, 2].map(|i| {
            let x = if self.batch_first { inputs[i].clone() } else { inputs[i].transpose(0, 1) };
            let weight = match &self.in_proj {
                InProjection::Packed(packed) => packed.narrow(0, i * c, c),
                InProjection::Apart(apart) => apart[i].clone(),
            };
            let bias = self.in_proj_bias.as_ref().map(|bias| bias.narrow(0, i * c, c));
            let x = Linear { weight, bias }.forward(&x); // (N, length, C)
            let [n, length, _] = x.dims();
            x.reshape([n, length, self.heads, c / self.heads]).transpose(1, 2)
        })
    }

    /// (N, H, T, C/H) → (T, N, C), or (N, T, C) with the batch first
    fn joined(&self, y: &Tensor) -> Tensor {
        let [n, heads, t, size] = y.dims();
        let y = self.out_proj.forward(&y.transpose(1, 2).reshape([n, t, heads * size])); // (N, T, C)
        if self.batch_first { y } else { y.transpose(0, 1) }
    }

    #[track_caller]
    fn options(&self, q: &Tensor, k: &Tensor, masks: &AttentionMasks) -> AttentionOptions {
        let (n, t, s) = (q.size(0), q.size(2), k.size(2));
        let padding = masks.key_padding_mask.as_ref().map(|mask| mask.reshape([n, 1, 1, s]));
        let pairs = masks.attn_mask.as_ref().map(|mask| match mask.rank() {
            3 => mask.reshape([n, self.heads, t, s]),
            _ => mask.clone(),
        });
        let mask = match (padding, pairs) {
            (Some(a), Some(b)) => Some(both(&a, &b, q.dtype())),
            (one, other) => one.or(other),
        };
        // 1 hides here, and 0 hides there
        let mask = mask.map(|mask| if mask.dtype() == DType::U8 { mask.eq_scalar(0.0) } else { mask });
        AttentionOptions { causal: masks.causal, mask, scale: None }
    }
}

/// What either mask hides, or the sum of what they add.
fn both(a: &Tensor, b: &Tensor, dtype: DType) -> Tensor {
    let added = |mask: &Tensor| match mask.dtype() {
        DType::U8 => {
            let zeros = Tensor::full_on(mask.shape(), 0.0, dtype, mask.device());
            zeros.masked_fill(mask, f64::NEG_INFINITY)
        }
        _ => mask.clone(),
    };
    match [a, b].iter().all(|mask| mask.dtype() == DType::U8) {
        true => a.maximum(b),
        false => added(a).add(&added(b)),
    }
}

fn heads_rule(width: usize, heads: usize) -> Result<()> {
    if heads > 0 && width.is_multiple_of(heads) {
        return Ok(());
    }
    let message = format!("{heads} heads cannot share a width of {width} evenly; choose a multiple");
    Err(Error::argument("multihead_attention", message))
}

/// Self-attention: queries, keys and values are made from one text.
impl Module for MultiheadAttention {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.attend(x, x, x, &AttentionMasks::default())
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        match &self.in_proj {
            InProjection::Packed(packed) => visitor.parameter("in_proj_weight", packed),
            InProjection::Apart([q, k, v]) => {
                visitor.parameter("q_proj_weight", q);
                visitor.parameter("k_proj_weight", k);
                visitor.parameter("v_proj_weight", v);
            }
        }
        visitor.optional_parameter("in_proj_bias", &self.in_proj_bias);
        visitor.module("out_proj", &self.out_proj);
        visitor.mode(&self.mode);
        visitor.rng(&self.rng);
    }
}
