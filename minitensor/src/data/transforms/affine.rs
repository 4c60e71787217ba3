//! Turned, shifted and scaled images.

use rand::{Rng, RngExt};

use crate::data::Image;

/// Turns the image around its middle, then scales it, then shifts it: torchvision's `affine`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// The angle to turn by, counter-clockwise.
    pub degrees: f64,
    /// How much larger everything becomes.
    pub scale: f64,
    /// By how many pixels everything moves, down and to the right.
    pub translate: [f64; 2],
}

impl Default for Affine {
    /// Leaves an image as it is.
    fn default() -> Affine {
        Affine { degrees: 0.0, scale: 1.0, translate: [0.0, 0.0] }
    }
}

impl Affine {
    /// The image changed so, in its own size. A new pixel is the weighted mean of the four old ones around the place
    /// where it comes from; outside the image they are `fill`.
    ///
    /// # Panics
    /// If the scale is not above 0.
    #[track_caller]
    pub fn apply(&self, image: &Image, fill: u8) -> Image {
        assert!(self.scale > 0.0, "Affine: the scale {} is not above 0", self.scale);
        let [_, h, w] = image.shape;
        let [middle_y, middle_x] = [h, w].map(|size| (size as f64 - 1.0) / 2.0);
        let [down, right] = self.translate;
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        // new = scale · R · old + translate, so old = Rᵀ (new − translate) / scale; y points down
        let origin = |y: usize, x: usize| {
            let y = (y as f64 - middle_y - down) / self.scale;
            let x = (x as f64 - middle_x - right) / self.scale;
            (sin * x + cos * y + middle_y, cos * x - sin * y + middle_x)
        };
        let mut pixels = Vec::with_capacity(image.pixels.len());
        for plane in image.pixels.chunks_exact((h * w).max(1)) {
            for y in 0..h {
                pixels.extend((0..w).map(|x| bilinear(plane, [h, w], origin(y, x), fill)));
            }
        }
        Image { shape: image.shape, pixels }
    }
}

/// Turns the image around its middle, counter-clockwise. What comes from outside is `fill`.
pub fn rotate(image: &Image, degrees: f64, fill: u8) -> Image {
    Affine { degrees, ..Affine::default() }.apply(image, fill)
}

/// Moves the image by so many pixels down and to the right. What comes from outside is `fill`.
pub fn translate(image: &Image, by: [f64; 2], fill: u8) -> Image {
    Affine { translate: by, ..Affine::default() }.apply(image, fill)
}

/// Turns the image by up to `degrees` either way.
///
/// # Panics
/// If `degrees` is below 0 or not finite.
#[track_caller]
pub fn random_rotation(image: &Image, degrees: f64, fill: u8, rng: &mut impl Rng) -> Image {
    assert!((0.0..f64::INFINITY).contains(&degrees), "random_rotation: {degrees} degrees either way");
    rotate(image, rng.random_range(-degrees..=degrees), fill)
}

/// Moves the image by up to `share` of its height and of its width either way.
///
/// # Panics
/// If `share` is not in 0..=1.
#[track_caller]
pub fn random_translate(image: &Image, share: f64, fill: u8, rng: &mut impl Rng) -> Image {
    assert!((0.0..=1.0).contains(&share), "random_translate: the share {share} is not in 0..=1");
    let [_, h, w] = image.shape;
    translate(image, [h, w].map(|size| size as f64 * rng.random_range(-share..=share)), fill)
}

/// The value at a place between the pixels of a plane.
fn bilinear(plane: &[u8], [h, w]: [usize; 2], (y, x): (f64, f64), fill: u8) -> u8 {
    let pixel = |y: f64, x: f64| {
        let inside = (0.0..h as f64).contains(&y) && (0.0..w as f64).contains(&x);
        f64::from(if inside { plane[y as usize * w + x as usize] } else { fill })
    };
    let (top, left) = (y.floor(), x.floor());
    let (down, right) = (y - top, x - left);
    let above = pixel(top, left) * (1.0 - right) + pixel(top, left + 1.0) * right;
    let below = pixel(top + 1.0, left) * (1.0 - right) + pixel(top + 1.0, left + 1.0) * right;
    (above * (1.0 - down) + below * down).round_ties_even() as u8
}
