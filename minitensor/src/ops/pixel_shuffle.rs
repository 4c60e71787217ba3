//! Channels turned into pixels, and back.

use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// Each group of `factor²` channels laid out as a block of pixels (Shi et al., 2016): a larger image without
    /// interpolation.
    ///
    /// # Shapes
    /// (N, C factor², H, W) → (N, C, H factor, W factor)
    ///
    /// # Panics
    /// If `factor²` does not divide the channels.
    #[track_caller]
    pub fn pixel_shuffle(&self, factor: usize) -> Tensor {
        let [n, c, h, w] =
            shuffle_rule("pixel_shuffle", self, factor, "factor² must divide the channels", |[_, c, ..]| {
                c.is_multiple_of(factor.saturating_mul(factor))
            })
            .or_panic();
        let c = c / factor.saturating_mul(factor);
        let blocks = self.reshape([n, c, factor, factor, h, w]).permute([0, 1, 4, 2, 5, 3]);
        blocks.reshape([n, c, h * factor, w * factor])
    }

    /// The way back: each block of `factor · factor` pixels as channels.
    ///
    /// # Shapes
    /// (N, C, H factor, W factor) → (N, C factor², H, W)
    ///
    /// # Panics
    /// If `factor` does not divide height and width.
    #[track_caller]
    pub fn pixel_unshuffle(&self, factor: usize) -> Tensor {
        let [n, c, h, w] = shuffle_rule(
            "pixel_unshuffle",
            self,
            factor,
            "it must divide height and width",
            |[_, _, h, w]| h.is_multiple_of(factor) && w.is_multiple_of(factor),
        )
        .or_panic();
        let (h, w) = (h / factor, w / factor);
        let blocks = self.reshape([n, c, h, factor, w, factor]).permute([0, 1, 3, 5, 2, 4]);
        blocks.reshape([n, c * factor * factor, h, w])
    }
}

/// The dimensions of an image, if the factor `fits` them.
fn shuffle_rule(
    op: &'static str,
    x: &Tensor,
    factor: usize,
    wanted: &str,
    fits: impl Fn([usize; 4]) -> bool,
) -> Result<[usize; 4]> {
    let [n, c, h, w] = x.shape()[..] else {
        return Err(Error::shape(
            op,
            format!("the input must be (N, C, H, W), but has shape {:?}", x.shape()),
        ));
    };
    if factor == 0 {
        return Err(Error::argument(op, "the factor must be at least 1, not 0"));
    }
    if fits([n, c, h, w]) {
        return Ok([n, c, h, w]);
    }
    Err(Error::shape(op, format!("a factor of {factor} does not fit {:?}: {wanted}", x.shape())))
}
