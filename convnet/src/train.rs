//! A step of training, an epoch, and where a run stands.

use minitensor::Tensor;
use minitensor::lab::{self, Machine};
use minitensor::nn::Module;
use minitensor::optim::{CosineAnnealing, Optimizer, Schedule, Sgd, SgdOptions};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::evaluate::Evaluation;
use crate::images::Data;
use crate::model::{Architecture, ResNet};
use crate::settings::Settings;
use crate::state::Row;

/// A model, its optimiser, and where they stand.
pub struct Trainer {
    /// The model.
    pub model: ResNet,
    /// What changes its weights.
    pub optimizer: Sgd,
    /// Where the run stands.
    pub position: Position,
    schedule: CosineAnnealing,
    steps_per_epoch: usize,
    machine: Machine,
}

/// Where a run stands: between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Position {
    /// Epochs that are finished, test and all.
    pub epoch: usize,
    /// Steps that are made in the epoch after these.
    pub step: usize,
    /// What came out of these steps.
    pub tally: Tally,
    /// How long they took.
    pub seconds: f64,
}

impl Position {
    /// Whether any step has been made.
    pub fn has_begun(&self) -> bool {
        self.epoch > 0 || self.step > 0
    }
}

/// What came out of some training steps.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Images that were seen.
    pub images: usize,
    /// Images whose class was guessed, before the model learned from them.
    pub right: usize,
    /// The sum of the losses of all images.
    pub loss: f64,
}

impl Trainer {
    /// A model with fresh weights, and everything set up for the first step.
    ///
    /// # Errors
    /// If the family has no network of this depth, or the device fails.
    pub fn new(settings: &Settings, data: &Data, machine: &Machine) -> lab::Outcome<Trainer> {
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
            CosineAnnealing { lr, min: 0.0, warmup: steps_per_epoch, steps: epochs * steps_per_epoch };
        // ANCHOR_END: optimizer
        let (position, machine) = (Position::default(), *machine);
        Ok(Trainer { model, optimizer, position, schedule, steps_per_epoch, machine })
    }

    // ANCHOR: step
    /// Learns from one batch of images (B, C, H, W) and their classes (B).
    ///
    /// # Errors
    /// If the loss is not finite; nothing is then learned from it.
    pub fn step(&mut self, images: &Tensor, labels: &Tensor) -> lab::Result<Tally> {
        let Position { epoch, step, .. } = self.position;
        let logits = self.model.forward(images); // (B, classes)
        let loss = logits.cross_entropy(labels); // one number
        let tally = Tally::new(&logits, labels, lab::finite(loss.item(), epoch + 1, step + 1)?);

        self.optimizer.zero_grad();
        loss.backward();
        self.optimizer.set_lr(self.schedule.lr(epoch * self.steps_per_epoch + step));
        self.optimizer.step();
        self.position.step += 1;
        self.position.tally += tally;
        Ok(tally)
    }
    // ANCHOR_END: step

    // ANCHOR: epoch
    /// Makes the steps that are left of this epoch. `after_step` watches, and can say that it is enough.
    ///
    /// # Errors
    /// If a loss is not finite.
    pub fn epoch(&mut self, data: &Data, mut after_step: impl FnMut(Tally) -> Go) -> lab::Result<Go> {
        let machine = self.machine;
        for (images, labels) in data.train_batches(self.position.epoch, self.position.step) {
            let tally = machine.step(|| self.step(&images, &labels))?;
            if after_step(tally) == Go::Stop {
                return Ok(Go::Stop);
            }
        }
        Ok(Go::On)
    }
    // ANCHOR_END: epoch

    /// Closes an epoch after its test, and returns what came out of it.
    pub fn finish_epoch(&mut self, test: &Evaluation) -> Row {
        let Position { epoch, tally, seconds, .. } = self.position;
        self.position = Position { epoch: epoch + 1, ..Position::default() };
        Row {
            epoch: epoch + 1,
            train_loss: tally.mean_loss(),
            train_accuracy: tally.accuracy(),
            test_loss: test.loss(),
            test_accuracy: test.accuracy(),
            seconds,
        }
    }

    /// How many steps an epoch has.
    pub fn steps_per_epoch(&self) -> usize {
        self.steps_per_epoch
    }
}

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// It does.
    On,
    /// It stops between two steps, to be resumed later.
    Stop,
}

impl Tally {
    fn new(logits: &Tensor, labels: &Tensor, mean_loss: f64) -> Tally {
        let hits = logits.detach().argmax(1, false).eq(labels); // (B)
        let images = hits.numel();
        Tally { images, right: hits.sum().item() as usize, loss: mean_loss * images as f64 }
    }

    /// The mean loss of an image.
    pub fn mean_loss(&self) -> f64 {
        self.loss / self.images as f64
    }

    /// The fraction of images whose class was guessed.
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.images as f64
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.images += other.images;
        self.right += other.right;
        self.loss += other.loss;
    }
}
