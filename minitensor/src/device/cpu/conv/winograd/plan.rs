//! When minimal filtering pays, and how its work is cut into tasks.

use std::ops::Range;

use crate::device::cpu::conv::blocks::lanes;
use crate::device::cpu::conv::job::Job;
use crate::device::cpu::conv::tile::Stencil;

/// The outputs of a tile, along each dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Side {
    Two,
    Four,
}

/// Which tiles need the fewest operations, of the stencil that a job is; `None` where the definition does, or the job has
/// filters of another size, a stride or several phases.
pub(in super::super) fn side(job: &Job) -> Option<(Side, Stencil)> {
    let [phase] = &job.phases[..] else { return None };
    let (lanes, c, o) = (lanes(), job.channels, job.outputs);
    let plain = job.groups == 1 && job.step == [1, 1] && job.pitch == [1, 1] && job.size == phase.grid;
    let fills = lanes >= 4 && c.is_multiple_of(lanes) && o.is_multiple_of(lanes);
    if !plain
        || !fills
        || job.operations() == 0
        || phase.grid[1] > MOST_COLUMNS
        || !is_three_by_three(&phase.taps)
    {
        return None;
    }
    let cost = |side: usize| {
        let [down, across] = phase.grid.map(|size| size.div_ceil(side));
        // A transform costs about as much as the products of eight channels.
        (side + 2).pow(2) * down * across * (c * o + 8 * (c + o))
    };
    // Packing and writing what is not transformed costs about a third of its products.
    let direct = 12 * phase.grid[0] * phase.grid[1] * c * o;
    let (two, four) = (cost(2), cost(4));
    let side = if four < two { Side::Four } else { Side::Two };
    (direct > two.min(four)).then(|| (side, job.stencil(phase)))
}

/// Of wider images a row of tiles does not stay in the cache.
const MOST_COLUMNS: usize = 512;

/// Transformed numbers of a task that should stay in the second-level cache beside the filters.
const TASK_NUMBERS: usize = 64 * 1024;

/// Operations, as the definition counts them, that are worth a task, and tasks that keep all cores of a common machine busy.
const TASK_OPERATIONS: usize = 4_000_000;
const MOST_TASKS: usize = 16;

fn is_three_by_three(taps: &[[isize; 2]]) -> bool {
    let first = first_tap(taps);
    let mut seen = [false; 9];
    for [y, x] in taps {
        match [y - first[0], x - first[1]] {
            [i @ 0..3, j @ 0..3] => seen[(3 * i + j) as usize] = true,
            _ => return false,
        }
    }
    taps.len() == 9 && seen == [true; 9]
}

fn first_tap(taps: &[[isize; 2]]) -> [isize; 2] {
    [0, 1].map(|axis| taps.iter().map(|tap| tap[axis]).min().unwrap_or(0))
}

/// A stencil's tiles, `M x M` outputs each.
pub(super) struct Plan<'a> {
    pub(super) stencil: &'a Stencil,
    /// Where the pixels of output (0, 0) begin.
    pub(super) first: [isize; 2],
    /// Which of the stencil's taps stands where in a filter, row by row.
    pub(super) places: [usize; 9],
    /// Rows of tiles, and tiles in a row, of an image.
    pub(super) tiles: [usize; 2],
    side: usize,
}

/// Neighbouring rows of tiles of one image.
pub(super) struct Band {
    pub(super) image: usize,
    /// The first row of tiles, how many there are, and how many tiles of the task come before them.
    pub(super) top: usize,
    pub(super) rows: usize,
    pub(super) before: usize,
}

impl<'a> Plan<'a> {
    pub(super) fn new(stencil: &'a Stencil, side: usize) -> Self {
        let first = first_tap(&stencil.taps);
        let mut places = [0; 9];
        for (number, [y, x]) in stencil.taps.iter().enumerate() {
            places[(3 * (y - first[0]) + x - first[1]) as usize] = number;
        }
        Plan { stencil, first, places, tiles: stencil.grid.map(|size| size.div_ceil(side)), side }
    }

    /// The rows of tiles of all images.
    pub(super) fn all_rows(&self) -> usize {
        self.stencil.images * self.tiles[0]
    }

    /// Rows of a task: as many as stay in the cache, or fewer where that leaves too few tasks.
    pub(super) fn rows_of_task(&self) -> usize {
        let fitting = TASK_NUMBERS / ((self.side + 2).pow(2) * self.stencil.channels * self.tiles[1]);
        let tasks = (self.stencil.operations() / TASK_OPERATIONS).clamp(1, MOST_TASKS);
        let share = self.all_rows().div_ceil(tasks);
        fitting.clamp(1, share.max(1))
    }

    /// Numbers of the pixels that a band of these rows sees, of one row of tiles of them, and of those inside the image.
    pub(super) fn window_numbers(&self, rows: &Range<usize>, lanes: usize) -> [usize; 3] {
        let height = rows.len().min(self.tiles[0]) * self.side + 2;
        let columns = self.tiles[1] * self.side + 2;
        let inside = height * self.stencil.source[1].max(self.stencil.grid[1]);
        [height * columns * lanes, (self.side + 2) * columns * lanes, inside * lanes]
    }

    /// The bands that rows of tiles, counted over all images, lie in.
    pub(super) fn bands(&self, rows: Range<usize>) -> impl Iterator<Item = Band> {
        let ([down, across], mut next) = (self.tiles, rows.start);
        std::iter::from_fn(move || {
            let top = next % down;
            let band = Band {
                image: next / down,
                top,
                rows: (down - top).min(rows.end - next),
                before: (next - rows.start) * across,
            };
            next += band.rows;
            (band.rows > 0).then_some(band)
        })
    }
}
