//! Convolution with the channels of a pixel side by side, a vector of filters at a time.
//!
//! Images are turned, a band of rows at a time, into pixels whose channels fill vectors. Then every output is a sum of products
//! of one number with a vector of filters, whatever the image's size, the stride or the taps are, and the results are turned
//! back. [`super::winograd`] is built from the same parts.

mod apply;
pub(super) mod pixels;
mod plan;
pub(super) mod product;
mod weight;

pub(super) use apply::convolve;
pub(super) use plan::{fits, lanes};
pub(super) use weight::weight_gradient;

/// The part of a buffer that begins where a line of the cache does: a vector that lies in two takes twice as long.
pub(super) fn aligned(numbers: &mut [f32]) -> &mut [f32] {
    let skipped = numbers.as_ptr().align_offset(LINE * size_of::<f32>());
    &mut numbers[skipped.min(LINE)..]
}

/// Numbers in a line of the cache.
pub(super) const LINE: usize = 16;

/// Cuts a buffer into parts of these sizes.
pub(super) fn cut<const K: usize>(mut buffer: &mut [f32], sizes: [usize; K]) -> [&mut [f32]; K] {
    sizes.map(|size| {
        let (part, rest) = std::mem::take(&mut buffer).split_at_mut(size);
        buffer = rest;
        part
    })
}
