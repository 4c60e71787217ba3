//! Convolution, pooling, going up again, and what the sizes of filters cost.

use minitensor::Tensor;
use minitensor::device::Conv2dOptions;
use minitensor::nn::{Conv2d, ConvTranspose2d, Linear, Module, Sequential, summary};
use minitensor::ops::{Conv1dOptions, Pool2dOptions};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(0)
}

fn close(got: &Tensor, want: &[f32]) {
    let got = got.to_vec::<f32>();
    let near = got.len() == want.len() && got.iter().zip(want).all(|(g, w)| (g - w).abs() < 5e-5);
    assert!(near, "{got:?} should be {want:?}");
}

#[test]
fn sizes_after_a_convolution() {
    let (signal, filter) = (Tensor::ones([1, 1, 16]), Tensor::ones([1, 1, 5]));
    assert_eq!(signal.conv1d(&filter, None, Conv1dOptions::default()).shape()[..], [1, 1, 12]);

    let conv = Conv2d::with(3, 64, 5).stride(2).padding(2).build(&mut rng());
    assert_eq!(conv.forward(&Tensor::zeros([12, 3, 224, 224])).shape()[..], [12, 64, 112, 112]);
}

#[test]
fn pooling_the_first_sixteen_numbers() {
    let x = Tensor::arange(16).to_dtype(minitensor::DType::F32).reshape([1, 1, 4, 4]);
    close(&x.max_pool2d(Pool2dOptions::square(2)), &[5.0, 7.0, 13.0, 15.0]);

    let mean = Tensor::full([1, 1, 3, 3], 1.0 / 9.0);
    let options = Conv2dOptions { stride: [2, 2], padding: [1, 1], ..Conv2dOptions::default() };
    close(&x.conv2d(&mean, None, options), &[1.1111, 2.6667, 5.6667, 10.0]);
}

#[test]
fn pooling_by_three_drops_the_last_row_and_column() {
    let x = Tensor::zeros([11, 3, 112, 112]);
    assert_eq!(x.max_pool2d(Pool2dOptions::square(3)).shape()[..], [11, 3, 37, 37]);
    assert_eq!(x.avg_pool2d(Pool2dOptions::square(3)).shape()[..], [11, 3, 37, 37]);
}

#[test]
fn a_transposed_convolution_doubles_an_image() {
    let up = ConvTranspose2d::with(4, 2, 3).stride(2).padding(1).output_padding(1).build(&mut rng());
    assert_eq!(up.forward(&Tensor::zeros([1, 4, 8, 8])).shape()[..], [1, 2, 16, 16]);
}

/// The filters alone, as the course counts them.
fn weights(conv: &Conv2d) -> usize {
    conv.weight.numel()
}

#[test]
fn filters_are_fewer_weights_than_dense_units() {
    let dense = 224 * 224 * 3 * 1000;
    assert_eq!(dense, 150_528_000); // 150 M
    let small = Linear::new(7 * 7 * 3, 1000, &mut rng());
    let filters = Conv2d::new(3, 1000, 7, &mut rng());
    assert_eq!(filters.num_parameters(), 148_000);
    assert_eq!(filters.num_parameters(), small.num_parameters());
}

#[test]
fn depthwise_separable_filters() {
    let full = Conv2d::with(32, 64, 3).bias(false).build(&mut rng());
    let depthwise = Conv2d::with(32, 32, 3).groups(32).bias(false).build(&mut rng());
    let pointwise = Conv2d::with(32, 64, 1).bias(false).build(&mut rng());
    assert_eq!(weights(&full), 18_432);
    assert_eq!(weights(&depthwise) + weights(&pointwise), 2_336);
}

/// Learned numbers, and products that a 112 x 112 image takes.
fn cost(net: &Sequential, inputs: usize) -> (usize, u64) {
    let summary = summary(net, [1, inputs, 112, 112]);
    let products = summary.layers.iter().map(|layer| layer.multiply_adds).sum();
    (net.num_parameters(), products)
}

/// Eighteen channels between 64 and 128 are enough to ask for by a 1x1 convolution, and leave the costly one little to do.
#[test]
fn a_1x1_convolution_makes_a_5x5_one_cheap() {
    let rng = &mut rng();
    let wide = Sequential::new().with(Conv2d::with(64, 128, 5).padding(2).bias(false).build(rng));
    assert_eq!(cost(&wide, 64), (204_800, 2_569_011_200));
    let narrowed = Sequential::new()
        .with(Conv2d::with(64, 18, 1).bias(false).build(rng))
        .with(Conv2d::with(18, 128, 5).padding(2).bias(false).build(rng));
    assert_eq!(cost(&narrowed, 64), (58_752, 736_985_088));
}

#[test]
fn a_bottleneck_of_256_channels_has_an_eighth_of_the_parameters() {
    let rng = &mut rng();
    assert_eq!(Conv2d::new(256, 256, 3, rng).num_parameters(), 590_080);
    let bottleneck = Sequential::new()
        .with(Conv2d::new(256, 64, 1, rng))
        .with(Conv2d::new(64, 64, 3, rng))
        .with(Conv2d::new(64, 256, 1, rng));
    assert_eq!(bottleneck.num_parameters(), 70_016);
}
