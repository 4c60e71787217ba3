//! Images of another size.

use crate::data::Image;

/// The image at another `size` (height, width), each pixel the weighted mean of the four around its place.
///
/// Pixel `i` of n covers [i, i + 1) / n of the axis, so its middle is at (i + 1/2) / n: what PyTorch's `interpolate`
/// does in mode `bilinear` with `align_corners=False`. Shrinking to less than half skips pixels, and may show patterns
/// that are not there.
///
/// # Panics
/// If the image or `size` has no pixels.
#[track_caller]
pub fn resize(image: &Image, size: [usize; 2]) -> Image {
    let [c, h, w] = image.shape;
    assert!(
        h * w > 0 && size[0] * size[1] > 0,
        "resize: from {h} × {w} to {} × {} pixels; both need at least one",
        size[0],
        size[1]
    );
    let (rows, columns) = (neighbours(h, size[0]), neighbours(w, size[1]));
    let mut pixels = Vec::with_capacity(c * size[0] * size[1]);
    for plane in image.pixels.chunks_exact(h * w) {
        let pixel = |y: usize, x: usize| f64::from(plane[y * w + x]);
        for &(top, bottom, down) in &rows {
            pixels.extend(columns.iter().map(|&(left, right, along)| {
                let above = between(pixel(top, left), pixel(top, right), along);
                let below = between(pixel(bottom, left), pixel(bottom, right), along);
                between(above, below, down).round_ties_even() as u8
            }));
        }
    }
    Image { shape: [c, size[0], size[1]], pixels }
}

/// For each place of an axis of length `to`: the two places of an axis of length `from` that are next to it, and how far
/// it lies from the first to the second, in 0..1.
fn neighbours(from: usize, to: usize) -> Vec<(usize, usize, f64)> {
    let place = |i: usize| {
        let x = ((i as f64 + 0.5) * from as f64 / to as f64 - 0.5).max(0.0);
        let first = (x as usize).min(from - 1);
        (first, (first + 1).min(from - 1), x - first as f64)
    };
    (0..to).map(place).collect()
}

fn between(first: f64, second: f64, share: f64) -> f64 {
    first * (1.0 - share) + second * share
}
