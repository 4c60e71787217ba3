//! Recurrent layers: a state carried from step to step of a sequence.

mod cells;
mod layers;
mod stack;
mod weights;

pub use cells::{GruCell, LstmCell, RnnCell};
pub use layers::{GRU, LSTM, RNN};
pub use stack::RnnOptions;
pub use weights::{Nonlinearity, RnnWeights};
