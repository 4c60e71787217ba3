//! A network that learns to tell images apart: a step of its training, and the test after an epoch.

use minitensor::Tensor;
use minitensor::lab::train::{Learner, Position, Row, Tally};
use minitensor::lab::{self, Machine, percent};
use minitensor::nn::Module;
use minitensor::optim::{Optimizer, Schedule, Sgd, SgdOptions, WarmupCosine};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::evaluate::{Evaluation, evaluate};
use crate::images::Data;
use crate::model::{Architecture, ResNet};
use crate::settings::Settings;

/// A model, its optimiser, and the images that it learns from.
pub struct Trainer<'a> {
    /// The model.
    pub model: ResNet,
    /// What changes its weights.
    pub optimizer: Sgd,
    /// What it learns from and is tested with.
    pub data: &'a Data,
    schedule: WarmupCosine,
}

impl<'a> Trainer<'a> {
    /// A model with fresh weights, and everything set up for the first step.
    ///
    /// # Errors
    /// If the family has no network of this depth, or the device fails.
    pub fn new(settings: &Settings, data: &'a Data, machine: &Machine) -> lab::Outcome<Trainer<'a>> {
        let [_, channels, _, _] = data.set.train.shape();
        let Settings { family, depth, .. } = *settings;
        let architecture = Architecture { family, depth, channels, classes: data.set.classes.len() };
        let model = ResNet::new(architecture, &mut ChaCha8Rng::seed_from_u64(settings.seed))?;
        model.to_device(machine.device)?;

        // ANCHOR: optimizer
        let Settings { lr, momentum, weight_decay, epochs, .. } = *settings;
        let options = SgdOptions { momentum, weight_decay, nesterov: true, ..SgdOptions::default() };
        let optimizer = Sgd::new(&model, lr, options);
        let steps_per_epoch = data.steps_per_epoch();
        let schedule =
            WarmupCosine { lr, min: 0.0, warmup: steps_per_epoch, steps: epochs * steps_per_epoch };
        // ANCHOR_END: optimizer
        Ok(Trainer { model, optimizer, data, schedule })
    }
}

impl Learner for Trainer<'_> {
    /// Images (B, C, H, W) and their classes (B).
    type Batch = (Tensor, Tensor);
    type Evaluation = Evaluation;
    type Row = EpochRow;

    // ANCHOR: step
    /// Learns from one batch of images (B, C, H, W) and their classes (B).
    fn step(&mut self, (images, labels): &(Tensor, Tensor), position: &Position) -> lab::Result<Tally> {
        let logits = self.model.forward(images); // (B, classes)
        let loss = logits.cross_entropy(labels); // one number
        let tally = Tally::of_guesses(&logits, labels, position.finite(loss.item())?);

        self.optimizer.zero_grad();
        loss.backward();
        self.optimizer.set_lr(self.schedule.lr(position.epoch * self.steps_per_epoch() + position.step));
        self.optimizer.step();
        Ok(tally)
    }
    // ANCHOR_END: step

    fn test(&self, stopped: &dyn Fn() -> bool) -> Evaluation {
        evaluate(&self.model, self.data.test_batches().take_while(|_| !stopped()))
    }

    fn row(&self, epoch: usize, train: &Tally, test: &Evaluation, seconds: f64) -> EpochRow {
        EpochRow {
            epoch,
            train_loss: train.mean_loss(),
            train_accuracy: train.accuracy(),
            test_loss: test.loss(),
            test_accuracy: test.accuracy(),
            seconds,
        }
    }

    fn batches(&self, epoch: usize, first: usize) -> Box<dyn Iterator<Item = (Tensor, Tensor)>> {
        Box::new(self.data.train_batches(epoch, first))
    }

    fn steps_per_epoch(&self) -> usize {
        self.data.steps_per_epoch()
    }

    fn steps_per_test(&self) -> f64 {
        let [train, test] =
            [&self.data.set.train, &self.data.set.test].map(|part| part.labels().len() as f64);
        self.steps_per_epoch() as f64 * test / train / 3.0
    }

    fn unit(&self) -> &'static str {
        "images"
    }

    fn model(&self) -> &dyn Module {
        &self.model
    }

    fn optimizer(&self) -> &dyn Optimizer {
        &self.optimizer
    }

    fn optimizer_mut(&mut self) -> &mut dyn Optimizer {
        &mut self.optimizer
    }
}

/// A row of `metrics.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRow {
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

impl Row for EpochRow {
    const COLUMNS: &'static [&'static str] =
        &["epoch", "train loss", "train accuracy", "test loss", "test accuracy", "time"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.epoch.to_string(),
            lab::loss(self.train_loss),
            percent(self.train_accuracy),
            lab::loss(self.test_loss),
            percent(self.test_accuracy),
            lab::seconds(self.seconds),
        ]
    }
}
