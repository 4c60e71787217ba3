//! Recurrence: a state carried through a sequence, one step after the other.
//!
//! Every storage is contiguous and holds exactly the elements of its tensor. G, S, K and P are what a [`Cell`]
//! says of itself.

use super::{Storage, on_device};

/// Kernels of recurrence, beside the primitives of [`Kernels`](super::Kernels).
///
/// What does not depend on the step before is done outside for all steps at once: the product of the inputs with their
/// weights, and the gradient of the weights.
pub trait RnnKernels: Sized {
    /// All states, (S, T + 1, B, H), those at the start included, and what the gradients need of the gates, (T, B, K·H).
    ///
    /// `self` is the inputs' part of the gates, (T, B, G·H); `initial` has S states, (B, H); `weight` is (G·H, H), and
    /// the two biases, of the inputs' and of the state's part, are (G·H).
    fn rnn(
        &self,
        rnn: &Recurrence,
        initial: &[&Self],
        weight: &Self,
        biases: Option<[&Self; 2]>,
    ) -> (Self, Self);

    /// The gradients of the parts of the gates, (P, T, B, G·H), and of the states at the start, (S, B, H); `self` is the
    /// gradient of all states.
    fn rnn_grad(&self, rnn: &Recurrence, states: &Self, kept: &Self, weight: &Self) -> (Self, Self);
}

/// How a step makes the new state out of the old one and the gates `x + h`: `x = W_ih·input + b_ih`, the inputs' part,
/// and `h = W_hh·state + b_hh`, the state's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// h' = tanh(x + h) (Elman, 1990)
    Tanh,
    /// h' = max(x + h, 0)
    Relu,
    /// h' = (1 − z)·n + z·h with gates r, z and n, whose h part is multiplied by r (Cho et al., 2014)
    Gru,
    /// c' = f·c + i·g, h' = o·tanh(c') with gates i, f, g, o (Hochreiter and Schmidhuber, 1997; Gers et al., 2000)
    Lstm,
}

impl Cell {
    /// G: how many gates a hidden unit has.
    pub fn gates(self) -> usize {
        match self {
            Cell::Tanh | Cell::Relu => 1,
            Cell::Gru => 3,
            Cell::Lstm => 4,
        }
    }

    /// S: how many states it has.
    pub fn states(self) -> usize {
        if self == Cell::Lstm { 2 } else { 1 }
    }

    /// K: how many numbers its gradients need beside the states. Of an LSTM the gates, of a GRU the gates and h of n.
    pub fn kept(self) -> usize {
        match self {
            Cell::Tanh | Cell::Relu => 0,
            Cell::Gru | Cell::Lstm => 4,
        }
    }

    /// P: how many gradients its gates have. Two where h and x are not just added, first that of x; otherwise one.
    pub fn parts(self) -> usize {
        if self == Cell::Gru { 2 } else { 1 }
    }
}

/// One pass through a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recurrence {
    /// What happens in a step.
    pub cell: Cell,
    /// T, at least 1.
    pub steps: usize,
    /// B.
    pub batch: usize,
    /// H, at least 1.
    pub hidden: usize,
    /// Whether the last input comes first. State `t` is then the one after input `t`, and state T that at the start.
    pub reverse: bool,
}

impl Recurrence {
    /// G·H.
    pub fn gates(&self) -> usize {
        self.cell.gates() * self.hidden
    }

    /// K·H.
    pub fn kept(&self) -> usize {
        self.cell.kept() * self.hidden
    }

    /// Which input the `n`-th step takes.
    pub fn input(&self, n: usize) -> usize {
        if self.reverse { self.steps - 1 - n } else { n }
    }

    /// Which state there is when `n` steps are done.
    pub fn state(&self, n: usize) -> usize {
        if self.reverse { self.steps - n } else { n }
    }
}

/// Hands a call to the device that holds `self`.
impl RnnKernels for Storage {
    fn rnn(
        &self,
        rnn: &Recurrence,
        initial: &[&Self],
        weight: &Self,
        biases: Option<[&Self; 2]>,
    ) -> (Self, Self) {
        on_device!(self, inputs: S => {
            let initial: Vec<_> = initial.iter().map(|state| state.on::<S>()).collect();
            let biases = biases.map(|biases| biases.map(|bias| bias.on::<S>()));
            let (states, kept) = inputs.rnn(rnn, &initial, weight.on::<S>(), biases);
            (states.into(), kept.into())
        })
    }

    fn rnn_grad(&self, rnn: &Recurrence, states: &Self, kept: &Self, weight: &Self) -> (Self, Self) {
        on_device!(self, grad: S => {
            let (gates, initial) = grad.rnn_grad(rnn, states.on::<S>(), kept.on::<S>(), weight.on::<S>());
            (gates.into(), initial.into())
        })
    }
}
