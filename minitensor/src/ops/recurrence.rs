//! A state carried through a sequence: the core of recurrent layers, as one op.

use crate::device::{Cell, Recurrence, RnnKernels, RnnNeeded, RnnPass, RnnWeights, Storage};
use crate::tensor::Tensor;

/// What a recurrent layer makes its gates with: the weights of its inputs (G·H, C) and of its state (G·H, H), and the
/// bias (G·H) of each.
#[derive(Clone, Copy)]
pub(crate) struct Recurrent<'a> {
    pub(crate) cell: Cell,
    pub(crate) weight_ih: &'a Tensor,
    pub(crate) weight_hh: &'a Tensor,
    pub(crate) biases: Option<[&'a Tensor; 2]>,
    /// Whether the last input comes first.
    pub(crate) reverse: bool,
}

impl Tensor {
    // ANCHOR: recur
    /// All states of a recurrent layer with these inputs: the one at the start, and the one after each step, each of the S
    /// states by itself. The layer has checked all shapes.
    ///
    /// The whole sequence is one node of the graph.
    ///
    /// # Shapes
    /// (T, B, C), and S initial states (B, H) → (S·(T + 1), B, H)
    #[track_caller]
    pub(crate) fn recur(&self, layer: Recurrent<'_>, initial: &[&Tensor]) -> Tensor {
        let ([steps, batch, inputs], [_, hidden]) = (self.dims(), layer.weight_hh.dims());
        let rnn = Recurrence { cell: layer.cell, steps, batch, inputs, hidden, reverse: layer.reverse };
        let (x, start) = (self.packed(), initial.iter().map(|state| state.packed()).collect::<Vec<_>>());
        let (weight_ih, weight_hh) = (layer.weight_ih.packed(), layer.weight_hh.packed());
        let biases = layer.biases.map(|biases| biases.map(Tensor::packed));
        let biases = biases.as_ref().map(|biases| biases.each_ref().map(AsRef::as_ref));
        let weights = RnnWeights { weight_ih: &*weight_ih, weight_hh: &*weight_hh, biases };
        let (states, kept) = x.rnn(&rnn, &start.iter().map(AsRef::as_ref).collect::<Vec<_>>(), weights);
        let states = Tensor::contiguous_of(states, [rnn.cell.states() * (steps + 1), batch, hidden]);
        let saved = states.detach();

        let [bias_ih, bias_hh] = layer.biases.map_or([None; 2], |biases| biases.map(Some));
        let [h, c] = [0, 1].map(|s| initial.get(s).copied());
        let parents = [Some(self), Some(layer.weight_ih), Some(layer.weight_hh), bias_ih, bias_hh, h, c];
        states.record_joint("recur", parents, move |grad, needed| {
            let (weight_ih, weight_hh) = (&*weight_ih, &*weight_hh);
            let pass = RnnPass { inputs: &*x, weight_ih, weight_hh, states: &*saved.storage(), kept: &kept };
            gradients(&rnn, &grad.packed(), pass, needed)
        })
    }
    // ANCHOR_END: recur
}

/// The gradients of inputs, weights, biases and initial states.
fn gradients(
    rnn: &Recurrence,
    grad: &Storage,
    pass: RnnPass<'_, Storage>,
    needed: [bool; 7],
) -> [Option<Tensor>; 7] {
    let products = RnnNeeded { inputs: needed[0], weight_ih: needed[1], weight_hh: needed[2] };
    let grads = grad.rnn_grad(rnn, pass, products);
    let (gates, parts, states) = (rnn.gates(), rnn.cell.parts(), rnn.cell.states());
    let biases = Tensor::contiguous_of(grads.biases, [parts, gates]);
    let initial = Tensor::contiguous_of(grads.initial, [states, rnn.batch, rnn.hidden]);
    let of = |storage: Storage, shape: &[usize]| Tensor::contiguous_of(storage, shape);
    [
        grads.inputs.map(|x| of(x, &[rnn.steps, rnn.batch, rnn.inputs])),
        grads.weight_ih.map(|weight| of(weight, &[gates, rnn.inputs])),
        grads.weight_hh.map(|weight| of(weight, &[gates, rnn.hidden])),
        needed[3].then(|| biases.select(0, 0)),
        needed[4].then(|| biases.select(0, parts - 1)),
        needed[5].then(|| initial.select(0, 0)),
        needed[6].then(|| initial.select(0, states - 1)),
    ]
}
