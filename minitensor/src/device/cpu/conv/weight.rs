//! The gradient of a convolution's weight: for every filter and tap, a sum over all images and positions.

use pulp::{Arch, Simd, WithSimd};

use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::kernel::correlations;
use super::tile::{PARALLEL_OPERATIONS, Stencil, Tile, Tiling};

/// At most this many partial sums, and not more numbers in all of them than this.
const MOST_PARTS: usize = 16;
const MOST_PART_NUMBERS: usize = 4 * 1024 * 1024;

/// `grad_weight[o, c, t] = sum over images and positions of grad_output[o, y, x] * source[c, tap t of (y, x)]`.
pub(super) fn weight_gradient<T: Lanes>(
    stencil: &Stencil,
    source: &[T],
    grad_output: &[T],
    grad_weight: &mut [T],
) {
    grad_weight.fill(T::zero());
    if stencil.operations() > 0 {
        Arch::new().dispatch(WeightGradient { stencil, source, grad_output, grad_weight });
    }
}

struct WeightGradient<'a, T> {
    stencil: &'a Stencil,
    source: &'a [T],
    grad_output: &'a [T],
    grad_weight: &'a mut [T],
}

impl<T: Lanes> WithSimd for WeightGradient<'_, T> {
    type Output = ();

    /// Each part sums some tiles of one group; the parts are then added in order. How many there are depends on shapes
    /// alone, so any number of threads finds the same bits.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { stencil, source, grad_output, grad_weight } = self;
        let tiling = Tiling::for_sums(stencil, T::count::<S>());
        let tiles = tiling.tiles(stencil) / stencil.groups;
        let numbers = grad_weight.len() / stencil.groups;
        let parts = MOST_PARTS.min(MOST_PART_NUMBERS / grad_weight.len()).clamp(2, MOST_PARTS).min(tiles);
        T::with_scratch(parts * grad_weight.len(), |sums| {
            sums.fill(T::zero());
            let partial = Disjoint::new(sums);
            let parallel = stencil.operations() >= PARALLEL_OPERATIONS;
            for_each_task(stencil.groups * parts, parallel, |task| {
                let (group, part) = (task / parts, task % parts);
                // SAFETY: every task has its own part.
                let sums = unsafe { partial.part(task * numbers, numbers) };
                for number in part * tiles / parts..(part + 1) * tiles / parts {
                    let tile = tiling.tile(stencil, group * tiles + number);
                    let scratch = tiling.source_len + stencil.outputs * tile.vectors * T::count::<S>();
                    T::with_scratch(scratch, |scratch| {
                        let task =
                            TileTask { stencil, tiling: &tiling, tile, source, grad_output, sums, scratch };
                        if S::REGISTER_COUNT < 32 {
                            simd.vectorize(Blocked::<'_, T, 3, 3>(task));
                        } else {
                            simd.vectorize(Blocked::<'_, T, 4, 5>(task));
                        }
                    });
                }
            });
            add_parts(sums, parts, grad_weight, stencil.groups);
        });
    }
}

/// `(G, parts, numbers)` to `(G, numbers)`.
fn add_parts<T: Lanes>(sums: &[T], parts: usize, total: &mut [T], groups: usize) {
    let numbers = total.len() / groups;
    for (total, sums) in total.chunks_exact_mut(numbers).zip(sums.chunks_exact(parts * numbers)) {
        for part in sums.chunks_exact(numbers) {
            for (total, sum) in total.iter_mut().zip(part) {
                *total += *sum;
            }
        }
    }
}

struct TileTask<'a, T> {
    stencil: &'a Stencil,
    tiling: &'a Tiling,
    tile: Tile,
    source: &'a [T],
    grad_output: &'a [T],
    /// (outputs, channels, taps) of the tile's group.
    sums: &'a mut [T],
    scratch: &'a mut [T],
}

/// A tile, `M` filters and `N` taps at a time.
struct Blocked<'a, T, const M: usize, const N: usize>(TileTask<'a, T>);

impl<T: Lanes, const M: usize, const N: usize> WithSimd for Blocked<'_, T, M, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let TileTask { stencil, tiling, tile, source, grad_output, sums, scratch } = self.0;
        let positions = tile.vectors * T::count::<S>();
        let depth = tiling.offsets.len();
        let (packed, grads) = scratch.split_at_mut(tiling.source_len);
        tiling.pack(stencil, &tile, source, packed);
        pack_grads(stencil, tiling, &tile, T::count::<S>(), grad_output, grads);
        let bases = &tiling.bases[..tile.vectors];
        for m in (0..stencil.outputs).step_by(M) {
            // Where fewer than M or N are left, the last ones are computed again.
            let mut rows = [0; M];
            for (i, row) in rows.iter_mut().enumerate() {
                *row = (m + i).min(stencil.outputs - 1) * positions;
            }
            for k in (0..depth).step_by(N) {
                let mut offsets = [0; N];
                for (i, offset) in offsets.iter_mut().enumerate() {
                    *offset = tiling.offsets[(k + i).min(depth - 1)];
                }
                // SAFETY: `packed` has `source_len` numbers, and a tiling sees to it that all vectors lie inside those;
                // `grads` has `positions` numbers for each row.
                let block = unsafe { correlations::<T, S, M, N>(simd, grads, rows, packed, offsets, bases) };
                for (filter, block) in sums[m * depth..].chunks_mut(depth).zip(&block) {
                    for (sum, value) in filter[k..].iter_mut().zip(block) {
                        *sum += *value;
                    }
                }
            }
        }
    }
}

/// Copies the tile's output gradients in the order of its vectors: (outputs, vectors, lanes), zero where a vector
/// covers no output.
fn pack_grads<T: Lanes>(
    stencil: &Stencil,
    tiling: &Tiling,
    tile: &Tile,
    lanes: usize,
    grad_output: &[T],
    packed: &mut [T],
) {
    let [height, width] = stencil.grid;
    let interleaved = tiling.interleaved;
    packed.fill(T::zero());
    for (filter, packed) in packed.chunks_exact_mut(tile.vectors * lanes).enumerate() {
        for (vector, packed) in packed.chunks_exact_mut(lanes).enumerate() {
            for span in &tiling.spans[tiling.span_starts[vector]..tiling.span_starts[vector + 1]] {
                let count = span.count.min(tile.size[1].saturating_sub(span.x));
                if span.y >= tile.size[0] || count == 0 {
                    continue;
                }
                let first = tile.images.start + span.block * interleaved;
                for image in first..tile.images.end.min(first + interleaved) {
                    let plane = (image * stencil.groups + tile.group) * stencil.outputs + filter;
                    let start = (plane * height + tile.origin[0] + span.y) * width + tile.origin[1] + span.x;
                    let targets = packed[span.lane + image - first..].iter_mut().step_by(interleaved);
                    for (target, value) in targets.zip(&grad_output[start..start + count]) {
                        *target = *value;
                    }
                }
            }
        }
    }
}
