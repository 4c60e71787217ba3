//! The gradient of the filters, by blocks of channels.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use crate::device::cpu::conv::job::Job;
use crate::device::cpu::conv::tile::PARALLEL_OPERATIONS;
use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::apply::gather_blocks;
use super::pixels::{Window, gather};
use super::plan::{Band, Plan};
use super::product::{Lines, correlate};
use super::{LINE, aligned, cut};

/// At most this many partial sums, of so many positions at least: adding one to the others takes time as well.
const MOST_PARTS: usize = 16;
const PART_POSITIONS: usize = 512;

/// `grad_weight[o, c, t] = sum over images and positions of grad_output[o, y, x] * source[c, tap t of (y, x)]`.
pub(in super::super) fn weight_gradient(
    job: &Job,
    source: &[f32],
    grad_output: &[f32],
    grad_weight: &mut [f32],
) {
    Arch::new().dispatch(WeightGradient { job, source, grad_output, grad_weight });
}

struct WeightGradient<'a> {
    job: &'a Job,
    source: &'a [f32],
    grad_output: &'a [f32],
    grad_weight: &'a mut [f32],
}

impl WithSimd for WeightGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let pairs = (self.job.outputs / S::F32_LANES).is_multiple_of(2);
        let wide = S::REGISTER_COUNT >= 32;
        match self.job.channels {
            channels if channels.is_multiple_of(8) && wide && pairs => self.run::<S, 8, 2>(simd),
            channels if channels.is_multiple_of(8) && wide => self.run::<S, 8, 1>(simd),
            channels if channels.is_multiple_of(4) => self.run::<S, 4, 1>(simd),
            _ => self.run::<S, 1, 1>(simd),
        }
    }
}

impl WeightGradient<'_> {
    /// Each part sums some bands; the parts are then added in order. How many there are depends on shapes alone, so any
    /// number of threads finds the same bits.
    #[inline(always)]
    fn run<S: Simd, const R: usize, const V: usize>(self, simd: S) {
        let Self { job, source, grad_output, grad_weight } = self;
        let plan = Plan::new(job, S::F32_LANES);
        let bands = plan.bands();
        let positions = job.images * job.size[0] * job.size[1];
        let parts = (positions / PART_POSITIONS).clamp(2, MOST_PARTS).min(bands);
        let numbers = grad_weight.len();
        f32::with_scratch(parts * numbers + LINE, |scratch| {
            let sums = &mut aligned(scratch)[..parts * numbers];
            sums.fill(0.0);
            let partial = Disjoint::new(sums);
            for_each_task(parts, job.operations() >= PARALLEL_OPERATIONS, |part| {
                // SAFETY: every task has its own part.
                let sums = unsafe { partial.part(part * numbers, numbers) };
                let bands = part * bands / parts..(part + 1) * bands / parts;
                let task = Task { plan: &plan, source, grad_output, bands };
                let sizes = task.sizes(S::F32_LANES);
                f32::with_scratch(sizes.iter().sum::<usize>() + LINE, |scratch| {
                    let scratch = cut(aligned(scratch), sizes);
                    simd.vectorize(Bands::<'_, R, V> { task, scratch, sums });
                });
            });
            let (total, rest) = sums.split_at_mut(numbers);
            for part in rest.chunks_exact(numbers) {
                total.iter_mut().zip(part).for_each(|(total, sum)| *total += *sum);
            }
            put_back(job, total, grad_weight);
        });
    }
}

/// `(taps, C, O)` to `(O, C, taps)`.
fn put_back(job: &Job, total: &[f32], grad_weight: &mut [f32]) {
    let taps = total.len() / (job.channels * job.outputs);
    for (filter, grads) in grad_weight.chunks_exact_mut(job.channels * taps).enumerate() {
        for (channel, grads) in grads.chunks_exact_mut(taps).enumerate() {
            for (tap, grad) in grads.iter_mut().enumerate() {
                *grad = total[(tap * job.channels + channel) * job.outputs + filter];
            }
        }
    }
}

/// Some bands.
struct Task<'a> {
    plan: &'a Plan<'a>,
    source: &'a [f32],
    grad_output: &'a [f32],
    bands: Range<usize>,
}

/// A task, `R` channels and `V` vectors of filters at a time.
struct Bands<'a, const R: usize, const V: usize> {
    task: Task<'a>,
    scratch: [&'a mut [f32]; 3],
    sums: &'a mut [f32],
}

impl<const R: usize, const V: usize> WithSimd for Bands<'_, R, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [pixels, turned, grads] = self.scratch;
        for number in self.task.bands.clone() {
            let band = self.task.plan.band(number);
            self.task.run::<S, R, V>(simd, &band, [&mut *pixels, &mut *turned, &mut *grads], self.sums);
        }
    }
}

impl Task<'_> {
    /// Numbers of a band's pixels, of what turning them needs, and of its gradients.
    fn sizes(&self, lanes: usize) -> [usize; 3] {
        let ([pixels, turned], job) = (self.plan.window_numbers(), self.plan.job);
        let area = self.plan.rows * job.size[1];
        let turned = turned.max(area * lanes).next_multiple_of(LINE);
        [pixels.next_multiple_of(LINE), turned, area * job.outputs]
    }

    /// Adds what a band contributes to the gradients, (taps, C, O).
    #[inline(always)]
    fn run<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        band: &Band,
        [pixels, turned, grads]: [&mut [f32]; 3],
        sums: &mut [f32],
    ) {
        let (plan, job, lanes) = (self.plan, self.plan.job, S::F32_LANES);
        let window = plan.window(&band.rows);
        gather_blocks(plan, &window, self.source, band.image, turned, pixels);
        let [height, columns] = job.size;
        let area = band.rows.len() * columns;
        for (block, grads) in grads.chunks_exact_mut(area * lanes).take(job.outputs / lanes).enumerate() {
            let origin = [band.rows.start as isize, 0];
            let window = Window { size: job.size, origin, rows: band.rows.len(), columns };
            let start = (band.image * job.outputs + block * lanes) * height * columns;
            let planes = &self.grad_output[start..start + lanes * height * columns];
            gather(planes, &window, lanes, turned, grads);
        }
        let (grads, sums) = (S::as_simd_f32s(grads).0, S::as_mut_simd_f32s(sums).0);
        let (step, vectors) = (plan.stride().step, job.outputs / lanes);
        let line = job.step[0] * window.columns * plan.width;
        let lines = Lines { count: band.rows.len(), columns, line, step };
        for (number, &tap) in job.phases[0].taps.iter().enumerate() {
            for channel in (0..job.channels).step_by(R) {
                let start = plan.offset(&window, tap, channel / plan.width) + channel % plan.width;
                let pixels = &pixels[start..];
                let sums = &mut sums[(number * job.channels + channel) * vectors..];
                for v in (0..vectors).step_by(V) {
                    let grads = &grads[v * area..];
                    correlate::<S, R, V>(simd, pixels, lines, grads, area, &mut sums[v..], vectors);
                }
            }
        }
    }
}
