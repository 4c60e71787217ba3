//! A state carried through a sequence: the core of recurrent layers, as one op.

use crate::device::{Cell, Recurrence, RnnKernels};
use crate::tensor::Tensor;

/// What a recurrent layer multiplies its state with: the weight (G·H, H), and the biases (G·H) of the inputs' and of the
/// state's part of the gates.
#[derive(Clone, Copy)]
pub(crate) struct Recurrent<'a> {
    pub(crate) cell: Cell,
    pub(crate) weight: &'a Tensor,
    pub(crate) biases: Option<[&'a Tensor; 2]>,
    /// Whether the last input comes first.
    pub(crate) reverse: bool,
}

impl Tensor {
    // ANCHOR: recur
    /// All states of a recurrent layer whose inputs' part of the gates is this, without its bias: the one at the start,
    /// and the one after each step. The layer has checked all shapes.
    ///
    /// The whole sequence is one node of the graph.
    ///
    /// # Shapes
    /// (T, B, G·H), and S initial states (B, H) → (S, T + 1, B, H)
    #[track_caller]
    pub(crate) fn recur(&self, layer: Recurrent<'_>, initial: &[&Tensor]) -> Tensor {
        let [steps, batch, _] = self.dims();
        let [_, hidden] = layer.weight.dims();
        let rnn = Recurrence { cell: layer.cell, steps, batch, hidden, reverse: layer.reverse };
        let weight = layer.weight.packed();
        let start: Vec<_> = initial.iter().map(|state| state.packed()).collect();
        let biases = layer.biases.map(|biases| biases.map(Tensor::packed));
        let (states, kept) = self.packed().rnn(
            &rnn,
            &start.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            &weight,
            biases.as_ref().map(|biases| biases.each_ref().map(AsRef::as_ref)),
        );
        let states = Tensor::contiguous_of(states, [rnn.cell.states(), steps + 1, batch, hidden]);
        let saved = states.detach();

        let [bias_x, bias_h] = layer.biases.map_or([None; 2], |biases| biases.map(Some));
        let parents = [
            Some(self),
            Some(layer.weight),
            bias_x,
            bias_h,
            initial.first().copied(),
            initial.get(1).copied(),
        ];
        states.record_joint("recur", parents, move |grad, needed| {
            let (gates, initial) = grad.packed().rnn_grad(&rnn, &saved.storage(), &kept, &weight);
            let gates = Tensor::contiguous_of(gates, [rnn.cell.parts(), steps, batch, rnn.gates()]);
            let initial = Tensor::contiguous_of(initial, [rnn.cell.states(), batch, hidden]);
            gradients(&rnn, &saved, &gates, &initial, needed)
        })
    }
    // ANCHOR_END: recur
}

/// The gradients of inputs, weight, biases and initial states: what the steps share is summed over all of them at once.
fn gradients(
    rnn: &Recurrence,
    states: &Tensor,
    gates: &Tensor,
    initial: &Tensor,
    needed: [bool; 6],
) -> [Option<Tensor>; 6] {
    let rows = rnn.steps * rnn.batch;
    let x = gates.select(0, 0); // (T, B, G·H)
    let h = gates.select(0, rnn.cell.parts() - 1);
    // the state that each step started from: all but the last
    let before = states.select(0, 0).narrow(0, usize::from(rnn.reverse), rnn.steps);
    let to_weight = || {
        let before = before.reshape([rows, rnn.hidden]);
        h.reshape([rows, rnn.gates()]).t().matmul(&before) // (G·H, T·B) · (T·B, H)
    };
    // where both parts have one gradient, so have both biases
    let same = rnn.cell.parts() == 1;
    let bias_x = (needed[2] || same && needed[3]).then(|| x.sum_dim([0, 1], false));
    let bias_h = if same { bias_x.clone() } else { needed[3].then(|| h.sum_dim([0, 1], false)) };
    [
        needed[0].then(|| x.clone()),
        needed[1].then(to_weight),
        bias_x.filter(|_| needed[2]),
        bias_h.filter(|_| needed[3]),
        needed[4].then(|| initial.select(0, 0)),
        needed[5].then(|| initial.select(0, 1)),
    ]
}
