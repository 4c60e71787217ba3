//! The pictures of a run.

use minitensor::Tensor;
use minitensor::lab;
use minitensor::lab::plot::{Chart, Figure, Gallery, Mark, Tile};

use crate::judge::{Judgement, SURE};
use crate::pictures::Pictures;
use crate::train::EpochRow;

use super::Painting;

/// How many paintings are shown, and how many of them on their way.
const SHOWN: usize = 60;
const SHOWN_ON_THEIR_WAY: usize = 6;

/// The loss over the epochs.
pub fn curves(rows: &[EpochRow]) -> Figure {
    let over_epochs =
        |value: fn(&EpochRow) -> f64| rows.iter().map(move |row| (row.epoch as f64, value(row)));
    let loss = Chart::new("squared error of the noise, weighted by its step")
        .x("epoch")
        .line("train", over_epochs(|row| row.train_loss))
        .line("test, averaged weights", over_epochs(|row| row.test_loss))
        .log_y();
    Figure::new(1).with(loss)
}

/// What was painted, as it came: nothing is picked out.
pub fn samples(painting: &Painting, judgement: &Judgement, pictures: &Pictures) -> Gallery {
    let (classes, total) = (&pictures.set.classes, judgement.verdicts.len());
    let title = format!(
        "Painted from noise; a convnet is sure what it sees in {} of {total} (green)",
        judgement.sure()
    );
    let tiles = (0..total.min(SHOWN)).map(|i| {
        let verdict = judgement.verdicts[i];
        let mark = if verdict.confidence > SURE { Mark::Right } else { Mark::Wrong };
        tile(&painting.finished, i, pictures).caption(classes[verdict.class].as_str()).marked(mark)
    });
    Gallery::new(title).tiles(tiles).columns(12)
}

/// Some paintings at several moments, from noise on the left to the picture on the right.
pub fn moments(painting: &Painting, pictures: &Pictures) -> Gallery {
    let rows = (0..painting.finished.size(0).min(SHOWN_ON_THEIR_WAY)).flat_map(|i| {
        painting.moments.iter().map(move |(left, x)| {
            let tile = tile(x, i, pictures).marked(Mark::Plain);
            if i == 0 { tile.caption(format!("t = {left}")) } else { tile }
        })
    });
    Gallery::new("Out of the noise, step by step").tiles(rows).columns(painting.moments.len())
}

/// A picture of a batch, whose numbers are from −1 to 1.
fn tile(batch: &Tensor, index: usize, pictures: &Pictures) -> Tile {
    let [_, _, width] = pictures.shape();
    let pixels: Vec<f32> = batch.select(0, index).to_vec::<f32>().iter().map(|x| (x + 1.0) / 2.0).collect();
    lab::image_tile(&pictures.set, width, &pixels)
}
