//! Mixup and cutmix: images and labels are mixed alike, and by as much as the papers draw.

use std::f64::consts::PI;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::kolmogorov_smirnov;
use crate::data::{cutmix, mixup};
use crate::{DType, Tensor};

/// A batch in which image `i` is the row `i` of the identity and its class is `i`: a mixed image must equal its label.
fn identity(n: usize) -> (Tensor, Tensor) {
    (Tensor::eye(n), Tensor::arange(n))
}

#[test]
fn mixup_mixes_labels_as_it_mixes_images() {
    let (images, labels) = identity(5);
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    for _ in 0..50 {
        let (mixed, soft) = mixup(&images, &labels, 5, 1.0, &mut rng);
        assert_eq!(mixed.to_vec::<f32>(), soft.to_vec::<f32>());
        let sums = soft.sum_dim(1, false).to_vec::<f32>();
        assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-6), "{sums:?}");
    }
}

/// E λ is 1/2 and any partner is as likely, so example i becomes x_i / 2 + mean(x) / 2 on the average. The deviation of a
/// mean of 4000 numbers in 0..=1 is below 0.008.
#[test]
fn the_expectation_of_mixup() {
    let (images, labels) = identity(4);
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    let mut sum = Tensor::zeros([4, 4]);
    for _ in 0..4000 {
        sum = &sum + &mixup(&images, &labels, 4, 0.4, &mut rng).0;
    }
    for (place, mean) in sum.mul_scalar(1.0 / 4000.0).to_vec::<f32>().into_iter().enumerate() {
        let expected = if place % 5 == 0 { 0.5 + 0.125 } else { 0.125 };
        assert!((mean - expected).abs() < 0.03, "{place}: {mean}, expected {expected}");
    }
}

/// The share that stays of the first example, in the batches where its partner is another one.
fn lambdas(alpha: f64, count: usize) -> Vec<f64> {
    let images = Tensor::from_vec(vec![1.0f64, 0.0], [2, 1]);
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut draw = || {
        let (mixed, _) = mixup(&images, &Tensor::arange(2), 2, alpha, &mut rng);
        let mixed = mixed.to_vec::<f64>();
        (mixed[1] > 0.0 || mixed[0] < 1.0).then_some(mixed[0])
    };
    (0..2 * count).filter_map(|_| draw()).collect()
}

/// Beta(1/2, 1/2) is the law of the arcsine, Beta(1, 1) is even, Beta(2, 2) has x² (3 − 2x) below x.
#[test]
fn lambda_is_drawn_from_the_beta_distribution() {
    let arcsine = |x: f64| 2.0 / PI * x.sqrt().asin();
    let even = |x| x;
    let steps = |x| x * x * (3.0 - 2.0 * x);
    let gaps = [
        kolmogorov_smirnov(lambdas(0.5, 10_000), arcsine),
        kolmogorov_smirnov(lambdas(1.0, 10_000), even),
        kolmogorov_smirnov(lambdas(2.0, 10_000), steps),
    ];
    assert!(gaps.iter().all(|&gap| gap < 1.95), "{gaps:?}");
    assert!(lambdas(1.0, 2000).len() > 1800, "half of the partners are others");
    // Even where both draws of Gamma(α) are below the smallest number.
    let extreme = lambdas(1e-4, 100);
    assert!(extreme.iter().all(|lambda| (0.0..=1.0).contains(lambda)), "{extreme:?}");
}

/// Image `i` is full of the number `i`, so its pixels tell where they come from.
#[test]
fn cutmix_mixes_labels_by_area() {
    let (n, h, w) = (4, 6, 9);
    let images =
        Tensor::from_vec((0..n * 2 * h * w).map(|i| (i / (2 * h * w)) as f32).collect(), [n, 2, h, w]);
    let labels = Tensor::arange(n);
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for _ in 0..500 {
        let (mixed, soft) = cutmix(&images, &labels, n, 1.0, &mut rng);
        let (mixed, soft) = (mixed.to_vec::<f32>(), soft.to_vec::<f32>());
        for (i, (pixels, soft)) in mixed.chunks(2 * h * w).zip(soft.chunks(n)).enumerate() {
            for (class, &probability) in soft.iter().enumerate() {
                let count = pixels.iter().filter(|&&pixel| pixel == class as f32).count();
                let share = count as f32 / (2 * h * w) as f32;
                assert!((share - probability).abs() < 1e-6, "{pixels:?} is not mixed as {soft:?}");
            }
            assert_foreign_pixels_are_a_rectangle(&pixels[..h * w], i as f32, w);
            assert_eq!(pixels[..h * w], pixels[h * w..], "in both channels");
        }
    }
}

/// For a large α, λ is 1/2, and a whole rectangle has √½ of each side: 4.2 and 6.4 of 6 and 9 pixels, so 4 and 6. One that
/// the border cuts off is smaller.
#[test]
fn cutmix_cuts_out_a_share_of_one_minus_lambda() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let (images, labels) = (Tensor::zeros([2, 1, 6, 9]), Tensor::arange(2));
    let mut kept = || cutmix(&images, &labels, 2, 1e6, &mut rng).1.to_vec::<f32>()[0];
    let shares: Vec<f32> = (0..200).map(|_| kept()).collect();
    let smallest = shares.iter().copied().fold(1.0, f32::min);
    assert!((smallest - (1.0 - 24.0 / 54.0)).abs() < 1e-6, "{smallest}");
    assert!(shares.iter().any(|&share| share > 0.8 && share < 1.0), "at a corner, a quarter is left");
}

fn assert_foreign_pixels_are_a_rectangle(pixels: &[f32], own: f32, w: usize) {
    let foreign =
        || (0..pixels.len()).filter(|&place| pixels[place] != own).map(|place| (place / w, place % w));
    let side = |axis: fn((usize, usize)) -> usize| {
        foreign().map(axis).max().map_or(0, |last| last + 1 - foreign().map(axis).min().unwrap_or(0))
    };
    assert_eq!(foreign().count(), side(|place| place.0) * side(|place| place.1), "{pixels:?}");
}

/// The loss of a mixed label is the mixture of the losses: λ · CE(x, a) + (1 − λ) · CE(x, b).
#[test]
fn cross_entropy_takes_mixed_labels() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let images = Tensor::randn([6, 1, 4, 4], &mut rng);
    let labels = Tensor::from_vec(vec![2i64, 0, 1, 2, 1, 0], [6]);
    let logits = Tensor::randn([6, 3], &mut rng);
    for soft in [mixup(&images, &labels, 3, 1.0, &mut rng).1, cutmix(&images, &labels, 3, 1.0, &mut rng).1] {
        let mut expected = 0.0;
        for class in 0..3 {
            let losses = logits.log_softmax(1).narrow(1, class, 1).neg();
            expected += losses.mul(&soft.narrow(1, class, 1)).sum().item() / 6.0;
        }
        assert!((logits.cross_entropy(&soft).item() - expected).abs() < 1e-5);
    }
    let double = mixup(&images.to_dtype(DType::F64), &labels, 3, 1.0, &mut rng).1;
    assert_eq!(double.dtype(), DType::F64);
}

#[test]
#[should_panic(expected = "images must be floats, but they are u8; normalise them first")]
fn bytes_cannot_be_mixed() {
    let images = Tensor::zeros_of::<u8>([2, 1, 3, 3]);
    mixup(&images, &Tensor::arange(2), 2, 1.0, &mut ChaCha8Rng::seed_from_u64(0));
}

#[test]
#[should_panic(expected = "images (B, …) need labels (B)")]
fn each_image_needs_a_label() {
    cutmix(&Tensor::zeros([3, 1, 2, 2]), &Tensor::arange(2), 2, 1.0, &mut ChaCha8Rng::seed_from_u64(0));
}

#[test]
#[should_panic(expected = "mixup: alpha must be above 0, but it is 0")]
fn mixup_needs_an_alpha() {
    mixup(&Tensor::zeros([2, 1]), &Tensor::arange(2), 2, 0.0, &mut ChaCha8Rng::seed_from_u64(0));
}
