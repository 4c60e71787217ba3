//! The best value of a quantity so far.

use crate::nn::{StateDict, StateError};
use crate::tensor::Tensor;

/// Which way a quantity is meant to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Goal {
    /// Down, as a loss.
    #[default]
    Min,
    /// Up, as an accuracy.
    Max,
}

/// How much better a value must be than the best to count as better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Margin {
    /// By this part of the best.
    Relative(f64),
    /// By this much.
    Absolute(f64),
}

/// The best value so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    goal: Goal,
    margin: Margin,
    pub(super) value: f64,
}

impl Best {
    pub(super) fn new(goal: Goal, margin: Margin) -> Best {
        let value = if goal == Goal::Min { f64::INFINITY } else { f64::NEG_INFINITY };
        Best { goal, margin, value }
    }

    /// The same with another margin.
    pub(super) fn by(self, margin: Margin) -> Best {
        Best { margin, ..self }
    }

    /// Takes a value up if it is better, and says whether it was; NaN never is.
    pub(super) fn take(&mut self, value: f64) -> bool {
        let toward = if self.goal == Goal::Min { -1.0 } else { 1.0 };
        let bar = match self.margin {
            Margin::Relative(margin) => self.value * (1.0 + toward * margin),
            Margin::Absolute(margin) => self.value + toward * margin,
        };
        let better = if self.goal == Goal::Min { value < bar } else { value > bar };
        if better {
            self.value = value;
        }
        better
    }
}

/// Single numbers as a state, bit by bit.
pub(super) fn save_numbers<const N: usize>(numbers: [(&str, f64); N]) -> StateDict {
    numbers.map(|(name, number)| (name.to_string(), Tensor::scalar(number))).into()
}

/// The numbers of these names, and of no others.
pub(super) fn load_numbers<const N: usize>(
    state: &StateDict,
    names: [&str; N],
) -> Result<[f64; N], StateError> {
    let mut error = StateError {
        unexpected: state.keys().filter(|key| !names.contains(&key.as_str())).cloned().collect(),
        ..StateError::default()
    };
    let numbers = names.map(|name| match state.get(name).filter(|tensor| tensor.numel() == 1) {
        Some(tensor) => tensor.item(),
        None => {
            error.missing.push(name.to_string());
            0.0
        }
    });
    if error == StateError::default() { Ok(numbers) } else { Err(error) }
}
