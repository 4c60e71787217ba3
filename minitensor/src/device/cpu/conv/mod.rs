//! Convolution on the CPU: forward, and the gradients of input, weight and bias.
//!
//! All three products are one [`Stencil`]: each tile copies the pixels that it reads, with their padding, into a
//! buffer that stays in the cache, and the inner loops of `kernel.rs` read every tap from there in place. Nothing like the
//! matrix of `im2col`, in which each pixel stands once for every tap, is ever written.

mod apply;
mod kernel;
mod pack;
#[cfg(test)]
mod plain;
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
use tile::{Placement, Stencil};
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
    let geometry = simplified(geometry);
    let stencil = forward_stencil(&geometry);
    let kernel = stencil.taps.len();
    let weight = Weight {
        numbers: weight,
        kernel,
        output_stride: stencil.channels * kernel,
        channel_stride: kernel,
        taps: &(0..kernel).collect::<Vec<_>>(),
    };
    let place = Placement { size: geometry.output, origin: [0, 0], pitch: [1, 1] };
    T::convolve(&stencil, input, &weight, bias, &place, output);
}

// ANCHOR: conv_backward_input
/// The gradient of the input is itself a convolution, of the output's gradient with the weight turned around. With a
/// stride, the pixels of each phase `(y mod stride, x mod stride)` have their own: those taps that reach them.
fn conv2d_backward_input<T: Convolved>(
    geometry: &Conv2dGeometry,
    weight: &[T],
    grad_output: &[T],
    grad_input: &mut [T],
) {
    let geometry = simplified(geometry);
    let [kh, kw] = geometry.kernel;
    let (channels, outputs) = (geometry.group_inputs(), geometry.group_outputs());
    let phases = phases_of(&geometry);
    if phases.iter().any(|phase| phase.taps.is_empty()) {
        grad_input.fill(T::zero());
    }
    for phase in phases.into_iter().filter(|phase| !phase.taps.is_empty()) {
        let stencil = Stencil {
            images: geometry.batch,
            groups: geometry.options.groups,
            channels: outputs,
            outputs: channels,
            source: geometry.output,
            step: [1, 1],
            taps: phase.taps,
            grid: phase.grid,
        };
        // Outputs and channels have changed places.
        let weight = Weight {
            numbers: weight,
            kernel: kh * kw,
            output_stride: kh * kw,
            channel_stride: channels * kh * kw,
            taps: &phase.tap_numbers,
        };
        let place = Placement { size: geometry.input, origin: phase.origin, pitch: geometry.options.stride };
        T::convolve(&stencil, grad_output, &weight, None, &place, grad_input);
    }
}
// ANCHOR_END: conv_backward_input

/// The sum over images and positions of `grad_output` times the pixel that each tap sees there.
fn conv2d_backward_weight<T: Convolved>(
    geometry: &Conv2dGeometry,
    input: &[T],
    grad_output: &[T],
    grad_weight: &mut [T],
) {
    let stencil = forward_stencil(&simplified(geometry));
    T::weight_gradient(&stencil, input, grad_output, grad_weight);
}

/// A number whose convolutions are computed by the way that suits it.
trait Convolved: Lanes {
    fn convolve(
        stencil: &Stencil,
        source: &[Self],
        weight: &Weight<'_, Self>,
        bias: Option<&[Self]>,
        place: &Placement,
        output: &mut [Self],
    ) {
        convolve(stencil, source, weight, bias, place, output);
    }

    fn weight_gradient(stencil: &Stencil, source: &[Self], grad_output: &[Self], grad_weight: &mut [Self]) {
        weight_gradient(stencil, source, grad_output, grad_weight);
    }
}

/// `F64` is there to check by, so its convolutions are those of the definition.
impl Convolved for f64 {}

impl Convolved for f32 {
    fn convolve(
        stencil: &Stencil,
        source: &[f32],
        weight: &Weight<'_, f32>,
        bias: Option<&[f32]>,
        place: &Placement,
        output: &mut [f32],
    ) {
        match winograd::side(stencil) {
            Some(side) => winograd::convolve(side, stencil, source, weight, bias, output),
            None => convolve(stencil, source, weight, bias, place, output),
        }
    }

    fn weight_gradient(stencil: &Stencil, source: &[f32], grad_output: &[f32], grad_weight: &mut [f32]) {
        match winograd::side(stencil) {
            Some(side) => winograd::weight_gradient(side, stencil, source, grad_output, grad_weight),
            None => weight_gradient(stencil, source, grad_output, grad_weight),
        }
    }
}

/// A pointwise convolution sees an image as one long row.
fn simplified(geometry: &Conv2dGeometry) -> Conv2dGeometry {
    let mut simple = *geometry;
    let options = &geometry.options;
    // A transposed convolution may ask for an input that is larger than its output.
    let pointwise = geometry.kernel == [1, 1] && options.stride == [1, 1] && options.padding == [0, 0];
    if pointwise && geometry.input == geometry.output {
        simple.input = [1, geometry.input[0] * geometry.input[1]];
        simple.output = simple.input;
    }
    simple
}

fn forward_stencil(geometry: &Conv2dGeometry) -> Stencil {
    let options = &geometry.options;
    let mut taps = Vec::with_capacity(geometry.kernel[0] * geometry.kernel[1]);
    for ky in 0..geometry.kernel[0] {
        for kx in 0..geometry.kernel[1] {
            let tap = |axis: usize, k: usize| {
                (k * options.dilation[axis]) as isize - options.padding[axis] as isize
            };
            taps.push([tap(0, ky), tap(1, kx)]);
        }
    }
    Stencil {
        images: geometry.batch,
        groups: options.groups,
        channels: geometry.group_inputs(),
        outputs: geometry.group_outputs(),
        source: geometry.input,
        step: options.stride,
        taps,
        grid: geometry.output,
    }
}

/// The input pixels with the same remainder by the stride.
struct Phase {
    origin: [usize; 2],
    grid: [usize; 2],
    taps: Vec<[isize; 2]>,
    /// Which element of the kernel each tap multiplies.
    tap_numbers: Vec<usize>,
}

fn phases_of(geometry: &Conv2dGeometry) -> Vec<Phase> {
    let mut phases = Vec::new();
    let [sy, sx] = geometry.options.stride;
    for ry in 0..sy.min(geometry.input[0]) {
        for rx in 0..sx.min(geometry.input[1]) {
            let grid = [(geometry.input[0] - ry).div_ceil(sy), (geometry.input[1] - rx).div_ceil(sx)];
            let mut phase = Phase { origin: [ry, rx], grid, taps: Vec::new(), tap_numbers: Vec::new() };
            for ky in 0..geometry.kernel[0] {
                for kx in 0..geometry.kernel[1] {
                    if let (Some(y), Some(x)) = (tap_back(geometry, 0, ry, ky), tap_back(geometry, 1, rx, kx))
                    {
                        phase.taps.push([y, x]);
                        phase.tap_numbers.push(ky * geometry.kernel[1] + kx);
                    }
                }
            }
            phases.push(phase);
        }
    }
    phases
}

/// Pixel `i = stride * j + remainder` is seen by element `k` of the kernel at output `j + tap`, if that is whole.
fn tap_back(geometry: &Conv2dGeometry, axis: usize, remainder: usize, k: usize) -> Option<isize> {
    let options = &geometry.options;
    let distance = (remainder + options.padding[axis]) as isize - (k * options.dilation[axis]) as isize;
    let stride = options.stride[axis] as isize;
    (distance % stride == 0).then_some(distance / stride)
}
