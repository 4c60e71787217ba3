//! Random erasing: what is erased is a rectangle, and its area, aspect and place are as the paper draws them.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::kolmogorov_smirnov;
use crate::data::{Fill, Image, RandomErasing};

const SIZE: usize = 100;

/// Top, left, height and width of what is not 0, which must be one full rectangle.
fn rectangle(image: &Image) -> Option<[usize; 4]> {
    let lit = || (0..SIZE * SIZE).filter(|&place| image.pixels[place] > 0).map(|p| (p / SIZE, p % SIZE));
    let (top, left) = (lit().map(|(y, _)| y).min()?, lit().map(|(_, x)| x).min()?);
    let (bottom, right) = (lit().map(|(y, _)| y).max()?, lit().map(|(_, x)| x).max()?);
    let [height, width] = [bottom + 1 - top, right + 1 - left];
    assert_eq!(lit().count(), height * width, "what is erased is a rectangle");
    Some([top, left, height, width])
}

fn rectangles(erasing: &RandomErasing, count: usize) -> Vec<Option<[usize; 4]>> {
    let image = Image { shape: [1, SIZE, SIZE], pixels: vec![0; SIZE * SIZE] };
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    (0..count).map(|_| rectangle(&erasing.apply(&image, &mut rng))).collect()
}

/// With aspects from 1/2 to 2, a rectangle of 40 % always fits: √(0.4 · 2) < 1. So none is drawn anew, and the area is
/// spread evenly over 0.02..=0.4, and the logarithm of the aspect over ±ln 2, but for whole pixels.
#[test]
fn area_and_aspect_are_spread_evenly() {
    let erasing = RandomErasing {
        probability: 1.0,
        aspect: 0.5..=2.0,
        fill: Fill::Byte(1),
        ..RandomErasing::default()
    };
    let found: Vec<[usize; 4]> = rectangles(&erasing, 1000).into_iter().flatten().collect();
    assert_eq!(found.len(), 1000);
    let area = found.iter().map(|[_, _, h, w]| (h * w) as f64 / (SIZE * SIZE) as f64).collect();
    let gap = kolmogorov_smirnov(area, |area| ((area - 0.02) / 0.38).clamp(0.0, 1.0));
    assert!(gap < 1.95, "area: {gap}");
    let aspect = found.iter().map(|&[_, _, h, w]| (h as f64 / w as f64).log2()).collect();
    let gap = kolmogorov_smirnov(aspect, |log| ((log + 1.0) / 2.0).clamp(0.0, 1.0));
    assert!(gap < 1.95, "aspect: {gap}");
    let reached = |place: &dyn Fn(&[usize; 4]) -> bool| found.iter().any(place);
    assert!(reached(&|r| r[0] == 0) && reached(&|r| r[0] + r[2] == SIZE), "top and bottom are reached");
    assert!(reached(&|r| r[1] == 0) && reached(&|r| r[1] + r[3] == SIZE), "left and right are reached");
}

#[test]
fn half_of_the_images_stay_whole() {
    let erasing = RandomErasing { fill: Fill::Byte(1), ..RandomErasing::default() };
    let erased = rectangles(&erasing, 1000).iter().flatten().count();
    assert!((440..=560).contains(&erased), "{erased} of 1000"); // 500 ± 60, almost four deviations
    let never = RandomErasing { probability: 0.0, ..erasing };
    assert_eq!(rectangles(&never, 20), [None; 20]);
}

/// Every channel loses the same rectangle; random bytes go up to white, with mean white / 2.
#[test]
fn the_fill_is_what_was_asked_for() {
    let black = Image { shape: [3, SIZE, SIZE], pixels: vec![200; 3 * SIZE * SIZE] };
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let whole = |fill| RandomErasing { probability: 1.0, area: 0.25..=0.25, aspect: 1.0..=1.0, fill };
    let erased = whole(Fill::Byte(7)).apply(&black, &mut rng);
    let planes: Vec<&[u8]> = erased.pixels.chunks(SIZE * SIZE).collect();
    assert_eq!(planes[0].iter().filter(|&&pixel| pixel == 7).count(), 2500);
    assert!(planes[0] == planes[1] && planes[1] == planes[2]);

    let noise = whole(Fill::Random(16)).apply(&black, &mut rng);
    let noise: Vec<f64> = noise.pixels.iter().filter(|&&pixel| pixel < 200).map(|&p| f64::from(p)).collect();
    assert_eq!((noise.len(), noise.iter().copied().fold(0.0, f64::max)), (7500, 16.0));
    let mean = noise.iter().sum::<f64>() / 7500.0;
    assert!((mean - 8.0).abs() < 0.25, "{mean}"); // deviation √(288 / 12 / 7500) = 0.057
}

#[test]
fn an_image_without_pixels_stays_one() {
    let empty = Image { shape: [3, 0, 5], pixels: vec![] };
    let erasing = RandomErasing { probability: 1.0, ..RandomErasing::default() };
    assert_eq!(erasing.apply(&empty, &mut ChaCha8Rng::seed_from_u64(0)), empty);
}

#[test]
#[should_panic(expected = "RandomErasing: the shares 0.1..=1.5")]
fn more_than_the_image_is_a_mistake() {
    let erasing = RandomErasing { area: 0.1..=1.5, ..RandomErasing::default() };
    rectangles(&erasing, 1);
}
