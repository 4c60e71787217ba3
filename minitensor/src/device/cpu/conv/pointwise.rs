//! Convolution with filters of a single pixel: products of matrices, which read and write the images as they are.

use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::matmul::Matrix;
use crate::device::cpu::tasks::{Disjoint, for_each_task};

use super::apply::Weight;
use super::job::Job;
use super::tile::PARALLEL_OPERATIONS;

/// Whether a job is one product an image, large enough to be worth its call.
pub(super) fn fits(job: &Job) -> bool {
    let [phase] = &job.phases[..] else { return false };
    let plain = job.groups == 1 && job.step == [1, 1] && job.pitch == [1, 1] && phase.taps == [[0, 0]];
    let same = job.source == phase.grid && job.size == phase.grid;
    plain && same && job.images > 0 && job.channels * job.outputs * pixels(job) >= LEAST_PRODUCTS
}

const LEAST_PRODUCTS: usize = 1 << 17;
/// Tasks that keep all cores of a common machine busy.
const ENOUGH_TASKS: usize = 8;
/// Rows of a product that are worth a call of their own.
const FEW_ROWS: usize = 16;
/// At most so many partial sums of a weight's gradient.
const MOST_PARTS: usize = 16;

fn pixels(job: &Job) -> usize {
    job.size[0] * job.size[1]
}

/// `output = weight (O, C) · source (C, pixels)` of each image, plus bias.
pub(super) fn convolve(
    job: &Job,
    source: &[f32],
    weight: &Weight<'_, f32>,
    bias: Option<&[f32]>,
    output: &mut [f32],
) {
    let (channels, outputs, pixels) = (job.channels, job.outputs, pixels(job));
    // Few images are cut into some rows each.
    let parts = ENOUGH_TASKS.div_ceil(job.images).min(outputs.div_ceil(FEW_ROWS));
    let output = Disjoint::new(output);
    for_each_task(job.images * parts, job.operations() >= PARALLEL_OPERATIONS, |task| {
        let (image, part) = (task / parts, task % parts);
        let rows = part * outputs / parts..(part + 1) * outputs / parts;
        // SAFETY: every task has rows of its own.
        let out = unsafe { output.part((image * outputs + rows.start) * pixels, rows.len() * pixels) };
        if let Some(bias) = bias {
            out.chunks_exact_mut(pixels).zip(&bias[rows.clone()]).for_each(|(row, bias)| row.fill(*bias));
        }
        let strides = (weight.output_stride, weight.channel_stride);
        let weight = Matrix { elements: &weight.numbers[rows.start * weight.output_stride..], strides };
        let source = Matrix { elements: &source[image * channels * pixels..], strides: (pixels, 1) };
        weight.times(source, channels, out, pixels, bias.is_some());
    });
}

/// `grad_weight (O, C)`: the sum over images of `grad_output (O, pixels) · sourceᵀ`. Each part sums some images; the parts are
/// then added in order.
pub(super) fn weight_gradient(job: &Job, source: &[f32], grad_output: &[f32], grad_weight: &mut [f32]) {
    let (channels, outputs, pixels) = (job.channels, job.outputs, pixels(job));
    let (parts, numbers) = (MOST_PARTS.min(job.images), channels * outputs);
    f32::with_scratch(parts * numbers, |sums| {
        let partial = Disjoint::new(sums);
        for_each_task(parts, job.operations() >= PARALLEL_OPERATIONS, |part| {
            // SAFETY: every task has its own part.
            let sum = unsafe { partial.part(part * numbers, numbers) };
            let images = part * job.images / parts..(part + 1) * job.images / parts;
            for image in images.clone() {
                let grad = &grad_output[image * outputs * pixels..];
                let (grad, source) = (
                    Matrix { elements: grad, strides: (pixels, 1) },
                    Matrix { elements: &source[image * channels * pixels..], strides: (pixels, 1) },
                );
                grad.times(source.transposed(), pixels, sum, channels, image > images.start);
            }
        });
        let (first, rest) = sums.split_at(numbers);
        grad_weight.copy_from_slice(first);
        for part in rest.chunks_exact(numbers) {
            grad_weight.iter_mut().zip(part).for_each(|(total, sum)| *total += *sum);
        }
    });
}
