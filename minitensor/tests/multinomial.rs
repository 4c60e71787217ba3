//! Categories come as often as their weights say.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minitensor::{DType, Tensor, tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Pearson's statistic of counts against probabilities.
fn chi_squared(counts: &[usize], probabilities: &[f64]) -> f64 {
    let total: usize = counts.iter().sum();
    let term = |(&count, p): (&usize, &f64)| (count as f64 - p * total as f64).powi(2) / (p * total as f64);
    counts.iter().zip(probabilities).map(term).sum()
}

#[test]
fn with_replacement_each_draw_follows_the_weights() {
    let weights = Tensor::from([[1.0f64, 0.0, 3.0, 6.0], [5.0, 5.0, 0.0, 0.0]]);
    let drawn = weights.multinomial(20_000, true, &mut rng(1));
    assert_eq!((drawn.dtype(), &drawn.shape()[..]), (DType::I64, &[2, 20_000][..]));
    let counts = |row: usize| -> Vec<usize> {
        drawn.select(0, row).bincount(4).to_vec::<i64>().iter().map(|&n| n as usize).collect()
    };
    let [a, none, b, c] = counts(0)[..] else { panic!("there are four categories") };
    assert_eq!(none, 0, "a weight of 0 is never drawn");
    // below the 99.9th percentile for two degrees of freedom
    assert!(chi_squared(&[a, b, c], &[0.1, 0.3, 0.6]) < 13.8, "{a} {b} {c}");
    let [a, b, 0, 0] = counts(1)[..] else { panic!("only two can be drawn") };
    assert!(chi_squared(&[a, b], &[0.5, 0.5]) < 10.8, "{a} {b}");
    // a draw does not depend on the one before
    let row: Vec<i64> = drawn.select(0, 1).to_vec();
    let same = row.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(chi_squared(&[same, row.len() - 1 - same], &[0.5, 0.5]) < 10.8, "{same}");
}

#[test]
fn without_replacement_the_rest_is_drawn_from_what_is_left() {
    let weights = tensor![1.0, 2.0, 0.0, 5.0].expand([20_000, 4]);
    let drawn = weights.multinomial(2, false, &mut rng(2));
    let mut counts = [[0usize; 4]; 4];
    drawn.to_vec::<i64>().chunks(2).for_each(|pair| counts[pair[0] as usize][pair[1] as usize] += 1);
    // P(i, then j) = wᵢ / W · wⱼ / (W − wᵢ)
    let w = [1.0, 2.0, 0.0, 5.0];
    let possible: Vec<(usize, usize)> =
        [0, 1, 3].into_iter().flat_map(|i| [0, 1, 3].map(|j| (i, j))).filter(|(i, j)| i != j).collect();
    let seen: Vec<usize> = possible.iter().map(|&(i, j)| counts[i][j]).collect();
    let expected: Vec<f64> = possible.iter().map(|&(i, j)| w[i] / 8.0 * w[j] / (8.0 - w[i])).collect();
    assert_eq!(seen.iter().sum::<usize>(), 20_000, "neither twice nor of weight 0");
    // five degrees of freedom
    assert!(chi_squared(&seen, &expected) < 20.5, "{seen:?}, expected parts {expected:?}");
    let mut all: Vec<i64> = Tensor::ones([6]).multinomial(6, false, &mut rng(3)).to_vec();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn edges_and_misuse() {
    assert_eq!(Tensor::ones([0, 3]).multinomial(2, true, &mut rng(4)).shape()[..], [0, 2]);
    assert_eq!(Tensor::ones([2, 3]).multinomial(0, false, &mut rng(4)).shape()[..], [2, 0]);
    let again = |seed| Tensor::ones([50]).multinomial(20, true, &mut rng(seed)).to_vec::<i64>();
    assert_eq!(again(5), again(5));
    assert_ne!(again(5), again(6));
    let message = |weights: Tensor, n, replacement| {
        let draw = AssertUnwindSafe(|| weights.multinomial(n, replacement, &mut rng(7)));
        *catch_unwind(draw).expect_err("it should have panicked").downcast::<String>().expect("a text")
    };
    let cases = [
        (tensor![1.0, -0.5], 1, true, "-0.5 is no weight"),
        (tensor![1.0, f32::NAN], 1, true, "NaN is no weight"),
        (tensor![1.0, f32::INFINITY], 1, false, "inf is no weight"),
        (tensor![0.0, 0.0], 1, true, "1 cannot be drawn from 0 categories"),
        (Tensor::ones([0]), 1, true, "1 cannot be drawn from 0 categories"),
        (tensor![1.0, 0.0, 2.0], 3, false, "3 cannot be drawn from 2 categories"),
        (Tensor::ones([2, 2, 2]), 1, true, "but have shape [2, 2, 2]"),
        (tensor![1, 2], 1, true, "needs f32 or f64, but the tensor holds i64"),
    ];
    for (weights, n, replacement, part) in cases {
        let said = message(weights, n, replacement);
        assert!(said.starts_with("multinomial: ") && said.contains(part), "{said}");
    }
}
