//! Sets that are made up, so that the truth behind them is known. The same seed gives the same set.
//!
//! | set | what | learned |
//! |---|---|---|
//! | [`moons`], [`spirals`], [`rings`], [`blobs`], [`xor`] | points in the plane with a class | a border |
//! | [`sine`] | a curve with noise | a function |
//! | [`Mixture`], [`swiss_roll`], [`checkerboard`] | points without a class | a density |
//! | [`Shapes`], [`Cells`], [`Volumes`] | pictures, and the class of each pixel | a segmentation |
//! | [`StickFigures`] | pictures, and where the joints are | coordinates |
//! | [`ManyTasks`], [`PictureAndTable`] | several targets, several inputs | heads and branches |
//! | [`batter_pitcher`], [`communities`], [`reviews`] | pairs of numbers, a graph, sentences | embeddings |

mod batter_pitcher;
pub(in crate::data) mod canvas;
mod cells;
mod curve;
mod densities;
mod graph;
mod many_tasks;
mod mixture;
mod picture_and_table;
mod points;
mod reviews;
mod shapes;
mod stick_figures;
mod volumes;

pub use batter_pitcher::{BatterPitcher, OUTCOMES, PLAYERS, batter_pitcher};
pub use cells::{CellPicture, Cells, border_weights};
pub use curve::sine;
pub use densities::{checkerboard, swiss_roll};
pub use graph::{Graph, communities};
pub use many_tasks::ManyTasks;
pub use mixture::Mixture;
pub use picture_and_table::PictureAndTable;
pub use points::{blobs, moons, rings, spirals, xor};
pub use reviews::reviews;
pub use shapes::Shapes;
pub use stick_figures::{JOINTS, StickFigures, heatmaps, peaks};
pub use volumes::Volumes;

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt};

use super::random::{Purpose, below, generator};
use crate::create::normal_pair;

/// The sets, so that two of the same seed do not share their numbers.
#[derive(Clone, Copy)]
enum Kind {
    Moons = 1,
    Spirals,
    Rings,
    Blobs,
    Xor,
    Sine,
    Mixture,
    SwissRoll,
    Checkerboard,
    Shapes,
    Cells,
    StickFigures,
    Volumes,
    PictureAndTable,
    ManyTasks,
    BatterPitcher,
    Communities,
    Reviews,
}

/// The generator of example `index`, or of the whole set.
fn source(kind: Kind, seed: u64, index: usize) -> ChaCha8Rng {
    generator(Purpose::Synthetic, seed, kind as u64, index as u64)
}

/// A number from the normal distribution of mean 0 and deviation 1.
fn normal(rng: &mut impl Rng) -> f32 {
    normal_pair(rng)[0] as f32
}

/// A number between `low` and `high`.
fn between(low: f32, high: f32, rng: &mut impl Rng) -> f32 {
    low + (high - low) * rng.random::<f32>()
}
