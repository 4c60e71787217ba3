use minitensor::Tensor;
use minitensor::nn::{
    GRU, GruCell, LSTM, LstmCell, Module, Nonlinearity, RNN, RnnCell, RnnOptions, RnnWeights,
};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::Arm;
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[
    ("rnn", |x, args| {
        let rng = &mut ChaCha8Rng::seed_from_u64(0);
        let mut layer =
            RNN::with_options(x[0].size(-1), args.usize("hidden"), nonlinearity(args), options(args), rng);
        let start = put(x, args, layer.weights_mut());
        named(&layer, args);
        let (y, h) = layer.run(&x[0], start.first());
        answer(args, vec![y, h])
    }),
    ("gru", |x, args| {
        let rng = &mut ChaCha8Rng::seed_from_u64(0);
        let mut layer = GRU::with_options(x[0].size(-1), args.usize("hidden"), options(args), rng);
        let start = put(x, args, layer.weights_mut());
        named(&layer, args);
        let (y, h) = layer.run(&x[0], start.first());
        answer(args, vec![y, h])
    }),
    ("lstm", |x, args| {
        let rng = &mut ChaCha8Rng::seed_from_u64(0);
        let mut layer = LSTM::with_options(x[0].size(-1), args.usize("hidden"), options(args), rng);
        let start = put(x, args, layer.weights_mut());
        named(&layer, args);
        let (y, (h, c)) = layer.run(&x[0], pair(start));
        answer(args, vec![y, h, c])
    }),
    ("rnn_cell", |x, args| {
        let mut cell = RnnCell::new(x[0].size(-1), args.usize("hidden"), &mut ChaCha8Rng::seed_from_u64(0));
        cell.nonlinearity = nonlinearity(args);
        let start = put(x, args, std::slice::from_mut(&mut cell.weights));
        named(&cell, args);
        answer(args, vec![cell.run(&x[0], start.first())])
    }),
    ("gru_cell", |x, args| {
        let mut cell = GruCell::new(x[0].size(-1), args.usize("hidden"), &mut ChaCha8Rng::seed_from_u64(0));
        let start = put(x, args, std::slice::from_mut(&mut cell.weights));
        named(&cell, args);
        answer(args, vec![cell.run(&x[0], start.first())])
    }),
    ("lstm_cell", |x, args| {
        let mut cell = LstmCell::new(x[0].size(-1), args.usize("hidden"), &mut ChaCha8Rng::seed_from_u64(0));
        let start = put(x, args, std::slice::from_mut(&mut cell.weights));
        named(&cell, args);
        let (h, c) = cell.run(&x[0], pair(start));
        answer(args, vec![h, c])
    }),
];

fn options(args: &Args) -> RnnOptions {
    RnnOptions {
        num_layers: if args.has("num_layers") { args.usize("num_layers") } else { 1 },
        bidirectional: args.bool("bidirectional"),
        batch_first: args.bool("batch_first"),
        bias: !args.has("bias") || args.bool("bias"),
        dropout: 0.0,
    }
}

fn nonlinearity(args: &Args) -> Nonlinearity {
    if args.bool("relu") { Nonlinearity::Relu } else { Nonlinearity::Tanh }
}

/// Puts the case's weights in the layer's places, so that gradients arrive there; what is left are the states at the start.
fn put<'x>(x: &'x [Tensor], args: &Args, passes: &mut [RnnWeights]) -> &'x [Tensor] {
    let (start, weights) = x[1..].split_at(args.usize("state"));
    let mut weights = weights.iter().cloned();
    let mut next = |old: &mut Tensor| {
        let new = weights.next().expect("the case has a tensor for each weight");
        assert_eq!(new.shape(), old.shape(), "a weight has another shape in PyTorch");
        *old = new;
    };
    for pass in passes {
        next(&mut pass.weight_ih);
        next(&mut pass.weight_hh);
        pass.biases.iter_mut().flatten().for_each(&mut next);
    }
    start
}

/// The names of the weights, and their order, must be PyTorch's.
fn named(layer: &dyn Module, args: &Args) {
    let mut names = Vec::new();
    layer.each(&mut |name, _| names.push(name.to_string()));
    assert_eq!(names, args.strings("keys"));
}

fn pair(start: &[Tensor]) -> Option<(&Tensor, &Tensor)> {
    match start {
        [h, c] => Some((h, c)),
        _ => None,
    }
}

/// The outputs, or for a gradient check, which looks at one, all of them as one.
fn answer(args: &Args, outputs: Vec<Tensor>) -> Vec<Tensor> {
    if !args.bool("joined") {
        return outputs;
    }
    let flat: Vec<Tensor> = outputs.iter().map(|y| y.reshape([y.numel()])).collect();
    vec![Tensor::cat(&flat.iter().collect::<Vec<_>>(), 0)]
}
