//! Attention by tiles (Dao et al., 2022): some queries meet some keys at a time, and what they have read is put right when a
//! later tile brings a larger score (Milakov and Gimelshein, 2018). The weights of all T x S pairs are never in memory at
//! once; the gradients compute them again, a tile at a time, from the scores and the logarithm of their sum.

mod backward;
mod forward;
mod tile;

use crate::device::attention::{Attention, AttentionKernels};
use crate::dtype::DType;

use super::CpuStorage;
use super::buffer;
use super::typed::{of, summed, with_float};
use tile::{Heads, Mask, Matrices};

impl AttentionKernels for CpuStorage {
    fn attention(&self, attention: &Attention<'_, Self>) -> (Self, Self) {
        with_float!(self, T => {
            let heads = heads::<T>(self, attention);
            let mut log_sums = vec![0.0; heads.count * heads.t];
            let output = summed::<T>(heads.count * heads.t * heads.v.columns, |output| {
                forward::forward(&heads, output, &mut log_sums);
            });
            (output, CpuStorage::from_vec::<T>(log_sums))
        })
    }

    fn attention_grad(
        &self,
        attention: &Attention<'_, Self>,
        output: &Self,
        log_sums: &Self,
        grad: &Self,
    ) -> [Self; 3] {
        with_float!(self, T => {
            let heads = heads::<T>(self, attention);
            let numel = |rows: usize, columns: usize| buffer::full::<T>(heads.count * rows * columns, 0.0);
            let mut grads = [
                numel(heads.t, heads.q.columns),
                numel(heads.s, heads.q.columns),
                numel(heads.s, heads.v.columns),
            ];
            backward::backward(&heads, of(output), of(log_sums), of(grad), &mut grads);
            grads.map(CpuStorage::from_vec::<T>)
        })
    }
}

/// The operands as matrices of numbers of one type.
fn heads<'a, T: crate::dtype::Element>(
    q: &'a CpuStorage,
    attention: &Attention<'a, CpuStorage>,
) -> Heads<'a, T> {
    let matrices = |(storage, layout): (&'a CpuStorage, &'a _)| Matrices::new(of::<T>(storage), layout);
    let (q, k) = (matrices((q, attention.queries)), matrices(attention.keys));
    let rank = attention.queries.shape.len();
    Heads {
        count: attention.queries.shape[..rank - 2].iter().product(),
        t: q.rows,
        s: k.rows,
        q,
        k,
        v: matrices(attention.values),
        mask: attention.mask.map(|mask| match mask.0.dtype() {
            DType::U8 => Mask::Seen(Matrices::new(of::<u8>(mask.0), mask.1)),
            _ => Mask::Added(matrices(mask)),
        }),
        causal: attention.causal,
        scale: attention.scale,
    }
}
