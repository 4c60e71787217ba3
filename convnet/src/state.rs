//! A run in a file, so that it can go on as if it had never stopped.
//!
//! `state.safetensors` holds the weights and buffers (`model.`), the optimiser's memory (`optimizer.`), the random numbers
//! of the layers (`rng.`), where the run stands (`position.`), and as notes the rows of `metrics.csv` and what kind of run
//! it is. Batches need nothing: their order is a function of the seed and the epoch.

use std::path::{Path, PathBuf};

use minitensor::Tensor;
use minitensor::checkpoint::{Checkpoint, CheckpointError};
use minitensor::lab::{self, Metrics, rows_from_csv};
use minitensor::nn::{Module, StateDict, StateError};
use minitensor::optim::Optimizer;
use serde::{Deserialize, Serialize};

use crate::settings::Settings;
use crate::train::{Position, Tally, Trainer};

/// The file of weights that PyTorch can load.
pub const MODEL: &str = "model.safetensors";
/// The file that a run goes on from.
pub const STATE: &str = "state.safetensors";

/// A row of `metrics.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// The mean loss of its training images.
    pub train_loss: f64,
    /// The fraction of training images whose class was guessed.
    pub train_accuracy: f64,
    /// The mean loss of the test images after it.
    pub test_loss: f64,
    /// The fraction of test images whose class was guessed.
    pub test_accuracy: f64,
    /// How long it took, test and all.
    pub seconds: f64,
}

/// Why a run cannot go on from a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// There is no such file.
    #[error(transparent)]
    Nothing(lab::Error),
    /// It cannot be read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// It belongs to another run.
    #[error(
        "{} is the checkpoint of another run ({found}), and this one is {wanted}; name that one, or leave out --resume \
         to start afresh", path.display()
    )]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// The run that wrote it.
        found: String,
        /// The run that was to go on.
        wanted: String,
    },
    /// It lacks something, or holds something that cannot be.
    #[error("{} cannot be gone on from: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

/// Writes both files of a run: its weights, and all that a resumed run needs.
///
/// # Errors
/// If a file cannot be written; the one that was there before is then still whole.
pub fn save(folder: &Path, trainer: &Trainer, settings: &Settings, metrics: &Metrics<Row>) -> lab::Outcome {
    let weights = trainer.model.state_dict();
    let state = Checkpoint::default()
        .with("model", weights.clone())
        .with("optimizer", trainer.optimizer.state())
        .with("rng", trainer.model.rng_state())
        .with("position", trainer.position.to_tensors())
        .note("metrics", metrics.to_csv()?)
        .note("run", settings.identity());
    state.save(folder.join(STATE)).map_err(unwritten)?;
    Checkpoint::new(weights).save(folder.join(MODEL)).map_err(unwritten)?;
    Ok(())
}

/// Tells a full disk from the rest, and what that means for the earlier file.
fn unwritten(error: CheckpointError) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        CheckpointError::File { action, path, source } => lab::Error::file(action, path, source).into(),
        other => other.into(),
    }
}

/// Puts a fresh trainer where the run in this folder stands, and returns the rows of its finished epochs.
///
/// # Errors
/// If there is nothing to go on from, or it belongs to another run, or is damaged.
pub fn load(folder: &Path, trainer: &mut Trainer, settings: &Settings) -> Result<Vec<Row>, ResumeError> {
    let path = folder.join(STATE);
    if !path.exists() {
        return Err(ResumeError::Nothing(lab::Error::NothingToResume { path }));
    }
    let state = Checkpoint::load(&path)?;
    let (found, wanted) = (state.notes.get("run").cloned().unwrap_or_default(), settings.identity());
    if found != wanted {
        return Err(ResumeError::OtherRun { path, found, wanted });
    }
    apply(&state, trainer).map_err(|problem| ResumeError::Damaged { path, problem })
}

fn apply(state: &Checkpoint, trainer: &mut Trainer) -> Result<Vec<Row>, String> {
    let told = |e: StateError| e.to_string();
    let position = Position::from_tensors(&state.part("position"))?;
    let table = state.notes.get("metrics").ok_or("the note `metrics` is missing")?;
    let rows: Vec<Row> = rows_from_csv(table).map_err(|e| e.to_string())?;
    if rows.len() != position.epoch || position.step > trainer.steps_per_epoch() {
        let Position { epoch, step, .. } = position;
        return Err(format!(
            "it stands at step {step} after epoch {epoch}, but has {} rows of metrics, and an epoch has {} steps",
            rows.len(),
            trainer.steps_per_epoch()
        ));
    }
    trainer.model.load_state_dict(&state.part("model")).map_err(told)?;
    trainer.model.load_rng_state(&state.part("rng")).map_err(told)?;
    let memory = state.part("optimizer");
    if position.has_begun() && memory.len() != trainer.optimizer.parameters().len() {
        return Err("it lacks a part of the optimiser's memory".to_string());
    }
    trainer.optimizer.load_state(&memory).map_err(told)?;
    trainer.position = position;
    Ok(rows)
}

impl Position {
    /// Every number bit by bit, which a text would not keep.
    fn to_tensors(self) -> StateDict {
        let Position { epoch, step, tally: Tally { images, right, loss }, seconds } = self;
        let counts = [("epoch", epoch), ("step", step), ("images", images), ("right", right)]
            .map(|(name, n)| (name.to_string(), Tensor::scalar(n as i64)));
        let sums =
            [("loss", loss), ("seconds", seconds)].map(|(name, x)| (name.to_string(), Tensor::scalar(x)));
        counts.into_iter().chain(sums).collect()
    }

    fn from_tensors(tensors: &StateDict) -> Result<Position, String> {
        let number = |name: &str| {
            let tensor = tensors.get(name).filter(|tensor| tensor.numel() == 1);
            let x = tensor.ok_or_else(|| format!("`position.{name}` is missing"))?.item();
            if x.is_finite() && x >= 0.0 { Ok(x) } else { Err(format!("`position.{name}` is {x}")) }
        };
        let count = |name: &str| number(name).map(|x| x as usize);
        let tally = Tally { images: count("images")?, right: count("right")?, loss: number("loss")? };
        Ok(Position { epoch: count("epoch")?, step: count("step")?, tally, seconds: number("seconds")? })
    }
}
