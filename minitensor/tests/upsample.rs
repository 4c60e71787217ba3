//! Layers that enlarge an image without weights.

use minitensor::Tensor;
use minitensor::nn::{Module, PixelShuffle, PixelUnshuffle, Upsample};
use minitensor::ops::InterpolateMode;

fn numbers(shape: &[usize]) -> Tensor {
    Tensor::from_vec((0..shape.iter().product::<usize>()).map(|i| i as f32).collect(), shape)
}

#[test]
fn nearest_repeats_each_pixel() {
    let y = Upsample::nearest(2).forward(&numbers(&[1, 1, 2, 2]));
    assert_eq!(y.shape()[..], [1, 1, 4, 4]);
    let want = [0., 0., 1., 1., 0., 0., 1., 1., 2., 2., 3., 3., 2., 2., 3., 3.];
    assert_eq!(y.to_vec::<f32>(), want);
}

#[test]
fn bilinear_keeps_the_edges_and_blends_quarters_between() {
    let y = Upsample::bilinear(2).forward(&Tensor::from_vec(vec![0.0f32, 4.0], [1, 1, 1, 2]));
    assert_eq!(y.shape()[..], [1, 1, 2, 4]);
    assert_eq!(y.to_vec::<f32>(), [0., 1., 3., 4., 0., 1., 3., 4.]);
}

#[test]
fn unshuffled_pixels_are_shuffled_back() {
    let x = numbers(&[2, 3, 4, 6]);
    let channels = PixelUnshuffle(2).forward(&x);
    assert_eq!(channels.shape()[..], [2, 12, 2, 3]);
    assert_eq!(PixelShuffle(2).forward(&channels).to_vec::<f32>(), x.to_vec::<f32>());
}

#[test]
#[should_panic(expected = "one size or factor is needed for each dimension after (N, C)")]
fn a_size_is_needed_for_each_dimension() {
    numbers(&[1, 1, 2, 2]).interpolate(&[4], InterpolateMode::Nearest);
}

#[test]
#[should_panic(expected = "cannot go from 2 to 0 pixels")]
fn a_factor_that_leaves_nothing_is_refused() {
    numbers(&[1, 1, 2, 2]).interpolate_by(&[0.3, 1.0], InterpolateMode::Nearest);
}

#[test]
#[should_panic(expected = "a factor must be a number above 0, not NaN")]
fn a_factor_must_be_a_number() {
    numbers(&[1, 1, 2]).interpolate_by(&[f64::NAN], InterpolateMode::Nearest);
}

#[test]
#[should_panic(expected = "factor² must divide the channels")]
fn channels_must_fill_the_blocks() {
    numbers(&[1, 6, 2, 2]).pixel_shuffle(2);
}

#[test]
#[should_panic(expected = "it must divide height and width")]
fn blocks_must_fill_the_image() {
    numbers(&[1, 1, 2, 3]).pixel_unshuffle(2);
}
