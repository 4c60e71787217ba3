//! The forward pass, and the gradient of the input, by minimal filtering.

use std::marker::PhantomData;
use std::ops::Range;

use pulp::bytemuck::cast_slice;
use pulp::{Arch, Simd, WithSimd};

use crate::device::cpu::conv::apply::Weight;
use crate::device::cpu::conv::blocks::pixels::{Window, gather, scatter};
use crate::device::cpu::conv::blocks::product::{FEW, Offsets, Stride, weigh_all};
use crate::device::cpu::conv::blocks::{LINE, aligned, cut};
use crate::device::cpu::conv::tile::{PARALLEL_OPERATIONS, Stencil};
use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::filters::{filters_place, transform_filters};
use super::odd;
use super::plan::{Plan, Side};
use super::transform::{Four, Minimal, Two};

/// `output = stencil over source, plus bias`, by tiles of that side.
pub(in super::super) fn convolve(
    side: Side,
    stencil: &Stencil,
    source: &[f32],
    weight: &Weight<'_, f32>,
    taps: &[usize],
    bias: Option<&[f32]>,
    output: &mut [f32],
) {
    Arch::new().dispatch(Convolution { side, stencil, source, weight, taps, bias, output });
}

struct Convolution<'a> {
    side: Side,
    stencil: &'a Stencil,
    source: &'a [f32],
    weight: &'a Weight<'a, f32>,
    taps: &'a [usize],
    bias: Option<&'a [f32]>,
    output: &'a mut [f32],
}

impl WithSimd for Convolution<'_> {
    type Output = ();

    /// As many sums at a time as leave registers for their factors.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let pairs = (self.stencil.outputs / S::F32_LANES).is_multiple_of(2);
        match (self.side, S::REGISTER_COUNT >= 32) {
            (Side::Two, true) if pairs => self.run::<S, Two, 2, 4, 12, 2>(simd),
            (Side::Two, true) => self.run::<S, Two, 2, 4, 24, 1>(simd),
            (Side::Two, false) => self.run::<S, Two, 2, 4, 12, 1>(simd),
            (Side::Four, true) if pairs => self.run::<S, Four, 4, 6, 12, 2>(simd),
            (Side::Four, true) => self.run::<S, Four, 4, 6, 24, 1>(simd),
            (Side::Four, false) => self.run::<S, Four, 4, 6, 12, 1>(simd),
        }
    }
}

impl Convolution<'_> {
    /// Sums `R` tiles and `V` vectors of filters at a time.
    #[inline(always)]
    fn run<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize, const R: usize, const V: usize>(
        self,
        simd: S,
    ) {
        let Self { stencil, source, weight, taps, bias, .. } = self;
        let plan = Plan::new(stencil, M);
        let len = N * N * filters_place::<S>(&plan) * S::F32_LANES;
        f32::with_scratch(len + LINE, |scratch| {
            let filters = &mut aligned(scratch)[..len];
            transform_filters::<S, F, M, N, V>(simd, &plan, weight, taps, filters);
            let (filters, output) = (&*filters, Disjoint::new(self.output));
            let (rows, all) = (plan.rows_of_task(), plan.all_rows());
            for_each_task(all.div_ceil(rows), stencil.operations() >= PARALLEL_OPERATIONS, |number| {
                let rows = number * rows..all.min((number + 1) * rows);
                let task = Task { plan: &plan, source, filters, bias, output: &output, rows };
                let sizes = task.sizes::<S>(N, V);
                f32::with_scratch(sizes.iter().sum::<usize>() + LINE, |scratch| {
                    let scratch = cut(aligned(scratch), sizes);
                    simd.vectorize(Tiles::<'_, F, M, N, R, V> { task, scratch, minimal: PhantomData });
                });
            });
        });
    }
}

/// A task, `R` tiles and `V` vectors of filters at a time.
struct Tiles<'a, F, const M: usize, const N: usize, const R: usize, const V: usize> {
    task: Task<'a>,
    scratch: [&'a mut [f32]; 5],
    minimal: PhantomData<F>,
}

impl<F: Minimal<M, N>, const M: usize, const N: usize, const R: usize, const V: usize> WithSimd
    for Tiles<'_, F, M, N, R, V>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.task.run::<S, F, M, N, R, V>(simd, self.scratch);
    }
}

/// Some rows of tiles.
struct Task<'a> {
    plan: &'a Plan<'a>,
    source: &'a [f32],
    filters: &'a [f32],
    bias: Option<&'a [f32]>,
    output: &'a Disjoint<'a, f32>,
    rows: Range<usize>,
}

impl Task<'_> {
    /// Numbers of transformed pixels, of their sums, and of what transforming them needs.
    fn sizes<S: Simd>(&self, n: usize, v: usize) -> [usize; 5] {
        let room = (self.rows.len() * self.plan.tiles[1]).next_multiple_of(FEW);
        let [seen, down, turned] = self.plan.window_numbers(&self.rows, S::F32_LANES);
        let pixels = odd(self.plan.stencil.channels / S::F32_LANES * room);
        [n * n * pixels * S::F32_LANES, n * n * odd(room * v) * S::F32_LANES, seen, down, turned]
    }

    #[inline(always)]
    fn run<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize, const R: usize, const V: usize>(
        &self,
        simd: S,
        [pixels, sums, seen, down, turned]: [&mut [f32]; 5],
    ) {
        let (stencil, lanes) = (self.plan.stencil, S::F32_LANES);
        let tiles = self.rows.len() * self.plan.tiles[1];
        let room = tiles.next_multiple_of(FEW);
        let (pixels, sums) = (S::as_mut_simd_f32s(pixels).0, S::as_mut_simd_f32s(sums).0);
        transform_pixels::<S, F, M, N>(
            simd,
            self.plan,
            self.source,
            &self.rows,
            room,
            [seen, down, turned],
            pixels,
        );
        let filters = S::as_simd_f32s(self.filters).0;
        let (blocks, wide) = (stencil.outputs / (V * lanes), stencil.channels * V);
        let (place, sums_place) = (pixels.len() / (N * N), sums.len() / (N * N));
        let offsets = Offsets::new((0..stencil.channels / lanes).map(|block| block * room * lanes).collect());
        let stride = Stride { step: lanes, width: lanes };
        for block in 0..blocks {
            for i in 0..N * N {
                let (pixels, sums) =
                    (&pixels[i * place..][..place], &mut sums[i * sums_place..][..sums_place]);
                let filters = &filters[i * filters_place::<S>(self.plan) + block * wide..][..wide];
                weigh_all::<S, R, V>(simd, tiles, cast_slice(pixels), &offsets, stride, filters, sums);
            }
            for v in 0..V {
                self.write::<S, F, M, N>(simd, block * V + v, &sums[v..], V, sums_place, [seen, turned]);
            }
        }
    }

    /// Transforms the sums of a vector of filters, which lie `step` vectors apart, and takes the outputs to their images.
    #[inline(always)]
    fn write<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize>(
        &self,
        simd: S,
        vector: usize,
        sums: &[S::f32s],
        step: usize,
        place: usize,
        [seen, turned]: [&mut [f32]; 2],
    ) {
        let (plan, lanes) = (self.plan, S::F32_LANES);
        let [_, across] = plan.tiles;
        let first = vector * lanes;
        let bias = self
            .bias
            .map_or(simd.splat_f32s(0.0), |bias| simd.partial_load_f32s(&bias[first..first + lanes]));
        let [height, width] = plan.stencil.grid;
        for band in plan.bands(self.rows.clone()) {
            let columns = across * M;
            let numbers = &mut seen[..band.rows * M * columns * lanes];
            let pixels = S::as_mut_simd_f32s(numbers).0;
            for row in 0..band.rows {
                for x in 0..across {
                    let sums = &sums[(band.before + row * across + x) * step..];
                    let pixels = &mut pixels[row * M * columns + x * M..];
                    write_tile::<S, F, M, N>(simd, sums, place, bias, pixels, columns);
                }
            }
            let origin = [(band.top * M) as isize, 0];
            let window = Window { size: [height, width], origin, rows: band.rows * M, columns };
            let start = (band.image * plan.stencil.outputs + first) * height * width;
            // SAFETY: every task has tiles of its own, and every vector filters.
            unsafe { scatter(numbers, &window, lanes, turned, self.output, start) };
        }
    }
}

/// `Aᵀ M A` of a tile, plus bias.
#[inline(always)]
fn write_tile<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize>(
    simd: S,
    sums: &[S::f32s],
    place: usize,
    bias: S::f32s,
    pixels: &mut [S::f32s],
    columns: usize,
) {
    let mut down = [[bias; N]; M];
    for j in 0..N {
        let mut column = [bias; N];
        for i in 0..N {
            column[i] = sums[(i * N + j) * place];
        }
        let column = F::output(simd, column);
        for i in 0..M {
            down[i][j] = column[i];
        }
    }
    for (i, row) in down.into_iter().enumerate() {
        let outputs = F::output(simd, row);
        for j in 0..M {
            pixels[i * columns + j] = simd.add_f32s(outputs[j], bias);
        }
    }
}

/// `Bᵀ d B` of all tiles of these rows, (N², C / lanes, room) vectors of channels; places lie as far apart as `pixels` says.
#[inline(always)]
pub(super) fn transform_pixels<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize>(
    simd: S,
    plan: &Plan<'_>,
    source: &[f32],
    rows: &Range<usize>,
    room: usize,
    [seen, down, turned]: [&mut [f32]; 3],
    pixels: &mut [S::f32s],
) {
    let (stencil, lanes) = (plan.stencil, S::F32_LANES);
    let area = stencil.source[0] * stencil.source[1];
    let place = pixels.len() / (N * N);
    let across = plan.tiles[1];
    let columns = across * M + 2;
    for band in plan.bands(rows.clone()) {
        let height = band.rows * M + 2;
        let origin = [(band.top * M) as isize + plan.first[0], plan.first[1]];
        let window = Window { size: stencil.source, origin, rows: height, columns };
        for block in 0..stencil.channels / lanes {
            let start = (band.image * stencil.channels + block * lanes) * area;
            let seen = &mut seen[..height * columns * lanes];
            gather(&source[start..start + lanes * area], &window, lanes, turned, seen);
            let (seen, down) = (S::as_simd_f32s(seen).0, S::as_mut_simd_f32s(down).0);
            for row in 0..band.rows {
                let first = block * room + band.before + row * across;
                let seen = &seen[row * M * columns..][..N * columns];
                transform_row::<S, F, M, N>(simd, seen, columns, down, &mut pixels[first..], place);
            }
        }
    }
}

/// A row of tiles: first down all columns, which neighbouring tiles share, then across.
#[inline(always)]
fn transform_row<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize>(
    simd: S,
    seen: &[S::f32s],
    columns: usize,
    down: &mut [S::f32s],
    pixels: &mut [S::f32s],
    place: usize,
) {
    for x in 0..columns {
        let mut column = [seen[x]; N];
        for i in 1..N {
            column[i] = seen[i * columns + x];
        }
        let column = F::input(simd, column);
        for i in 0..N {
            down[i * columns + x] = column[i];
        }
    }
    for i in 0..N {
        let row = &down[i * columns..][..columns];
        for (tile, x) in (0..columns - 2).step_by(M).enumerate() {
            let mut numbers = [row[x]; N];
            numbers.copy_from_slice(&row[x..x + N]);
            let numbers = F::input(simd, numbers);
            for j in 0..N {
                pixels[(i * N + j) * place + tile] = numbers[j];
            }
        }
    }
}
