//! What a practical brings to a training.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Position, Tally};
use crate::lab;
use crate::nn::{Module, StateDict, StateError};
use crate::optim::Optimizer;

/// A model with its optimiser and its data.
///
/// Batches must be a function of the settings, the epoch and their place in it: then a run that goes on sees what it
/// would have seen.
pub trait Learner {
    /// What one step learns from.
    type Batch;
    /// What a test finds out.
    type Evaluation;
    /// What is kept of an epoch.
    type Row: Row;

    /// What learns.
    fn model(&self) -> &dyn Module;

    /// What changes its weights.
    fn optimizer(&self) -> &dyn Optimizer;

    /// The same, to put it where a checkpoint says.
    fn optimizer_mut(&mut self) -> &mut dyn Optimizer;

    /// The weights to keep as the model: its own, unless a learner has better ones, such as their moving average.
    fn weights(&self) -> StateDict {
        self.model().state_dict()
    }

    /// What a checkpoint must keep beside model and optimiser.
    fn extra(&self) -> StateDict {
        StateDict::new()
    }

    /// Takes up what [`Learner::extra`] kept.
    ///
    /// # Errors
    /// If something is missing or does not fit.
    fn load_extra(&mut self, extra: &StateDict) -> Result<(), StateError> {
        let _ = extra;
        Ok(())
    }

    /// What is counted as it goes by: "images", "names".
    fn unit(&self) -> &'static str;

    /// How many batches an epoch has.
    fn steps_per_epoch(&self) -> usize;

    /// How many training steps take as long as a test. Without a backward pass, a batch costs about a third.
    fn steps_per_test(&self) -> f64;

    /// The batches of an epoch, counted from 0, without the first few: where a run goes on.
    fn batches(&self, epoch: usize, first: usize) -> Box<dyn Iterator<Item = Self::Batch>>;

    /// Learns from one batch.
    ///
    /// # Errors
    /// If the loss is not finite ([`Position::finite`]); nothing is then learned from it.
    fn step(&mut self, batch: &Self::Batch, position: &Position) -> lab::Result<Tally>;

    /// Tries the model on what it has not learned from. Where `stopped` says so between two batches, the test can end:
    /// what it returns is then thrown away.
    fn test(&self, stopped: &dyn Fn() -> bool) -> Self::Evaluation;

    /// The row of an epoch (counted from 1) from what its steps and its test gave, and how long both took.
    fn row(&self, epoch: usize, train: &Tally, test: &Self::Evaluation, seconds: f64) -> Self::Row;
}

/// A row of `metrics.csv` and of the table on the terminal: what is kept of an epoch.
pub trait Row: Serialize + DeserializeOwned {
    /// The columns of the table on the terminal.
    const COLUMNS: &'static [&'static str];

    /// A row of it.
    fn cells(&self) -> Vec<String>;
}

/// What a practical has chosen to do: the content of `config.json`.
pub trait Config: Serialize {
    /// How often it goes through the training data.
    fn epochs(&self) -> usize;

    /// One line that two runs share only if they compute the same, step by step. A checkpoint carries it.
    fn identity(&self) -> String;
}
