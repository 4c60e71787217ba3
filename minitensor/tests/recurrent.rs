//! Recurrent layers: fused against spelled out, batches against rows, learned initial states, dropout, and misuse.

use minitensor::nn::{
    GRU, GruCell, LSTM, LstmCell, Module, Nonlinearity, RNN, RnnCell, RnnOptions, RnnWeights,
};
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(3)
}

fn randn(shape: &[usize], seed: u64) -> Tensor {
    let x = Tensor::randn(shape, &mut ChaCha8Rng::seed_from_u64(seed));
    x.to_dtype(DType::F64).requires_grad_()
}

/// The same weights in F64, and those that want a gradient.
fn doubled(weights: &mut RnnWeights) -> Vec<Tensor> {
    let double = |x: &mut Tensor| *x = x.detach().to_dtype(DType::F64).requires_grad_();
    double(&mut weights.weight_ih);
    double(&mut weights.weight_hh);
    weights.biases.iter_mut().flatten().for_each(double);
    [&weights.weight_ih, &weights.weight_hh]
        .into_iter()
        .chain(weights.biases.iter().flatten())
        .cloned()
        .collect()
}

/// Outputs and all gradients of a sum of the outputs weighted by fixed noise.
fn results(leaves: &[Tensor], outputs: &[Tensor]) -> Vec<Tensor> {
    leaves.iter().for_each(Tensor::zero_grad);
    let weighted =
        outputs.iter().enumerate().map(|(i, y)| (y * randn(y.shape(), 50 + i as u64).detach()).sum());
    weighted.reduce(|a, b| a + b).expect("there are outputs").backward();
    let gradients = leaves.iter().map(|leaf| leaf.grad().expect("every leaf is used"));
    outputs.iter().map(Tensor::detach).chain(gradients).collect()
}

fn assert_close(what: &str, got: &[Tensor], want: &[Tensor]) {
    assert_eq!(got.len(), want.len());
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        assert!(got.allclose(want, 1e-9, 1e-10), "{what}, tensor {i}:\n{got}\nnot\n{want}");
    }
}

/// T, B, inputs, hidden: less than a vector and a block, and more of each; enough work for several threads.
const SIZES: [[usize; 4]; 4] = [[1, 1, 1, 1], [4, 3, 2, 5], [3, 70, 9, 19], [12, 100, 7, 33]];

#[test]
fn an_lstm_is_its_cell_step_by_step() {
    for [steps, batch, inputs, hidden] in SIZES {
        let mut cell = LstmCell::new(inputs, hidden, &mut rng());
        let mut leaves =
            vec![randn(&[steps, batch, inputs], 1), randn(&[batch, hidden], 2), randn(&[batch, hidden], 3)];
        leaves.extend(doubled(&mut cell.weights));
        let [x, h0, c0] = [0, 1, 2].map(|i| leaves[i].clone());

        let (mut h, mut c, mut outputs) = (h0.clone(), c0.clone(), Vec::new());
        for t in 0..steps {
            (h, c) = cell.run_plain(&x.select(0, t), (&h, &c));
            outputs.push(h.clone());
        }
        let y = Tensor::stack(&outputs.iter().collect::<Vec<_>>(), 0);
        let plain = results(&leaves, &[y, h, c]);

        let (mut h, mut c, mut outputs) = (h0.clone(), c0.clone(), Vec::new());
        for t in 0..steps {
            (h, c) = cell.run(&x.select(0, t), Some((&h, &c)));
            outputs.push(h.clone());
        }
        let y = Tensor::stack(&outputs.iter().collect::<Vec<_>>(), 0);
        assert_close("the fused cell", &results(&leaves, &[y, h, c]), &plain);

        let mut lstm = LSTM::new(inputs, hidden, &mut rng());
        lstm.weights_mut()[0] = cell.weights;
        let (y, (h, c)) = lstm.run(&x, Some((&h0.unsqueeze(0), &c0.unsqueeze(0))));
        assert_close("the layer", &results(&leaves, &[y, h.squeeze(0), c.squeeze(0)]), &plain);
    }
}

/// A step of a cell with one state, from the input and the state.
type Step<'a> = &'a dyn Fn(&Tensor, &Tensor) -> Tensor;

fn one_state(what: &str, leaves: &[Tensor], plain: Step<'_>, fused: Step<'_>, layer: Step<'_>) {
    let [x, h0] = [0, 1].map(|i| leaves[i].clone());
    let looped = |step: Step<'_>| {
        let mut h = h0.clone();
        let steps = (0..x.size(0)).map(|t| {
            h = step(&x.select(0, t), &h);
            h.clone()
        });
        Tensor::stack(&steps.collect::<Vec<_>>().iter().collect::<Vec<_>>(), 0)
    };
    let want = results(leaves, &[looped(plain)]);
    assert_close(&format!("the fused {what} cell"), &results(leaves, &[looped(fused)]), &want);
    assert_close(&format!("the {what} layer"), &results(leaves, &[layer(&x, &h0.unsqueeze(0))]), &want);
}

#[test]
fn a_gru_and_an_rnn_are_their_cells_step_by_step() {
    for [steps, batch, inputs, hidden] in SIZES {
        let start = || vec![randn(&[steps, batch, inputs], 1), randn(&[batch, hidden], 2)];
        let (mut cell, mut gru) =
            (GruCell::new(inputs, hidden, &mut rng()), GRU::new(inputs, hidden, &mut rng()));
        let leaves = [start(), doubled(&mut cell.weights)].concat();
        gru.weights_mut()[0] = clone(&cell.weights);
        one_state("gru", &leaves, &|x, h| cell.run_plain(x, h), &|x, h| cell.run(x, Some(h)), &|x, h| {
            gru.run(x, Some(h)).0
        });
        for nonlinearity in [Nonlinearity::Tanh, Nonlinearity::Relu] {
            let mut cell = RnnCell { nonlinearity, ..RnnCell::new(inputs, hidden, &mut rng()) };
            let mut rnn = RNN::with_options(inputs, hidden, nonlinearity, RnnOptions::default(), &mut rng());
            let leaves = [start(), doubled(&mut cell.weights)].concat();
            rnn.weights_mut()[0] = clone(&cell.weights);
            one_state("rnn", &leaves, &|x, h| cell.run_plain(x, h), &|x, h| cell.run(x, Some(h)), &|x, h| {
                rnn.run(x, Some(h)).0
            });
        }
    }
}

/// The same tensors under other names.
fn clone(weights: &RnnWeights) -> RnnWeights {
    RnnWeights {
        weight_ih: weights.weight_ih.clone(),
        weight_hh: weights.weight_hh.clone(),
        biases: weights.biases.clone(),
    }
}

#[test]
fn a_batch_is_its_sequences_one_by_one() {
    let options = RnnOptions { num_layers: 2, bidirectional: true, ..RnnOptions::default() };
    let lstm = LSTM::with_options(3, 5, options, &mut rng());
    let x = Tensor::randn([7, 40, 3], &mut rng());
    let (y, (h, c)) = lstm.run(&x, None);
    for b in [0, 31, 32, 39] {
        let (alone, (h_alone, c_alone)) = lstm.run(&x.select(1, b), None);
        for (whole, alone) in [(&y, alone), (&h, h_alone), (&c, c_alone)] {
            assert!(whole.select(1, b).allclose(&alone, 1e-6, 1e-7), "sequence {b}");
        }
    }
}

#[test]
fn an_initial_state_can_be_learned() {
    let (lstm, x) = (LSTM::new(2, 3, &mut rng()), Tensor::randn([4, 5, 2], &mut rng()));
    let [h0, c0] = [0, 1].map(|_| Tensor::zeros([1, 1, 3]).requires_grad_()); // one for every sequence
    let loss = || {
        let [h, c] = [&h0, &c0].map(|state| state.expand([1, 5, 3]));
        lstm.run(&x, Some((&h, &c))).0.add_scalar(-0.3).square().mean()
    };
    let before = loss().item();
    for _ in 0..20 {
        [&h0, &c0].into_iter().for_each(Tensor::zero_grad);
        loss().backward();
        minitensor::no_grad(|| {
            [&h0, &c0].map(|state| state.copy_(&(state - state.grad().expect("it was used") * 2.0)))
        });
    }
    assert!(loss().item() < 0.9 * before, "{before} became {}", loss().item());
}

#[test]
fn dropout_is_between_layers_and_only_while_training() {
    let run = |num_layers: usize, training: bool| {
        let options = RnnOptions { num_layers, dropout: 0.5, ..RnnOptions::default() };
        let gru = GRU::with_options(3, 8, options, &mut rng());
        gru.set_training(training);
        let x = Tensor::randn([4, 2, 3], &mut ChaCha8Rng::seed_from_u64(9));
        [gru.forward(&x).to_vec::<f32>(), gru.forward(&x).to_vec::<f32>()]
    };
    let [a, b] = run(2, true);
    assert_ne!(a, b, "two layers draw anew each time");
    assert_eq!(run(2, true)[0], a, "the same seed draws the same");
    let [a, b] = run(2, false);
    assert_eq!(a, b, "evaluation draws nothing");
    let [a, b] = run(1, true);
    assert_eq!(a, b, "nothing is dropped after the last layer");
}

#[test]
fn a_relu_keeps_nan_and_a_saturated_gate_is_finite() {
    let mut cell = RnnCell::new(1, 1, &mut rng());
    cell.nonlinearity = Nonlinearity::Relu;
    assert!(cell.forward(&Tensor::from([[f32::NAN]])).item().is_nan());
    let x = Tensor::from([[[1e30f32]], [[-1e30]], [[1e30]]]).requires_grad_();
    for y in [LSTM::new(1, 2, &mut rng()).forward(&x), GRU::new(1, 2, &mut rng()).forward(&x)] {
        y.square().sum().backward();
        assert!(y.is_finite() && x.grad().expect("x was used").is_finite());
    }
}

fn message<R>(f: impl FnOnce() -> R) -> String {
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).err().expect("this is misuse");
    payload.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn misuse_is_explained() {
    let lstm = LSTM::new(10, 4, &mut rng());
    let zeros = |shape: &[usize]| Tensor::zeros(shape);
    assert_eq!(
        message(|| lstm.forward(&zeros(&[15, 2, 7]))),
        "lstm: input [15, 2, 7] has 7 features in its last dimension, but the layer was made for 10"
    );
    assert_eq!(
        message(|| lstm.forward(&zeros(&[10]))),
        "lstm: the input must be (T, B, C), or (T, C) for one sequence, but has shape [10]"
    );
    assert_eq!(
        message(|| lstm.run(&zeros(&[15, 2, 10]), Some((&zeros(&[1, 2, 4]), &zeros(&[2, 4]))))),
        "lstm: input [15, 2, 10] needs an initial state of shape [1, 2, 4], but it has shape [2, 4]"
    );
    assert_eq!(
        message(|| lstm.forward(&zeros(&[0, 2, 10]))),
        "lstm: input [0, 2, 10] is a sequence without steps"
    );
    let dtype = message(|| lstm.forward(&zeros(&[3, 10]).to_dtype(DType::F64)));
    assert!(dtype.contains("dtypes f64 and f32 differ"), "{dtype}");
    assert_eq!(
        message(|| GruCell::new(3, 4, &mut rng()).run(&zeros(&[2, 3]), Some(&zeros(&[3, 4])))),
        "gru_cell: input [2, 3] needs an initial state of shape [2, 4], but it has shape [3, 4]"
    );
    assert_eq!(
        message(|| RNN::new(3, 0, &mut rng())),
        "rnn: the hidden size and num_layers must be at least 1"
    );
}
