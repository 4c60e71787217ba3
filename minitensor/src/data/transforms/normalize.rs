//! From bytes to numbers around 0, and back.

use crate::Tensor;
use crate::data::Image;

// ANCHOR: normalize
/// Turns bytes into numbers with mean 0 and standard deviation 1 over the training set:
/// x = (pixel / white - mean) / std, for each channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalize {
    white: f32,
    mean: Vec<f32>,
    std: Vec<f32>,
}

impl Normalize {
    /// From the byte that means full intensity (255, or 16 for `digits`), and one mean and deviation a channel, both of
    /// pixel / white.
    ///
    /// # Panics
    /// If `white` is 0, a deviation is not above 0, or there are not as many means as deviations.
    #[track_caller]
    pub fn new(white: u8, mean: &[f32], std: &[f32]) -> Normalize {
        assert!(
            white > 0 && std.iter().all(|&s| s > 0.0),
            "Normalize: white and each deviation must be above 0"
        );
        assert_eq!(mean.len(), std.len(), "Normalize: one mean and one deviation a channel");
        Normalize { white: f32::from(white), mean: mean.to_vec(), std: std.to_vec() }
    }

    /// The `F32` tensor (C, H, W) of an image.
    ///
    /// # Panics
    /// If the image has another number of channels.
    #[track_caller]
    pub fn apply(&self, image: &Image) -> Tensor {
        let [c, h, w] = image.shape;
        assert_eq!(c, self.mean.len(), "Normalize: constants for {} channels, image of {c}", self.mean.len());
        let mut values = Vec::with_capacity(image.pixels.len());
        for (plane, (mean, std)) in
            image.pixels.chunks_exact((h * w).max(1)).zip(self.mean.iter().zip(&self.std))
        {
            let (scale, shift) = (1.0 / (self.white * std), mean / std);
            values.extend(plane.iter().map(|&pixel| f32::from(pixel) * scale - shift));
        }
        Tensor::from_vec(values, [c, h, w])
    }
}
// ANCHOR_END: normalize

impl Normalize {
    /// Back from normalised values (C, H, W) to intensities in 0..=1, to draw them. Values outside are clamped.
    ///
    /// # Panics
    /// If there are not as many values as C times a whole number.
    #[track_caller]
    pub fn intensities(&self, values: &[f32]) -> Vec<f32> {
        let channels = self.mean.len();
        assert!(
            values.len().is_multiple_of(channels),
            "Normalize: {} values, {channels} channels",
            values.len()
        );
        let plane = (values.len() / channels).max(1);
        let constants = self.mean.iter().zip(&self.std);
        let restore = |(values, (mean, std)): (&[f32], (&f32, &f32))| {
            values.iter().map(|x| (x * std + mean).clamp(0.0, 1.0)).collect::<Vec<_>>()
        };
        values.chunks(plane).zip(constants).flat_map(restore).collect()
    }

    /// Back from intensities in 0..=1 to the bytes of an image. Values outside are clamped.
    pub fn bytes(&self, intensities: &[f32]) -> Vec<u8> {
        intensities.iter().map(|x| (x.clamp(0.0, 1.0) * self.white).round() as u8).collect()
    }
}
