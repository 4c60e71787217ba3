//! Between images, in which a channel's pixels stand side by side, and blocks in which the channels of a pixel do.
//!
//! With a vector of channels for each pixel, images of any size fill all lanes, and a tile's corner is found without
//! shuffling. Both ways go by fours of channels: loops over four planes are ones that the compiler makes shuffles of, and
//! four numbers are moved as one.

use crate::device::cpu::tasks::Disjoint;

/// Where a block's pixels stand in their image: `rows x columns` of them from `(y, x)`, which may lie outside.
pub(in super::super) struct Window {
    pub(in super::super) size: [usize; 2],
    pub(in super::super) origin: [isize; 2],
    pub(in super::super) rows: usize,
    pub(in super::super) columns: usize,
}

impl Window {
    /// The first row and the first column of the image that the window shows, and the first of the window that show them.
    fn starts(&self) -> [[usize; 2]; 2] {
        self.origin.map(|at| [at.max(0) as usize, (-at).max(0) as usize])
    }

    /// How many rows and columns of the image it shows.
    fn shown(&self) -> [usize; 2] {
        let [[y, top], [x, left]] = self.starts();
        let [height, width] = self.size;
        let rows = height.saturating_sub(y).min(self.rows.saturating_sub(top));
        [rows, width.saturating_sub(x).min(self.columns.saturating_sub(left))]
    }
}

/// From the planes of `lanes` channels, (lanes, H, W), to the window's pixels, (rows, columns, lanes), zero outside. `turned` has
/// room for what of the planes the window's rows show.
#[inline(always)]
pub(in super::super) fn gather(
    planes: &[f32],
    window: &Window,
    lanes: usize,
    turned: &mut [f32],
    pixels: &mut [f32],
) {
    let [height, width] = window.size;
    let [[y0, top], [x0, left]] = window.starts();
    let [rows, columns] = window.shown();
    let numbers = rows * width;
    let plane = |channel: usize| &planes[(channel * height + y0) * width..][..numbers];
    for group in 0..lanes / 4 {
        let turned = &mut turned.as_chunks_mut::<4>().0[group * numbers..][..numbers];
        interleave([0, 1, 2, 3].map(|i| plane(4 * group + i)), turned);
    }
    let line = window.columns * lanes;
    let (before, rest) = pixels[..window.rows * line].split_at_mut((top * line).min(window.rows * line));
    let (inside, after) = rest.split_at_mut(rows * line);
    before.fill(0.0);
    after.fill(0.0);
    for (y, row) in inside.chunks_exact_mut(line).enumerate() {
        let (before, rest) = row.split_at_mut(left.min(window.columns) * lanes);
        let (inside, after) = rest.split_at_mut(columns * lanes);
        before.fill(0.0);
        after.fill(0.0);
        if !lanes.is_multiple_of(4) {
            for channel in 0..lanes {
                let numbers = &plane(channel)[y * width + x0..][..columns];
                for (pixel, number) in inside.chunks_exact_mut(lanes).zip(numbers) {
                    pixel[channel] = *number;
                }
            }
            continue;
        }
        let (inside, turned) = (inside.as_chunks_mut::<4>().0, turned.as_chunks::<4>().0);
        for group in 0..lanes / 4 {
            let fours = &turned[group * numbers + y * width + x0..][..columns];
            for (pixel, four) in inside.chunks_exact_mut(lanes / 4).zip(fours) {
                pixel[group] = *four;
            }
        }
    }
}

/// From pixels, (rows, columns, lanes), to the planes of as many channels, (lanes, H, W) from `start` on. The window begins at
/// the left of the image; what of it lies outside is left out.
///
/// # Safety
///
/// Nobody else may use these pixels of the planes at the same time.
#[inline(always)]
pub(in super::super) unsafe fn scatter(
    pixels: &[f32],
    window: &Window,
    lanes: usize,
    turned: &mut [f32],
    output: &Disjoint<'_, f32>,
    start: usize,
) {
    let [height, width] = window.size;
    let [[y0, _], _] = window.starts();
    let [rows, _] = window.shown();
    let numbers = rows * width;
    let pixels = pixels.as_chunks::<4>().0;
    for group in 0..lanes / 4 {
        let turned = &mut turned.as_chunks_mut::<4>().0[..numbers];
        let rows = pixels.chunks_exact(window.columns * lanes / 4);
        for (row, turned) in rows.zip(turned.chunks_exact_mut(width)) {
            for (pixel, four) in row.chunks_exact(lanes / 4).zip(turned) {
                *four = pixel[group];
            }
        }
        let plane = |i: usize| {
            let first = start + ((4 * group + i) * height + y0) * width;
            // SAFETY: as the caller promises; each channel has a plane of its own.
            unsafe { output.part(first, numbers) }
        };
        deinterleave(turned, [plane(0), plane(1), plane(2), plane(3)]);
    }
}

#[inline(always)]
fn interleave([a, b, c, d]: [&[f32]; 4], fours: &mut [[f32; 4]]) {
    for ((((four, a), b), c), d) in fours.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *four = [*a, *b, *c, *d];
    }
}

#[inline(always)]
fn deinterleave(fours: &[[f32; 4]], [a, b, c, d]: [&mut [f32]; 4]) {
    for ((((four, a), b), c), d) in fours.iter().zip(a).zip(b).zip(c).zip(d) {
        [*a, *b, *c, *d] = *four;
    }
}
