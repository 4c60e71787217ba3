//! Each layer starts as PyTorch's does: the distributions of its `reset_parameters`, over many layers drawn in a row.

use std::collections::BTreeMap;

use minitensor::nn::*;
use minitensor::{DType, Tensor, no_grad};
use rand::rngs::ChaCha8Rng;

mod moments;

use moments::{assert_normal, assert_uniform, rng};

/// The parameters of many layers, joined by name.
fn drawn<L: Module>(layers: usize, mut make: impl FnMut(&mut ChaCha8Rng) -> L) -> BTreeMap<String, Tensor> {
    let mut rng = rng(layers as u64);
    let mut parts = BTreeMap::<String, Vec<Tensor>>::new();
    for _ in 0..layers {
        for (name, parameter) in make(&mut rng).named_parameters() {
            parts.entry(name).or_default().push(parameter.detach().flatten(0, -1));
        }
    }
    let joined = |parts: Vec<Tensor>| Tensor::cat(&parts.iter().collect::<Vec<_>>(), 0);
    parts.into_iter().map(|(name, parts)| (name, joined(parts))).collect()
}

/// Each parameter of the layer is uniform within ±bound.
fn assert_all_uniform<L: Module>(parameters: usize, bound: f64, make: impl FnMut(&mut ChaCha8Rng) -> L) {
    let all = drawn(100, make);
    assert_eq!(all.len(), parameters, "{:?}", all.keys());
    all.values().for_each(|parameter| assert_uniform(parameter, bound));
}

fn assert_constant(x: &Tensor, value: f64) {
    assert!(x.to_dtype(DType::F64).to_vec::<f64>().iter().all(|x| *x == value), "{x} is not {value}");
}

/// `kaiming_uniform_(weight, a=√5)`: a bound of √(6 / ((1 + a²) fan_in)) = 1/√fan_in, and the bias within the same
/// (`torch/nn/modules/linear.py` and `conv.py`).
#[test]
fn linear_and_convolution_are_uniform_within_one_over_the_root_of_fan_in() {
    let root = |fan_in: f64| 1.0 / fan_in.sqrt();
    assert_all_uniform(2, root(7.0), |rng| Linear::new(7, 5, rng));
    assert_all_uniform(1, root(7.0), |rng| Linear::without_bias(7, 5, rng));
    // in / groups · K
    assert_all_uniform(2, root(3.0 * 5.0), |rng| Conv1d::new(3, 4, 5, rng));
    assert_all_uniform(2, root(2.0 * 9.0), |rng| Conv2d::with(4, 6, 3).groups(2).build(rng));
    assert_all_uniform(2, root(3.0 * 6.0), |rng| Conv3d::with(3, 4, [1, 2, 3]).padding_same().build(rng));
}

/// A transposed weight is (in, out / groups, K…), and `_calculate_fan_in_and_fan_out` takes its second dimension for the
/// inputs all the same: the fan-in is out / groups · K.
#[test]
fn transposed_convolution_takes_its_outputs_for_its_fan_in() {
    let root = |fan_in: f64| 1.0 / fan_in.sqrt();
    assert_all_uniform(2, root(4.0 * 5.0), |rng| ConvTranspose1d::new(3, 4, 5, rng));
    assert_all_uniform(2, root(3.0 * 9.0), |rng| ConvTranspose2d::with(4, 6, 3).groups(2).build(rng));
    assert_all_uniform(2, root(2.0 * 6.0), |rng| ConvTranspose3d::with(5, 2, [1, 2, 3]).build(rng));
}

/// `stdv = 1 / √hidden_size` for every weight and bias (`torch/nn/modules/rnn.py`), whatever the number of inputs.
#[test]
fn recurrent_layers_are_uniform_within_one_over_the_root_of_hidden() {
    let (bound, deep) =
        (1.0 / 6f64.sqrt(), RnnOptions { num_layers: 2, bidirectional: true, ..RnnOptions::default() });
    assert_all_uniform(4, bound, |rng| LSTM::new(3, 6, rng));
    assert_all_uniform(4, bound, |rng| GRU::new(3, 6, rng));
    assert_all_uniform(4, bound, |rng| RNN::new(3, 6, rng));
    assert_all_uniform(16, bound, |rng| LSTM::with_options(3, 6, deep, rng));
    assert_all_uniform(4, bound, |rng| LstmCell::new(3, 6, rng));
    assert_all_uniform(4, bound, |rng| GruCell::new(3, 6, rng));
    assert_all_uniform(4, bound, |rng| RnnCell::new(3, 6, rng));
}

/// `normal_(weight)`, and zeros for the padding (`torch/nn/modules/sparse.py`).
#[test]
fn embeddings_are_standard_normal() {
    assert_normal(&drawn(100, |rng| Embedding::new(11, 7, rng))["weight"], 1.0);
    let padded = Embedding::new(11, 7, &mut rng(1)).padding_idx(4);
    assert_constant(&padded.weight.detach().select(0, 4), 0.0);
    assert!(no_grad(|| padded.weight.abs().sum_dim(1, false)).gt_scalar(0.0).count_nonzero() == 10);
}

/// `xavier_uniform_` for what projects in, within √(6 / (fan_in + fan_out)), as one matrix (3 C, C) or as three; zeros for
/// both biases; and the outer weight as a linear layer's (`torch/nn/modules/activation.py`).
#[test]
fn attention_starts_with_xavier_and_biases_of_zero() {
    let packed = drawn(60, |rng| MultiheadAttention::new(8, 2, rng));
    assert_eq!(packed.len(), 4);
    assert_uniform(&packed["in_proj_weight"], (6.0f64 / (8.0 + 24.0)).sqrt());
    let apart = drawn(60, |rng| MultiheadAttention::with_dims(8, 2, 5, 3, rng));
    assert_eq!(apart.len(), 6);
    for (name, inputs) in [("q", 8.0), ("k", 5.0), ("v", 3.0)] {
        assert_uniform(&apart[&format!("{name}_proj_weight")], (6.0f64 / (8.0 + inputs)).sqrt());
    }
    for all in [packed, apart] {
        assert_uniform(&all["out_proj.weight"], 1.0 / 8f64.sqrt());
        assert_constant(&all["in_proj_bias"], 0.0);
        assert_constant(&all["out_proj.bias"], 0.0);
    }
}

/// The encoder's layer adds two linear layers and two norms.
#[test]
fn an_encoder_layer_starts_as_its_parts() {
    let options = EncoderOptions { feedforward: 12, ..EncoderOptions::default() };
    let all = drawn(60, |rng| TransformerEncoderLayer::new(8, 2, options, rng));
    assert_eq!(all.len(), 12);
    for (name, bound) in [("linear1", 1.0 / 8f64.sqrt()), ("linear2", 1.0 / 12f64.sqrt())] {
        assert_uniform(&all[&format!("{name}.weight")], bound);
        assert_uniform(&all[&format!("{name}.bias")], bound);
    }
    assert_uniform(&all["self_attn.in_proj_weight"], (6.0f64 / (8.0 + 24.0)).sqrt());
    for norm in ["norm1", "norm2"] {
        assert_constant(&all[&format!("{norm}.weight")], 1.0);
        assert_constant(&all[&format!("{norm}.bias")], 0.0);
    }
}

/// Norms start as the identity, and their running statistics as those of a standard normal distribution.
#[test]
fn norms_start_with_ones_and_zeros() {
    let norms: [(&dyn Module, usize); 8] = [
        (&BatchNorm1d::new(4), 5),
        (&BatchNorm2d::new(4), 5),
        (&BatchNorm3d::new(4), 5),
        (&LayerNorm::new([4]), 2),
        (&RMSNorm::new([4]), 1),
        (&GroupNorm::new(2, 4), 2),
        (&InstanceNorm2d::new(4).affine().track_running_stats(), 5),
        (&InstanceNorm1d::new(4), 0),
    ];
    for (norm, entries) in norms {
        assert_eq!(norm.state_dict().len(), entries, "{:?}", norm.state_dict().keys());
        for (name, tensor) in norm.state_dict() {
            assert_constant(&tensor, if matches!(&name[..], "weight" | "running_var") { 1.0 } else { 0.0 });
        }
    }
    assert_constant(&PRelu::of_channels(3).weight, 0.25);
}

/// A layer whose weight is taken apart still computes what it did: the lengths are those of the directions.
#[test]
fn weight_norm_starts_as_the_layer_it_wraps() {
    let plain = Linear::new(5, 3, &mut rng(2));
    let lengths = no_grad(|| plain.weight.norm_dim(2.0, 1, true));
    let norm = WeightNorm::new(plain);
    assert!(norm.weight_g.allclose(&lengths, 1e-6, 0.0));
    assert_uniform(&drawn(100, |rng| WeightNorm::new(Linear::new(7, 5, rng)))["weight_v"], 1.0 / 7f64.sqrt());
}
