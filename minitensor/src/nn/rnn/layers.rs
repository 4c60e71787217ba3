//! RNN, GRU and LSTM.

use rand::Rng;

use crate::device::Cell;
use crate::tensor::Tensor;

use super::super::module::{Module, Visitor};
use super::stack::{RnnOptions, Stack};
use super::weights::{Nonlinearity, RnnWeights};

// ANCHOR: lstm
/// Layers of [`LstmCell`](super::LstmCell)s, which read a sequence step by step and remember what they choose to
/// (Hochreiter and Schmidhuber, 1997).
///
/// `forward` gives the states of the top layer after each step; [`LSTM::run`] also takes and gives the state itself.
///
/// # Shapes
/// x (T, B, inputs) → y (T, B, D·hidden), states (L·D, B, hidden), with D = 2 if `bidirectional`, else 1, and L =
/// `num_layers`. With `batch_first` x and y, but not the states, are (B, T, …). One sequence alone is (T, inputs), and
/// then B is missing everywhere.
pub struct LSTM(Stack);

impl LSTM {
    /// One layer in one direction, its weights uniform within ±1/√hidden, as PyTorch's.
    #[track_caller]
    pub fn new(inputs: usize, hidden: usize, rng: &mut impl Rng) -> LSTM {
        LSTM::with_options(inputs, hidden, RnnOptions::default(), rng)
    }

    /// The same with other options.
    ///
    /// ```
    /// # use minitensor::{Tensor, nn::{LSTM, RnnOptions}};
    /// # use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let lstm = LSTM::with_options(10, 50, RnnOptions { num_layers: 2, ..RnnOptions::default() }, &mut rng);
    /// let (y, (h, c)) = lstm.run(&Tensor::zeros([15, 3, 10]), None);
    /// assert_eq!(y.dims(), [15, 3, 50]);
    /// assert_eq!((h.dims(), c.dims()), ([2, 3, 50], [2, 3, 50]));
    /// ```
    ///
    /// # Panics
    /// If there is no layer or no hidden unit, or if the dropout is not at least 0 and below 1.
    #[track_caller]
    pub fn with_options(inputs: usize, hidden: usize, options: RnnOptions, rng: &mut impl Rng) -> LSTM {
        LSTM(Stack::new("lstm", Cell::Lstm, [inputs, hidden], options, rng))
    }

    /// The output, and the states (h, c) at the end, from those at the start; without these from zeros.
    ///
    /// # Panics
    /// If shapes or dtypes do not fit.
    #[track_caller]
    pub fn run(&self, x: &Tensor, state: Option<(&Tensor, &Tensor)>) -> (Tensor, (Tensor, Tensor)) {
        let (y, mut last) = self.0.run(x, state.map(|(h, c)| [h, c]).as_ref().map(|state| &state[..]));
        let c = last.remove(1);
        (y, (last.remove(0), c))
    }

    /// The weights of each pass: layer 0 forward, layer 0 reverse if there is one, layer 1 forward, ….
    pub fn weights_mut(&mut self) -> &mut [RnnWeights] {
        &mut self.0.weights
    }
}

impl Module for LSTM {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.run(x, None).0
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.0.visit(visitor);
    }
}
// ANCHOR_END: lstm

/// Layers of [`GruCell`](super::GruCell)s (Cho et al., 2014): gates as in an LSTM, but one state.
///
/// # Shapes
/// As [`LSTM`], with one state.
pub struct GRU(Stack);

impl GRU {
    /// One layer in one direction, its weights uniform within ±1/√hidden, as PyTorch's.
    #[track_caller]
    pub fn new(inputs: usize, hidden: usize, rng: &mut impl Rng) -> GRU {
        GRU::with_options(inputs, hidden, RnnOptions::default(), rng)
    }

    /// The same with other options.
    ///
    /// # Panics
    /// As [`LSTM::with_options`].
    #[track_caller]
    pub fn with_options(inputs: usize, hidden: usize, options: RnnOptions, rng: &mut impl Rng) -> GRU {
        GRU(Stack::new("gru", Cell::Gru, [inputs, hidden], options, rng))
    }

    /// The output, and the state at the end, from that at the start; without one from zeros.
    ///
    /// # Panics
    /// If shapes or dtypes do not fit.
    #[track_caller]
    pub fn run(&self, x: &Tensor, h: Option<&Tensor>) -> (Tensor, Tensor) {
        run_one(&self.0, x, h)
    }

    /// The weights of each pass, as [`LSTM::weights_mut`].
    pub fn weights_mut(&mut self) -> &mut [RnnWeights] {
        &mut self.0.weights
    }
}

impl Module for GRU {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.run(x, None).0
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.0.visit(visitor);
    }
}

/// Layers of [`RnnCell`](super::RnnCell)s (Elman, 1990): h' = tanh(W_ih·x + b_ih + W_hh·h + b_hh).
///
/// # Shapes
/// As [`LSTM`], with one state.
pub struct RNN(Stack);

impl RNN {
    /// One layer in one direction, its weights uniform within ±1/√hidden, as PyTorch's.
    #[track_caller]
    pub fn new(inputs: usize, hidden: usize, rng: &mut impl Rng) -> RNN {
        RNN::with_options(inputs, hidden, Nonlinearity::Tanh, RnnOptions::default(), rng)
    }

    /// The same with other options.
    ///
    /// # Panics
    /// As [`LSTM::with_options`].
    #[track_caller]
    pub fn with_options(
        inputs: usize,
        hidden: usize,
        nonlinearity: Nonlinearity,
        options: RnnOptions,
        rng: &mut impl Rng,
    ) -> RNN {
        RNN(Stack::new("rnn", nonlinearity.cell(), [inputs, hidden], options, rng))
    }

    /// The output, and the state at the end, from that at the start; without one from zeros.
    ///
    /// # Panics
    /// If shapes or dtypes do not fit.
    #[track_caller]
    pub fn run(&self, x: &Tensor, h: Option<&Tensor>) -> (Tensor, Tensor) {
        run_one(&self.0, x, h)
    }

    /// The weights of each pass, as [`LSTM::weights_mut`].
    pub fn weights_mut(&mut self) -> &mut [RnnWeights] {
        &mut self.0.weights
    }
}

impl Module for RNN {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.run(x, None).0
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.0.visit(visitor);
    }
}

/// A run of cells with one state.
#[track_caller]
fn run_one(stack: &Stack, x: &Tensor, h: Option<&Tensor>) -> (Tensor, Tensor) {
    let (y, mut last) = stack.run(x, h.as_ref().map(std::slice::from_ref));
    (y, last.remove(0))
}
