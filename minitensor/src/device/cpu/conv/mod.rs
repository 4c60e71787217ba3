//! Convolution on the CPU: forward, and the gradients of input, weight and bias.
//!
//! A [`Job`] says what is to be computed, and [`Convolved`] by which of four ways. From the one that takes most to the fastest:
//!
//! * the definition (`apply`, `weight`), for any channels, groups and taps, and for all of `f64`: each tile copies the
//!   pixels that it reads, with their padding, into a buffer that stays in the cache, and the inner loops of `kernel.rs` read
//!   every tap from there in place;
//! * [`blocks`] of channels, where channels and filters fill vectors;
//! * [`pointwise`], where a filter is a single pixel: products of matrices;
//! * [`winograd`], where filters are 3 x 3 without a stride: a quarter of the products.
//!
//! Nothing like the matrix of `im2col`, in which each pixel stands once for every tap, is ever written.

mod apply;
mod blocks;
mod job;
mod kernel;
mod pack;
#[cfg(test)]
mod plain;
mod pointwise;
#[cfg(test)]
pub(super) mod tests;
mod tile;
mod weight;
mod winograd;

use crate::device::conv::ConvKernels;
use crate::device::geometry::Conv2dGeometry;

use super::CpuStorage;
use super::lanes::Lanes;
use super::typed::{of, with_float, written};
use apply::{Weight, convolve};
use job::Job;
use weight::weight_gradient;

impl ConvKernels for CpuStorage {
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self {
        let numel = geometry.output_shape().iter().product();
        with_float!(self, T => written::<T>(numel, |out| {
            conv2d_forward(geometry, of(self), of(weight), bias.map(of), out);
        }))
    }

    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self {
        let numel = geometry.input_shape().iter().product();
        with_float!(self, T => written::<T>(numel, |out| {
            conv2d_backward_input(geometry, of(weight), of(self), out);
        }))
    }

    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self {
        let numel = geometry.weight_shape().iter().product();
        with_float!(self, T => written::<T>(numel, |out| {
            conv2d_backward_weight(geometry, of(input), of(self), out);
        }))
    }
}

/// `output = convolution of input (N, C, H, W) with weight (O, C / groups, KH, KW), plus bias (O)`.
fn conv2d_forward<T: Convolved>(
    geometry: &Conv2dGeometry,
    input: &[T],
    weight: &[T],
    bias: Option<&[T]>,
    output: &mut [T],
) {
    let job = Job::forward(&simplified(geometry));
    let kernel = geometry.kernel[0] * geometry.kernel[1];
    let weight =
        Weight { numbers: weight, kernel, output_stride: job.channels * kernel, channel_stride: kernel };
    T::convolve(&job, input, &weight, bias, output);
}

fn conv2d_backward_input<T: Convolved>(
    geometry: &Conv2dGeometry,
    weight: &[T],
    grad_output: &[T],
    grad_input: &mut [T],
) {
    let job = Job::backward_input(&simplified(geometry));
    let kernel = geometry.kernel[0] * geometry.kernel[1];
    // Outputs and channels have changed places.
    let weight =
        Weight { numbers: weight, kernel, output_stride: kernel, channel_stride: job.outputs * kernel };
    T::convolve(&job, grad_output, &weight, None, grad_input);
}

/// The sum over images and positions of `grad_output` times the pixel that each tap sees there.
fn conv2d_backward_weight<T: Convolved>(
    geometry: &Conv2dGeometry,
    input: &[T],
    grad_output: &[T],
    grad_weight: &mut [T],
) {
    T::weight_gradient(&Job::forward(&simplified(geometry)), input, grad_output, grad_weight);
}

/// A number whose convolutions are computed by the way that suits it.
trait Convolved: Lanes {
    /// `output = job over source, plus bias`.
    fn convolve(
        job: &Job,
        source: &[Self],
        weight: &Weight<'_, Self>,
        bias: Option<&[Self]>,
        output: &mut [Self],
    ) {
        each_phase(job, source, weight, bias, output);
    }

    /// The gradient of the weight of a forward pass.
    fn weight_gradient(job: &Job, source: &[Self], grad_output: &[Self], grad_weight: &mut [Self]) {
        weight_gradient(&job.stencil(&job.phases[0]), source, grad_output, grad_weight);
    }
}

/// `F64` is there to check by, so its convolutions are those of the definition.
impl Convolved for f64 {}

impl Convolved for f32 {
    fn convolve(
        job: &Job,
        source: &[f32],
        weight: &Weight<'_, f32>,
        bias: Option<&[f32]>,
        output: &mut [f32],
    ) {
        match winograd::side(job) {
            Some((side, stencil)) => {
                let taps = &job.phases[0].tap_numbers;
                winograd::convolve(side, &stencil, source, weight, taps, bias, output);
            }
            None if pointwise::fits(job) => pointwise::convolve(job, source, weight, bias, output),
            None if blocks::fits(job) => blocks::convolve(job, source, weight, bias, output),
            None => each_phase(job, source, weight, bias, output),
        }
    }

    fn weight_gradient(job: &Job, source: &[f32], grad_output: &[f32], grad_weight: &mut [f32]) {
        match winograd::side(job) {
            Some((side, stencil)) => {
                winograd::weight_gradient(side, &stencil, source, grad_output, grad_weight)
            }
            None if pointwise::fits(job) => pointwise::weight_gradient(job, source, grad_output, grad_weight),
            None if blocks::fits(job) => blocks::weight_gradient(job, source, grad_output, grad_weight),
            None => weight_gradient(&job.stencil(&job.phases[0]), source, grad_output, grad_weight),
        }
    }
}

/// The definition, phase by phase.
fn each_phase<T: Lanes>(
    job: &Job,
    source: &[T],
    weight: &Weight<'_, T>,
    bias: Option<&[T]>,
    output: &mut [T],
) {
    if job.phases.iter().any(|phase| phase.taps.is_empty()) {
        output.fill(T::zero());
    }
    for phase in job.phases.iter().filter(|phase| !phase.taps.is_empty()) {
        let (stencil, place) = (job.stencil(phase), job.placement(phase));
        convolve(&stencil, source, weight, &phase.tap_numbers, bias, &place, output);
    }
}

/// A pointwise convolution sees a small image as one long row.
fn simplified(geometry: &Conv2dGeometry) -> Conv2dGeometry {
    let mut simple = *geometry;
    let options = &geometry.options;
    // A transposed convolution may ask for an input that is larger than its output.
    let pointwise = geometry.kernel == [1, 1] && options.stride == [1, 1] && options.padding == [0, 0];
    let area = geometry.input[0] * geometry.input[1];
    if pointwise && geometry.input == geometry.output && area <= LONG_ROW {
        simple.input = [1, area];
        simple.output = simple.input;
    }
    simple
}

/// Pixels of a row beyond which its channels do not stay in the cache.
const LONG_ROW: usize = 1024;
