//! Layers that enlarge an image without weights.

use crate::ops::InterpolateMode;
use crate::tensor::Tensor;

use super::module::Module;

/// An image enlarged by a factor in every dimension; see [`Tensor::interpolate_by`].
///
/// # Shapes
/// (N, C, …) → (N, C, factor · …)
#[derive(Debug, Clone, Copy)]
pub struct Upsample {
    /// How many times larger; below 1 it shrinks.
    pub scale_factor: f64,
    /// How pixels between the pixels get their values.
    pub mode: InterpolateMode,
}

impl Upsample {
    /// Each pixel repeated, as U-Nets do it.
    pub fn nearest(factor: usize) -> Upsample {
        Upsample { scale_factor: factor as f64, mode: InterpolateMode::Nearest }
    }

    /// Pixels blended; the outer edges of the image stay in place.
    pub fn bilinear(factor: usize) -> Upsample {
        Upsample { scale_factor: factor as f64, mode: InterpolateMode::Linear { align_corners: false } }
    }
}

impl Module for Upsample {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.interpolate_by(&vec![self.scale_factor; x.rank().saturating_sub(2)], self.mode)
    }
}

/// Channels laid out as pixels; see [`Tensor::pixel_shuffle`].
#[derive(Debug, Clone, Copy)]
pub struct PixelShuffle(pub usize);

impl Module for PixelShuffle {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.pixel_shuffle(self.0)
    }
}

/// Pixels laid out as channels; see [`Tensor::pixel_unshuffle`].
#[derive(Debug, Clone, Copy)]
pub struct PixelUnshuffle(pub usize);

impl Module for PixelUnshuffle {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.pixel_unshuffle(self.0)
    }
}
