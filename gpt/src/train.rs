//! A GPT that learns to guess the next character: a step of its training, and the test after an epoch.

use minitensor::data::{DataLoader, Dataset};
use minitensor::lab::train::{Learner, Position, Row, Tally};
use minitensor::lab::{self, Machine};
use minitensor::nn::Module;
use minitensor::optim::{Adam, AdamOptions, Group, Optimizer, Schedule, WarmupCosine, clip_grad_norm};
use minitensor::{Device, Tensor, no_grad};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::corpus::Corpus;
use crate::examples::{Examples, IGNORED};
use crate::generate::Sampling;
use crate::model::Gpt;
use crate::settings::Settings;
use crate::write::{Wish, in_a_line, write};

/// Sequences per batch of a test, which keeps nothing for a backward pass.
const TEST_BATCH: usize = 128;
/// What is shown of a model after each epoch: so many names, or so many characters of a text.
const NAMES_SHOWN: usize = 4;
const CHARACTERS_SHOWN: usize = 48;

/// A model, its optimiser, and what it reads.
pub struct Trainer<'a> {
    /// The model.
    pub model: Gpt,
    /// What it learns from and is tested with.
    pub corpus: &'a Corpus,
    settings: &'a Settings,
    optimizer: Adam,
    schedule: WarmupCosine,
    train: DataLoader<Examples>,
    test: DataLoader<Examples>,
    device: Device,
}

/// What a test has found out.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The mean of −ln p over all characters: nats a character.
    pub loss: f64,
    /// What the model writes now, in one line.
    pub sample: String,
}

impl<'a> Trainer<'a> {
    /// A model with fresh weights, and everything set up for the first step.
    ///
    /// # Errors
    /// If the device fails.
    pub fn new(settings: &'a Settings, corpus: &'a Corpus, machine: &Machine) -> lab::Outcome<Trainer<'a>> {
        let model = Gpt::new(settings.model(), &mut ChaCha8Rng::seed_from_u64(settings.seed));
        model.to_device(machine.device)?;
        let train = DataLoader::new(settings.examples(corpus), settings.batch_size).shuffle(settings.seed);
        let test = DataLoader::new(Examples::to_test(corpus, settings.context), TEST_BATCH);

        // ANCHOR: optimizer
        let Settings { lr, weight_decay, epochs, .. } = *settings;
        let (matrices, vectors) = model.decay_groups();
        let plain = AdamOptions { beta2: 0.99, decoupled: true, ..AdamOptions::default() };
        let pulled = AdamOptions { weight_decay, ..plain };
        let optimizer = Adam::grouped(lr, [Group::new(matrices, pulled), Group::new(vectors, plain)]);
        let steps = epochs * train.len();
        let schedule = WarmupCosine { lr, min: lr / 10.0, warmup: steps / 20, steps };
        // ANCHOR_END: optimizer
        let device = machine.device;
        Ok(Trainer { model, corpus, settings, optimizer, schedule, train, test, device })
    }

    /// A line that the model writes. The dice are the same each time: what changes is the model.
    fn sample(&self) -> String {
        let Settings { is_names, seed, .. } = *self.settings;
        let (count, length) =
            if is_names { (NAMES_SHOWN, self.settings.context) } else { (1, CHARACTERS_SHOWN) };
        let wish = Wish { prompt: String::new(), count, length, sampling: Sampling::default(), seed };
        in_a_line(&write(&self.model, self.settings, &wish).unwrap_or_default())
    }
}

/// How many targets (B, T) are to be guessed.
fn guessed(targets: &Tensor) -> usize {
    targets.ne_scalar(IGNORED as f64).sum().item() as usize
}

impl Learner for Trainer<'_> {
    /// Tokens (B, T) and the tokens after them (B, T).
    type Batch = (Tensor, Tensor);
    type Evaluation = Evaluation;
    type Row = EpochRow;

    // ANCHOR: step
    /// Learns from one batch of tokens (B, T) and the tokens after them (B, T).
    fn step(&mut self, (inputs, targets): &(Tensor, Tensor), position: &Position) -> lab::Result<Tally> {
        let loss = self.model.loss(inputs, targets); // the mean over all characters
        let (mean, items) = (position.finite(loss.item())?, guessed(targets));

        self.optimizer.zero_grad();
        loss.backward();
        clip_grad_norm(self.optimizer.parameters(), self.settings.clip);
        self.optimizer.set_lr(self.schedule.lr(position.epoch * self.steps_per_epoch() + position.step));
        self.optimizer.step();
        Ok(Tally::of_loss(items, mean))
    }
    // ANCHOR_END: step

    fn test(&self, stopped: &dyn Fn() -> bool) -> Evaluation {
        self.model.eval();
        let mut tally = Tally::default();
        for (inputs, targets) in on(self.device, self.test.epoch(0)).take_while(|_| !stopped()) {
            let (loss, items) = (no_grad(|| self.model.loss(&inputs, &targets).item()), guessed(&targets));
            tally += Tally::of_loss(items, loss);
        }
        self.model.train();
        Evaluation { loss: tally.mean_loss(), sample: self.sample() }
    }

    fn row(&self, epoch: usize, train: &Tally, test: &Evaluation, seconds: f64) -> EpochRow {
        EpochRow {
            epoch,
            train_loss: train.mean_loss(),
            test_loss: test.loss,
            sample: test.sample.clone(),
            seconds,
        }
    }

    fn batches(&self, epoch: usize, first: usize) -> Box<dyn Iterator<Item = (Tensor, Tensor)>> {
        Box::new(on(self.device, self.train.epoch_from(epoch as u64, first)))
    }

    fn steps_per_epoch(&self) -> usize {
        self.train.len()
    }

    fn steps_per_test(&self) -> f64 {
        let [train, test] = [&self.train, &self.test].map(|part| part.dataset().len() as f64);
        self.steps_per_epoch() as f64 * test / train / 3.0
    }

    fn unit(&self) -> &'static str {
        "characters"
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

/// Brings batches to where the model is.
fn on(
    device: Device,
    batches: impl Iterator<Item = (Tensor, Tensor)>,
) -> impl Iterator<Item = (Tensor, Tensor)> {
    batches.map(move |(inputs, targets)| (inputs.to(device), targets.to(device)))
}

/// A row of `metrics.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRow {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// The mean loss of its training characters.
    pub train_loss: f64,
    /// The mean loss of the test characters after it.
    pub test_loss: f64,
    /// What the model wrote after it.
    pub sample: String,
    /// How long it took, test and all.
    pub seconds: f64,
}

impl Row for EpochRow {
    const COLUMNS: &'static [&'static str] = &["epoch", "train loss", "test loss", "time", "what it writes"];

    fn cells(&self) -> Vec<String> {
        let EpochRow { epoch, train_loss, test_loss, sample, seconds } = self;
        let [train_loss, test_loss] = [train_loss, test_loss].map(|&loss| lab::loss(loss));
        vec![epoch.to_string(), train_loss, test_loss, lab::seconds(*seconds), sample.clone()]
    }
}
