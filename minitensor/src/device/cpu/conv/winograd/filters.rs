//! Filters on their way to the places at which they are multiplied, and their gradients on the way back.

use std::marker::PhantomData;

use pulp::{Simd, WithSimd};

use crate::device::cpu::conv::apply::Weight;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::odd;
use super::plan::Plan;
use super::transform::Minimal;

/// `G g Gᵀ` of all filters, (N², O / V vectors, C, V vectors): the order in which the products read them.
#[inline(always)]
pub(super) fn transform_filters<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize, const V: usize>(
    simd: S,
    plan: &Plan<'_>,
    weight: &Weight<'_, f32>,
    taps: &[usize],
    filters: &mut [f32],
) {
    let stencil = plan.stencil;
    let filters = Disjoint::new(filters);
    let parallel = stencil.outputs * stencil.channels >= MANY_FILTERS;
    for_each_task(stencil.outputs / (V * S::F32_LANES), parallel, |block| {
        let (filters, minimal) = (&filters, PhantomData);
        simd.vectorize(Block::<'_, F, M, N, V> { plan, weight, taps, filters, block, minimal });
    });
}

/// How many vectors apart two places of the same filter are.
pub(super) fn filters_place<S: Simd>(plan: &Plan<'_>) -> usize {
    odd(plan.stencil.channels * plan.stencil.outputs / S::F32_LANES)
}

/// Fewer are not worth a second thread.
const MANY_FILTERS: usize = 1 << 12;

/// `V` vectors of filters.
struct Block<'a, F, const M: usize, const N: usize, const V: usize> {
    plan: &'a Plan<'a>,
    weight: &'a Weight<'a, f32>,
    taps: &'a [usize],
    filters: &'a Disjoint<'a, f32>,
    block: usize,
    minimal: PhantomData<F>,
}

impl<F: Minimal<M, N>, const M: usize, const N: usize, const V: usize> WithSimd for Block<'_, F, M, N, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (channels, lanes) = (self.plan.stencil.channels, S::F32_LANES);
        let place = filters_place::<S>(self.plan) * lanes;
        for (channel, v) in (0..channels).flat_map(|channel| (0..V).map(move |v| (channel, v))) {
            let first = self.block * V * lanes + v * lanes;
            let taken = take_filters(simd, self.plan, self.weight, self.taps, first, channel);
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
    taps: &[usize],
    first: usize,
    channel: usize,
) -> [[S::f32s; 3]; 3] {
    let mut numbers = [[0.0; 4]; 9 * MOST_LANES / 4];
    let groups = S::F32_LANES / 4;
    for group in 0..groups {
        let rows: [&[f32; 9]; 4] = std::array::from_fn(|i| {
            let filter = (first + 4 * group + i) * weight.output_stride + channel * weight.channel_stride;
            weight.numbers[filter..].first_chunk().unwrap_or(&[0.0; 9])
        });
        for tap in 0..9 {
            numbers[tap * groups + group] = [rows[0][tap], rows[1][tap], rows[2][tap], rows[3][tap]];
        }
    }
    let numbers = S::as_simd_f32s(numbers.as_flattened()).0;
    let mut taken = [[simd.splat_f32s(0.0); 3]; 3];
    for (place, &tap) in plan.places.iter().enumerate() {
        taken[place / 3][place % 3] = numbers[taps[tap]];
    }
    taken
}

/// The widest vectors that there are.
const MOST_LANES: usize = 16;

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
