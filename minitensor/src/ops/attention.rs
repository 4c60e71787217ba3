//! Attention: each position asks a question, and gets a mixture of the answers of the positions whose keys fit it.

use rand::Rng;

use crate::autograd::grad_enabled;
use crate::device::{Attention, AttentionKernels, Storage};
use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::shape::{Shape, broadcast_shapes};
use crate::tensor::Tensor;

/// What a query may look at, and how sharply.
#[derive(Clone, Default)]
pub struct AttentionOptions {
    /// Query t sees the keys 0, 1, …, t only: what a model that writes from left to right needs.
    pub causal: bool,
    /// Which keys a query sees, (…, T, S): as `U8`, 0 hides a key; as a floating-point number, it is added to the score.
    pub mask: Option<Tensor>,
    /// The factor of q·kᵀ; 1/√D where nothing is said.
    pub scale: Option<f64>,
}

impl AttentionOptions {
    /// Each query sees itself and what came before it.
    pub fn causal() -> AttentionOptions {
        AttentionOptions { causal: true, ..AttentionOptions::default() }
    }
}

impl Tensor {
    // ANCHOR: attention
    /// softmax(q·kᵀ / √D)·v, where this tensor is q (Vaswani et al., 2017, section 3.2.1).
    ///
    /// A query that may look at nothing gets zeros. The T x S weights are never written to memory (Dao et al., 2022), unless
    /// the mask is to be learned.
    ///
    /// # Shapes
    /// q (…, T, D), k (…, S, D), v (…, S, E), mask (…, T, S) → (…, T, E); the leading dimensions broadcast
    ///
    /// # Panics
    /// If shapes or dtypes do not fit.
    #[track_caller]
    pub fn scaled_dot_product_attention(
        &self,
        key: &Tensor,
        value: &Tensor,
        options: &AttentionOptions,
    ) -> Tensor {
        let lead = attention_rule(self, key, value, options).or_panic();
        if options.mask.as_ref().is_some_and(|mask| grad_enabled() && mask.requires_grad()) {
            return self.scaled_dot_product_attention_plain(key, value, options); // which has a gradient for the mask
        }
        self.fused_attention(key, value, options, &lead)
    }

    // ANCHOR_END: attention

    // ANCHOR: attention_plain
    /// [`Tensor::scaled_dot_product_attention`] out of smaller ops, which write all T x S weights to memory.
    #[track_caller]
    pub fn scaled_dot_product_attention_plain(
        &self,
        key: &Tensor,
        value: &Tensor,
        options: &AttentionOptions,
    ) -> Tensor {
        self.attention_weights(key, value, options).matmul(value) // (…, T, S)·(…, S, E) → (…, T, E)
    }

    /// How much each query makes of each key, from 0 to 1: the part of attention that is worth a picture.
    ///
    /// # Shapes
    /// As [`Tensor::scaled_dot_product_attention`] → (…, T, S)
    #[track_caller]
    pub fn attention_weights(&self, key: &Tensor, value: &Tensor, options: &AttentionOptions) -> Tensor {
        attention_rule(self, key, value, options).or_panic();
        let (t, s) = (self.size(-2), key.size(-2));
        let scale = options.scale.unwrap_or(1.0 / (self.size(-1) as f64).sqrt());
        let mut scores = self.mul_scalar(scale).matmul(&key.transpose(-2, -1)); // (…, T, S)
        if options.causal {
            scores = scores.masked_fill(&future(t, s, self), f64::NEG_INFINITY);
        }
        scores = match &options.mask {
            Some(seen) if seen.dtype() == DType::U8 => {
                scores.masked_fill(&seen.eq_scalar(0.0), f64::NEG_INFINITY)
            }
            Some(added) => scores.add(added),
            None => scores,
        };
        if s == 0 {
            return scores; // nothing to look at, and nothing to weigh
        }
        // A row without any key would be 0/0.
        let blind = scores.detach().amax(-1, true).eq_scalar(f64::NEG_INFINITY); // (…, T, 1)
        scores.masked_fill(&blind, 0.0).softmax(-1).masked_fill(&blind, 0.0)
    }
    // ANCHOR_END: attention_plain

    /// Attention while training: each weight is forgotten with probability `p` (Vaswani et al., 2017, section 5.4).
    #[track_caller]
    pub fn attention_with_dropout(
        &self,
        key: &Tensor,
        value: &Tensor,
        options: &AttentionOptions,
        p: f64,
        rng: &mut impl Rng,
    ) -> Tensor {
        self.attention_weights(key, value, options).dropout(p, rng).matmul(value)
    }
}

impl Tensor {
    /// The result of the kernel, with its gradients; `lead` are the leading dimensions that all are repeated to.
    fn fused_attention(
        &self,
        key: &Tensor,
        value: &Tensor,
        options: &AttentionOptions,
        lead: &[usize],
    ) -> Tensor {
        let (t, s, width) = (self.size(-2), key.size(-2), value.size(-1));
        let repeated =
            |x: &Tensor, rows: usize, columns: usize| x.detach().expand([lead, &[rows, columns]].concat());
        let saved = Saved {
            q: repeated(self, t, self.size(-1)),
            k: repeated(key, s, key.size(-1)),
            v: repeated(value, s, width),
            mask: options.mask.as_ref().map(|mask| repeated(mask, t, s)),
            causal: options.causal,
            scale: options.scale.unwrap_or(1.0 / (self.size(-1) as f64).sqrt()),
        };
        let (output, log_sums) = saved.with_kernel(|q, attention| q.attention(attention));
        let y = Tensor::contiguous_of(output, [lead, &[t, width]].concat());
        let output = y.storage();
        y.record_joint("attention", [Some(self), Some(key), Some(value)], move |grad, needed| {
            let grads = saved
                .with_kernel(|q, attention| q.attention_grad(attention, &output, &log_sums, &grad.packed()));
            let mut grads = grads.into_iter().zip([&saved.q, &saved.k, &saved.v]);
            needed.map(|needed| {
                let (grad, of) = grads.next()?;
                needed.then(|| Tensor::contiguous_of(grad, of.shape()))
            })
        })
    }
}

/// What attention keeps for its gradients, cut off from the graph: nothing of size T x S but the caller's mask.
struct Saved {
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Option<Tensor>,
    causal: bool,
    scale: f64,
}

impl Saved {
    fn with_kernel<R>(&self, call: impl FnOnce(&Storage, &Attention<'_, Storage>) -> R) -> R {
        let [q, k, v] = [&self.q, &self.k, &self.v].map(Tensor::storage);
        let mask = self.mask.as_ref().map(Tensor::storage);
        let attention = Attention {
            queries: self.q.layout(),
            keys: (&*k, self.k.layout()),
            values: (&*v, self.v.layout()),
            mask: mask.as_deref().zip(self.mask.as_ref().map(Tensor::layout)),
            causal: self.causal,
            scale: self.scale,
        };
        call(&q, &attention)
    }
}

/// 1 where the key comes after the query, (T, S).
fn future(t: usize, s: usize, like: &Tensor) -> Tensor {
    let index = |n: usize, shape: [usize; 2]| like.device().scope(|| Tensor::arange(n)).reshape(shape);
    index(s, [1, s]).gt(&index(t, [t, 1]))
}

/// The leading dimensions of the result.
fn attention_rule(q: &Tensor, k: &Tensor, v: &Tensor, options: &AttentionOptions) -> Result<Shape> {
    const OP: &str = "scaled_dot_product_attention";
    q.needs_float(OP)?;
    q.same_dtype(OP, k)?;
    q.same_dtype(OP, v)?;
    let broken = |why: String| Err(Error::shape(OP, why));
    let (qs, ks, vs) = (q.shape(), k.shape(), v.shape());
    let ([lead_q @ .., t, d], [lead_k @ .., s, d2], [lead_v @ .., s2, _]) = (&qs[..], &ks[..], &vs[..])
    else {
        return broken(format!("q {qs:?}, k {ks:?} and v {vs:?} each need at least two dimensions"));
    };
    if d != d2 {
        return broken(format!(
            "queries {qs:?} have {d} features, but keys {ks:?} have {d2}; they must be equal"
        ));
    }
    if s != s2 {
        return broken(format!(
            "there are {s} keys in {ks:?}, but {s2} values in {vs:?}; each key has one value"
        ));
    }
    let lead = broadcast_shapes(OP, &broadcast_shapes(OP, lead_q, lead_k)?, lead_v)?;
    let Some(mask) = &options.mask else { return Ok(lead) };
    if mask.dtype() != DType::U8 {
        q.same_dtype(OP, mask)?;
    }
    let scores = Shape::from([&lead[..], &[*t, *s]].concat());
    if broadcast_shapes(OP, mask.shape(), &scores)? != scores {
        return broken(format!(
            "a mask of shape {:?} does not broadcast to the scores, {scores:?}",
            mask.shape()
        ));
    }
    Ok(lead)
}
