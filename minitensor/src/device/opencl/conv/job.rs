//! What `kernels/conv.cl` is told of a convolution: the numbers at its beginning.

use super::super::Launch;
use crate::device::Conv2dGeometry;

/// A convolution, forward or back to the input.
pub(super) struct Job {
    /// Images, groups, channels of the source and rows of the result in a group.
    pub(super) counts: [usize; 4],
    source: [usize; 2],
    /// How far apart rows and channels of the weight lie, and groups.
    row_stride: usize,
    channel_stride: usize,
    group_stride: usize,
    pub(super) phases: Vec<Phase>,
}

/// Results that the same taps reach: all of them forward; on the way back, those whose pixels are a stride
/// apart.
pub(super) struct Phase {
    /// How many places there are, down and across.
    grid: [usize; 2],
    axes: [Axis; 2],
    /// Size of a plane of the result, where the first place lies there, how far apart places are down and
    /// across.
    target: [usize; 4],
    /// Of the weight: where the first tap is, and how far apart taps are down and across.
    first_weight: usize,
    weight_strides: [usize; 2],
}

/// The taps along one axis.
#[derive(Clone, Copy)]
struct Axis {
    taps: usize,
    /// Between neighbouring places.
    step: usize,
    /// Where the first tap of the first place looks.
    origin: isize,
    /// From where a tap looks to where the next one does.
    apart: isize,
}

impl Job {
    pub(super) fn forward(geometry: &Conv2dGeometry) -> Job {
        let options = &geometry.options;
        let axis = |d: usize| Axis {
            taps: geometry.kernel[d],
            step: options.stride[d],
            origin: -(options.padding[d] as isize),
            apart: options.dilation[d] as isize,
        };
        let [height, width] = geometry.output;
        let phase = Phase {
            grid: geometry.output,
            axes: [axis(0), axis(1)],
            target: [height * width, 0, width, 1],
            first_weight: 0,
            weight_strides: [geometry.kernel[1], 1],
        };
        let (inputs, outputs) = (geometry.group_inputs(), geometry.group_outputs());
        let taps = geometry.kernel[0] * geometry.kernel[1];
        Job {
            counts: [geometry.batch, options.groups, inputs, outputs],
            source: geometry.input,
            row_stride: inputs * taps,
            channel_stride: taps,
            group_stride: outputs * inputs * taps,
            phases: vec![phase],
        }
    }

    /// The gradient of the input: filters and channels change places, and so do the images.
    pub(super) fn backward(geometry: &Conv2dGeometry) -> Job {
        let Job { counts: [images, groups, inputs, outputs], row_stride, channel_stride, .. } =
            Job::forward(geometry);
        let [down, across] = [0, 1].map(|d| geometry.options.stride[d].min(geometry.input[d]));
        let phases =
            (0..down * across).map(|phase| Phase::backward(geometry, [phase / across, phase % across]));
        Job {
            counts: [images, groups, outputs, inputs],
            source: geometry.output,
            row_stride: channel_stride,
            channel_stride: row_stride,
            group_stride: outputs * row_stride,
            phases: phases.collect(),
        }
    }

    /// How many results there are, all phases together.
    pub(super) fn numel(&self) -> usize {
        let [images, groups, _, rows] = self.counts;
        self.phases.first().map_or(0, |phase| images * groups * rows * phase.target[0])
    }

    /// How many products a result of a phase adds up.
    pub(super) fn length(&self, phase: &Phase) -> usize {
        self.counts[2] * phase.taps()
    }

    /// Places of a phase, in all images.
    pub(super) fn places(&self, phase: &Phase) -> usize {
        self.counts[0] * phase.grid[0] * phase.grid[1]
    }

    /// Whether a row of the weight is in the order of the taps.
    pub(super) fn in_order(&self, phase: &Phase) -> bool {
        phase.weight_strides == [phase.axes[1].taps, 1] && self.channel_stride == phase.taps()
    }

    /// Whether neighbouring places see neighbours, four of which lie together: a filter is a pixel, and
    /// images stay as they are.
    pub(super) fn is_pointwise(&self, phase: &Phase) -> bool {
        let axis_is = |axis: &Axis| axis.taps == 1 && axis.step == 1 && axis.origin == 0;
        let same = phase.grid == self.source && (phase.grid[0] * phase.grid[1]).is_multiple_of(4);
        same && phase.axes.iter().all(axis_is)
    }

    /// Gives a kernel `counts`, `planes`, `window` and `shift`.
    pub(super) fn give<'a>(&self, launch: Launch<'a>, phase: &Phase) -> Launch<'a> {
        let ([rows, columns], [down, across]) = (phase.grid, phase.axes);
        let launch = launch.sizes(self.counts).sizes([self.source[0], self.source[1], rows, columns]);
        let launch = launch.sizes([down.taps, across.taps, down.step, across.step]);
        launch.sizes([down.origin, across.origin, down.apart, across.apart].map(wrapped))
    }

    /// Gives it `target`, `strides` and `group_stride`, which follow those.
    pub(super) fn give_target<'a>(&self, launch: Launch<'a>, phase: &Phase) -> Launch<'a> {
        let [down, across] = phase.weight_strides;
        let launch = launch.sizes(phase.target).sizes([self.row_stride, self.channel_stride, down, across]);
        launch.size(self.group_stride)
    }
}

impl Phase {
    /// The pixels whose places, divided by the stride, leave these remainders.
    fn backward(geometry: &Conv2dGeometry, remainders: [usize; 2]) -> Phase {
        let [(down, first_down, every_down), (across, first_across, every_across)] =
            [0, 1].map(|d| Axis::backward(geometry, d, remainders[d]));
        let ([height, width], stride) = (geometry.input, geometry.options.stride);
        let places = |d: usize| (geometry.input[d] - remainders[d]).div_ceil(stride[d]);
        let first = remainders[0] * width + remainders[1];
        Phase {
            grid: [places(0), places(1)],
            axes: [down, across],
            target: [height * width, first, stride[0] * width, stride[1]],
            first_weight: first_down * geometry.kernel[1] + first_across,
            weight_strides: [every_down * geometry.kernel[1], every_across],
        }
    }

    fn taps(&self) -> usize {
        self.axes[0].taps * self.axes[1].taps
    }

    pub(super) fn first_weight(&self) -> usize {
        self.first_weight
    }
}

impl Axis {
    /// The taps that see pixels `stride * place + remainder`, from the pixel to the output; which tap of the
    /// kernel the first of them is, and how many further on the next one.
    ///
    /// Output `o` sees a pixel by tap `k` if `o * stride - padding + k * dilation` is the pixel. So `o` is
    /// the place plus `(remainder + padding - k * dilation) / stride`, if that is whole.
    fn backward(geometry: &Conv2dGeometry, d: usize, remainder: usize) -> (Axis, usize, usize) {
        let options = &geometry.options;
        let [stride, dilation] = [options.stride[d] as isize, options.dilation[d] as isize];
        let distance = |k: usize| (remainder + options.padding[d]) as isize - k as isize * dilation;
        let mut taps = (0..geometry.kernel[d]).filter(|&k| distance(k) % stride == 0);
        let Some(first) = taps.next() else {
            return (Axis { taps: 0, step: 1, origin: 0, apart: 0 }, 0, 0);
        };
        let second = taps.next();
        let every = second.map_or(0, |second| second - first);
        let axis = Axis {
            taps: 1 + usize::from(second.is_some()) + taps.count(),
            step: 1,
            origin: distance(first) / stride,
            apart: -(every as isize * dilation) / stride,
        };
        (axis, first, every)
    }
}

/// What a kernel counts in 32 bits, where numbers below zero have wrapped around.
fn wrapped(x: isize) -> usize {
    x as u32 as usize
}
