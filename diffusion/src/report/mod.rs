//! What a practical shows: a table on the terminal, pictures in the run folder.

mod pictures;
mod tables;

use minitensor::Tensor;
use minitensor::lab::train::{MODEL, STATE};
use minitensor::lab::{self, Run};

use crate::judge::Judgement;
use crate::pictures::Pictures;
use crate::train::EpochRow;

pub use pictures::{curves, moments, samples};
pub use tables::summary;

/// What a run writes, and what is in it.
pub const FILES: [(&str, &str); 7] = [
    ("samples.svg", "what it paints, and what a convnet takes it for"),
    ("denoising.svg", "some of these pictures on their way out of the noise"),
    ("curves.svg", "the loss, epoch by epoch"),
    ("metrics.csv", "the table above, as numbers"),
    ("config.json", "all that is needed to do this run again"),
    (MODEL, "the averaged weights, which PyTorch can load"),
    (STATE, "what --resume goes on from"),
];

/// Pictures out of noise.
pub struct Painting {
    /// (N, C, H, W), from −1 to 1.
    pub finished: Tensor,
    /// What there was on the way, so many steps from the end: the same shape.
    pub moments: Vec<(usize, Tensor)>,
}

/// Draws the pictures of a run that is finished.
///
/// # Errors
/// If a picture cannot be written.
pub fn write_pictures(
    run: &Run,
    rows: &[EpochRow],
    painting: &Painting,
    judgement: &Judgement,
    pictures: &Pictures,
) -> lab::Result<()> {
    run.write("samples.svg", samples(painting, judgement, pictures))?;
    run.write("denoising.svg", moments(painting, pictures))?;
    run.write("curves.svg", curves(rows))
}
