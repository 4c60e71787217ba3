//! The table of a model's layers, against counts by hand.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minitensor::nn::{
    BatchNorm2d, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose3d, Dropout, Embedding, Flatten, LSTM,
    LayerNorm, Linear, Module, Relu, Sequential, Summary, Visitor, WeightNorm, summary, summary_with,
};
use minitensor::ops::AttentionOptions;
use minitensor::{DType, Tensor, no_grad};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(0)
}

/// (name, type, output, parameters, multiply-adds) of each layer.
fn rows(summary: &Summary) -> Vec<(&str, &str, &[usize], usize, u64)> {
    summary
        .layers
        .iter()
        .map(|layer| {
            let output = layer.output.as_ref().map_or(&[][..], |shape| &shape[..]);
            (&layer.name[..], &layer.kind[..], output, layer.parameters, layer.multiply_adds)
        })
        .collect()
}

#[test]
fn the_table_of_a_small_net() {
    let rng = &mut rng();
    let net = Sequential::new()
        .with(Conv2d::with(3, 8, 3).padding(1).build(rng)) // 8·(3·9 + 1) parameters, 8·32·32 · 3·9 products
        .with(BatchNorm2d::new(8))
        .with(Relu)
        .with(Flatten)
        .with(Linear::new(8 * 32 * 32, 10, rng));
    insta::assert_snapshot!(summary(&net, [1, 3, 32, 32]), @"
    layer  type       output          parameters  multiply-adds
    ───────────────────────────────────────────────────────────
    0      Conv2d     [1, 8, 32, 32]         224        221,184
    1      BatchNorm  [1, 8, 32, 32]          16
    4      Linear     [1, 10]             81,930         81,920
    ───────────────────────────────────────────────────────────
    total                                 82,170        303,104
    ");
}

/// Attention with parameters of its own, by someone who knows nothing of summaries.
struct Attend {
    token: Embedding,
    position: Tensor,
    norm: LayerNorm,
    qkv: Linear,
    forgotten: Linear,
}

impl Module for Attend {
    fn forward(&self, ids: &Tensor) -> Tensor {
        let [_, t] = ids.dims();
        let x = self.token.forward(ids) + self.position.narrow(0, 0, t); // (B, T, 6)
        let x = self.qkv.forward(&self.norm.forward(&x)); // (B, T, 18)
        let [q, k, v] = [0, 1, 2].map(|i| x.narrow(-1, 6 * i, 6));
        let y = q.scaled_dot_product_attention(&k, &v, &AttentionOptions::causal());
        y.matmul(&self.token.weight.t()) // a tied weight: (B, T, 6) · (6, 11)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("token", &self.token);
        visitor.parameter("position", &self.position);
        visitor.module("norm", &self.norm);
        visitor.module("qkv", &self.qkv);
        visitor.parameter("output", &self.token.weight);
        visitor.module("forgotten", &self.forgotten);
    }
}

#[test]
fn a_module_of_ones_own_with_bare_tied_and_unused_parameters() {
    let rng = &mut rng();
    let model = Attend {
        token: Embedding::new(11, 6, rng),
        position: Tensor::zeros([9, 6]).requires_grad_(),
        norm: LayerNorm::new([6]),
        qkv: Linear::without_bias(6, 18, rng),
        forgotten: Linear::new(2, 3, rng),
    };
    model.norm.weight.as_ref().unwrap().set_requires_grad(false);
    let ids = Tensor::zeros_of::<i64>([2, 5]);
    let summary = summary_with(&model, || model.forward(&ids));
    let (layers, ops): (Vec<_>, Vec<_>) = rows(&summary).into_iter().partition(|row| row.3 > 0);
    assert_eq!(
        layers,
        [
            ("token", "Embedding", &[2, 5, 11][..], 66, 2 * 5 * 6 * 11),
            ("", "Attend", &[2, 5, 6], 54, 0),
            ("norm", "LayerNorm", &[2, 5, 6], 12, 0),
            ("qkv", "Linear", &[2, 5, 18], 108, 2 * 5 * 6 * 18),
            ("forgotten", "Linear", &[], 9, 0),
        ]
    );
    // q·kᵀ and its product with v, whether they are one op or two
    assert_eq!(ops.iter().map(|row| row.4).sum::<u64>(), 2 * (5 * 5 * 6 + 5 * 5 * 6));
    assert_eq!(summary.parameters(), model.num_parameters());
    let text = summary.to_string();
    assert!(text.contains("unused") && text.contains("6 of the parameters are frozen"), "{text}");
}

#[test]
fn layers_that_compute_their_weight_or_see_it_another_way() {
    let rng = &mut rng();
    let net = Sequential::new()
        .with(WeightNorm::new(Conv1d::new(2, 4, 3, rng))) // (1, 2, 10) → (1, 4, 8)
        .with(Conv1d::new(4, 4, 1, rng));
    let summary = summary(&net, [1, 2, 10]);
    let costs: Vec<_> = rows(&summary).into_iter().map(|row| (row.0, row.2, row.3, row.4)).collect();
    assert_eq!(costs, [("0", &[1, 4, 8][..], 24 + 4 + 4, 4 * 8 * 6), ("1", &[1, 4, 8], 20, 4 * 8 * 4)]);
}

#[test]
fn recurrent_layers() {
    let lstm = LSTM::new(3, 5, &mut rng());
    let summary = summary(&lstm, [7, 2, 3]); // (T, B, in): 4 gates of 5, from 3 inputs and 5 states
    assert_eq!(
        (summary.parameters(), summary.multiply_adds()),
        (4 * 5 * (3 + 5 + 2), 7 * 2 * 4 * 5 * (3 + 5))
    );
}

/// A 5x5 convolution of 112x112 places, at once and behind a 1x1 one that narrows it, both without biases.
#[test]
fn the_1x1_trick() {
    let conv = |inputs, outputs, kernel: usize| {
        Conv2d::with(inputs, outputs, kernel).padding(kernel / 2).bias(false).build(&mut rng())
    };
    let direct = Sequential::new().with(conv(64, 128, 5));
    let narrow = Sequential::new().with(conv(64, 18, 1)).with(conv(18, 128, 5));
    for (net, parameters, operations) in [(direct, 204_800, 2_569_011_200), (narrow, 58_752, 736_985_088)] {
        let summary = summary(&net, [1, 64, 112, 112]);
        assert_eq!((summary.parameters(), summary.multiply_adds()), (parameters, operations));
    }
}

fn with_states() -> Sequential {
    Sequential::new().with(BatchNorm2d::new(3)).with(Dropout::new(0.5, 1)).with(Flatten).with(Linear::new(
        12,
        2,
        &mut rng(),
    ))
}

#[test]
fn a_model_is_afterwards_as_it_was() {
    let net = with_states();
    net.layers()[1].eval(); // the dropout only
    let (state, rng) = (net.state_dict(), net.rng_state());
    let x = Tensor::ones([2, 3, 2, 2]);
    let before = catch_unwind(AssertUnwindSafe(|| summary_with(&net, || panic!("no call")))).is_err();
    assert!(before);
    summary(&net, [2, 3, 2, 2]);
    let same = |a: &Tensor, b: &Tensor| {
        a.to_dtype(DType::F64).to_vec::<f64>() == b.to_dtype(DType::F64).to_vec::<f64>()
    };
    assert!(state.iter().all(|(name, tensor)| same(tensor, &net.state_dict()[name])));
    assert!(rng.iter().all(|(name, tensor)| same(tensor, &net.rng_state()[name])));
    assert!(net.parameters().iter().all(|parameter| parameter.grad().is_none()));
    // the batch norm trains still, and the dropout does not
    let trained = net.layers()[0].forward(&x);
    assert!(!same(&net.state_dict()["0.running_mean"], &state["0.running_mean"]));
    assert!(same(&net.layers()[1].forward(&trained), &trained));
}

#[test]
fn a_transposed_convolution_spreads_each_of_its_inputs_by_one_filter() {
    // 5 inputs of 3 channels, each to 2 channels · 4 places, though the output has 11
    let layer = ConvTranspose1d::with(3, 2, 4).stride(2).padding(1).output_padding(1).build(&mut rng());
    let summary = summary(&layer, [1, 3, 5]);
    assert_eq!(summary.layers[0].output.as_deref(), Some(&[1, 2, 11][..]));
    assert_eq!(summary.multiply_adds(), 5 * 3 * 2 * 4);
}

#[test]
fn layers_of_volumes_are_counted_as_one_op() {
    let rng = &mut rng();
    // 3 channels, 4 of 5 places for a filter of 2 along each dimension: 4³ outputs for each of 2 channels
    let conv = summary(&Conv3d::with(3, 2, 2).build(rng), [1, 3, 5, 5, 5]);
    assert_eq!(conv.layers[0].output.as_deref(), Some(&[1, 2, 4, 4, 4][..]));
    assert_eq!(conv.multiply_adds(), 2 * 64 * 3 * 8);
    let transposed = summary(&ConvTranspose3d::with(3, 2, 2).build(rng), [1, 3, 5, 5, 5]);
    assert_eq!(transposed.layers[0].output.as_deref(), Some(&[1, 2, 6, 6, 6][..]));
    assert_eq!(transposed.multiply_adds(), 125 * 3 * 2 * 8);
}

#[test]
fn values_of_attention_may_be_wider_than_its_keys() {
    let [q, k, v] = [[2, 3, 4], [2, 5, 4], [2, 5, 7]].map(Tensor::ones);
    let call = || q.scaled_dot_product_attention(&k, &v, &AttentionOptions::default());
    // 2 rows of 3 queries · 5 keys, each a product of 4 and then a part of 7 sums
    assert_eq!(summary_with(&Relu, call).multiply_adds(), 2 * 3 * 5 * (4 + 7));
}

#[test]
fn what_runs_without_a_graph_is_counted_too() {
    let linear = Linear::new(3, 2, &mut rng());
    let x = Tensor::ones([4, 3]);
    let call = || {
        no_grad(|| linear.forward(&x));
        summary(&linear, [1, 3]) // one in the other
    };
    assert_eq!(summary_with(&linear, call).multiply_adds(), 4 * 3 * 2);
}
