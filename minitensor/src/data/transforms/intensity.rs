//! Brighter, flatter and noisier images. `white` is the byte that means full intensity: 255, or 16 for `digits`.

use rand::{Rng, RngExt};

use crate::Tensor;
use crate::data::Image;

/// Each pixel times `factor`: 0 is black, 1 leaves the image as it is.
///
/// # Panics
/// If `factor` is below 0.
#[track_caller]
pub fn adjust_brightness(image: &Image, factor: f64, white: u8) -> Image {
    assert!(factor >= 0.0, "adjust_brightness: the factor {factor} is below 0");
    map_pixels(image, white, |pixel| pixel * factor)
}

/// Moves each pixel away from the mean brightness of the image by `factor`: 0 is plain grey, 1 leaves the image as it is.
///
/// # Panics
/// If `factor` is below 0.
#[track_caller]
pub fn adjust_contrast(image: &Image, factor: f64, white: u8) -> Image {
    assert!(factor >= 0.0, "adjust_contrast: the factor {factor} is below 0");
    let mean = mean_brightness(image);
    map_pixels(image, white, |pixel| mean + (pixel - mean) * factor)
}

/// [`adjust_brightness`] by a factor from 1 − `amount` to 1 + `amount`: torchvision's `ColorJitter(brightness=amount)`.
///
/// # Panics
/// If `amount` is below 0 or not finite.
#[track_caller]
pub fn random_brightness(image: &Image, amount: f64, white: u8, rng: &mut impl Rng) -> Image {
    adjust_brightness(image, draw_factor("random_brightness", amount, rng), white)
}

/// [`adjust_contrast`] by a factor from 1 − `amount` to 1 + `amount`: torchvision's `ColorJitter(contrast=amount)`.
///
/// # Panics
/// If `amount` is below 0 or not finite.
#[track_caller]
pub fn random_contrast(image: &Image, amount: f64, white: u8, rng: &mut impl Rng) -> Image {
    adjust_contrast(image, draw_factor("random_contrast", amount, rng), white)
}

/// Adds to each pixel a number from the normal distribution of deviation `std`, a share of `white`.
///
/// # Panics
/// If `std` is below 0.
#[track_caller]
pub fn gaussian_noise(image: &Image, std: f64, white: u8, rng: &mut impl Rng) -> Image {
    assert!(std >= 0.0, "gaussian_noise: the deviation {std} is below 0");
    let scale = std * f64::from(white);
    let mut noise = Tensor::randn([image.pixels.len()], rng).to_vec::<f32>().into_iter();
    map_pixels(image, white, |pixel| pixel + scale * noise.next().map_or(0.0, f64::from))
}

/// The brightness of colours is what the eye makes of red, green and blue (ITU-R BT.601); of other images, the mean of
/// the channels.
fn mean_brightness(image: &Image) -> f64 {
    let [c, h, w] = image.shape;
    let even = vec![1.0 / c.max(1) as f64; c];
    let weights = if c == 3 { &[0.299, 0.587, 0.114] } else { &even[..] };
    let planes = image.pixels.chunks_exact((h * w).max(1));
    let mean = |plane: &[u8]| plane.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / plane.len() as f64;
    planes.zip(weights).map(|(plane, weight)| mean(plane) * weight).sum()
}

#[track_caller]
fn draw_factor(name: &str, amount: f64, rng: &mut impl Rng) -> f64 {
    assert!((0.0..f64::INFINITY).contains(&amount), "{name}: the amount {amount} is not in 0..");
    rng.random_range((1.0 - amount).max(0.0)..=1.0 + amount)
}

/// Each pixel through `f`, rounded and kept in 0..=white.
fn map_pixels(image: &Image, white: u8, mut f: impl FnMut(f64) -> f64) -> Image {
    let byte = |&pixel: &u8| f(f64::from(pixel)).round().clamp(0.0, f64::from(white)) as u8;
    Image { shape: image.shape, pixels: image.pixels.iter().map(byte).collect() }
}
