//! The distributions of first weights: bounds and moments against those of the distributions that PyTorch draws from.

use minitensor::nn::init::{self, Fan, Nonlinearity, calculate_gain};
use minitensor::{DType, Tensor};

mod moments;

use moments::{assert_moments, assert_normal, assert_uniform, rng};

#[test]
fn distributions_have_their_bounds_and_moments() {
    assert_uniform(&init::uniform([100, 50], 0.3, &mut rng(1)), 0.3);
    assert_uniform(&(init::uniform_between([5000], 2.0, 3.0, &mut rng(2)) + -2.5), 0.5);
    assert_normal(&init::normal([100, 50], 0.02, &mut rng(3)), 0.02);
    let shape = [60, 20, 3, 3]; // fan_in 180, fan_out 540
    let relu = Nonlinearity::Relu;
    assert_uniform(&init::kaiming_uniform(shape, Fan::In, relu, &mut rng(4)), (6.0f64 / 180.0).sqrt());
    assert_normal(&init::kaiming_normal(shape, Fan::In, relu, &mut rng(5)), (2.0f64 / 180.0).sqrt());
    assert_normal(&init::kaiming_normal(shape, Fan::Out, relu, &mut rng(6)), (2.0f64 / 540.0).sqrt());
    assert_uniform(&init::xavier_uniform(shape, 1.0, &mut rng(7)), (6.0f64 / 720.0).sqrt());
    assert_normal(&init::xavier_normal(shape, 2.0, &mut rng(8)), 2.0 * (2.0f64 / 720.0).sqrt());
}

/// The table of `torch.nn.init.calculate_gain`.
#[test]
fn gains_are_pytorchs() {
    for (nonlinearity, gain) in [
        (Nonlinearity::Linear, 1.0),
        (Nonlinearity::Sigmoid, 1.0),
        (Nonlinearity::Tanh, 1.666_666_666_666_666_7),
        (Nonlinearity::Relu, std::f64::consts::SQRT_2),
        (Nonlinearity::LeakyRelu(0.01), 1.414_142_856_997_835),
        (Nonlinearity::Selu, 0.75),
    ] {
        assert!((calculate_gain(nonlinearity) - gain).abs() < 1e-7, "{nonlinearity:?}");
    }
}

/// The moments of cut normal distributions are known in closed form.
#[test]
fn a_cut_normal_distribution_stays_within_its_cut() {
    let inside = init::trunc_normal([20_000], 0.0, 0.02, [-0.04, 0.04], &mut rng(9));
    assert!(inside.abs().max().item() <= 0.04);
    assert_moments(&inside, 0.0, 0.773_741_303_549_668 * 4e-4, 1.416_189_124_849_5 * 1.6e-7);
    // far from the mean nearly all lie at the near end: mean 5.1865 and variance 0.0324 from 5 deviations on
    let tail = init::trunc_normal([20_000], 0.0, 1.0, [5.0, f64::INFINITY], &mut rng(10));
    assert!(tail.min().item() >= 5.0);
    let mean = tail.to_dtype(DType::F64).mean().item();
    assert!((mean - 5.186_503).abs() < 0.01, "{mean}");
}

#[test]
fn an_orthogonal_weight_turns_and_does_not_stretch() {
    for (shape, gain) in
        [(&[6, 6][..], 1.0), (&[4, 9], 1.0), (&[9, 4], 2.0), (&[8, 3, 3, 3], 1.5), (&[40, 5, 2], 1.0)]
    {
        let w = init::orthogonal(shape, gain, &mut rng(11));
        assert_eq!(&w.shape()[..], shape);
        let rows = shape[0];
        let w = w.reshape([rows, w.numel() / rows]).to_dtype(DType::F64);
        let w = if rows <= w.size(1) { w } else { w.t() };
        let product = w.matmul(&w.t());
        let identity = Tensor::eye(w.size(0)).to_dtype(DType::F64) * gain * gain;
        assert!(product.allclose(&identity, 0.0, 1e-6), "{product}");
    }
    // every direction is equally likely: no sign is preferred, on the diagonal neither
    let mut rng = rng(12);
    let corners: Vec<f64> =
        (0..400).map(|_| init::orthogonal([3, 3], 1.0, &mut rng).select(0, 0).select(0, 0).item()).collect();
    let mean = corners.iter().sum::<f64>() / 400.0;
    let square = corners.iter().map(|x| x * x).sum::<f64>() / 400.0;
    assert!(mean.abs() < 5.0 * (1.0f64 / 3.0 / 400.0).sqrt(), "{mean}");
    assert!((square - 1.0 / 3.0).abs() < 0.08, "{square}");
}

#[test]
fn a_dirac_convolution_changes_nothing() {
    let x = Tensor::randn([2, 3, 5, 4], &mut rng(13));
    let options = minitensor::device::Conv2dOptions { padding: [1, 2], ..Default::default() };
    let y = x.conv2d(&init::dirac([3, 3, 3, 5]), None, options);
    assert_eq!(y.to_vec::<f32>(), x.to_vec::<f32>());
    assert_eq!(init::dirac([3, 2, 3]).sum().item(), 2.0);
}
