//! The gradient of the filters by minimal filtering.

use std::marker::PhantomData;
use std::ops::Range;

use pulp::bytemuck::cast_slice;
use pulp::{Arch, Simd, WithSimd};

use crate::device::cpu::conv::blocks::pixels::{Window, gather};
use crate::device::cpu::conv::blocks::product::{Lines, correlate};
use crate::device::cpu::conv::blocks::{LINE, aligned, cut};
use crate::device::cpu::conv::tile::{PARALLEL_OPERATIONS, Stencil};
use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::apply::transform_pixels;
use super::odd;
use super::plan::{Plan, Side};
use super::transform::{Four, Minimal, Two};

/// At most this many partial sums, of so many tiles at least: adding one to the others costs as much as two tiles.
const MOST_PARTS: usize = 16;
const PART_TILES: usize = 64;

/// `grad_weight[o, c, t] = sum over images and positions of grad_output[o, y, x] * source[c, tap t of (y, x)]`.
pub(in super::super) fn weight_gradient(
    side: Side,
    stencil: &Stencil,
    source: &[f32],
    grad_output: &[f32],
    grad_weight: &mut [f32],
) {
    Arch::new().dispatch(WeightGradient { side, stencil, source, grad_output, grad_weight });
}

struct WeightGradient<'a> {
    side: Side,
    stencil: &'a Stencil,
    source: &'a [f32],
    grad_output: &'a [f32],
    grad_weight: &'a mut [f32],
}

impl WithSimd for WeightGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let pairs = (self.stencil.outputs / S::F32_LANES).is_multiple_of(2);
        match (self.side, S::REGISTER_COUNT >= 32 && S::F32_LANES >= 8) {
            (Side::Two, true) if pairs => self.run::<S, Two, 2, 4, 8, 2>(simd),
            (Side::Two, true) => self.run::<S, Two, 2, 4, 8, 1>(simd),
            (Side::Two, false) => self.run::<S, Two, 2, 4, 4, 1>(simd),
            (Side::Four, true) if pairs => self.run::<S, Four, 4, 6, 8, 2>(simd),
            (Side::Four, true) => self.run::<S, Four, 4, 6, 8, 1>(simd),
            (Side::Four, false) => self.run::<S, Four, 4, 6, 4, 1>(simd),
        }
    }
}

impl WeightGradient<'_> {
    /// Each part sums some rows of tiles; the parts are then added in order. How many there are depends on shapes alone, so
    /// any number of threads finds the same bits.
    #[inline(always)]
    fn run<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize, const R: usize, const V: usize>(
        self,
        simd: S,
    ) {
        let Self { stencil, source, grad_output, grad_weight, .. } = self;
        let plan = Plan::new(stencil, M);
        let numbers = N * N * stencil.channels * stencil.outputs;
        let (rows, all) = (plan.rows_of_task(), plan.all_rows());
        let tasks = all.div_ceil(rows);
        let parts = (all * plan.tiles[1] / PART_TILES).clamp(2, MOST_PARTS).min(tasks);
        f32::with_scratch(parts * numbers + LINE, |scratch| {
            let sums = &mut aligned(scratch)[..parts * numbers];
            sums.fill(0.0);
            let partial = Disjoint::new(sums);
            for_each_task(parts, stencil.operations() >= PARALLEL_OPERATIONS, |part| {
                // SAFETY: every task has its own part.
                let sums = unsafe { partial.part(part * numbers, numbers) };
                for task in part * tasks / parts..(part + 1) * tasks / parts {
                    let rows = task * rows..all.min((task + 1) * rows);
                    let task = Task { plan: &plan, source, grad_output, rows };
                    let sizes = task.sizes::<S>(N);
                    f32::with_scratch(sizes.iter().sum::<usize>() + LINE, |scratch| {
                        let (scratch, minimal) = (cut(aligned(scratch), sizes), PhantomData);
                        let sums = &mut *sums;
                        simd.vectorize(Tiles::<'_, F, M, N, R, V> { task, scratch, sums, minimal });
                    });
                }
            });
            let (total, rest) = sums.split_at_mut(numbers);
            for part in rest.chunks_exact(numbers) {
                total.iter_mut().zip(part).for_each(|(total, sum)| *total += *sum);
            }
            let (plan, minimal) = (&plan, PhantomData);
            simd.vectorize(Back::<'_, F, M, N> { plan, total, grad_weight, minimal });
        });
    }
}

/// A task, `R` channels and `V` vectors of filters at a time.
struct Tiles<'a, F, const M: usize, const N: usize, const R: usize, const V: usize> {
    task: Task<'a>,
    scratch: [&'a mut [f32]; 5],
    sums: &'a mut [f32],
    minimal: PhantomData<F>,
}

impl<F: Minimal<M, N>, const M: usize, const N: usize, const R: usize, const V: usize> WithSimd
    for Tiles<'_, F, M, N, R, V>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.task.run::<S, F, M, N, R, V>(simd, self.scratch, self.sums);
    }
}

/// Some rows of tiles.
struct Task<'a> {
    plan: &'a Plan<'a>,
    source: &'a [f32],
    grad_output: &'a [f32],
    rows: Range<usize>,
}

impl Task<'_> {
    /// Numbers of transformed pixels and gradients, and of what transforming them needs.
    fn sizes<S: Simd>(&self, n: usize) -> [usize; 5] {
        let tiles = self.rows.len() * self.plan.tiles[1];
        let [seen, down, turned] = self.plan.window_numbers(&self.rows, S::F32_LANES);
        let place = |channels: usize| n * n * odd(channels / S::F32_LANES * tiles) * S::F32_LANES;
        [place(self.plan.stencil.channels), place(self.plan.stencil.outputs), seen, down, turned]
    }

    /// Adds what these tiles contribute to the gradients of the transformed filters, (N², C, O).
    #[inline(always)]
    fn run<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize, const R: usize, const V: usize>(
        &self,
        simd: S,
        [pixels, grads, seen, down, turned]: [&mut [f32]; 5],
        total: &mut [f32],
    ) {
        let (stencil, lanes) = (self.plan.stencil, S::F32_LANES);
        let (channels, outputs) = (stencil.channels / lanes, stencil.outputs / lanes);
        let tiles = self.rows.len() * self.plan.tiles[1];
        let (pixels, grads) = (S::as_mut_simd_f32s(pixels).0, S::as_mut_simd_f32s(grads).0);
        self.transform_grads::<S, F, M, N>(simd, tiles, [seen, turned], grads);
        transform_pixels::<S, F, M, N>(
            simd,
            self.plan,
            self.source,
            &self.rows,
            tiles,
            [seen, down, turned],
            pixels,
        );
        let (place, grads_place) = (pixels.len() / (N * N), grads.len() / (N * N));
        let total = S::as_mut_simd_f32s(total).0;
        let lines = Lines { count: 1, columns: tiles, line: 0, step: lanes };
        for (i, total) in total.chunks_exact_mut(stencil.channels * outputs).enumerate() {
            let (pixels, grads) = (&pixels[i * place..], &grads[i * grads_place..]);
            for block in 0..channels {
                let pixels: &[f32] = cast_slice(&pixels[block * tiles..(block + 1) * tiles]);
                for channel in (0..lanes).step_by(R) {
                    let rows = &mut total[(block * lanes + channel) * outputs..];
                    for v in (0..outputs).step_by(V) {
                        let (grads, rows) = (&grads[v * tiles..], &mut rows[v..]);
                        correlate::<S, R, V>(simd, &pixels[channel..], lines, grads, tiles, rows, outputs);
                    }
                }
            }
        }
    }

    /// `A dY Aᵀ` of all tiles, (N², O / lanes, tiles) vectors of filters.
    #[inline(always)]
    fn transform_grads<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize>(
        &self,
        simd: S,
        tiles: usize,
        [seen, turned]: [&mut [f32]; 2],
        grads: &mut [S::f32s],
    ) {
        let (plan, stencil, lanes) = (self.plan, self.plan.stencil, S::F32_LANES);
        let area = stencil.grid[0] * stencil.grid[1];
        let place = grads.len() / (N * N);
        let across = plan.tiles[1];
        let columns = across * M;
        for band in plan.bands(self.rows.clone()) {
            let origin = [(band.top * M) as isize, 0];
            let window = Window { size: stencil.grid, origin, rows: band.rows * M, columns };
            for block in 0..stencil.outputs / lanes {
                let start = (band.image * stencil.outputs + block * lanes) * area;
                let seen = &mut seen[..band.rows * M * columns * lanes];
                gather(&self.grad_output[start..start + lanes * area], &window, lanes, turned, seen);
                let seen = S::as_simd_f32s(seen).0;
                for row in 0..band.rows {
                    for x in 0..across {
                        let tile = block * tiles + band.before + row * across + x;
                        let seen = &seen[row * M * columns + x * M..];
                        transform_grad::<S, F, M, N>(simd, seen, columns, &mut grads[tile..], place);
                    }
                }
            }
        }
    }
}

/// `A dY Aᵀ` of a tile.
#[inline(always)]
fn transform_grad<S: Simd, F: Minimal<M, N>, const M: usize, const N: usize>(
    simd: S,
    seen: &[S::f32s],
    columns: usize,
    grads: &mut [S::f32s],
    place: usize,
) {
    let mut down = [[seen[0]; M]; N];
    for j in 0..M {
        let mut column = [seen[j]; M];
        for i in 1..M {
            column[i] = seen[i * columns + j];
        }
        let column = F::output_back(simd, column);
        for i in 0..N {
            down[i][j] = column[i];
        }
    }
    for (i, row) in down.into_iter().enumerate() {
        let row = F::output_back(simd, row);
        for j in 0..N {
            grads[(i * N + j) * place] = row[j];
        }
    }
}

/// `Gᵀ U G` of the gradients of all transformed filters, (N², C, O), to those of the filters, (O, C, taps).
struct Back<'a, F, const M: usize, const N: usize> {
    plan: &'a Plan<'a>,
    total: &'a [f32],
    grad_weight: &'a mut [f32],
    minimal: PhantomData<F>,
}

impl<F: Minimal<M, N>, const M: usize, const N: usize> WithSimd for Back<'_, F, M, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Back { plan, total, grad_weight, .. } = self;
        let (channels, outputs) = (plan.stencil.channels, plan.stencil.outputs / S::F32_LANES);
        let total = S::as_simd_f32s(total).0;
        for channel in 0..channels {
            for vector in 0..outputs {
                let mut down = [[simd.splat_f32s(0.0); N]; 3];
                for j in 0..N {
                    let sum = |i: usize| total[((i * N + j) * channels + channel) * outputs + vector];
                    let column = F::filter_back(simd, std::array::from_fn(sum));
                    for i in 0..3 {
                        down[i][j] = column[i];
                    }
                }
                for (i, row) in down.into_iter().enumerate() {
                    for (j, number) in F::filter_back(simd, row).iter().enumerate() {
                        let tap = plan.places[3 * i + j];
                        let lanes: &[f32] = cast_slice(std::slice::from_ref(number));
                        for (lane, &number) in lanes.iter().enumerate() {
                            let filter = vector * S::F32_LANES + lane;
                            grad_weight[(filter * channels + channel) * 9 + tap] = number;
                        }
                    }
                }
            }
        }
    }
}
