//! One step of a recurrent layer: each cell as one op, and spelled out.

use rand::Rng;

use crate::device::Cell;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::super::module::{Module, Visitor};
use super::weights::{Nonlinearity, RnnWeights, state_rule};

// ANCHOR: lstm_cell
/// One step of an [`LSTM`](super::LSTM).
///
/// # Shapes
/// x (B, inputs), h and c (B, hidden) → h' and c' (B, hidden); or each without B
pub struct LstmCell {
    /// Gates i, f, g, o: how much is written, how much is kept, what is written, how much is shown.
    pub weights: RnnWeights,
}

impl LstmCell {
    /// [`LstmCell::run`] out of smaller ops, for a batch.
    #[track_caller]
    pub fn run_plain(&self, x: &Tensor, (h, c): (&Tensor, &Tensor)) -> (Tensor, Tensor) {
        let [from_x, from_h] = self.weights.gates::<4>(x, h);
        let [i, f, g, o] = [0, 1, 2, 3].map(|gate| from_x[gate].add(&from_h[gate])); // (B, hidden) each
        let c = f.sigmoid().mul(c).add(&i.sigmoid().mul(&g.tanh()));
        let h = o.sigmoid().mul(&c.tanh());
        (h, c)
    }
    // ANCHOR_END: lstm_cell

    /// A cell with biases, its weights uniform within ±1/√hidden, as PyTorch's.
    pub fn new(inputs: usize, hidden: usize, rng: &mut impl Rng) -> LstmCell {
        LstmCell { weights: RnnWeights::new(Cell::Lstm, inputs, hidden, true, rng) }
    }

    /// The states (h', c') after a step, from those before; without these from zeros.
    ///
    /// # Panics
    /// If shapes or dtypes do not fit.
    #[track_caller]
    pub fn run(&self, x: &Tensor, state: Option<(&Tensor, &Tensor)>) -> (Tensor, Tensor) {
        let state = state.map(|(h, c)| [h, c]);
        let mut states =
            step(&self.weights, "lstm_cell", Cell::Lstm, x, state.as_ref().map(|state| &state[..]));
        let c = states.remove(1);
        (states.remove(0), c)
    }
}

impl Module for LstmCell {
    /// h' from zeros.
    fn forward(&self, x: &Tensor) -> Tensor {
        self.run(x, None).0
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.weights.visit("", visitor);
    }
}

// ANCHOR: gru_cell
/// One step of a [`GRU`](super::GRU).
///
/// # Shapes
/// x (B, inputs), h (B, hidden) → h' (B, hidden); or each without B
pub struct GruCell {
    /// Gates r, z, n: how much of the old state the new one is made from, how much of it is kept, the new one.
    pub weights: RnnWeights,
}

impl GruCell {
    /// [`GruCell::run`] out of smaller ops, for a batch.
    #[track_caller]
    pub fn run_plain(&self, x: &Tensor, h: &Tensor) -> Tensor {
        let [[x_r, x_z, x_n], [h_r, h_z, h_n]] = self.weights.gates(x, h); // (B, hidden) each
        let r = x_r.add(&h_r).sigmoid();
        let z = x_z.add(&h_z).sigmoid();
        let n = x_n.add(&r.mul(&h_n)).tanh();
        n.add(&z.mul(&h.sub(&n))) // (1 − z)·n + z·h
    }
    // ANCHOR_END: gru_cell

    /// A cell with biases, its weights uniform within ±1/√hidden, as PyTorch's.
    pub fn new(inputs: usize, hidden: usize, rng: &mut impl Rng) -> GruCell {
        GruCell { weights: RnnWeights::new(Cell::Gru, inputs, hidden, true, rng) }
    }

    /// The state after a step, from that before; without one from zeros.
    ///
    /// # Panics
    /// If shapes or dtypes do not fit.
    #[track_caller]
    pub fn run(&self, x: &Tensor, h: Option<&Tensor>) -> Tensor {
        step(&self.weights, "gru_cell", Cell::Gru, x, h.as_ref().map(std::slice::from_ref)).remove(0)
    }
}

impl Module for GruCell {
    /// h' from zeros.
    fn forward(&self, x: &Tensor) -> Tensor {
        self.run(x, None)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.weights.visit("", visitor);
    }
}

// ANCHOR: rnn_cell
/// One step of an [`RNN`](super::RNN).
///
/// # Shapes
/// x (B, inputs), h (B, hidden) → h' (B, hidden); or each without B
pub struct RnnCell {
    /// The state is the one gate.
    pub weights: RnnWeights,
    /// What is applied to it.
    pub nonlinearity: Nonlinearity,
}

impl RnnCell {
    /// [`RnnCell::run`] out of smaller ops, for a batch.
    #[track_caller]
    pub fn run_plain(&self, x: &Tensor, h: &Tensor) -> Tensor {
        let [[from_x], [from_h]] = self.weights.gates(x, h); // (B, hidden) each
        let sum = from_x.add(&from_h);
        match self.nonlinearity {
            Nonlinearity::Tanh => sum.tanh(),
            Nonlinearity::Relu => sum.relu(),
        }
    }
    // ANCHOR_END: rnn_cell

    /// A cell with biases and tanh, its weights uniform within ±1/√hidden, as PyTorch's.
    pub fn new(inputs: usize, hidden: usize, rng: &mut impl Rng) -> RnnCell {
        let weights = RnnWeights::new(Cell::Tanh, inputs, hidden, true, rng);
        RnnCell { weights, nonlinearity: Nonlinearity::Tanh }
    }

    /// The state after a step, from that before; without one from zeros.
    ///
    /// # Panics
    /// If shapes or dtypes do not fit.
    #[track_caller]
    pub fn run(&self, x: &Tensor, h: Option<&Tensor>) -> Tensor {
        let cell = self.nonlinearity.cell();
        step(&self.weights, "rnn_cell", cell, x, h.as_ref().map(std::slice::from_ref)).remove(0)
    }
}

impl Module for RnnCell {
    /// h' from zeros.
    fn forward(&self, x: &Tensor) -> Tensor {
        self.run(x, None)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.weights.visit("", visitor);
    }
}

/// A step is a sequence of length 1.
#[track_caller]
fn step(
    weights: &RnnWeights,
    op: &'static str,
    cell: Cell,
    x: &Tensor,
    state: Option<&[&Tensor]>,
) -> Vec<Tensor> {
    rule(weights, op, x, state).or_panic();
    let alone = x.rank() == 1;
    let rows = |tensor: &Tensor| if alone { tensor.unsqueeze(0) } else { tensor.clone() };
    let x = rows(x);
    let initial: Vec<Tensor> = match state {
        Some(state) => state.iter().map(|state| rows(state)).collect(),
        None => {
            vec![Tensor::full_on([x.size(0), weights.hidden()], 0.0, x.dtype(), x.device()); cell.states()]
        }
    };
    let states = weights.pass(cell, &x.unsqueeze(0), &initial, false);
    states.into_iter().map(|(_, last)| if alone { last.squeeze(0) } else { last }).collect()
}

fn rule(weights: &RnnWeights, op: &'static str, x: &Tensor, state: Option<&[&Tensor]>) -> Result<()> {
    if !(1..=2).contains(&x.rank()) {
        let message =
            format!("the input must be (B, C), or (C) for one example, but has shape {:?}", x.shape());
        return Err(Error::shape(op, message));
    }
    weights.input_rule(op, x)?;
    let wanted: Vec<usize> = x.shape()[..x.rank() - 1].iter().copied().chain([weights.hidden()]).collect();
    state.unwrap_or_default().iter().try_for_each(|state| state_rule(op, x, state, &wanted))
}
