//! The forward pass, and the gradient of the input, by blocks of channels.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use crate::device::cpu::conv::apply::Weight;
use crate::device::cpu::conv::job::{Job, Phase};
use crate::device::cpu::conv::tile::PARALLEL_OPERATIONS;
use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::pixels::{Window, gather, scatter};
use super::plan::{Band, Plan};
use super::product::{FEW, Offsets, Stride, weigh_all};
use super::{LINE, aligned, cut};

/// `output = job over source, plus bias`.
pub(in super::super) fn convolve(
    job: &Job,
    source: &[f32],
    weight: &Weight<'_, f32>,
    bias: Option<&[f32]>,
    output: &mut [f32],
) {
    Arch::new().dispatch(Convolution { job, source, weight, bias, output });
}

struct Convolution<'a> {
    job: &'a Job,
    source: &'a [f32],
    weight: &'a Weight<'a, f32>,
    bias: Option<&'a [f32]>,
    output: &'a mut [f32],
}

impl WithSimd for Convolution<'_> {
    type Output = ();

    /// As many sums at a time as leave registers for their factors.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let pairs = (self.job.outputs / S::F32_LANES).is_multiple_of(2);
        match S::REGISTER_COUNT >= 32 {
            true if pairs => self.run::<S, 12, 2>(simd),
            true => self.run::<S, 24, 1>(simd),
            false => self.run::<S, 12, 1>(simd),
        }
    }
}

impl Convolution<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize, const V: usize>(self, simd: S) {
        let Self { job, source, weight, bias, .. } = self;
        let plan = Plan::new(job, S::F32_LANES);
        let taps: usize = job.phases.iter().map(|phase| phase.taps.len()).sum();
        let len = job.outputs * taps * job.channels;
        f32::with_scratch(len + LINE, |scratch| {
            let filters = &mut aligned(scratch)[..len];
            pack_filters(job, plan.width, V * S::F32_LANES, weight, filters);
            let (filters, output) = (&*filters, Disjoint::new(self.output));
            let (tasks, bands) = (plan.tasks(), plan.bands());
            for_each_task(tasks, job.operations() >= PARALLEL_OPERATIONS, |task| {
                let bands = task * bands / tasks..(task + 1) * bands / tasks;
                let task = Task { plan: &plan, source, filters, bias, output: &output, bands };
                let sizes = task.sizes(S::F32_LANES, V);
                f32::with_scratch(sizes.iter().sum::<usize>() + LINE, |scratch| {
                    simd.vectorize(Bands::<'_, R, V> { task, scratch: cut(aligned(scratch), sizes) });
                });
            });
        });
    }
}

/// `(O, C, kernel)` to `(O / wide, phases, taps, C, wide)`: the order in which the products read them.
fn pack_filters(job: &Job, width: usize, wide: usize, weight: &Weight<'_, f32>, packed: &mut [f32]) {
    let mut columns = packed.chunks_exact_mut(wide);
    for first in (0..job.outputs).step_by(wide) {
        for &tap in job.phases.iter().flat_map(|phase| &phase.tap_numbers) {
            for (channel, column) in (0..job.channels).zip(&mut columns) {
                let start = first * weight.output_stride + channel * weight.channel_stride + tap;
                for (filter, number) in column.iter_mut().enumerate() {
                    *number = weight.numbers[start + filter * weight.output_stride];
                }
            }
        }
    }
    debug_assert!(job.channels.is_multiple_of(width));
}

/// Some bands.
struct Task<'a> {
    plan: &'a Plan<'a>,
    source: &'a [f32],
    filters: &'a [f32],
    bias: Option<&'a [f32]>,
    output: &'a Disjoint<'a, f32>,
    bands: Range<usize>,
}

/// A task, `R` pixels and `V` vectors of filters at a time.
struct Bands<'a, const R: usize, const V: usize> {
    task: Task<'a>,
    scratch: [&'a mut [f32]; 4],
}

impl<const R: usize, const V: usize> WithSimd for Bands<'_, R, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [pixels, turned, sums, results] = self.scratch;
        for number in self.task.bands.clone() {
            let band = self.task.plan.band(number);
            self.task.run::<S, R, V>(simd, &band, [&mut *pixels, &mut *turned, &mut *sums, &mut *results]);
        }
    }
}

impl Task<'_> {
    /// Numbers of a band's pixels, of what turning them needs, of a row's sums, and of the results.
    fn sizes(&self, lanes: usize, v: usize) -> [usize; 4] {
        let ([pixels, turned], job) = (self.plan.window_numbers(), self.plan.job);
        let results = self.plan.rows * job.size[1];
        let sums = job.size[1].next_multiple_of(FEW) * v * lanes;
        [
            pixels.next_multiple_of(LINE),
            turned.max(4 * results).next_multiple_of(LINE),
            sums,
            v * results * lanes,
        ]
    }

    #[inline(always)]
    fn run<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        band: &Band,
        [pixels, turned, sums, results]: [&mut [f32]; 4],
    ) {
        let (plan, job, lanes) = (self.plan, self.plan.job, S::F32_LANES);
        let window = plan.window(&band.rows);
        gather_blocks(plan, &window, self.source, band.image, turned, pixels);
        let area = job.size[0] * job.size[1];
        let numbers = band.rows.len() * job.size[1] * lanes;
        let mut filters = S::as_simd_f32s(self.filters).0;
        for first in (0..job.outputs).step_by(V * lanes) {
            for phase in &job.phases {
                let (own, rest) = filters.split_at(phase.taps.len() * job.channels * V);
                filters = rest;
                let bias = self.bias.map(|bias| &bias[first..first + V * lanes]);
                let phase =
                    PhaseOfBand { plan, phase, window: &window, filters: own, bias, rows: &band.rows };
                let (sums, results) = (S::as_mut_simd_f32s(sums).0, S::as_mut_simd_f32s(results).0);
                phase.run::<S, R, V>(simd, pixels, sums, results);
            }
            for v in 0..V {
                let results = &results[v * numbers..(v + 1) * numbers];
                let origin = [band.rows.start as isize, 0];
                let columns = job.size[1];
                let window = Window { size: job.size, origin, rows: band.rows.len(), columns };
                let start = (band.image * job.outputs + first + v * lanes) * area;
                // SAFETY: every band has rows of its own, and every vector filters.
                unsafe { scatter(results, &window, lanes, turned, self.output, start) };
            }
        }
    }
}

/// All channels of the pixels that a window shows, block by block.
#[inline(always)]
pub(super) fn gather_blocks(
    plan: &Plan<'_>,
    window: &Window,
    source: &[f32],
    image: usize,
    turned: &mut [f32],
    pixels: &mut [f32],
) {
    let (width, area) = (plan.width, window.size[0] * window.size[1]);
    let block = window.rows * window.columns * width;
    for (number, pixels) in pixels.chunks_exact_mut(block).take(plan.job.channels / width).enumerate() {
        let start = (image * plan.job.channels + number * width) * area;
        gather(&source[start..start + width * area], window, width, turned, pixels);
    }
}

/// The results of a phase in a band, for `V` vectors of filters.
struct PhaseOfBand<'a, V> {
    plan: &'a Plan<'a>,
    phase: &'a Phase,
    window: &'a Window,
    filters: &'a [V],
    bias: Option<&'a [f32]>,
    rows: &'a Range<usize>,
}

impl<Vector: Copy> PhaseOfBand<'_, Vector> {
    #[inline(always)]
    fn run<S: Simd<f32s = Vector>, const R: usize, const V: usize>(
        &self,
        simd: S,
        pixels: &[f32],
        sums: &mut [S::f32s],
        results: &mut [S::f32s],
    ) {
        let (plan, phase, window) = (self.plan, self.phase, self.window);
        let job = plan.job;
        let blocks = job.channels / plan.width;
        let starts =
            phase.taps.iter().flat_map(|&tap| (0..blocks).map(move |block| plan.offset(window, tap, block)));
        let offsets = Offsets::new(starts.collect());
        let mut bias = [simd.splat_f32s(0.0); V];
        if let Some(numbers) = self.bias {
            bias.copy_from_slice(&S::as_simd_f32s(numbers).0[..V]);
        }
        let Stride { step, width } = plan.stride();
        let lanes = S::F32_LANES;
        let area = self.rows.len() * job.size[1];
        for y in (phase.origin[0]..self.rows.len()).step_by(job.pitch[0]) {
            let pixels = &pixels[y / job.pitch[0] * job.step[0] * window.columns * width..];
            // The common strides are written out, so that the distances between pixels are known to the compiler.
            let (count, filters) = (phase.grid[1], self.filters);
            match (step == lanes, step == 2 * lanes, width == lanes) {
                (true, _, true) => {
                    let stride = Stride { step: lanes, width: lanes };
                    weigh_all::<S, R, V>(simd, count, pixels, &offsets, stride, filters, sums);
                }
                (_, true, true) => {
                    let stride = Stride { step: 2 * lanes, width: lanes };
                    weigh_all::<S, R, V>(simd, count, pixels, &offsets, stride, filters, sums);
                }
                _ => {
                    weigh_all::<S, R, V>(simd, count, pixels, &offsets, Stride { step, width }, filters, sums)
                }
            }
            for x in 0..count {
                let at = y * job.size[1] + phase.origin[1] + x * job.pitch[1];
                for v in 0..V {
                    results[v * area + at] = simd.add_f32s(sums[x * V + v], bias[v]);
                }
            }
        }
    }
}
