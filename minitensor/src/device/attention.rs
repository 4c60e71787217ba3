//! Attention in one kernel each way, which never writes the weights of all pairs to memory.

use crate::shape::Layout;

use super::Storage;

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
    fn on_cpu(&self) -> Attention<'a, super::CpuStorage> {
        Attention {
            queries: self.queries,
            keys: (self.keys.0.cpu(), self.keys.1),
            values: (self.values.0.cpu(), self.values.1),
            mask: self.mask.map(|(mask, layout)| (mask.cpu(), layout)),
            causal: self.causal,
            scale: self.scale,
        }
    }
}

/// Hands a call to the device that holds `self`; the others were checked to be there too.
impl AttentionKernels for Storage {
    fn attention(&self, attention: &Attention<'_, Self>) -> (Self, Self) {
        match self {
            Storage::Cpu(q) => {
                let (output, log_sums) = q.attention(&attention.on_cpu());
                (Storage::Cpu(output), Storage::Cpu(log_sums))
            }
        }
    }

    fn attention_grad(
        &self,
        attention: &Attention<'_, Self>,
        output: &Self,
        log_sums: &Self,
        grad: &Self,
    ) -> [Self; 3] {
        match self {
            Storage::Cpu(q) => q
                .attention_grad(&attention.on_cpu(), output.cpu(), log_sums.cpu(), grad.cpu())
                .map(Storage::Cpu),
        }
    }
}
