//! Batch and instance norm as layers: what they track, what their options change, and the numbers of the course.

use minitensor::nn::{
    BatchNorm1d, BatchNorm2d, BatchNorm3d, Conv2d, InstanceNorm2d, Linear, Module, WeightNorm,
};
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn randn(shape: &[usize], seed: u64) -> Tensor {
    Tensor::randn(shape, &mut ChaCha8Rng::seed_from_u64(seed))
}

fn buffer(module: &dyn Module, name: &str) -> Tensor {
    module.state_dict()[name].to_dtype(DType::F64)
}

fn assert_close(got: &Tensor, want: &Tensor, tolerance: f64) {
    assert!(got.allclose(want, tolerance, tolerance), "{got}\nnot\n{want}");
}

/// Chapter 16: a batch of noise comes out with mean 0, and with deviation 1 but for eps and Bessel's correction.
#[test]
fn a_batch_of_noise_is_normalised() {
    let y = BatchNorm2d::new(8).forward(&randn(&[16, 8, 32, 32], 1)).detach().to_dtype(DType::F64);
    assert!(y.mean().item().abs() < 1e-6);
    let channels = y.std_dim([0, 2, 3], 1, false).to_vec::<f64>();
    // sqrt(n / (n - 1)) - 1 is 3.1e-5 with n = 16 * 32 * 32, and eps takes half of 1e-5 off it
    assert!(channels.iter().all(|std| (std - 1.0 - 2.6e-5).abs() < 1e-6), "{channels:?}");
}

#[test]
fn the_running_variance_is_the_unbiased_one() {
    let norm = BatchNorm1d::new(2).momentum(1.0);
    norm.forward(&Tensor::from([[1.0f32, 0.0], [2.0, 0.0], [6.0, 3.0]]));
    assert_close(&buffer(&norm, "running_mean"), &Tensor::from([3.0f64, 1.0]), 1e-6);
    assert_close(&buffer(&norm, "running_var"), &Tensor::from([7.0f64, 3.0]), 1e-6); // 14 / 2 and 6 / 2
}

#[test]
fn running_averages_forget_or_count_all_alike() {
    let batches: Vec<Tensor> = (0..4).map(|seed| randn(&[6, 3, 2, 2, 2], seed) + seed as f64).collect();
    let means: Vec<Tensor> =
        batches.iter().map(|x| x.to_dtype(DType::F64).mean_dim([0, 2, 3, 4], false)).collect();
    let (forgetting, cumulative) = (BatchNorm3d::new(3).momentum(0.3), BatchNorm3d::new(3).cumulative());
    for x in &batches {
        forgetting.forward(x);
        cumulative.forward(x);
    }
    let expected = means.iter().fold(Tensor::zeros([3]).to_dtype(DType::F64), |m, new| m * 0.7 + new * 0.3);
    assert_close(&buffer(&forgetting, "running_mean"), &expected, 1e-6);
    let average = (&means[0] + &means[1] + &means[2] + &means[3]) * 0.25;
    assert_close(&buffer(&cumulative, "running_mean"), &average, 1e-6);
    assert_eq!(buffer(&cumulative, "num_batches_tracked").item(), 4.0);
}

#[test]
fn evaluation_uses_what_training_saw_and_changes_nothing() {
    let x = randn(&[5, 3], 2);
    let norm = BatchNorm1d::new(3);
    norm.forward(&x);
    norm.eval();
    let before = norm.state_dict();
    let alone = norm.forward(&x.narrow(0, 1, 1)).to_vec::<f32>();
    assert_eq!(alone, norm.forward(&x).narrow(0, 1, 1).to_vec::<f32>(), "a row depends on its batch");
    let after = norm.state_dict();
    assert!(before.iter().all(|(key, tensor)| tensor.allclose(&after[key], 0.0, 0.0)));

    let untracked = BatchNorm1d::new(3).without_running_stats();
    let trained = untracked.forward(&x).to_vec::<f32>();
    untracked.eval();
    assert_eq!(untracked.forward(&x).to_vec::<f32>(), trained, "without averages the batch is all there is");
    assert_eq!(untracked.state_dict().keys().collect::<Vec<_>>(), ["bias", "weight"]);
    let bare = BatchNorm1d::new(3).without_affine();
    let keys = ["num_batches_tracked", "running_mean", "running_var"];
    assert_eq!(bare.state_dict().keys().collect::<Vec<_>>(), keys);
    assert_eq!(bare.num_parameters(), 0);
}

#[test]
fn eps_is_added_to_the_variance() {
    let x = Tensor::from([[-1.0f32], [1.0]]);
    let largest = |eps: f64| BatchNorm1d::new(1).eps(eps).forward(&x).to_vec::<f32>()[1];
    assert!((largest(3.0) - 0.5).abs() < 1e-6); // 1 / sqrt(1 + 3)
    assert!((largest(0.0) - 1.0).abs() < 1e-6);
}

#[test]
fn an_empty_batch_leaves_the_averages_alone() {
    let norm = BatchNorm1d::new(3);
    assert_eq!(norm.forward(&Tensor::zeros([0, 3])).shape()[..], [0, 3]);
    assert_eq!(buffer(&norm, "running_mean").to_vec::<f64>(), [0.0; 3]);
    assert_eq!(buffer(&norm, "running_var").to_vec::<f64>(), [1.0; 3]);
}

#[test]
fn instance_norm_learns_and_tracks_only_what_it_is_asked_to() {
    let x = randn(&[4, 3, 5, 5], 3);
    let bare = InstanceNorm2d::new(3);
    assert!(bare.state_dict().is_empty());
    let trained = bare.forward(&x).to_vec::<f32>();
    bare.eval();
    assert_eq!(bare.forward(&x).to_vec::<f32>(), trained);

    let full = InstanceNorm2d::new(3).affine().track_running_stats().momentum(1.0).eps(1e-3);
    let keys = ["bias", "num_batches_tracked", "running_mean", "running_var", "weight"];
    assert_eq!(full.state_dict().keys().collect::<Vec<_>>(), keys);
    full.forward(&x);
    let exact = x.to_dtype(DType::F64);
    assert_close(&buffer(&full, "running_mean"), &exact.mean_dim([0, 2, 3], false), 1e-5);
    let variance = exact.var_dim([2, 3], 1, false).mean_dim(0, false);
    assert_close(&buffer(&full, "running_var"), &variance, 1e-5);
    full.eval();
    let one = full.forward(&x.narrow(0, 2, 1)).to_vec::<f32>();
    assert_eq!(one, full.forward(&x).narrow(0, 2, 1).to_vec::<f32>());
}

#[test]
#[should_panic(expected = "instance_norm: training needs more than one number a channel of an image")]
fn an_image_of_one_pixel_has_no_variance() {
    InstanceNorm2d::new(3).forward(&Tensor::zeros([2, 3, 1, 1]));
}

#[test]
fn weight_norm_computes_what_its_layer_did_and_learns_length_and_direction() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let x = randn(&[2, 3, 5, 5], 5);
    let plain = Conv2d::with(3, 4, 3).padding(1).build(&mut rng);
    let expected = plain.forward(&x).detach();
    let (weight, bias) = (plain.weight.detach(), plain.bias.clone().expect("it has one"));
    let norm = WeightNorm::new(plain);
    assert_close(&norm.forward(&x), &expected, 1e-5);
    assert_eq!(norm.state_dict().keys().collect::<Vec<_>>(), ["bias", "weight_g", "weight_v"]);
    assert_eq!(norm.weight_g.shape()[..], [4, 1, 1, 1]);

    norm.forward(&x).square().sum().backward();
    let [to_v, to_bias] = [&norm.weight_v, &bias].map(|leaf| leaf.grad().expect("it is learned"));
    assert!(norm.weight_g.grad().is_some() && to_bias.is_finite());
    // a step along the gradient of v turns it: it has no part along v
    let along = (&to_v * &weight).sum_dim([1, 2, 3], false);
    assert!(along.allclose(&Tensor::zeros([4]), 0.0, 1e-3 * to_v.abs().max().item()), "{along}");

    // twice the length is twice the answer, and the length of v does not count
    minitensor::no_grad(|| {
        norm.weight_g.copy_(&(norm.weight_g.detach() * 2.0));
        norm.weight_v.copy_(&(&weight * 7.0));
    });
    let bias = bias.detach().reshape([4, 1, 1]);
    assert_close(&norm.forward(&x), &((expected - &bias) * 2.0 + &bias), 1e-4);
    let folded = norm.into_inner();
    assert_close(&folded.weight, &(weight * 2.0), 1e-5);
    assert!(folded.weight.is_leaf() && folded.weight.requires_grad());
}

#[test]
fn weight_norm_of_a_linear_layer() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let x = randn(&[5, 3], 7);
    let plain = Linear::without_bias(3, 2, &mut rng);
    let expected = plain.forward(&x).detach();
    let norm = WeightNorm::new(plain);
    assert_close(&norm.forward(&x), &expected, 1e-5);
    assert_eq!(norm.named_parameters().len(), 2);
    let lengths = norm.weight().detach().square().sum_dim(1, true).sqrt();
    assert_close(&lengths, &norm.weight_g, 1e-6);
}
