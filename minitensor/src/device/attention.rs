//! Attention in one kernel each way, which never writes the weights of all pairs to memory.

use crate::shape::Layout;

use super::{Held, Storage, on_device};

/// Kernels of attention, beside the primitives of [`Kernels`](super::Kernels). `self` is the storage of the queries.
///
/// Queries (…, T, E), keys (…, S, E), values (…, S, Ev) and mask (…, T, S) lie in any layout, with equal leading dimensions.
pub trait AttentionKernels: Sized {
    /// `softmax(q kᵀ · scale + mask) v`, (…, T, Ev), and for each query the logarithm of the sum of its e^score, (…, T),
    /// from which the gradients find the weights again. A query without a key reads zeros.
    fn attention(&self, attention: &Attention<'_, Self>) -> (Self, Self);

    /// The gradients of queries, keys and values, from that of the result; `output` and `log_sums` are what
    /// [`AttentionKernels::attention`] gave, and `grad` is contiguous.
    fn attention_grad(
        &self,
        attention: &Attention<'_, Self>,
        output: &Self,
        log_sums: &Self,
        grad: &Self,
    ) -> [Self; 3];
}

/// What the queries look at.
#[derive(Debug)]
pub struct Attention<'a, S> {
    /// (…, T, E)
    pub queries: &'a Layout,
    /// (…, S, E)
    pub keys: (&'a S, &'a Layout),
    /// (…, S, Ev)
    pub values: (&'a S, &'a Layout),
    /// (…, T, S): in `U8`, where 0 hides a key, or a float that is added to the scores.
    pub mask: Option<(&'a S, &'a Layout)>,
    /// Whether query t sees keys 0 to t only.
    pub causal: bool,
    /// What q kᵀ is multiplied by.
    pub scale: f64,
}

impl<'a> Attention<'a, Storage> {
    /// The same on the device of the queries.
    fn on<S: Held>(&self) -> Attention<'a, S> {
        Attention {
            queries: self.queries,
            keys: (self.keys.0.on(), self.keys.1),
            values: (self.values.0.on(), self.values.1),
            mask: self.mask.map(|(mask, layout)| (mask.on(), layout)),
            causal: self.causal,
            scale: self.scale,
        }
    }
}

/// Hands a call to the device that holds `self`.
impl AttentionKernels for Storage {
    fn attention(&self, attention: &Attention<'_, Self>) -> (Self, Self) {
        on_device!(self, q: S => {
            let (output, log_sums) = q.attention(&attention.on::<S>());
            (output.into(), log_sums.into())
        })
    }

    fn attention_grad(
        &self,
        attention: &Attention<'_, Self>,
        output: &Self,
        log_sums: &Self,
        grad: &Self,
    ) -> [Self; 3] {
        on_device!(self, q: S => {
            q.attention_grad(&attention.on::<S>(), output.on::<S>(), log_sums.on::<S>(), grad.on::<S>()).map(Into::into)
        })
    }
}
