//! Dropout: how many elements it drops, which ones, and what becomes of the rest.

use minitensor::nn::{AlphaDropout, Dropout, Dropout2d, Module};
use minitensor::{DType, Tensor, gradcheck};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn count(x: &Tensor, value: f32) -> f64 {
    x.to_vec::<f32>().iter().filter(|x| **x == value).count() as f64
}

#[test]
fn a_share_p_is_dropped_and_the_rest_makes_up_for_it() {
    for (p, seed) in [(0.1, 1), (0.5, 2), (0.9, 3)] {
        let n = 200_000;
        let y = Tensor::ones([n]).dropout(p, &mut rng(seed));
        let (dropped, kept) = (count(&y, 0.0), count(&y, (1.0 / (1.0 - p)) as f32));
        assert_eq!(dropped + kept, n as f64, "an element is dropped or scaled, nothing else");
        let deviation = (n as f64 * p * (1.0 - p)).sqrt();
        assert!((dropped - n as f64 * p).abs() < 4.0 * deviation, "{dropped} of {n} dropped, p = {p}");
        // neighbours are dropped independently: both of a pair with probability p²
        let zero: Vec<bool> = y.to_vec::<f32>().iter().map(|y| *y == 0.0).collect();
        let pairs = zero.windows(2).filter(|pair| pair[0] && pair[1]).count() as f64 / (n - 1) as f64;
        assert!((pairs - p * p).abs() < 0.01, "{pairs} of the pairs, p = {p}");
        // and so are elements of different stretches
        let apart = zero.iter().zip(&zero[1 << 14..]).filter(|(a, b)| **a && **b).count() as f64;
        assert!((apart / (n - (1 << 14)) as f64 - p * p).abs() < 0.01);
    }
}

#[test]
fn the_ends_drop_nothing_and_everything() {
    let x = Tensor::from([1.0f32, -2.0]).requires_grad_();
    assert_eq!(x.dropout(0.0, &mut rng(0)).to_vec::<f32>(), [1.0, -2.0]);
    let y = x.dropout(1.0, &mut rng(0));
    y.sum().backward();
    assert!(y.to_vec::<f32>().iter().all(|y| *y == 0.0));
    assert_eq!(x.grad().expect("it is used").to_vec::<f32>(), [0.0, 0.0]);
    assert_eq!(Tensor::zeros([0, 3]).dropout(0.5, &mut rng(0)).shape()[..], [0, 3]);
}

#[test]
fn a_seed_decides_what_is_dropped_whatever_the_layout_and_dtype() {
    let x = Tensor::ones([60, 70]);
    let y = x.dropout(0.4, &mut rng(5));
    assert_eq!(y.to_vec::<f32>(), x.dropout(0.4, &mut rng(5)).to_vec::<f32>());
    assert_ne!(y.to_vec::<f32>(), x.dropout(0.4, &mut rng(6)).to_vec::<f32>());
    let transposed = Tensor::ones([70, 60]).transpose(0, 1).dropout(0.4, &mut rng(5));
    assert_eq!(y.to_vec::<f32>(), transposed.to_vec::<f32>());
    let double = x.to_dtype(DType::F64).dropout(0.4, &mut rng(5));
    assert!(double.to_dtype(DType::F32).allclose(&y, 1e-6, 0.0));
}

#[test]
fn each_call_drops_others_and_a_saved_position_drops_the_same_again() {
    let (layer, x) = (Dropout::new(0.5, 7), Tensor::ones([100]));
    let first = layer.forward(&x).to_vec::<f32>();
    let state = layer.rng_state();
    let second = layer.forward(&x).to_vec::<f32>();
    assert_ne!(first, second);
    let other = Dropout::new(0.5, 8);
    other.load_rng_state(&state).expect("it is a state of dropout");
    assert_eq!(other.forward(&x).to_vec::<f32>(), second);
    layer.eval();
    let before = layer.rng_state();
    assert_eq!(layer.forward(&x).to_vec::<f32>(), x.to_vec::<f32>(), "evaluation passes");
    assert_eq!(before["rng"].to_vec::<u8>(), layer.rng_state()["rng"].to_vec::<u8>(), "and draws nothing");
}

#[test]
fn whole_channels_are_dropped_together() {
    let y = Dropout2d::new(0.3, 9).forward(&Tensor::ones([50, 40, 5, 6]));
    let sums = y.sum_dim([2, 3], false);
    let dropped = count(&sums, 0.0);
    let whole = sums.to_vec::<f32>().iter().filter(|sum| (**sum - 30.0 / 0.7).abs() < 1e-3).count() as f64;
    assert_eq!(dropped + whole, 2000.0, "a channel is dropped as a whole");
    assert!((dropped - 600.0).abs() < 4.0 * (2000.0f64 * 0.3 * 0.7).sqrt(), "{dropped} of 2000");
    // larger channels than a stretch of draws has elements
    let large = Tensor::ones([3, 8, 30_000]).feature_dropout(0.5, &mut rng(10)).amax(2, false);
    let flat = Tensor::ones([3, 8]).feature_dropout(0.5, &mut rng(11));
    for y in [large, flat] {
        let dropped = count(&y, 0.0);
        assert!(dropped > 4.0 && dropped + count(&y, 2.0) == 24.0, "{dropped}");
    }
}

#[test]
fn alpha_dropout_keeps_mean_and_deviation() {
    let x = Tensor::randn([400_000], &mut rng(12));
    for p in [0.1, 0.5] {
        let y = AlphaDropout::new(p, 13).forward(&x).to_dtype(DType::F64);
        let (mean, std) = (y.mean().item(), y.std(1).item());
        assert!(mean.abs() < 0.01 && (std - 1.0).abs() < 0.01, "p = {p}: mean {mean}, deviation {std}");
        // PyTorch: dropped elements are a (−1.758…) (1 − p) with a = 1 / √((1.758…² p + 1) (1 − p))
        let a = 1.0 / ((1.758_099_340_847_376_6f64.powi(2) * p + 1.0) * (1.0 - p)).sqrt();
        let value = -1.758_099_340_847_376_6 * a * (1.0 - p);
        let dropped = y.to_vec::<f64>().iter().filter(|y| (**y - value).abs() < 1e-6).count() as f64;
        assert!((dropped / 400_000.0 - p).abs() < 0.01, "{dropped}");
    }
}

#[test]
fn the_gradient_drops_what_was_dropped() {
    let x = Tensor::randn([5, 4, 3], &mut rng(14)).to_dtype(DType::F64).transpose(0, 1);
    assert_eq!(gradcheck(|x| x[0].dropout(0.3, &mut rng(15)), std::slice::from_ref(&x)), Ok(()));
    assert_eq!(gradcheck(|x| x[0].feature_dropout(0.3, &mut rng(16)), std::slice::from_ref(&x)), Ok(()));
    assert_eq!(gradcheck(|x| x[0].alpha_dropout(0.3, &mut rng(17)), std::slice::from_ref(&x)), Ok(()));
    let ones = Tensor::ones([1000]).requires_grad_();
    let y = ones.dropout(0.5, &mut rng(18));
    y.sum().backward();
    assert_eq!(ones.grad().expect("it is used").to_vec::<f32>(), y.to_vec::<f32>());
}

#[test]
#[should_panic(expected = "dropout: the probability must be from 0 to 1, but it is 1.5")]
fn a_probability_is_at_most_1() {
    Tensor::ones([2]).dropout(1.5, &mut rng(0));
}

#[test]
#[should_panic(expected = "dropout: needs f32 or f64")]
fn whole_numbers_cannot_be_scaled() {
    Tensor::arange(3).dropout(0.5, &mut rng(0));
}
