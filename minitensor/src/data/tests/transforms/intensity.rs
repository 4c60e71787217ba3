//! Brightness, contrast and noise.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::data::{
    Image, adjust_brightness, adjust_contrast, gaussian_noise, random_brightness, random_contrast,
};

fn grey(pixels: &[u8]) -> Image {
    Image { shape: [1, 1, pixels.len()], pixels: pixels.to_vec() }
}

#[test]
fn brightness_multiplies_up_to_white() {
    let image = grey(&[0, 5, 10, 200]);
    assert_eq!(adjust_brightness(&image, 1.0, 255), image);
    assert_eq!(adjust_brightness(&image, 1.5, 255).pixels, [0, 8, 15, 255]); // 7.5 and 300
    assert_eq!(adjust_brightness(&grey(&[8, 16]), 1.25, 16).pixels, [10, 16]);
    assert_eq!(adjust_brightness(&image, 0.0, 255).pixels, [0; 4]);
}

#[test]
fn contrast_moves_away_from_the_mean() {
    let image = grey(&[0, 100, 100, 200]);
    assert_eq!(adjust_contrast(&image, 0.5, 255).pixels, [50, 100, 100, 150]);
    assert_eq!(adjust_contrast(&image, 1.0, 255), image);
    assert_eq!(adjust_contrast(&image, 2.0, 255).pixels, [0, 100, 100, 255]);
    // Pure red of 100 and blue of 200 are as bright as 0.299 · 100 + 0.114 · 200 = 52.7.
    let colours = Image { shape: [3, 1, 2], pixels: vec![100, 100, 0, 0, 200, 200] };
    assert_eq!(adjust_contrast(&colours, 0.0, 255).pixels, [53; 6]);
    let two = Image { shape: [2, 1, 1], pixels: vec![10, 30] };
    assert_eq!(adjust_contrast(&two, 0.5, 255).pixels, [15, 25]);
}

#[test]
fn random_factors_cover_their_range() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut brightness: Vec<u8> =
        (0..2000).map(|_| random_brightness(&grey(&[100]), 0.2, 255, &mut rng).pixels[0]).collect();
    brightness.sort_unstable();
    brightness.dedup();
    assert_eq!(brightness, (80..=120).collect::<Vec<u8>>());

    let image = grey(&[100, 140]);
    let mut contrast: Vec<u8> =
        (0..2000).map(|_| random_contrast(&image, 0.5, 255, &mut rng).pixels[1]).collect();
    contrast.sort_unstable();
    contrast.dedup();
    assert_eq!(contrast, (130..=150).collect::<Vec<u8>>());

    // An amount above 1 does not turn the image into its negative.
    assert!((0..500).all(|_| random_contrast(&image, 3.0, 255, &mut rng).pixels[1] >= 120));
}

/// 40,000 pixels: the mean is off by 25.5 / 200 = 0.13, the deviation by 25.5 / √80,000 = 0.09; rounding adds 1/12 to the
/// variance.
#[test]
fn noise_has_the_mean_and_the_deviation_asked_for() {
    let image = Image { shape: [1, 200, 200], pixels: vec![128; 40_000] };
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let noisy = gaussian_noise(&image, 0.1, 255, &mut rng);
    let mean = noisy.pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / 40_000.0;
    let squares = noisy.pixels.iter().map(|&pixel| (f64::from(pixel) - mean).powi(2)).sum::<f64>();
    let std = (squares / 40_000.0 - 1.0 / 12.0).sqrt();
    assert!((mean - 128.0).abs() < 0.5 && (std - 25.5).abs() < 0.4, "mean {mean}, deviation {std}");
    assert_eq!(gaussian_noise(&image, 0.0, 255, &mut rng), image);
    let digits = gaussian_noise(&grey(&[8; 1000]), 1.0, 16, &mut rng).pixels;
    assert!(digits.contains(&0) && digits.iter().max() == Some(&16), "noise stays in 0..=white");
}

#[test]
#[should_panic(expected = "random_brightness: the amount -0.1 is not in 0..")]
fn a_negative_amount_is_a_mistake() {
    random_brightness(&grey(&[1]), -0.1, 255, &mut ChaCha8Rng::seed_from_u64(0));
}
