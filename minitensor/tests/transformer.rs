//! The transformer's encoder: its sizes, and what a published table says of its positions.

use minitensor::nn::sinusoidal_positions;
use minitensor::nn::{AttentionMasks, EncoderOptions, Module, MultiheadAttention, TransformerEncoder};
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

#[test]
fn the_encoder_of_the_course_has_its_size() {
    let options = EncoderOptions { feedforward: 50, ..EncoderOptions::default() };
    let encoder = TransformerEncoder::new(3, 100, 5, options, &mut ChaCha8Rng::seed_from_u64(0));
    assert_eq!(encoder.forward(&Tensor::ones([10, 32, 100])).shape()[..], [10, 32, 100]);
    assert_eq!(encoder.num_parameters(), 152_850);
}

#[test]
fn a_hidden_key_changes_nothing() {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let attention = MultiheadAttention::new(6, 2, rng).batch_first();
    let x = Tensor::randn([2, 4, 6], rng);
    let other = Tensor::cat(&[&x.narrow(1, 0, 3), &Tensor::randn([2, 1, 6], rng)], 1);
    let last = Tensor::from_vec(vec![0u8, 0, 0, 1, 0, 0, 0, 1], [2, 4]);
    let masks = AttentionMasks { key_padding_mask: Some(last), ..AttentionMasks::default() };
    let [y, z] = [&x, &other].map(|x| attention.attend(x, x, x, &masks).narrow(1, 0, 3));
    assert!(y.allclose(&z, 0.0, 1e-6));
    let [y, z] = [&x, &other].map(|x| attention.forward(x).narrow(1, 0, 3));
    assert!(!y.allclose(&z, 0.0, 1e-3));
}

#[test]
fn dropout_drops_in_training_only() {
    let rng = &mut ChaCha8Rng::seed_from_u64(2);
    let encoder = TransformerEncoder::new(1, 6, 2, EncoderOptions::default(), rng);
    let x = Tensor::randn([5, 2, 6], rng);
    assert!(!encoder.forward(&x).allclose(&encoder.forward(&x), 0.0, 1e-3));
    encoder.eval();
    assert!(encoder.forward(&x).allclose(&encoder.forward(&x), 0.0, 0.0));
}

#[test]
fn positions_are_waves() {
    let positions = sinusoidal_positions(50, 4).to_dtype(DType::F64);
    // sin p, cos p, sin (p / 100), cos (p / 100)
    let p = 7f64;
    let want = Tensor::from_vec(vec![p.sin(), p.cos(), (p / 100.0).sin(), (p / 100.0).cos()], [4]);
    assert!(positions.select(0, 7).allclose(&want, 0.0, 1e-7));
}

#[test]
#[should_panic(expected = "4 heads cannot share a width of 6 evenly")]
fn heads_must_share_the_width() {
    let _ = MultiheadAttention::new(6, 4, &mut ChaCha8Rng::seed_from_u64(0));
}
