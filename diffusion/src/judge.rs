//! A convnet that has learned to read the same pictures, and says what it takes the painted ones for.

use convnet::images::Data;
use convnet::settings::{Settings as ConvnetSettings, TrainOptions};
use convnet::train::Trainer;
use minitensor::data::{Image, ImageSet};
use minitensor::lab::train::{Learner, Position};
use minitensor::lab::{self, ImageChoice, ImageOptions, Machine};
use minitensor::nn::Module;
use minitensor::{Tensor, no_grad};

use crate::settings::Settings;

/// How long the convnet learns.
const EPOCHS: usize = 20;
/// How sure it must be.
pub const SURE: f32 = 0.9;

/// What a convnet takes a picture for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// The class.
    pub class: usize,
    /// The probability that it gives to that, from 0 to 1.
    pub confidence: f32,
}

/// The verdicts on some pictures, and what they are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// One a picture.
    pub verdicts: Vec<Verdict>,
    /// The part of real test images whose class the convnet guesses.
    pub accuracy: f64,
    /// The part of real test images that it is as sure about: no painting can be expected to do better.
    pub sure_of_real: f64,
}

impl Judgement {
    /// How many pictures the convnet is sure about.
    pub fn sure(&self) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.confidence > SURE).count()
    }

    /// How many pictures it takes for each class.
    pub fn counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        self.verdicts.iter().for_each(|verdict| counts[verdict.class] += 1);
        counts
    }
}

/// Trains a ResNet-8 on the real images, and asks it about the painted ones (N, C, H, W), whose numbers are from −1 to 1.
///
/// # Errors
/// If the data cannot be read again, or the training fails.
pub fn judge(settings: &Settings, machine: &Machine, painted: &Tensor) -> lab::Outcome<Judgement> {
    let Settings { images, seed, device, threads, .. } = settings.clone();
    let ImageChoice { data, data_dir, limit, image_size } = images;
    let common = lab::Options {
        data: Some(data),
        data_dir,
        seed: Some(seed),
        epochs: Some(EPOCHS),
        device: Some(device),
        threads,
        ..lab::Options::default()
    };
    let images = ImageOptions { limit, image_size };
    let options = TrainOptions { depth: Some(8), images, common };
    let settings = ConvnetSettings::choose(convnet::model::Family::Basic, &options)?;
    let data = Data::load(&settings, machine)?;
    let mut trainer = Trainer::new(&settings, &data, machine)?;
    for epoch in 0..EPOCHS {
        for (step, batch) in trainer.batches(epoch, 0).enumerate() {
            let position = Position { epoch, step, ..Position::default() };
            machine.step(|| trainer.step(&batch, &position))?;
        }
    }
    let real = trainer.test(&|| false);
    let sure = real.guesses.iter().filter(|guess| guess.confidence > SURE).count();
    Ok(Judgement {
        verdicts: verdicts(&trainer.model, &data.set, painted),
        accuracy: real.accuracy(),
        sure_of_real: sure as f64 / real.guesses.len() as f64,
    })
}

fn verdicts(model: &impl Module, set: &ImageSet, painted: &Tensor) -> Vec<Verdict> {
    model.eval();
    let [count, channels, height, width] = painted.dims();
    let pixels = painted.to_vec::<f32>();
    let images = pixels.chunks(pixels.len() / count).map(|picture| {
        let intensities: Vec<f32> = picture.iter().map(|x| (x + 1.0) / 2.0).collect();
        let image = Image { shape: [channels, height, width], pixels: set.normalize.bytes(&intensities) };
        set.normalize.apply(&image).unsqueeze(0)
    });
    let images: Vec<Tensor> = images.collect();
    let batch = Tensor::cat(&images.iter().collect::<Vec<_>>(), 0);
    let batch = batch.to(painted.device());
    let (confidences, classes) = no_grad(|| model.forward(&batch).softmax(1).max_dim(1, false));
    let verdict = |(class, confidence): (i64, f32)| Verdict { class: class as usize, confidence };
    classes.to_vec::<i64>().into_iter().zip(confidences.to_vec::<f32>()).map(verdict).collect()
}
