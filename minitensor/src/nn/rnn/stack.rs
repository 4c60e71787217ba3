//! Layers of recurrence, one on top of the other, in one direction or in both.

use rand::{Rng, RngExt};

use crate::device::Cell;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::super::dropout::Dropout;
use super::super::module::{Module, Visitor};
use super::weights::{RnnWeights, state_rule};

/// How recurrent layers are put together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RnnOptions {
    /// How many layers: each but the first reads the states of the one below.
    pub num_layers: usize,
    /// Whether each layer has a second pass, from the last step to the first, whose states are laid beside the first's.
    pub bidirectional: bool,
    /// Whether sequences come as (B, T, …) instead of (T, B, …).
    pub batch_first: bool,
    /// Whether there are biases.
    pub bias: bool,
    /// With which probability a number between two layers is dropped while training.
    pub dropout: f64,
}

impl Default for RnnOptions {
    fn default() -> RnnOptions {
        RnnOptions { num_layers: 1, bidirectional: false, batch_first: false, bias: true, dropout: 0.0 }
    }
}

/// What RNN, GRU and LSTM share: all but the cell.
pub(super) struct Stack {
    name: &'static str,
    cell: Cell,
    options: RnnOptions,
    /// Of each layer in each direction: layer 0 forward, layer 0 reverse, layer 1 forward, …
    pub(super) weights: Vec<RnnWeights>,
    dropout: Option<Dropout>,
}

impl Stack {
    #[track_caller]
    pub(super) fn new(
        name: &'static str,
        cell: Cell,
        [inputs, hidden]: [usize; 2],
        options: RnnOptions,
        rng: &mut impl Rng,
    ) -> Stack {
        assert!(
            hidden > 0 && options.num_layers > 0,
            "{name}: the hidden size and num_layers must be at least 1"
        );
        let directions = 1 + usize::from(options.bidirectional);
        let width = |layer: usize| if layer == 0 { inputs } else { directions * hidden };
        let weights = (0..options.num_layers * directions)
            .map(|i| RnnWeights::new(cell, width(i / directions), hidden, options.bias, rng))
            .collect();
        let dropout = (options.dropout > 0.0).then(|| Dropout::new(options.dropout, rng.random()));
        Stack { name, cell, options, weights, dropout }
    }

    /// The states of the top layer after each step, and of every layer the last; the layers start from `state`, or from
    /// zeros.
    ///
    /// # Shapes
    /// As [`LSTM`](super::LSTM).
    #[track_caller]
    pub(super) fn run(&self, x: &Tensor, state: Option<&[&Tensor]>) -> (Tensor, Vec<Tensor>) {
        self.rule(x, state).or_panic();
        let (alone, batch_first) = (x.rank() == 2, x.rank() == 3 && self.options.batch_first);
        let steps_first = match (alone, batch_first) {
            (true, _) => x.unsqueeze(1),
            (_, true) => x.transpose(0, 1).contiguous(),
            _ => x.clone(),
        };
        let batched = |state: &&Tensor| if alone { state.unsqueeze(1) } else { (*state).clone() };
        let initial: Vec<Tensor> = match state {
            Some(state) => state.iter().map(batched).collect(),
            None => vec![self.zeros(&steps_first); self.cell.states()],
        };
        let (y, last) = self.layers(steps_first, &initial);
        match (alone, batch_first) {
            (true, _) => (y.squeeze(1), last.iter().map(|state| state.squeeze(1)).collect()),
            (_, true) => (y.transpose(0, 1), last),
            _ => (y, last),
        }
    }

    // ANCHOR: rnn_stack
    /// x (T, B, inputs) and S states (L·D, B, hidden) → (T, B, D·hidden) and S states (L·D, B, hidden)
    #[track_caller]
    fn layers(&self, mut x: Tensor, initial: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let mut last = vec![Vec::new(); initial.len()];
        for (layer, directions) in self.weights.chunks(self.directions()).enumerate() {
            if layer > 0
                && let Some(dropout) = &self.dropout
            {
                x = dropout.forward(&x);
            }
            let mut outputs = Vec::new();
            for (d, weights) in directions.iter().enumerate() {
                let start: Vec<Tensor> =
                    initial.iter().map(|state| state.select(0, layer * directions.len() + d)).collect();
                let states = weights.pass(self.cell, &x, &start, d == 1);
                outputs.push(states[0].0.clone());
                last.iter_mut().zip(states).for_each(|(all, (_, last))| all.push(last));
            }
            x = if outputs.len() == 1 { outputs.remove(0) } else { Tensor::cat(&refs(&outputs), -1) };
        }
        (x, last.iter().map(|states| Tensor::stack(&refs(states), 0)).collect())
    }
    // ANCHOR_END: rnn_stack

    pub(super) fn visit(&self, visitor: &mut Visitor<'_>) {
        for (i, weights) in self.weights.iter().enumerate() {
            let reverse = if i % self.directions() == 1 { "_reverse" } else { "" };
            weights.visit(&format!("_l{}{reverse}", i / self.directions()), visitor);
        }
        if let Some(dropout) = &self.dropout {
            visitor.module("dropout", dropout);
        }
    }

    fn directions(&self) -> usize {
        1 + usize::from(self.options.bidirectional)
    }

    /// An initial state for x (T, B, inputs).
    fn zeros(&self, x: &Tensor) -> Tensor {
        let shape = [self.weights.len(), x.size(1), self.weights[0].hidden()];
        Tensor::full_on(shape, 0.0, x.dtype(), x.device())
    }

    fn rule(&self, x: &Tensor, state: Option<&[&Tensor]>) -> Result<()> {
        let (steps, batch) = match x.shape()[..] {
            [steps, _] => (steps, None),
            [batch, steps, _] if self.options.batch_first => (steps, Some(batch)),
            [steps, batch, _] => (steps, Some(batch)),
            _ => {
                let order = if self.options.batch_first { "(B, T, C)" } else { "(T, B, C)" };
                let message = format!(
                    "the input must be {order}, or (T, C) for one sequence, but has shape {:?}",
                    x.shape()
                );
                return Err(Error::shape(self.name, message));
            }
        };
        self.weights[0].input_rule(self.name, x)?;
        if steps == 0 {
            return Err(Error::shape(
                self.name,
                format!("input {:?} is a sequence without steps", x.shape()),
            ));
        }
        let wanted: Vec<usize> =
            [self.weights.len()].into_iter().chain(batch).chain([self.weights[0].hidden()]).collect();
        state.unwrap_or_default().iter().try_for_each(|state| state_rule(self.name, x, state, &wanted))
    }
}

fn refs(tensors: &[Tensor]) -> Vec<&Tensor> {
    tensors.iter().collect()
}
