//! Normalisation and augmentation, against numbers worked out by hand.

mod chain;
mod erase;
mod geometry;
mod intensity;
mod mix;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::counting_image;
use crate::data::{Image, Normalize, random_crop, random_horizontal_flip};

#[test]
fn normalize_is_by_channel() {
    let normalize = Normalize::new(200, &[0.5, 0.25], &[0.5, 0.25]);
    let image = Image { shape: [2, 1, 2], pixels: vec![0, 200, 0, 200] };
    let tensor = normalize.apply(&image);
    assert_eq!(tensor.shape()[..], [2, 1, 2]);
    let values = tensor.to_vec::<f32>();
    // (0 - 0.5) / 0.5, (1 - 0.5) / 0.5, (0 - 0.25) / 0.25, (1 - 0.25) / 0.25
    for (value, expected) in values.iter().zip([-1.0, 1.0, -1.0, 3.0]) {
        assert!((value - expected).abs() < 1e-6, "{values:?}");
    }
    let back = normalize.intensities(&values);
    for (intensity, expected) in back.iter().zip([0.0, 1.0, 0.0, 1.0]) {
        assert!((intensity - expected).abs() < 1e-6, "{back:?}");
    }
}

/// Every crop is the image shifted, which a loop over pixels says as well.
#[test]
fn random_crop_shifts_and_fills_with_black() {
    let image = counting_image([2, 3, 4]);
    let padding = 2;
    let shifted = |dy: i64, dx: i64| -> Vec<u8> {
        let mut pixels = Vec::new();
        for c in 0..2 {
            for y in 0..3 {
                for x in 0..4 {
                    let (y, x) = (y + dy, x + dx);
                    let inside = (0..3).contains(&y) && (0..4).contains(&x);
                    pixels.push(if inside { image.pixels[((c * 3 + y) * 4 + x) as usize] } else { 0 });
                }
            }
        }
        pixels
    };
    let all: Vec<Vec<u8>> =
        (-2..=2).flat_map(|dy| (-2..=2).map(move |dx| (dy, dx))).map(|(dy, dx)| shifted(dy, dx)).collect();
    let mut seen = vec![false; all.len()];
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..1000 {
        let crop = random_crop(&image, padding, &mut rng);
        assert_eq!(crop.shape, image.shape);
        let which = all.iter().position(|pixels| *pixels == crop.pixels).expect("a crop is a shift");
        seen[which] = true;
    }
    assert!(seen.iter().all(|&seen| seen), "each of the 25 shifts occurs");
}

#[test]
fn a_crop_may_be_wider_than_the_image() {
    let image = counting_image([1, 1, 2]);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let blank = (0..100).filter(|_| random_crop(&image, 5, &mut rng).pixels == [0, 0]).count();
    assert!(blank > 50, "most of the 121 shifts are blank, {blank} of 100 were");
    assert_eq!(random_crop(&image, 0, &mut rng), image);
}

#[test]
fn a_flip_mirrors_each_row_half_of_the_time() {
    let image = counting_image([1, 2, 3]);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut flipped = 0;
    for _ in 0..1000 {
        match &random_horizontal_flip(&image, &mut rng).pixels[..] {
            [1, 2, 3, 4, 5, 6] => {}
            [3, 2, 1, 6, 5, 4] => flipped += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!((440..=560).contains(&flipped), "{flipped} of 1000"); // 500 ± 60, almost four deviations
}

/// The largest gap between the share of `samples` up to x and `cdf`(x), times √n: Kolmogorov and Smirnov's statistic.
/// It is above 1.95 once in a thousand times, if that is how the samples were drawn.
fn kolmogorov_smirnov(mut samples: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let n = samples.len() as f64;
    let gap = |(i, &x): (usize, &f64)| (cdf(x) - i as f64 / n).abs().max((cdf(x) - (i + 1) as f64 / n).abs());
    samples.iter().enumerate().map(gap).fold(0.0, f64::max) * n.sqrt()
}
