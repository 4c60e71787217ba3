//! How a convolution is cut into tiles that stay in the cache, and how a tile is laid out so that every vector
//! that the inner loops read is contiguous.

use std::ops::Range;

/// What all of forward, gradient of the input and gradient of the weight are made of:
/// `out[m, y, x] = sum over c, t of weight[m, c, t] * source[c, y * step + taps[t].y, x * step + taps[t].x]`,
/// for every image and group, with zeros outside the source.
pub(super) struct Stencil {
    pub(super) images: usize,
    pub(super) groups: usize,
    /// Channels of the source that belong to one group.
    pub(super) channels: usize,
    /// Channels of the output that belong to one group.
    pub(super) outputs: usize,
    pub(super) source: [usize; 2],
    pub(super) step: [usize; 2],
    pub(super) taps: Vec<[isize; 2]>,
    pub(super) grid: [usize; 2],
}

impl Stencil {
    /// Multiplications and additions in all.
    pub(super) fn operations(&self) -> usize {
        let products = self.channels * self.outputs * self.taps.len();
        2 * self.images * self.groups * products * self.grid[0] * self.grid[1]
    }

    /// How many tasks the work is worth.
    pub(super) fn wanted_tasks(&self) -> usize {
        (self.operations() / TASK_OPERATIONS).clamp(1, ENOUGH_TASKS)
    }

    /// First tap and number of rows or columns that the taps span.
    fn extent(&self, axis: usize) -> (isize, usize) {
        let first = self.taps.iter().map(|tap| tap[axis]).min().unwrap_or(0);
        let last = self.taps.iter().map(|tap| tap[axis]).max().unwrap_or(0);
        (first, (last - first) as usize + 1)
    }
}

/// Fewer operations than this run on one thread.
pub(super) const PARALLEL_OPERATIONS: usize = 1_000_000;
/// Numbers of a tile's source that should stay in the second-level cache beside the weights.
const TILE_NUMBERS: usize = 64 * 1024;
/// Tasks that keep all cores of a common machine busy, if each has enough to do.
const ENOUGH_TASKS: usize = 16;
/// Tasks that leave most of the work to each, and still use a second core.
const FEW_TASKS: usize = 2;
/// Fewer operations than this are not worth a task of their own.
const TASK_OPERATIONS: usize = 1_000_000;
/// Vectors of positions that make the sums of a weight's gradient worth collecting.
const ENOUGH_VECTORS: usize = 64;
/// Fewer vectors than this are not worth a tile of their own.
const FEW_VECTORS: usize = 8;

/// One way to cut a stencil. A tile holds `stacked` blocks of `interleaved` images, `rows` x `columns` outputs of each.
///
/// Within a row, pixel `x` of the images of a block stand side by side, so that a vector is full even where images are
/// narrower than it. With a step of `s` along x, a row holds its columns 0, s, 2s .. first, then 1, s + 1 .. and so on:
/// the pixels that neighbouring outputs read stand side by side again.
pub(super) struct Tiling {
    pub(super) interleaved: usize,
    pub(super) stacked: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Offset of tap `t` in channel `c`, at `c * taps + t`.
    pub(super) offsets: Vec<usize>,
    /// Where each vector of positions starts in the source.
    pub(super) bases: Vec<usize>,
    /// Where the results of each vector belong; those of vector `i` are `spans[span_starts[i]..span_starts[i + 1]]`.
    pub(super) spans: Vec<Span>,
    pub(super) span_starts: Vec<usize>,
    /// Numbers of the packed source, with what the last vector reads past its end.
    pub(super) source_len: usize,
    pub(super) lanes: usize,
    pub(super) first: [isize; 2],
    /// Whether any tap reads a packed row; with a stride, some lie between all of them.
    pub(super) read_rows: Vec<bool>,
    pub(super) columns_of_phase: usize,
    pub(super) row: usize,
    pub(super) plane: usize,
}

/// Neighbouring results in one row of the output.
pub(super) struct Span {
    pub(super) lane: usize,
    pub(super) block: usize,
    pub(super) y: usize,
    pub(super) x: usize,
    /// Pixels, each of `interleaved` images.
    pub(super) count: usize,
}

impl Tiling {
    /// Tiles whose results are written where they belong: so many that all cores have work.
    pub(super) fn for_outputs(stencil: &Stencil, lanes: usize) -> Self {
        Self::new(stencil, lanes, ENOUGH_TASKS)
    }

    /// Tiles each of which is summed up: as large as can be, since a sum over few positions costs more to collect than to
    /// compute.
    pub(super) fn for_sums(stencil: &Stencil, lanes: usize) -> Self {
        Self::new(stencil, lanes, FEW_TASKS)
    }

    /// Chooses by shape alone. `lanes` is the number of numbers in a vector.
    fn new(stencil: &Stencil, lanes: usize, tasks: usize) -> Self {
        let columns = columns_that_fit(stencil, lanes);
        let (interleaved, flat) = arrangement(stencil, columns, lanes);
        let mut tiling = Self::empty(stencil, lanes, interleaved, columns);
        tiling.choose_rows(stencil);
        tiling.plane = tiling.read_rows.len() * tiling.row;
        let vectors = tiling.vectors_of_block(tiling.rows, flat);
        tiling.choose_stacked(stencil, vectors, tasks);
        tiling.fill_tables(stencil, vectors, flat);
        tiling
    }

    fn empty(stencil: &Stencil, lanes: usize, interleaved: usize, columns: usize) -> Self {
        let ((first_y, _), (first_x, span)) = (stencil.extent(0), stencil.extent(1));
        let columns_of_phase = ((columns - 1) * stencil.step[1] + span).div_ceil(stencil.step[1]);
        Self {
            interleaved,
            stacked: 1,
            rows: 1,
            columns,
            offsets: Vec::new(),
            bases: Vec::new(),
            spans: Vec::new(),
            span_starts: vec![0],
            source_len: 0,
            lanes,
            first: [first_y, first_x],
            read_rows: Vec::new(),
            columns_of_phase,
            row: stencil.step[1] * columns_of_phase * interleaved,
            plane: 0,
        }
    }

    /// As many rows as fit, or fewer where the batch alone makes too few tiles.
    fn choose_rows(&mut self, stencil: &Stencil) {
        let (height, span) = (stencil.grid[0], stencil.extent(0).1);
        let fitting =
            (TILE_NUMBERS / (stencil.channels * self.row).max(1)).saturating_sub(span) / stencil.step[0] + 1;
        let blocks = stencil.images.div_ceil(self.interleaved) * stencil.groups;
        let wanted = stencil.wanted_tasks().div_ceil(blocks * stencil.grid[1].div_ceil(self.columns));
        let sensible = (height * self.vectors_of_row() / FEW_VECTORS).max(1);
        let bands = height.div_ceil(fitting).max(wanted.min(sensible)).min(height);
        self.rows = height.div_ceil(bands);
        let read = |row: usize| {
            let on =
                |tap: &[isize; 2]| (row as isize - (tap[0] - self.first[0])) % stencil.step[0] as isize == 0;
            stencil.taps.iter().any(on)
        };
        self.read_rows = (0..(self.rows - 1) * stencil.step[0] + span).map(read).collect();
    }

    /// Small images are stacked until a tile has work worth its while, or there are no more tiles than tasks.
    fn choose_stacked(&mut self, stencil: &Stencil, vectors: usize, tasks: usize) {
        if self.rows == stencil.grid[0] && self.columns == stencil.grid[1] {
            let fitting = TILE_NUMBERS / (stencil.channels * self.plane).max(1);
            let blocks = stencil.images.div_ceil(self.interleaved);
            let limit = (blocks * stencil.groups).div_ceil(tasks);
            self.stacked = ENOUGH_VECTORS.div_ceil(vectors).min(fitting).min(limit).clamp(1, blocks);
        }
    }

    fn vectors_of_row(&self) -> usize {
        (self.columns * self.interleaved).div_ceil(self.lanes)
    }

    /// Vectors that cover `rows` rows of one block. `flat` ones run on from row to row, over the padding between.
    fn vectors_of_block(&self, rows: usize, flat: bool) -> usize {
        if flat {
            ((rows - 1) * self.row + self.columns * self.interleaved).div_ceil(self.lanes)
        } else {
            rows * self.vectors_of_row()
        }
    }

    fn fill_tables(&mut self, stencil: &Stencil, vectors: usize, flat: bool) {
        let block = stencil.channels * self.plane;
        let out_row = if flat { self.row } else { self.vectors_of_row() * self.lanes };
        self.source_len = self.stacked * block + self.lanes;
        for channel in 0..stencil.channels {
            for tap in &stencil.taps {
                let y = (tap[0] - self.first[0]) as usize;
                let x = (tap[1] - self.first[1]) as usize;
                let column = (x % stencil.step[1]) * self.columns_of_phase + x / stencil.step[1];
                self.offsets.push(channel * self.plane + y * self.row + column * self.interleaved);
            }
        }
        for vector in 0..self.stacked * vectors {
            let (stacked, start) = (vector / vectors, vector % vectors * self.lanes);
            let base = start / out_row * stencil.step[0] * self.row + start % out_row;
            self.bases.push(stacked * block + if flat { start } else { base });
            self.push_spans(stacked, start, out_row);
        }
        let reach = |table: &[usize]| table.iter().copied().max().unwrap_or(0);
        // What the kernels rely on, checked once for all of their loads.
        assert!(reach(&self.offsets) + reach(&self.bases) + self.lanes <= self.source_len);
    }

    /// Cuts the vector at position `start` of a block where its row ends.
    fn push_spans(&mut self, block: usize, start: usize, out_row: usize) {
        let mut lane = 0;
        while lane < self.lanes {
            let (y, within) = ((start + lane) / out_row, (start + lane) % out_row);
            let run = (self.lanes - lane).min(out_row - within);
            let valid = (self.columns * self.interleaved).saturating_sub(within).min(run);
            if valid > 0 && y < self.rows {
                let (x, count) = (within / self.interleaved, valid / self.interleaved);
                self.spans.push(Span { lane, block, y, x, count });
            }
            lane += run;
        }
        self.span_starts.push(self.spans.len());
    }

    /// Tiles of the whole stencil.
    pub(super) fn tiles(&self, stencil: &Stencil) -> usize {
        let bands = stencil.grid[0].div_ceil(self.rows) * stencil.grid[1].div_ceil(self.columns);
        stencil.images.div_ceil(self.interleaved * self.stacked) * bands * stencil.groups
    }

    /// The tile of that number; tiles of one group follow each other.
    pub(super) fn tile(&self, stencil: &Stencil, number: usize) -> Tile {
        let across = stencil.grid[1].div_ceil(self.columns);
        let down = stencil.grid[0].div_ceil(self.rows);
        let batches = stencil.images.div_ceil(self.interleaved * self.stacked);
        let y = number / across % down * self.rows;
        let x = number % across * self.columns;
        let image = number / (across * down) % batches * self.interleaved * self.stacked;
        let blocks = (stencil.images - image).div_ceil(self.interleaved).min(self.stacked);
        Tile {
            group: number / (across * down * batches),
            images: image..stencil.images.min(image + self.interleaved * self.stacked),
            origin: [y, x],
            size: [self.rows.min(stencil.grid[0] - y), self.columns.min(stencil.grid[1] - x)],
            vectors: self.bases.len() / self.stacked * blocks,
        }
    }
}

/// Columns of an output row whose source fits into a tile.
fn columns_that_fit(stencil: &Stencil, lanes: usize) -> usize {
    let band = stencil.channels * stencil.extent(0).1;
    let fitting = (TILE_NUMBERS / band.max(1)).saturating_sub(stencil.extent(1).1) / stencil.step[1];
    // Several vectors at least, or the overlap of neighbouring tiles would cost more than the cache saves.
    let fitting = (fitting / lanes * lanes).max(8 * lanes);
    stencil.grid[1].div_ceil(stencil.grid[1].div_ceil(fitting)).next_multiple_of(lanes).min(stencil.grid[1])
}

/// How many images to interleave, and whether vectors run on from row to row: what needs the fewest vectors.
fn arrangement(stencil: &Stencil, columns: usize, lanes: usize) -> (usize, bool) {
    let band = stencil.channels * stencil.extent(0).1;
    let mut best = (1, false);
    let mut best_cost = f64::INFINITY;
    for interleaved in (0..=lanes.ilog2()).map(|power| 1 << power) {
        let tiling = Tiling::empty(stencil, lanes, interleaved, columns);
        let first = interleaved == 1;
        if !first && (interleaved >= 2 * stencil.images || band * tiling.row > TILE_NUMBERS) {
            break;
        }
        for flat in [false, true] {
            let vectors =
                tiling.vectors_of_block(stencil.grid[0], flat) * stencil.images.div_ceil(interleaved);
            // Interleaving costs a little each way.
            let cost = vectors as f64 * if first { 1.0 } else { 1.05 };
            if cost < best_cost && !(flat && stencil.step != [1, 1]) {
                (best, best_cost) = ((interleaved, flat), cost);
            }
        }
    }
    best
}

/// A part of the output: some images, rows and columns of one group.
pub(super) struct Tile {
    pub(super) group: usize,
    pub(super) images: Range<usize>,
    pub(super) origin: [usize; 2],
    pub(super) size: [usize; 2],
    /// Vectors of positions to compute.
    pub(super) vectors: usize,
}

/// Where results go: output `(y, x)` of the stencil is pixel `origin + (y, x) * pitch` of an image of `size`.
pub(super) struct Placement {
    pub(super) size: [usize; 2],
    pub(super) origin: [usize; 2],
    pub(super) pitch: [usize; 2],
}

impl Placement {
    pub(super) fn index(&self, plane: usize, y: usize, x: usize) -> usize {
        let y = self.origin[0] + y * self.pitch[0];
        let x = self.origin[1] + x * self.pitch[1];
        (plane * self.size[0] + y) * self.size[1] + x
    }
}
