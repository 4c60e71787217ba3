//! Copying a tile's source into the order that its tiling describes.

use crate::device::cpu::lanes::Lanes;

use super::tile::{Stencil, Tile, Tiling};

impl Tiling {
    /// Copies what the tile reads from `source`, (N, groups * C, H, W), in the order that the tiling describes.
    pub(super) fn pack<T: Lanes>(&self, stencil: &Stencil, tile: &Tile, source: &[T], packed: &mut [T]) {
        let [height, width] = stencil.source;
        let blocks = tile.images.len().div_ceil(self.interleaved);
        let used = blocks * stencil.channels * self.plane;
        packed[used..used + self.lanes].fill(T::zero());
        let x0 = (tile.origin[1] * stencil.step[1]) as isize + self.first[1];
        for (number, row) in packed[..used].chunks_exact_mut(self.row).enumerate() {
            let (plane, py) = (number / self.packed_rows, number % self.packed_rows);
            let (block, channel) = (plane / stencil.channels, plane % stencil.channels);
            let y = (tile.origin[0] * stencil.step[0] + py) as isize + self.first[0];
            if y < 0 || y as usize >= height {
                row.fill(T::zero());
                continue;
            }
            let image_row = |image: usize| {
                let plane = (image * stencil.groups + tile.group) * stencil.channels + channel;
                &source[(plane * height + y as usize) * width..][..width]
            };
            let first = tile.images.start + block * self.interleaved;
            if self.interleaved == 1 && stencil.step[1] == 1 {
                copy_padded(image_row(first), x0, row);
            } else {
                row.fill(T::zero());
                for image in first..tile.images.end.min(first + self.interleaved) {
                    self.interleave(image_row(image), x0, stencil.step[1], &mut row[image - first..]);
                }
            }
        }
    }

    /// Spreads one row of one image, from column `x0` on, over `row`.
    fn interleave<T: Lanes>(&self, image: &[T], x0: isize, step: usize, row: &mut [T]) {
        for phase in 0..step {
            let start: isize = x0 + phase as isize;
            // The first column of this phase that is inside the image.
            let skipped = if start < 0 { start.unsigned_abs().div_ceil(step) } else { 0 };
            let inside = (start + (skipped * step) as isize) as usize;
            if inside < image.len() && skipped < self.columns_of_phase {
                let targets = row[(phase * self.columns_of_phase + skipped) * self.interleaved..].iter_mut();
                let targets = targets.step_by(self.interleaved).take(self.columns_of_phase - skipped);
                for (target, value) in targets.zip(image[inside..].iter().step_by(step)) {
                    *target = *value;
                }
            }
        }
    }
}

/// Copies the columns from `x0` on, zero outside the image.
fn copy_padded<T: Lanes>(image: &[T], x0: isize, row: &mut [T]) {
    let left = if x0 < 0 { x0.unsigned_abs().min(row.len()) } else { 0 };
    let start = (x0 + left as isize).max(0) as usize;
    let count = image.len().saturating_sub(start).min(row.len() - left);
    row[..left].fill(T::zero());
    if count > 0 {
        row[left..left + count].copy_from_slice(&image[start..start + count]);
    }
    row[left + count..].fill(T::zero());
}
