//! What a convolution has to do, whatever the kernels are that do it.

use crate::device::geometry::Conv2dGeometry;

use super::tile::{Placement, Stencil};

/// `out[m, y, x] = sum over c, t of weight[m, c, t] * source[c, y * step + t.y, x * step + t.x]` for each phase of an image's
/// pixels. The forward pass has one phase; the gradient of an input whose convolution had a stride has one for each
/// remainder by the stride, since other taps reach other pixels.
pub(super) struct Job {
    pub(super) images: usize,
    pub(super) groups: usize,
    /// Channels of the source and of the output that belong to one group.
    pub(super) channels: usize,
    pub(super) outputs: usize,
    pub(super) source: [usize; 2],
    pub(super) step: [usize; 2],
    /// The images that results go to, and the distance in them between neighbouring results of a phase.
    pub(super) size: [usize; 2],
    pub(super) pitch: [usize; 2],
    pub(super) phases: Vec<Phase>,
}

/// Results that the same taps reach.
pub(super) struct Phase {
    pub(super) origin: [usize; 2],
    pub(super) grid: [usize; 2],
    pub(super) taps: Vec<[isize; 2]>,
    /// Which element of the kernel each tap multiplies.
    pub(super) tap_numbers: Vec<usize>,
}

impl Job {
    /// The forward pass.
    pub(super) fn forward(geometry: &Conv2dGeometry) -> Job {
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
        let tap_numbers = (0..taps.len()).collect();
        Job {
            images: geometry.batch,
            groups: options.groups,
            channels: geometry.group_inputs(),
            outputs: geometry.group_outputs(),
            source: geometry.input,
            step: options.stride,
            size: geometry.output,
            pitch: [1, 1],
            phases: vec![Phase { origin: [0, 0], grid: geometry.output, taps, tap_numbers }],
        }
    }

    // ANCHOR: conv_backward_input
    /// The gradient of the input is itself a convolution, of the output's gradient with the weight turned around. With a
    /// stride, the pixels of each phase `(y mod stride, x mod stride)` have their own: those taps that reach them.
    pub(super) fn backward_input(geometry: &Conv2dGeometry) -> Job {
        Job {
            images: geometry.batch,
            groups: geometry.options.groups,
            channels: geometry.group_outputs(),
            outputs: geometry.group_inputs(),
            source: geometry.output,
            step: [1, 1],
            size: geometry.input,
            pitch: geometry.options.stride,
            phases: phases_of(geometry),
        }
    }
    // ANCHOR_END: conv_backward_input

    /// Multiplications and additions in all.
    pub(super) fn operations(&self) -> usize {
        let taps = |phase: &Phase| phase.taps.len() * phase.grid[0] * phase.grid[1];
        let taps: usize = self.phases.iter().map(taps).sum();
        2 * self.images * self.groups * self.channels * self.outputs * taps
    }

    /// One phase by itself.
    pub(super) fn stencil(&self, phase: &Phase) -> Stencil {
        Stencil {
            images: self.images,
            groups: self.groups,
            channels: self.channels,
            outputs: self.outputs,
            source: self.source,
            step: self.step,
            taps: phase.taps.clone(),
            grid: phase.grid,
        }
    }

    /// Where the results of a phase belong.
    pub(super) fn placement(&self, phase: &Phase) -> Placement {
        Placement { size: self.size, origin: phase.origin, pitch: self.pitch }
    }
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
