//! What a training shows: a table on the terminal, pictures and samples in the run folder.

mod outcome;
mod pictures;
mod projection;
mod tables;

use minitensor::lab::train::{MODEL, STATE};
use minitensor::lab::{self, Run};

use crate::train::EpochRow;

pub use outcome::Outcome;
pub use pictures::{attention, bigrams, curves, embedding, expectations};
pub use projection::project;
pub use tables::summary;

/// What a run writes, and what is in it.
pub const FILES: [(&str, &str); 10] = [
    ("curves.svg", "the loss by epoch, beside that of counting and guessing"),
    ("expectations.svg", "what it expects next at each place of an unread text"),
    ("attention.svg", "where each head of each block looks while it reads that"),
    ("embedding.svg", "where the model has put the characters"),
    ("bigrams.svg", "which character follows which, counted"),
    ("samples.txt", "what it writes"),
    ("metrics.csv", "the table above, as numbers"),
    ("config.json", "all that is needed to do this run again"),
    (MODEL, "the weights, which PyTorch can load"),
    (STATE, "what --resume goes on from"),
];

/// Writes the pictures and samples of a run that is finished.
///
/// # Errors
/// If one cannot be written.
pub fn write_files(run: &Run, outcome: &Outcome<'_>, rows: &[EpochRow]) -> lab::Result<()> {
    run.write("curves.svg", curves(rows, outcome))?;
    run.write("expectations.svg", expectations(outcome))?;
    run.write("attention.svg", attention(outcome))?;
    run.write("embedding.svg", embedding(outcome))?;
    run.write("bigrams.svg", bigrams(outcome))?;
    let between =
        if outcome.corpus.is_names { "\n" } else { "\n\n----------------------------------------\n\n" };
    run.write("samples.txt", outcome.written.join(between) + "\n")
}
