//! Which convolutions are computed by blocks of channels, and how their work is cut into bands of rows.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use crate::device::cpu::conv::job::Job;

use super::pixels::Window;
use super::product::{FEW, Stride};

/// How many numbers a vector of `f32` has on this machine.
pub(in super::super) fn lanes() -> usize {
    struct Count;
    impl WithSimd for Count {
        type Output = usize;
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    Arch::new().dispatch(Count)
}

/// Whether filters fill vectors, and channels do or are few.
pub(in super::super) fn fits(job: &Job) -> bool {
    let lanes = lanes();
    let filled =
        job.outputs.is_multiple_of(lanes) && (job.channels.is_multiple_of(lanes) || job.channels < lanes);
    lanes >= 4
        && job.groups == 1
        && job.operations() > 0
        && filled
        && Plan::new(job, lanes).row_numbers() <= MOST_ROW_NUMBERS
}

/// Numbers of the pixels that a row of outputs sees, beyond which they do not stay in the cache.
const MOST_ROW_NUMBERS: usize = 256 * 1024;
/// Numbers of a band's pixels that should stay in the second-level cache.
const BAND_NUMBERS: usize = 48 * 1024;
/// Operations that are worth a task, and tasks that keep all cores of a common machine busy.
const TASK_OPERATIONS: usize = 2_000_000;
const MOST_TASKS: usize = 16;

/// A job cut into bands: some rows of the outputs of one image.
pub(super) struct Plan<'a> {
    pub(super) job: &'a Job,
    /// Channels of a block: a vector of them, or all where there are fewer.
    pub(super) width: usize,
    /// The first row and column that any tap reads for output (0, 0), and how many all taps span.
    first: [isize; 2],
    span: [usize; 2],
    /// Rows of a band, of the image that results go to; a multiple of the distance between results of a phase.
    pub(super) rows: usize,
}

/// The rows of a band.
pub(super) struct Band {
    pub(super) image: usize,
    pub(super) rows: Range<usize>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(job: &'a Job, lanes: usize) -> Self {
        let taps = || job.phases.iter().flat_map(|phase| &phase.taps);
        let first = [0, 1].map(|axis| taps().map(|tap| tap[axis]).min().unwrap_or(0));
        let span = [0, 1].map(|axis| {
            let last = taps().map(|tap| tap[axis]).max().unwrap_or(0);
            (last - first[axis]) as usize + 1
        });
        let mut plan = Plan { job, width: lanes.min(job.channels), first, span, rows: job.pitch[0] };
        let line = (job.channels * plan.columns()).max(1);
        let fitting = (BAND_NUMBERS / line).saturating_sub(span[0]) / job.step[0] + 1;
        plan.rows = (fitting * job.pitch[0]).min(job.size[0].next_multiple_of(job.pitch[0]));
        plan
    }

    fn row_numbers(&self) -> usize {
        self.job.channels * self.columns() * self.span[0]
    }

    /// Bands of all images.
    pub(super) fn bands(&self) -> usize {
        self.job.images * self.job.size[0].div_ceil(self.rows)
    }

    pub(super) fn band(&self, number: usize) -> Band {
        let down = self.job.size[0].div_ceil(self.rows);
        let top = number % down * self.rows;
        Band { image: number / down, rows: top..self.job.size[0].min(top + self.rows) }
    }

    /// Tasks worth their while; each does some bands.
    pub(super) fn tasks(&self) -> usize {
        (self.job.operations() / TASK_OPERATIONS).clamp(1, MOST_TASKS).min(self.bands())
    }

    /// Columns of the pixels that a row of outputs sees, and more where the last outputs are computed by fours.
    fn columns(&self) -> usize {
        let outputs = self.job.phases.iter().map(|phase| phase.grid[1]).max().unwrap_or(0);
        (outputs.next_multiple_of(FEW).max(1) - 1) * self.job.step[1] + self.span[1]
    }

    /// The pixels that a band sees.
    pub(super) fn window(&self, rows: &Range<usize>) -> Window {
        let [pitch, step] = [self.job.pitch[0], self.job.step[0]];
        let origin = [(rows.start / pitch * step) as isize + self.first[0], self.first[1]];
        let height = (rows.len().div_ceil(pitch).max(1) - 1) * step + self.span[0];
        Window { size: self.job.source, origin, rows: height, columns: self.columns() }
    }

    /// Numbers of the largest band's pixels, and of what turning one block of them needs.
    pub(super) fn window_numbers(&self) -> [usize; 2] {
        let window = self.window(&(0..self.rows));
        let area = window.rows * window.columns;
        [self.job.channels * area, self.width * window.rows * window.size[1]]
    }

    /// From one pixel that an output sees to the one that its neighbour does.
    pub(super) fn stride(&self) -> Stride {
        Stride { step: self.job.step[1] * self.width, width: self.width }
    }

    /// Where tap `tap` of block `block` lies, from output (0, 0) of a window on.
    pub(super) fn offset(&self, window: &Window, tap: [isize; 2], block: usize) -> usize {
        let [y, x] = [0, 1].map(|axis| (tap[axis] - self.first[axis]) as usize);
        ((block * window.rows + y) * window.columns + x) * self.width
    }
}
