//! Runs a stencil tile by tile: the forward pass of convolution and the gradient of its input.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::kernel::{copy, weighted_sums};
use super::tile::{PARALLEL_OPERATIONS, Placement, Span, Stencil, Tile, Tiling};

/// `output = stencil over source, plus bias`.
pub(super) fn convolve<T: Lanes>(
    stencil: &Stencil,
    source: &[T],
    weight: &Weight<T>,
    taps: &[usize],
    bias: Option<&[T]>,
    place: &Placement,
    output: &mut [T],
) {
    if stencil.images * stencil.outputs * stencil.grid[0] * stencil.grid[1] > 0 {
        Arch::new().dispatch(Convolution { stencil, source, weight, taps, bias, place, output });
    }
}

/// The weights of a stencil: output `m`, channel `c` and element `t` of the kernel have in group `g` the one at
/// `g * outputs * channels * kernel + m * output_stride + c * channel_stride + t`.
pub(super) struct Weight<'a, T> {
    pub(super) numbers: &'a [T],
    /// Elements of the kernel, all of which count for a group's share of the numbers.
    pub(super) kernel: usize,
    pub(super) output_stride: usize,
    pub(super) channel_stride: usize,
}

/// A convolution, to be run with the instructions that this machine has.
struct Convolution<'a, T> {
    stencil: &'a Stencil,
    source: &'a [T],
    weight: &'a Weight<'a, T>,
    taps: &'a [usize],
    bias: Option<&'a [T]>,
    place: &'a Placement,
    output: &'a mut [T],
}

impl<T: Lanes> WithSimd for Convolution<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // As many filters at a time as leave registers for the pixels, and not many more than there are.
        match self.stencil.outputs {
            1 => self.run::<S, 1, 8>(simd),
            2..=4 | 9..=12 => self.run::<S, 4, 3>(simd),
            _ if S::REGISTER_COUNT < 32 => self.run::<S, 4, 3>(simd),
            _ => self.run::<S, 8, 3>(simd),
        }
    }
}

impl<T: Lanes> Convolution<'_, T> {
    /// Computes `M` filters and `N` vectors of positions at a time.
    #[inline(always)]
    fn run<S: Simd, const M: usize, const N: usize>(self, simd: S) {
        let Self { stencil, source, bias, place, .. } = self;
        let tiling = Tiling::for_outputs(stencil, T::count::<S>());
        let depth = tiling.offsets.len();
        let padded = stencil.outputs.next_multiple_of(M);
        T::with_scratch(stencil.groups * padded * (depth + 1), |packed| {
            let (weights, biases) = packed.split_at_mut(stencil.groups * padded * depth);
            pack_weights::<T, M>(stencil, padded, self.weight, self.taps, weights);
            biases.fill(T::zero());
            for (padded, bias) in
                biases.chunks_exact_mut(padded).zip(bias.unwrap_or(&[]).chunks(stencil.outputs))
            {
                padded[..bias.len()].copy_from_slice(bias);
            }
            let output = Disjoint::new(self.output);
            // Where there are few tiles, each is done by several tasks, for some of the filters each.
            let (tiles, blocks) = (tiling.tiles(stencil), padded / M);
            let parts = stencil.wanted_tasks().div_ceil(tiles).min(blocks);
            for_each_task(tiles * parts, stencil.operations() >= PARALLEL_OPERATIONS, |number| {
                let (tile, part) = (tiling.tile(stencil, number / parts), number % parts);
                let blocks = part * blocks / parts..(part + 1) * blocks / parts;
                let weights = &weights[tile.group * padded * depth..][..padded * depth];
                let bias = &biases[tile.group * padded..][..padded];
                let (tiling, output) = (&tiling, &output);
                let task = TileTask { stencil, tiling, tile, blocks, source, weights, bias, place, output };
                T::with_scratch(tiling.source_len + M * N * T::count::<S>(), |scratch| {
                    simd.vectorize(Blocked::<'_, T, M, N> { task, scratch });
                });
            });
        });
    }
}

/// `(G, O, C, taps)` to `(G, O / M, C, taps, M)`: the order in which the inner loop reads them.
fn pack_weights<T: Lanes, const M: usize>(
    stencil: &Stencil,
    padded: usize,
    weight: &Weight<T>,
    taps: &[usize],
    packed: &mut [T],
) {
    let depth = stencil.channels * taps.len();
    let blocks = packed.chunks_exact_mut(M * depth).enumerate();
    for (number, block) in blocks {
        let (group, first) = (number / (padded / M), number % (padded / M) * M);
        let start = group * stencil.outputs * stencil.channels * weight.kernel;
        let last = stencil.outputs - 1;
        let mut columns = block.chunks_exact_mut(M);
        for channel in 0..stencil.channels {
            // Filters that are not there are copies of the last; nobody reads what becomes of them.
            let filters: [&[T]; M] = std::array::from_fn(|m| {
                let filter = (first + m).min(last) * weight.output_stride + channel * weight.channel_stride;
                &weight.numbers[start + filter..][..weight.kernel]
            });
            for (&tap, column) in taps.iter().zip(&mut columns) {
                for (target, filter) in column.iter_mut().zip(filters) {
                    *target = filter[tap];
                }
            }
        }
    }
}

struct TileTask<'a, T> {
    stencil: &'a Stencil,
    tiling: &'a Tiling,
    tile: Tile,
    /// Blocks of filters.
    blocks: Range<usize>,
    source: &'a [T],
    weights: &'a [T],
    bias: &'a [T],
    place: &'a Placement,
    output: &'a Disjoint<'a, T>,
}

/// A tile, `M` filters and `N` vectors of positions at a time.
struct Blocked<'a, T, const M: usize, const N: usize> {
    task: TileTask<'a, T>,
    scratch: &'a mut [T],
}

impl<T: Lanes, const M: usize, const N: usize> WithSimd for Blocked<'_, T, M, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let TileTask { stencil, tiling, tile, source, weights, bias, .. } = &self.task;
        let lanes = T::count::<S>();
        let depth = tiling.offsets.len();
        let (packed, sums) = self.scratch.split_at_mut(tiling.source_len);
        tiling.pack(stencil, tile, source, packed);
        for first in (0..tile.vectors).step_by(N) {
            // Where fewer than N are left, the last one is computed again.
            let mut bases = [0; N];
            for (n, base) in bases.iter_mut().enumerate() {
                *base = tiling.bases[(first + n).min(tile.vectors - 1)];
            }
            for block in self.task.blocks.clone() {
                let weights = &weights[block * M * depth..][..M * depth];
                let bias = &bias[block * M..][..M];
                // SAFETY: `packed` has `source_len` numbers, and a tiling sees to it that all vectors lie inside those.
                unsafe {
                    weighted_sums::<T, S, M, N>(simd, weights, bias, packed, &tiling.offsets, bases, sums)
                };
                let filters = block * M..stencil.outputs.min(block * M + M);
                for n in 0..N.min(tile.vectors - first) {
                    for span in
                        &tiling.spans[tiling.span_starts[first + n]..tiling.span_starts[first + n + 1]]
                    {
                        self.task.write::<S>(
                            span,
                            filters.clone(),
                            &sums[n * lanes + span.lane..],
                            N * lanes,
                        );
                    }
                }
            }
        }
    }
}

impl<T: Lanes> TileTask<'_, T> {
    /// Takes the results of one span to where they belong; those of each filter are `apart` from those of the one before.
    #[inline(always)]
    fn write<S: Simd>(&self, span: &Span, filters: Range<usize>, sums: &[T], apart: usize) {
        let Self { stencil, tile, place, .. } = self;
        let interleaved = self.tiling.interleaved;
        let count = span.count.min(tile.size[1].saturating_sub(span.x));
        if span.y >= tile.size[0] || count == 0 {
            return;
        }
        let first = tile.images.start + span.block * interleaved;
        let images = interleaved.min(tile.images.end - first);
        let plane = (first * stencil.groups + tile.group) * stencil.outputs + filters.start;
        let start = place.index(plane, tile.origin[0] + span.y, tile.origin[1] + span.x);
        let area = place.size[0] * place.size[1];
        let image_step = stencil.groups * stencil.outputs * area;
        let pitch = place.pitch[1];
        for m in 0..filters.len() {
            for image in 0..images {
                let at = start + m * area + image * image_step;
                // SAFETY: tiles, spans of a tile, filters and images all have pixels of their own, and a row belongs
                // to one tile only up to `pitch`: other phases run one after the other, not at once.
                let row = unsafe { self.output.part(at, (count - 1) * pitch + 1) };
                let values = &sums[m * apart + image..];
                match (interleaved, pitch) {
                    (1, 1) if count == T::count::<S>() => copy::<T, S>(values, row),
                    (1, 1) => row.copy_from_slice(&values[..count]),
                    // A constant distance is one that the compiler makes vectors of.
                    (2, 1) => take_every::<T, 2>(values, row),
                    (4, 1) => take_every::<T, 4>(values, row),
                    (8, 1) => take_every::<T, 8>(values, row),
                    _ => {
                        let values = values.iter().step_by(interleaved);
                        for (target, value) in row.iter_mut().step_by(pitch).zip(values) {
                            *target = *value;
                        }
                    }
                }
            }
        }
    }
}

/// Every `STEP`-th value, from the first on.
#[inline(always)]
fn take_every<T: Lanes, const STEP: usize>(values: &[T], targets: &mut [T]) {
    let values = &values[..(targets.len() - 1) * STEP + 1];
    let (fours, rest) = targets.as_chunks_mut::<4>();
    for (i, four) in fours.iter_mut().enumerate() {
        let values = &values[4 * i * STEP..][..3 * STEP + 1];
        *four = std::array::from_fn(|j| values[j * STEP]);
    }
    let done = 4 * fours.len();
    for (i, target) in rest.iter_mut().enumerate() {
        *target = values[(done + i) * STEP];
    }
}
