//! The pictures of a run.

use minitensor::data::{Dataset, Image, ImageSet};
use minitensor::lab;
use minitensor::lab::plot::{Chart, Confusion, Figure, Gallery, Mark, Tile};
use minitensor::nn::Module;
use minitensor::no_grad;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::evaluate::{Evaluation, Guess};
use crate::model::ResNet;
use crate::train::EpochRow;

use super::tables::names_are_long;

/// How many test images are shown, and how many of them at most are wrong guesses.
const SHOWN: usize = 40;
const SHOWN_WRONG: usize = 16;

/// Loss and accuracy over the epochs.
pub fn curves(rows: &[EpochRow]) -> Figure {
    let over_epochs =
        |value: fn(&EpochRow) -> f64| rows.iter().map(move |row| (row.epoch as f64, value(row)));
    let loss = Chart::new("loss")
        .x("epoch")
        .line("train", over_epochs(|row| row.train_loss))
        .line("test", over_epochs(|row| row.test_loss))
        .log_y();
    let accuracy = Chart::new("accuracy")
        .x("epoch")
        .line("train", over_epochs(|row| row.train_accuracy))
        .line("test", over_epochs(|row| row.test_accuracy))
        .percent_y();
    Figure::new(2).with(loss).with(accuracy)
}

/// Test images with what the model takes them for: the wrong guesses that it was surest of, then right ones.
pub fn predictions(set: &ImageSet, evaluation: &Evaluation, model: &str) -> Gallery {
    let guesses = &evaluation.guesses;
    let (right, mut wrong): (Vec<usize>, Vec<usize>) =
        (0..guesses.len()).partition(|&i| guesses[i].is_right());
    let title = match wrong.len() {
        0 => format!("{model} takes all {} test images for what they are", guesses.len()),
        n => format!("{model} takes {n} of {} test images for something else (in red)", guesses.len()),
    };
    wrong.sort_by(|&a, &b| guesses[b].confidence.total_cmp(&guesses[a].confidence));
    wrong.truncate(SHOWN_WRONG);
    let shown = wrong.iter().chain(&right).take(SHOWN);
    let gallery = Gallery::new(title).tiles(shown.map(|&i| guess_tile(set, i, guesses[i])));
    match names_are_long(&set.classes) {
        true => gallery.columns(5).side(88.0), // room for "Ankle boot, not Sneaker"
        false => gallery,
    }
}

fn guess_tile(set: &ImageSet, index: usize, guess: Guess) -> Tile {
    let tile = image_tile(set, &image(set, index));
    let class = &set.classes[guess.class];
    match guess.is_right() {
        true => tile.caption(class.as_str()).marked(Mark::Right),
        false => tile.caption(format!("{class}, not {}", set.classes[guess.label])).marked(Mark::Wrong),
    }
}

/// The filters of the first convolution, and what each of them makes of a test image.
pub fn filters(model: &ResNet, set: &ImageSet) -> Figure {
    let [count, channels, _, kernel] = model.conv1.weight.dims();
    let weights = model.conv1.weight.to_vec::<f32>();
    let each = weights.chunks_exact(weights.len() / count);
    let tiles =
        each.map(|w| if channels == 3 { Tile::rgb(kernel, &stretched(w)) } else { Tile::signed(kernel, w) });
    let filters = Gallery::new(format!("The {count} filters of the first layer")).tiles(tiles);

    let image = image(set, 0);
    let (batch, width) = (set.normalize.apply(&image).unsqueeze(0), image.shape[2]); // (1, C, H, W)
    let batch = batch.to(model.conv1.weight.device());
    let responses = no_grad(|| model.conv1.forward(&batch)).to_vec::<f32>(); // (1, 16, H, W)
    let seen = responses.chunks_exact(responses.len() / count).map(|r| Tile::signed(width, r));
    let name = &set.classes[usize::from(set.test.labels()[0])];
    let seen = Gallery::new(format!("What each of them sees in this image ({name})"))
        .with(image_tile(set, &image).marked(Mark::Note))
        .tiles(seen)
        .columns(9);
    Figure::new(1).with(filters).with(seen)
}

/// Which class was taken for which.
pub fn confusion(set: &ImageSet, evaluation: &Evaluation, model: &str) -> Confusion {
    let title = format!("{model} on {}: true classes and guesses", set.name);
    let matrix = evaluation.confusion(set.classes.len());
    Confusion::new(title, set.classes.iter().cloned(), matrix.counts().iter().copied())
}

fn image(set: &ImageSet, index: usize) -> Image {
    let (image, _) = set.test.get(index, &mut ChaCha8Rng::from_seed([0; 32])); // draws nothing from it
    image
}

fn image_tile(set: &ImageSet, image: &Image) -> Tile {
    let pixels = set.normalize.intensities(&set.normalize.apply(image).to_vec::<f32>());
    lab::image_tile(set, image.shape[2], &pixels)
}

/// Weights as brightness: the smallest is 0, the largest 1.
fn stretched(weights: &[f32]) -> Vec<f32> {
    let (low, high) = weights.iter().fold((f32::MAX, f32::MIN), |(low, high), &w| (low.min(w), high.max(w)));
    weights.iter().map(|w| (w - low) / (high - low).max(f32::MIN_POSITIVE)).collect()
}
