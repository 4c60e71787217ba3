//! Resized, turned, shifted and mirrored images: against PyTorch, and against loops.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::super::counting_image;
use crate::data::{
    Affine, Image, center_crop, horizontal_flip, random_rotation, random_translate, random_vertical_flip,
    resize, rotate, translate, vertical_flip,
};

/// Pixel (c, y, x) is (37 y² + 59 x² + 101 c + 13 x y) mod 251, shape (2, 3, 4).
fn rough_image() -> Image {
    let pixels = vec![
        0, 59, 236, 29, 37, 109, 48, 105, 148, 233, 185, 4, // channel 0
        0, 160, 187, 81, 37, 210, 250, 157, 148, 83, 136, 56,
    ];
    Image { shape: [2, 3, 4], pixels }
}

/// Each byte is the reference rounded; halves may go either way.
#[track_caller]
fn assert_rounded(image: &Image, reference: &[f64]) {
    assert_eq!(image.pixels.len(), reference.len());
    for (&byte, &exact) in image.pixels.iter().zip(reference) {
        assert!((f64::from(byte) - exact).abs() <= 0.501, "{:?} should be {reference:?}", image.pixels);
    }
}

// The numbers are those of PyTorch 2.15: F.interpolate(image, size, mode="bilinear", align_corners=False) in float64.
#[test]
fn resize_is_pytorchs_interpolate() {
    let expected: [([usize; 2], &[f64]); 4] = [
        (
            [5, 3],
            &[
                9.833, 147.5, 63.5, 25.5, 119.9, 76.3, 49.0, 78.5, 95.5, 116.9, 156.8, 58.7, 162.167, 209.0,
                34.167, 26.667, 173.5, 98.667, 42.333, 196.1, 128.2, 65.833, 230.0, 172.5, 108.633, 157.7,
                110.6, 137.167, 109.5, 69.333,
            ],
        ),
        (
            [2, 6],
            &[
                9.25, 40.375, 91.083, 169.417, 118.5, 48.0, 120.25, 161.125, 193.458, 159.292, 90.0, 29.25,
                9.25, 90.875, 177.542, 197.708, 151.375, 100.0, 120.25, 117.5, 123.042, 156.208, 122.875,
                81.25,
            ],
        ),
        (
            [7, 1],
            &[
                147.5, 137.643, 108.071, 78.5, 134.429, 190.357, 209.0, 173.5, 181.571, 205.786, 230.0,
                178.357, 126.714, 109.5,
            ],
        ),
        ([1, 2], &[73.0, 76.5, 123.5, 203.5]),
    ];
    for (size, reference) in expected {
        let resized = resize(&rough_image(), size);
        assert_eq!(resized.shape, [2, size[0], size[1]]);
        assert_rounded(&resized, reference);
    }
}

#[test]
fn resize_to_the_same_size_changes_nothing() {
    assert_eq!(resize(&rough_image(), [3, 4]), rough_image());
    let single = Image { shape: [3, 1, 1], pixels: vec![1, 2, 255] };
    assert_eq!(resize(&single, [2, 1]).pixels, [1, 1, 2, 2, 255, 255]);
}

#[test]
#[should_panic(expected = "resize: from 3 × 4 to 0 × 2 pixels")]
fn resize_to_nothing_is_a_mistake() {
    resize(&rough_image(), [0, 2]);
}

// The numbers are those of PyTorch 2.15: F.grid_sample(image - fill, grid, align_corners=False) + fill in float64, the grid
// being ((x, y) - middle - translate) · R / scale + middle.
#[test]
fn affine_is_pytorchs_grid_sample() {
    let expected: [(Affine, u8, [f64; 24]); 4] = [
        (
            Affine { degrees: 30.0, ..Affine::default() },
            0,
            [
                15.88, 140.867, 118.073, 67.42, 21.76, 96.4, 86.119, 53.667, 34.963, 150.743, 187.593,
                50.252, 43.064, 154.968, 167.453, 103.87, 42.057, 199.962, 218.603, 97.98, 34.963, 120.339,
                93.657, 43.035,
            ],
        ),
        (
            Affine { degrees: -20.0, scale: 1.5, translate: [0.5, -0.75] },
            100,
            [
                51.228, 114.601, 197.351, 110.138, 96.007, 105.202, 143.405, 75.151, 161.16, 96.331, 71.833,
                90.055, 120.729, 168.673, 166.216, 114.691, 188.537, 210.581, 195.272, 115.416, 155.175,
                210.851, 210.0, 140.831,
            ],
        ),
        (
            Affine { translate: [-0.4, 0.3], ..Affine::default() },
            9,
            [
                13.06, 59.74, 136.26, 89.82, 59.68, 135.44, 119.54, 76.06, 67.38, 128.1, 123.24, 38.58,
                13.06, 130.44, 202.54, 141.64, 59.68, 135.86, 190.84, 142.94, 67.38, 65.1, 75.66, 51.6,
            ],
        ),
        (
            Affine { degrees: 200.0, scale: 0.7, translate: [-0.3, 0.4] },
            255,
            [
                245.347, 170.433, 218.29, 136.892, 255.0, 94.262, 110.233, 12.371, 255.0, 151.921, 251.046,
                255.0, 247.347, 162.975, 98.089, 136.892, 255.0, 166.699, 204.907, 29.532, 255.0, 175.638,
                240.972, 255.0,
            ],
        ),
    ];
    for (affine, fill, reference) in expected {
        let changed = affine.apply(&rough_image(), fill);
        assert_eq!(changed.shape, [2, 3, 4]);
        assert_rounded(&changed, &reference);
    }
    assert_eq!(Affine::default().apply(&rough_image(), 7), rough_image());
}

/// A quarter turn to the left makes the columns into rows, the last one first; exactly, in even and odd sizes.
#[test]
fn a_quarter_turn_is_a_transpose_and_a_flip() {
    for n in 1..=6 {
        let image = counting_image([2, n, n]);
        let mut transposed = image.clone();
        for (c, y, x) in (0..2).flat_map(|c| (0..n).flat_map(move |y| (0..n).map(move |x| (c, y, x)))) {
            transposed.pixels[(c * n + y) * n + x] = image.pixels[(c * n + x) * n + y];
        }
        assert_eq!(rotate(&image, 90.0, 255), vertical_flip(&transposed), "{n}");
        assert_eq!(rotate(&image, -90.0, 255), horizontal_flip(&transposed), "{n}");
        assert_eq!(rotate(&image, 180.0, 255), vertical_flip(&horizontal_flip(&image)), "{n}");
        assert_eq!(rotate(&image, 360.0, 255), image, "{n}");
    }
}

#[test]
fn flips_mirror_every_channel() {
    let image = counting_image([2, 2, 3]);
    assert_eq!(horizontal_flip(&image).pixels, [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]);
    assert_eq!(vertical_flip(&image).pixels, [4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
    let empty = Image { shape: [3, 0, 4], pixels: vec![] };
    assert_eq!(vertical_flip(&horizontal_flip(&empty)), empty);

    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let flipped = (0..1000).filter(|_| random_vertical_flip(&image, &mut rng) != image).count();
    assert!((440..=560).contains(&flipped), "{flipped} of 1000"); // 500 ± 60, almost four deviations
}

#[test]
fn whole_pixels_move_without_loss() {
    let image = counting_image([1, 2, 3]);
    assert_eq!(translate(&image, [1.0, -1.0], 9).pixels, [9, 9, 9, 2, 3, 9]);
    assert_eq!(translate(&image, [2.0, 0.0], 9).pixels, [9; 6]);
}

#[test]
fn random_changes_keep_to_their_range() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    // A dot in the middle row, far right: turned by up to 90° to the left or right, it stays in the right half.
    let mut image = Image { shape: [1, 9, 9], pixels: vec![0; 81] };
    image.pixels[4 * 9 + 8] = 255;
    let mut rows = [0u32; 9];
    for _ in 0..500 {
        let turned = random_rotation(&image, 90.0, 0, &mut rng);
        let (place, _) = turned.pixels.iter().enumerate().max_by_key(|&(_, &pixel)| pixel).unwrap();
        assert!(place % 9 >= 4, "{turned:?}");
        rows[place / 9] += 1;
    }
    assert!(rows.iter().all(|&count| count > 0), "it goes to every row: {rows:?}");
    assert_eq!(random_rotation(&image, 0.0, 0, &mut rng), image);

    // A share of 1/9 is at most one pixel: a dot in the middle stays within the 3 × 3 pixels there.
    let mut image = Image { shape: [1, 9, 9], pixels: vec![0; 81] };
    image.pixels[4 * 9 + 4] = 255;
    let mut lit = [false; 81];
    for _ in 0..500 {
        let moved = random_translate(&image, 1.0 / 9.0, 0, &mut rng);
        moved.pixels.iter().zip(&mut lit).for_each(|(&pixel, lit)| *lit |= pixel > 0);
    }
    let near = |place: usize| (3..=5).contains(&(place / 9)) && (3..=5).contains(&(place % 9));
    assert!((0..81).all(|place| lit[place] == near(place)), "{lit:?}");
}

/// The corners are those of torchvision's `center_crop`: round((h − height) / 2), halves to the even number.
#[test]
fn the_middle_is_cut_out() {
    let image = counting_image([2, 4, 5]);
    assert_eq!(center_crop(&image, [2, 3]).pixels, [7, 8, 9, 12, 13, 14, 27, 28, 29, 32, 33, 34]);
    assert_eq!(center_crop(&image, [2, 2]).pixels[..4], [8, 9, 13, 14]); // (5 − 2) / 2 = 1.5 becomes 2
    assert_eq!(center_crop(&image, [3, 5]).pixels[..5], [1, 2, 3, 4, 5]); // (4 − 3) / 2 = 0.5 becomes 0
    assert_eq!(center_crop(&image, [4, 5]), image);

    let small = counting_image([1, 1, 2]);
    assert_eq!(center_crop(&small, [2, 5]).pixels, [0, 1, 2, 0, 0, 0, 0, 0, 0, 0]);
}
