//! Images with a piece missing.

use std::ops::RangeInclusive;

use rand::{Rng, RngExt};

use crate::data::Image;

/// What stands in place of the pixels that were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// One byte.
    Byte(u8),
    /// For each pixel any byte up to this one, which means full intensity.
    Random(u8),
}

/// Blanks a rectangle somewhere in the image, so that no network can lean on one part of what it sees: random erasing of
/// Zhong et al. 2017, <https://arxiv.org/abs/1708.04896>.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomErasing {
    /// How often.
    pub probability: f64,
    /// The area of the rectangle as a share of the image.
    pub area: RangeInclusive<f64>,
    /// Its height divided by its width.
    pub aspect: RangeInclusive<f64>,
    /// What stands there instead.
    pub fill: Fill,
}

impl Default for RandomErasing {
    /// The numbers of the paper.
    fn default() -> RandomErasing {
        RandomErasing { probability: 0.5, area: 0.02..=0.4, aspect: 0.3..=1.0 / 0.3, fill: Fill::Random(255) }
    }
}

/// How often a rectangle that does not fit is drawn anew, before the image is left alone: torchvision's number.
const TRIES: usize = 10;

impl RandomErasing {
    /// The image, in some cases with a rectangle blanked. The area is drawn evenly, and the aspect so that tall
    /// rectangles are as frequent as wide ones: evenly in its logarithm, as in torchvision.
    ///
    /// # Panics
    /// If `probability` is not in 0..=1, `area` is not in 0..=1, or `aspect` is not above 0.
    #[track_caller]
    pub fn apply(&self, image: &Image, rng: &mut impl Rng) -> Image {
        let (area, aspect) = (&self.area, &self.aspect);
        assert!(
            (0.0..=1.0).contains(&self.probability),
            "RandomErasing: {} is no probability",
            self.probability
        );
        assert!(
            0.0 <= *area.start() && area.start() <= area.end() && *area.end() <= 1.0,
            "RandomErasing: the shares {area:?} do not go from low to high in 0..=1"
        );
        assert!(
            0.0 < *aspect.start() && aspect.start() <= aspect.end() && aspect.end().is_finite(),
            "RandomErasing: the aspects {aspect:?} do not go from low to high above 0"
        );
        let mut image = image.clone();
        if rng.random_bool(self.probability)
            && let Some([height, width]) = (0..TRIES).find_map(|_| self.draw_size(&image, rng))
        {
            blank(&mut image, [height, width], self.fill, rng);
        }
        image
    }

    /// Height and width of a rectangle, if it fits: height · width = area and height / width = aspect.
    fn draw_size(&self, image: &Image, rng: &mut impl Rng) -> Option<[usize; 2]> {
        let [_, h, w] = image.shape;
        let area = (h * w) as f64 * rng.random_range(self.area.clone());
        let aspect = rng.random_range(self.aspect.start().ln()..=self.aspect.end().ln()).exp();
        let [height, width] = [area * aspect, area / aspect].map(|square| square.sqrt().round() as usize);
        (height <= h && width <= w).then_some([height, width])
    }
}

/// Blanks a rectangle of this size at a random place.
fn blank(image: &mut Image, [height, width]: [usize; 2], fill: Fill, rng: &mut impl Rng) {
    let [c, h, w] = image.shape;
    // Drawn as u64, so that the numbers are the same where usize has 32 bits.
    let top = rng.random_range(0..=(h - height) as u64) as usize;
    let left = rng.random_range(0..=(w - width) as u64) as usize;
    for (channel, row) in (0..c).flat_map(|channel| (top..top + height).map(move |row| (channel, row))) {
        let start = (channel * h + row) * w + left;
        for pixel in &mut image.pixels[start..start + width] {
            *pixel = match fill {
                Fill::Byte(byte) => byte,
                Fill::Random(white) => rng.random_range(0..=white),
            };
        }
    }
}
