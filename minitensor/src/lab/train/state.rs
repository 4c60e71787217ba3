//! A run in a file, so that it can go on as if it had never stopped.
//!
//! `state.safetensors` holds the weights and buffers (`model.`), the optimiser's memory (`optimizer.`), the random numbers
//! of the layers (`rng.`), what the practical keeps beside these (`extra.`), where the run stands (`position.`), and as notes
//! the rows of `metrics.csv` and what kind of run it is. Batches need nothing: their order is a function of the seed and the epoch.

use std::path::{Path, PathBuf};

use super::{Learner, Position};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::lab::{self, Metrics, rows_from_csv};
use crate::nn::StateError;

/// The file of weights that PyTorch can load.
pub const MODEL: &str = "model.safetensors";
/// The file that a run goes on from.
pub const STATE: &str = "state.safetensors";

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
pub fn save<L: Learner>(
    folder: &Path,
    learner: &L,
    position: Position,
    metrics: &Metrics<L::Row>,
    identity: &str,
) -> lab::Outcome {
    let memory = learner.optimizer().state();
    let state = Checkpoint::default()
        .note("metrics", metrics.to_csv()?)
        .note("run", identity)
        .note("memory", memory.len().to_string())
        .with("model", learner.model().state_dict())
        .with("optimizer", memory)
        .with("rng", learner.model().rng_state())
        .with("extra", learner.extra())
        .with("position", position.to_tensors());
    state.save(folder.join(STATE)).map_err(unwritten)?;
    Checkpoint::new(learner.weights()).save(folder.join(MODEL)).map_err(unwritten)?;
    Ok(())
}

/// Tells a full disk from the rest, and what that means for the earlier file.
fn unwritten(error: CheckpointError) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        CheckpointError::File { action, path, source } => lab::Error::file(action, path, source).into(),
        other => other.into(),
    }
}

/// Puts a fresh learner where the run in this folder stands, and returns that place with the rows of its finished epochs.
///
/// # Errors
/// If there is nothing to go on from, or it belongs to another run, or is damaged.
pub fn load<L: Learner>(
    folder: &Path,
    learner: &mut L,
    identity: &str,
) -> Result<(Position, Vec<L::Row>), ResumeError> {
    let path = folder.join(STATE);
    if !path.exists() {
        return Err(ResumeError::Nothing(lab::Error::NothingToResume { path }));
    }
    let state = Checkpoint::load(&path)?;
    let found = state.notes.get("run").cloned().unwrap_or_default();
    if found != identity {
        return Err(ResumeError::OtherRun { path, found, wanted: identity.to_string() });
    }
    apply(&state, learner).map_err(|problem| ResumeError::Damaged { path, problem })
}

fn apply<L: Learner>(state: &Checkpoint, learner: &mut L) -> Result<(Position, Vec<L::Row>), String> {
    let told = |e: StateError| e.to_string();
    let note = |name: &str| state.notes.get(name).ok_or_else(|| format!("the note `{name}` is missing"));
    let position = Position::from_tensors(&state.part("position"))?;
    let rows: Vec<L::Row> = rows_from_csv(note("metrics")?).map_err(|e| e.to_string())?;
    let steps = learner.steps_per_epoch();
    if rows.len() != position.epoch || position.step > steps {
        let Position { epoch, step, .. } = position;
        let rows = rows.len();
        return Err(format!(
            "it stands at step {step} after epoch {epoch}, but has {rows} rows of metrics, and an epoch has {steps} steps"
        ));
    }
    learner.model().load_state_dict(&state.part("model")).map_err(told)?;
    learner.model().load_rng_state(&state.part("rng")).map_err(told)?;
    let memory = state.part("optimizer");
    if memory.len().to_string() != *note("memory")? {
        return Err("it lacks a part of the optimiser's memory".to_string());
    }
    learner.optimizer_mut().load_state(&memory).map_err(told)?;
    learner.load_extra(&state.part("extra")).map_err(told)?;
    Ok((position, rows))
}
