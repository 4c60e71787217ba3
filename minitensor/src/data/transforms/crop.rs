//! A part of the image.

use rand::{Rng, RngExt};

use crate::data::Image;

/// Shifts the image by up to `padding` pixels each way, filling with black: pad, then crop at a random place.
/// The augmentation of CIFAR in He et al. 2016, section 4.2, with `padding` 4.
pub fn random_crop(image: &Image, padding: usize, rng: &mut impl Rng) -> Image {
    // Drawn as u64, so that the numbers are the same where usize has 32 bits.
    let shifts = 0..=2 * padding as u64;
    let top = rng.random_range(shifts.clone()) as usize;
    let left = rng.random_range(shifts) as usize;
    let [_, h, w] = image.shape;
    crop(image, [h, w], [top, left].map(|shift| shift as isize - padding as isize))
}

/// The middle of the image, `size` (height, width). What the image lacks on a side is black.
///
/// Where an odd number of rows or columns goes, the window lies where torchvision's `CenterCrop` has it.
pub fn center_crop(image: &Image, size: [usize; 2]) -> Image {
    let [_, h, w] = image.shape;
    crop(image, size, [middle(h, size[0]), middle(w, size[1])])
}

/// Where the window begins, relative to the image. torchvision rounds halves to the even number, and pads at the front
/// the smaller half.
fn middle(from: usize, to: usize) -> isize {
    if to > from {
        return -(((to - from) / 2) as isize);
    }
    ((from - to) as f64 / 2.0).round_ties_even() as isize
}

/// The window of `size` whose corner lies at `corner` (row, column) of the image, black outside it.
fn crop(image: &Image, [height, width]: [usize; 2], corner: [isize; 2]) -> Image {
    let [c, h, w] = image.shape;
    let (from_y, to_y, rows) = overlap(h, height, corner[0]);
    let (from_x, to_x, columns) = overlap(w, width, corner[1]);
    let mut pixels = vec![0; c * height * width];
    if columns > 0 {
        for (channel, row) in (0..c).flat_map(|channel| (0..rows).map(move |row| (channel, row))) {
            let from = (channel * h + from_y + row) * w + from_x;
            let to = (channel * height + to_y + row) * width + to_x;
            pixels[to..to + columns].copy_from_slice(&image.pixels[from..from + columns]);
        }
    }
    Image { shape: [c, height, width], pixels }
}

/// Along one axis, of an image of `size` and a window that starts at `corner`: where the part of the image that is in
/// the window begins, where it goes, and how long it is.
fn overlap(size: usize, window: usize, corner: isize) -> (usize, usize, usize) {
    let (from, to) = (corner.max(0) as usize, (-corner).max(0) as usize);
    (from, to, size.saturating_sub(from).min(window.saturating_sub(to)))
}
