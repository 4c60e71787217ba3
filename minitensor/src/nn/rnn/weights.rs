//! The weights of one recurrent pass, and the pass itself.

use rand::Rng;

use crate::device::Cell;
use crate::error::{Error, Result};
use crate::ops::Recurrent;
use crate::tensor::Tensor;

use super::super::init;
use super::super::module::Visitor;

/// What makes the new state of a plain recurrent layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nonlinearity {
    /// tanh, PyTorch's default.
    #[default]
    Tanh,
    /// max(x, 0)
    Relu,
}

impl Nonlinearity {
    pub(super) fn cell(self) -> Cell {
        match self {
            Nonlinearity::Tanh => Cell::Tanh,
            Nonlinearity::Relu => Cell::Relu,
        }
    }
}

// ANCHOR: rnn_weights
/// The weights with which one pass makes its G gates: `W_ih·x + b_ih` from the input and `W_hh·h + b_hh` from the state.
///
/// G is 1 for a plain recurrent layer, 3 for a GRU (r, z, n) and 4 for an LSTM (i, f, g, o).
pub struct RnnWeights {
    /// (G·hidden, inputs)
    pub weight_ih: Tensor,
    /// (G·hidden, hidden)
    pub weight_hh: Tensor,
    /// b_ih and b_hh, (G·hidden) each, unless there are none. Two, because PyTorch has two.
    pub biases: Option<[Tensor; 2]>,
}
// ANCHOR_END: rnn_weights

impl RnnWeights {
    /// All uniform within ±1/√hidden, as PyTorch's.
    pub(super) fn new(
        cell: Cell,
        inputs: usize,
        hidden: usize,
        bias: bool,
        rng: &mut impl Rng,
    ) -> RnnWeights {
        let rows = cell.gates() * hidden;
        let mut draw =
            |shape: &[usize]| init::uniform(shape, 1.0 / (hidden as f64).sqrt(), rng).requires_grad_();
        RnnWeights {
            weight_ih: draw(&[rows, inputs]),
            weight_hh: draw(&[rows, hidden]),
            biases: bias.then(|| [draw(&[rows]), draw(&[rows])]),
        }
    }

    /// Shows the tensors under PyTorch's names: `suffix` is `_l0`, `_l0_reverse`, …, and empty for a cell.
    pub(super) fn visit(&self, suffix: &str, visitor: &mut Visitor<'_>) {
        visitor.parameter(&format!("weight_ih{suffix}"), &self.weight_ih);
        visitor.parameter(&format!("weight_hh{suffix}"), &self.weight_hh);
        if let Some([bias_ih, bias_hh]) = &self.biases {
            visitor.parameter(&format!("bias_ih{suffix}"), bias_ih);
            visitor.parameter(&format!("bias_hh{suffix}"), bias_hh);
        }
    }

    // ANCHOR: rnn_pass
    /// All states after a step, and the last, each state of the cell by itself: all steps are one op.
    ///
    /// # Shapes
    /// x (T, B, inputs), S states (B, hidden) → S × ((T, B, hidden), (B, hidden))
    #[track_caller]
    pub(super) fn pass(
        &self,
        cell: Cell,
        x: &Tensor,
        initial: &[Tensor],
        reverse: bool,
    ) -> Vec<(Tensor, Tensor)> {
        let steps = x.size(0);
        let biases = self.biases.as_ref().map(|biases| biases.each_ref());
        let (weight_ih, weight_hh) = (&self.weight_ih, &self.weight_hh);
        let layer = Recurrent { cell, weight_ih, weight_hh, biases, reverse };
        let states = x.recur(layer, &initial.iter().collect::<Vec<_>>()); // (S·(T + 1), B, hidden)
        let (first, last) = if reverse { (0, 0) } else { (1, steps) };
        let of_state = |s| {
            let start = s * (steps + 1);
            (states.narrow(0, start + first, steps), states.select(0, start + last))
        };
        (0..cell.states()).map(of_state).collect()
    }
    // ANCHOR_END: rnn_pass

    /// W_ih·x + b_ih and W_hh·h + b_hh, cut into the G gates: (B, hidden) each.
    #[track_caller]
    pub(super) fn gates<const G: usize>(&self, x: &Tensor, h: &Tensor) -> [[Tensor; G]; 2] {
        let mut parts = [x.matmul(&self.weight_ih.t()), h.matmul(&self.weight_hh.t())];
        if let Some([bias_ih, bias_hh]) = &self.biases {
            parts = [parts[0].add(bias_ih), parts[1].add(bias_hh)];
        }
        let hidden = h.size(-1);
        parts.map(|part| std::array::from_fn(|gate| part.narrow(-1, gate * hidden, hidden)))
    }

    /// How many numbers a state has.
    pub(super) fn hidden(&self) -> usize {
        self.weight_hh.size(1)
    }

    /// Refuses an input of another width or dtype.
    pub(super) fn input_rule(&self, op: &'static str, x: &Tensor) -> Result<()> {
        x.needs_float(op)?;
        x.same_dtype(op, &self.weight_ih)?;
        let (given, wanted) = (x.shape().last().copied().unwrap_or(0), self.weight_ih.size(1));
        if given == wanted {
            return Ok(());
        }
        let message = format!(
            "input {:?} has {given} features in its last dimension, but the layer was made for {wanted}",
            x.shape()
        );
        Err(Error::shape(op, message))
    }
}

/// Refuses a state of another shape or dtype than the input asks for.
pub(super) fn state_rule(op: &'static str, x: &Tensor, state: &Tensor, wanted: &[usize]) -> Result<()> {
    x.same_dtype(op, state)?;
    if state.shape()[..] == *wanted {
        return Ok(());
    }
    let message = format!(
        "input {:?} needs an initial state of shape {wanted:?}, but it has shape {:?}",
        x.shape(),
        state.shape()
    );
    Err(Error::shape(op, message))
}
