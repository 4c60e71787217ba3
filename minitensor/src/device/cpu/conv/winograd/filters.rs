//! Filters on their way to the places at which they are multiplied, and their gradients on the way back.

use std::marker::PhantomData;

use pulp::bytemuck::cast_slice_mut;
use pulp::{Simd, WithSimd};

use crate::device::cpu::conv::apply::Weight;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::plan::Plan;
use super::transform::Minimal;

/// `G g Gᵀ` of all filters, (N², O / V vectors, C, V vectors): the order in which the products read them.
#[inline(always)]
pub(super) fn transform_filters<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize, const V: usize>(
    simd: S,
    plan: &Plan<'_>,
    weight: &Weight<'_, f32>,
    filters: &mut [f32],
) {
    let stencil = plan.stencil;
    let filters = Disjoint::new(filters);
    let parallel = stencil.outputs * stencil.channels >= MANY_FILTERS;
    for_each_task(stencil.outputs / (V * S::F32_LANES), parallel, |block| {
        let (filters, minimal) = (&filters, PhantomData);
        simd.vectorize(Block::<'_, F, M, N, V> { plan, weight, filters, block, minimal });
    });
}

/// Fewer are not worth a second thread.
const MANY_FILTERS: usize = 1 << 12;

/// `V` vectors of filters.
struct Block<'a, F, const M: usize, const N: usize, const V: usize> {
    plan: &'a Plan<'a>,
    weight: &'a Weight<'a, f32>,
    filters: &'a Disjoint<'a, f32>,
    block: usize,
    minimal: PhantomData<F>,
}

impl<F: Minimal<M, N>, const M: usize, const N: usize, const V: usize> WithSimd for Block<'_, F, M, N, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (channels, lanes) = (self.plan.stencil.channels, S::F32_LANES);
        let place = channels * self.plan.stencil.outputs;
        for (channel, v) in (0..channels).flat_map(|channel| (0..V).map(move |v| (channel, v))) {
            let first = self.block * V * lanes + v * lanes;
            let taken = take_filters(simd, self.plan, self.weight, first, channel);
            let transformed = both_ways::<S, F, M, N>(simd, taken);
            for i in 0..N * N {
                let start = i * place + ((self.block * channels + channel) * V + v) * lanes;
                // SAFETY: each block, place, channel and vector has numbers of its own.
                let target = unsafe { self.filters.part(start, lanes) };
                S::as_mut_simd_f32s(target).0[0] = transformed[i / N][i % N];
            }
        }
    }
}

/// Nine vectors: what each tap of a vector of filters, from `first` on, has for a channel.
#[inline(always)]
fn take_filters<S: Simd>(
    simd: S,
    plan: &Plan<'_>,
    weight: &Weight<'_, f32>,
    first: usize,
    channel: usize,
) -> [[S::f32s; 3]; 3] {
    let mut taken = [[simd.splat_f32s(0.0); 3]; 3];
    for (place, &tap) in plan.places.iter().enumerate() {
        let start = first * weight.output_stride + channel * weight.channel_stride + weight.taps[tap];
        let lanes: &mut [f32] = cast_slice_mut(std::slice::from_mut(&mut taken[place / 3][place % 3]));
        for (lane, number) in lanes.iter_mut().enumerate() {
            *number = weight.numbers[start + lane * weight.output_stride];
        }
    }
    taken
}

#[inline(always)]
fn both_ways<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize>(
    simd: S,
    g: [[S::f32s; 3]; 3],
) -> [[S::f32s; N]; N] {
    let mut down = [[g[0][0]; 3]; N];
    for j in 0..3 {
        let column = F::filter(simd, [g[0][j], g[1][j], g[2][j]]);
        for i in 0..N {
            down[i][j] = column[i];
        }
    }
    let mut filters = [[g[0][0]; N]; N];
    for i in 0..N {
        filters[i] = F::filter(simd, down[i]);
    }
    filters
}
