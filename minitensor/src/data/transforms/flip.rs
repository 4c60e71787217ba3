//! Mirrored images.

use rand::{Rng, RngExt};

use crate::data::Image;

/// Mirrors the image left to right.
pub fn horizontal_flip(image: &Image) -> Image {
    let mut image = image.clone();
    let width = image.shape[2].max(1);
    image.pixels.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    image
}

/// Mirrors the image top to bottom.
pub fn vertical_flip(image: &Image) -> Image {
    let [_, h, w] = image.shape;
    let planes = image.pixels.chunks_exact((h * w).max(1));
    let pixels = planes.flat_map(|plane| plane.chunks_exact(w).rev().flatten()).copied().collect();
    Image { shape: image.shape, pixels }
}

/// Mirrors the image left to right, half of the time. Not for digits: a mirrored 2 is no digit.
pub fn random_horizontal_flip(image: &Image, rng: &mut impl Rng) -> Image {
    if rng.random_bool(0.5) { horizontal_flip(image) } else { image.clone() }
}

/// Mirrors the image top to bottom, half of the time: for what has no up and down, such as cells under a microscope.
pub fn random_vertical_flip(image: &Image, rng: &mut impl Rng) -> Image {
    if rng.random_bool(0.5) { vertical_flip(image) } else { image.clone() }
}
