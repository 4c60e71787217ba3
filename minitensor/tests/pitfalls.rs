//! Places where engines like this one go wrong: each has been wrong in some engine, and no training curve would have shown it.

use minitensor::device::Conv2dOptions;
use minitensor::nn::{BatchNorm2d, Linear, Module};
use minitensor::ops::{AttentionOptions, ConvTransposeOptions, Pool2dOptions};
use minitensor::optim::{Optimizer, Sgd, SgdOptions};
use minitensor::{Tensor, gradcheck};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(0)
}

fn drawn(shape: &[usize]) -> Tensor {
    Tensor::randn_of::<f64>(shape, &mut rng())
}

fn gradient(x: &Tensor, f: impl Fn(&Tensor) -> Tensor) -> Vec<f64> {
    let x = x.detach().requires_grad_();
    f(&x).sum().backward();
    x.grad().expect("the gradient arrives").to_vec()
}

#[test]
fn relu_is_flat_at_zero_and_lets_nan_through() {
    let x = Tensor::from([-1.0, 0.0, -0.0, 2.0]);
    assert_eq!(gradient(&x, Tensor::relu), [0.0, 0.0, 0.0, 1.0]);
    assert!(Tensor::from([f64::NAN]).relu().item().is_nan());
}

/// Of equal maxima, `max_dim` and pooling choose the first, and `amax` shares.
#[test]
fn tied_maxima_place_the_gradient_as_pytorch_does() {
    let x = Tensor::from([[3.0, 1.0, 3.0, 3.0]]);
    assert_eq!(gradient(&x, |x| x.max_dim(1, false).0), [1.0, 0.0, 0.0, 0.0]);
    let third = 1.0 / 3.0;
    assert_eq!(gradient(&x, |x| x.amax(1, false)), [third, 0.0, third, third]);
    let image = x.reshape([1, 1, 2, 2]);
    assert_eq!(gradient(&image, |x| x.max_pool2d(Pool2dOptions::square(2))), [1.0, 0.0, 0.0, 0.0]);
}

/// Sizes that the stride does not divide, and windows that overlap or leave gaps.
#[test]
fn strided_convolution_and_pooling_of_odd_sizes() {
    for (stride, padding, dilation) in [([2, 3], [1, 0], [1, 1]), ([3, 2], [0, 2], [2, 1])] {
        let options = Conv2dOptions { stride, padding, dilation, ..Conv2dOptions::default() };
        let inputs = [drawn(&[2, 2, 7, 9]), drawn(&[3, 2, 3, 2]), drawn(&[3])];
        gradcheck(|x| x[0].conv2d(&x[1], Some(&x[2]), options), &inputs).unwrap_or_else(|e| panic!("{e}"));
    }
    for (kernel, stride) in [([3, 2], [2, 3]), ([2, 2], [3, 3])] {
        let options = Pool2dOptions { stride, padding: [1, 1], kernel, ..Pool2dOptions::square(2) };
        gradcheck(|x| x[0].max_pool2d(options), &[drawn(&[1, 2, 7, 9])]).unwrap_or_else(|e| panic!("{e}"));
        gradcheck(|x| x[0].avg_pool2d(options), &[drawn(&[1, 2, 7, 9])]).unwrap_or_else(|e| panic!("{e}"));
    }
}

#[test]
fn transposed_convolution_of_signals_has_all_its_gradients() {
    let options =
        ConvTransposeOptions { stride: [3], padding: [1], output_padding: [2], ..Default::default() };
    let inputs = [drawn(&[2, 3, 5]), drawn(&[3, 2, 4]), drawn(&[2])];
    gradcheck(|x| x[0].conv_transpose1d(&x[1], Some(&x[2]), options), &inputs)
        .unwrap_or_else(|e| panic!("{e}"));
}

/// A tensor that two paths use gets the sum of both gradients, also where one path only looks at it another way.
#[test]
fn what_is_used_twice_gets_both_gradients() {
    let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    let twice = |x: &Tensor| {
        let grown = x.repeat_interleave(2, 0).repeat_interleave(2, 1);
        &grown + &grown.transpose(0, 1) * 10.0
    };
    assert_eq!(gradient(&x, twice), [44.0; 4]);
}

/// The batch is normalised by Σ(x − mean)²/n, but what is remembered is Σ(x − mean)²/(n − 1).
#[test]
fn the_running_variance_is_the_unbiased_one() {
    let norm = BatchNorm2d::new(1).momentum(1.0);
    let y = norm.forward(&Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 6.0], [2, 1, 1, 2])); // mean 3, Σ(x − mean)² = 14
    let running = norm.running.as_ref().expect("it keeps them");
    assert!((running.var.item() - 14.0 / 3.0).abs() < 1e-6);
    let spread = y.square().mean().item(); // 3.5 / (3.5 + eps)
    assert!((spread - 3.5 / (3.5 + 1e-5)).abs() < 1e-6);
}

/// What is computed in one pass for speed can be learned through, like what it is made of.
#[test]
fn every_fused_op_has_its_gradients() {
    let near = |what: &str, f: &dyn Fn(&[Tensor]) -> Tensor, inputs: &[Tensor]| {
        gradcheck(f, inputs).unwrap_or_else(|e| panic!("{what}: {e}"));
    };
    let (x, w, b) = (drawn(&[3, 4]), drawn(&[4]) + 2.0, drawn(&[4]));
    let affine = [x.clone(), w.clone(), b.clone()];
    near("softmax", &|x| x[0].softmax(1), &affine[..1]);
    near("log_softmax", &|x| x[0].log_softmax(0), &affine[..1]);
    near("layer_norm", &|x| x[0].layer_norm([4], Some(&x[1]), Some(&x[2]), 1e-5), &affine);
    near("rms_norm", &|x| x[0].rms_norm([4], Some(&x[1]), Some(1e-5)), &affine[..2]);
    near("group_norm", &|x| x[0].group_norm(2, Some(&x[1]), Some(&x[2]), 1e-5), &affine);
    near("batch_norm", &|x| x[0].batch_norm(None, Some(&x[1]), Some(&x[2]), Default::default()), &affine);
    let labels = Tensor::from([1i64, 0, 3]);
    near("cross_entropy", &|x| x[0].cross_entropy(&labels), &affine[..1]);
    let heads = [drawn(&[2, 3, 4]), drawn(&[2, 5, 4]) * 0.5, drawn(&[2, 5, 3])];
    let attend = |x: &[Tensor]| x[0].scaled_dot_product_attention(&x[1], &x[2], &AttentionOptions::causal());
    near("attention", &attend, &heads);
}

/// The first velocity is the gradient itself: dampening does not touch it.
#[test]
fn the_first_step_of_momentum_is_a_whole_step() {
    let w = Tensor::from([1.0f32]).requires_grad_();
    let options = SgdOptions { momentum: 0.9, dampening: 0.5, ..SgdOptions::default() };
    let mut sgd = Sgd::new(vec![w.clone()], 0.1, options);
    for expected in [1.0 - 0.1, 0.9 - 0.1 * (0.9 + 0.5)] {
        sgd.zero_grad();
        w.sum().backward();
        sgd.step();
        assert!((w.item() - expected).abs() < 1e-6, "{} is not {expected}", w.item());
    }
}

/// A part of a model that the loss does not reach is named, and not left behind without a word.
#[test]
#[should_panic(expected = "no gradient has reached weight, bias")]
fn a_gradient_that_stops_is_noticed() {
    let layer = Linear::new(2, 2, &mut rng());
    let mut sgd = Sgd::new(&layer, 0.1, SgdOptions::default());
    let x = Tensor::ones([1, 2]).requires_grad_();
    (layer.forward(&x).detach() + &x).sum().backward();
    sgd.step();
}
