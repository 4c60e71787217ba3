//! Copying a tile's source into the order that its tiling describes.

use crate::device::cpu::lanes::Lanes;
use crate::device::cpu::parallel::vectorised;

use super::tile::{Stencil, Tile, Tiling};

impl Tiling {
    /// Copies what the tile reads from `source`, (N, groups * C, H, W), in the order that the tiling describes.
    pub(super) fn pack<T: Lanes>(&self, stencil: &Stencil, tile: &Tile, source: &[T], packed: &mut [T]) {
        // Only what is inlined into `vectorised` has its registers.
        macro_rules! pack {
            ($images:literal) => {
                vectorised(
                    #[inline(always)]
                    || self.pack_interleaved::<T, $images>(stencil, tile, source, packed),
                )
            };
        }
        match self.interleaved {
            2 => pack!(2),
            4 => pack!(4),
            8 => pack!(8),
            16 => pack!(16),
            _ => pack!(1),
        }
    }

    #[inline(always)]
    fn pack_interleaved<T: Lanes, const G: usize>(
        &self,
        stencil: &Stencil,
        tile: &Tile,
        source: &[T],
        packed: &mut [T],
    ) {
        let [height, width] = stencil.source;
        let blocks = tile.images.len().div_ceil(G);
        let used = blocks * stencil.channels * self.plane;
        packed[used..used + self.lanes].fill(T::zero());
        let x0 = (tile.origin[1] * stencil.step[1]) as isize + self.first[1];
        let y0 = (tile.origin[0] * stencil.step[0]) as isize + self.first[0];
        for (number, plane) in packed[..used].chunks_exact_mut(self.plane).enumerate() {
            let (block, channel) = (number / stencil.channels, number % stencil.channels);
            let first = tile.images.start + block * G;
            let count = G.min(tile.images.end - first);
            for (y, (row, read)) in (y0..).zip(plane.chunks_exact_mut(self.row).zip(&self.read_rows)) {
                if !read || y < 0 || y as usize >= height {
                    row.fill(T::zero());
                    continue;
                }
                let image_row = |image: usize| {
                    let plane = ((first + image) * stencil.groups + tile.group) * stencil.channels + channel;
                    &source[(plane * height + y as usize) * width..][..width]
                };
                // Images that are not there are filled with one that is; nobody reads what becomes of them.
                let rows: [&[T]; G] = std::array::from_fn(|image| image_row(image.min(count - 1)));
                for (phase, part) in row.chunks_exact_mut(self.columns_of_phase * G).enumerate() {
                    spread(rows, x0 + phase as isize, stencil.step[1], part);
                }
            }
        }
    }
}

/// Takes every `step`-th column of each image from column `start` on, zero where that is outside of it, and puts those of
/// all images side by side.
#[inline(always)]
fn spread<T: Lanes, const G: usize>(rows: [&[T]; G], start: isize, step: usize, target: &mut [T]) {
    let columns = target.len() / G;
    let width = rows[0].len();
    let left = if start < 0 { start.unsigned_abs().div_ceil(step).min(columns) } else { 0 };
    let from = (start + (left * step) as isize).max(0) as usize;
    let inside = if from < width { (width - from).div_ceil(step).min(columns - left) } else { 0 };
    let (before, rest) = target.split_at_mut(left * G);
    let (middle, after) = rest.split_at_mut(inside * G);
    before.fill(T::zero());
    after.fill(T::zero());
    if inside == 0 {
        return;
    }
    let rows = rows.map(|row| &row[from..from + (inside - 1) * step + 1]);
    match (G, step) {
        (1, 1) => middle.copy_from_slice(rows[0]),
        // A constant step is one that the compiler makes vectors of.
        (_, 1) => every::<T, G, 1>(rows, middle),
        (_, 2) => every::<T, G, 2>(rows, middle),
        _ => {
            for (i, pixel) in middle.chunks_exact_mut(G).enumerate() {
                for (target, row) in pixel.iter_mut().zip(rows) {
                    *target = row[i * step];
                }
            }
        }
    }
}

#[inline(always)]
fn every<T: Lanes, const G: usize, const STEP: usize>(rows: [&[T]; G], target: &mut [T]) {
    let whole = rows[0].len() / STEP;
    let (pixels, last) = target.split_at_mut(whole * G);
    let starts = rows.map(|row| &row[..whole * STEP]);
    for (i, pixel) in pixels.chunks_exact_mut(G).enumerate() {
        for (target, row) in pixel.iter_mut().zip(starts) {
            *target = row[i * STEP];
        }
    }
    // The last one may have fewer than STEP columns after it.
    for (target, row) in last.iter_mut().zip(rows) {
        *target = row[whole * STEP];
    }
}
