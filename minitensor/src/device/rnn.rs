//! Recurrence: a state carried through a sequence, one step after the other.
//!
//! Every storage is contiguous and holds exactly the elements of its tensor. T, B, C and H are what a [`Recurrence`] says
//! of itself, and G, S, K and P what a [`Cell`] does.

use super::{Storage, on_device};

/// Kernels of recurrence, beside the primitives of [`Kernels`](super::Kernels).
pub trait RnnKernels: Sized {
    /// All states, (S, T + 1, B, H), those at the start included, and what the gradients need of the gates, (T, B, K·H).
    ///
    /// `self` is the inputs, (T, B, C), and `initial` has S states, (B, H).
    fn rnn(&self, rnn: &Recurrence, initial: &[&Self], weights: RnnWeights<'_, Self>) -> (Self, Self);

    /// The gradients of all that [`rnn`](RnnKernels::rnn) was given; `self` is that of all states.
    fn rnn_grad(&self, rnn: &Recurrence, of: RnnPass<'_, Self>, needed: RnnNeeded) -> RnnGradients<Self>;
}

/// What the gates are made with: x = W_ih·input + b_ih, and h = W_hh·state + b_hh.
#[derive(Debug)]
pub struct RnnWeights<'a, S> {
    /// W_ih, (G·H, C).
    pub weight_ih: &'a S,
    /// W_hh, (G·H, H).
    pub weight_hh: &'a S,
    /// b_ih and b_hh, (G·H) each.
    pub biases: Option<[&'a S; 2]>,
}

/// A pass through a sequence that gradients are asked of.
#[derive(Debug)]
pub struct RnnPass<'a, S> {
    /// The inputs, (T, B, C).
    pub inputs: &'a S,
    /// W_ih, (G·H, C).
    pub weight_ih: &'a S,
    /// W_hh, (G·H, H).
    pub weight_hh: &'a S,
    /// All states, (S, T + 1, B, H).
    pub states: &'a S,
    /// What was kept for the gradients, (T, B, K·H).
    pub kept: &'a S,
}

/// Which gradients are wanted, of those that take a product each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RnnNeeded {
    /// That of the inputs.
    pub inputs: bool,
    /// That of W_ih.
    pub weight_ih: bool,
    /// That of W_hh.
    pub weight_hh: bool,
}

/// The gradients of a pass through a sequence.
#[derive(Debug)]
pub struct RnnGradients<S> {
    /// (T, B, C)
    pub inputs: Option<S>,
    /// (G·H, C)
    pub weight_ih: Option<S>,
    /// (G·H, H)
    pub weight_hh: Option<S>,
    /// (P, G·H)
    pub biases: S,
    /// Of the states at the start, (S, B, H).
    pub initial: S,
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

    /// K: how many numbers its gradients need beside the states. Of an LSTM the gates and tanh(c'), of a GRU the gates and
    /// h of n.
    pub fn kept(self) -> usize {
        match self {
            Cell::Tanh | Cell::Relu => 0,
            Cell::Gru => 4,
            Cell::Lstm => 5,
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
    /// C.
    pub inputs: usize,
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
    fn rnn(&self, rnn: &Recurrence, initial: &[&Self], weights: RnnWeights<'_, Self>) -> (Self, Self) {
        on_device!(self, inputs: S => {
            let initial: Vec<_> = initial.iter().map(|state| state.on::<S>()).collect();
            let weights = RnnWeights {
                weight_ih: weights.weight_ih.on::<S>(),
                weight_hh: weights.weight_hh.on::<S>(),
                biases: weights.biases.map(|biases| biases.map(|bias| bias.on::<S>())),
            };
            let (states, kept) = inputs.rnn(rnn, &initial, weights);
            (states.into(), kept.into())
        })
    }

    fn rnn_grad(&self, rnn: &Recurrence, of: RnnPass<'_, Self>, needed: RnnNeeded) -> RnnGradients<Self> {
        on_device!(self, grad: S => {
            let of = RnnPass {
                inputs: of.inputs.on::<S>(),
                weight_ih: of.weight_ih.on::<S>(),
                weight_hh: of.weight_hh.on::<S>(),
                states: of.states.on::<S>(),
                kept: of.kept.on::<S>(),
            };
            let grads = grad.rnn_grad(rnn, of, needed);
            RnnGradients {
                inputs: grads.inputs.map(Into::into),
                weight_ih: grads.weight_ih.map(Into::into),
                weight_hh: grads.weight_hh.map(Into::into),
                biases: grads.biases.into(),
                initial: grads.initial.into(),
            }
        })
    }
}
