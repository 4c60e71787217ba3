//! What a practical shows: tables on the terminal, pictures in the run folder.

mod pictures;
mod tables;

use minitensor::lab::train::{MODEL, STATE, Training};
use minitensor::lab::{self, Run};

use crate::evaluate::Evaluation;
use crate::settings::Settings;
use crate::train::Trainer;

pub use pictures::{confusion, curves, filters, predictions};
pub use tables::{confusion_table, summary};

/// What a run writes, and what is in it.
pub const FILES: [(&str, &str); 8] = [
    ("curves.svg", "loss and accuracy, epoch by epoch"),
    ("predictions.svg", "test images and what the model takes them for"),
    ("filters.svg", "the filters of the first layer, and what they see"),
    ("confusion.svg", "which class was taken for which"),
    ("metrics.csv", "the table above, as numbers"),
    ("config.json", "all that is needed to do this run again"),
    (MODEL, "the weights, which PyTorch can load"),
    (STATE, "what --resume goes on from"),
];

/// Draws the pictures of a run that is finished.
///
/// # Errors
/// If a picture cannot be written.
pub fn write_pictures(
    run: &Run,
    training: &Training<'_, Trainer<'_>>,
    evaluation: &Evaluation,
    settings: &Settings,
) -> lab::Result<()> {
    let Trainer { model, data, .. } = &training.learner;
    let name = settings.model_name();
    run.write("curves.svg", curves(training.rows()))?;
    run.write("predictions.svg", predictions(&data.set, evaluation, &name))?;
    run.write("filters.svg", filters(model, &data.set))?;
    run.write("confusion.svg", confusion(&data.set, evaluation, &name))
}
