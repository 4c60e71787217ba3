//! A network that learns to see noise: a step of its training, and the test after an epoch.

use minitensor::lab::train::{Learner, Position, Row, Tally};
use minitensor::lab::{self, Machine};
use minitensor::nn::{Module, StateDict, StateError};
use minitensor::optim::{Adam, AdamOptions, Ema, Optimizer, Schedule, WarmupCosine, clip_grad_norm};
use minitensor::{Device, Tensor, no_grad};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::model::UNet;
use crate::pictures::Pictures;
use crate::schedule::NoiseSchedule;
use crate::settings::Settings;

/// A gradient longer than this is shortened to it.
const LONGEST_GRADIENT: f64 = 1.0;

/// A model, the average of its weights, its optimiser, and the pictures that it learns from.
pub struct Trainer<'a> {
    /// The model.
    pub model: UNet,
    /// The average of its weights, which paints better than any one step's.
    pub ema: Ema,
    /// How noise is added.
    pub schedule: NoiseSchedule,
    /// What it learns from and is tested with.
    pub pictures: &'a Pictures,
    optimizer: Adam,
    rates: WarmupCosine,
    seed: u64,
    device: Device,
}

impl<'a> Trainer<'a> {
    /// A model with fresh weights, and everything set up for the first step.
    ///
    /// # Errors
    /// If the device fails.
    pub fn new(settings: &Settings, pictures: &'a Pictures, machine: &Machine) -> lab::Outcome<Trainer<'a>> {
        let [channels, ..] = pictures.shape();
        let rng = &mut ChaCha8Rng::seed_from_u64(settings.seed);
        let model = UNet::new(settings.architecture(channels), rng);
        model.to_device(machine.device)?;
        let (ema, schedule) =
            (Ema::new(&model, settings.ema_decay).warmup(), NoiseSchedule::cosine(settings.steps));
        let Settings { lr, epochs, seed, .. } = *settings;
        let optimizer = Adam::new(&model, lr, AdamOptions::default());
        let steps = epochs * pictures.train.len();
        let rates = WarmupCosine { lr, min: lr / 50.0, warmup: steps / 50, steps };
        Ok(Trainer { model, ema, schedule, pictures, optimizer, rates, seed, device: machine.device })
    }

    // ANCHOR: loss
    /// How far off the model is about the noise in these pictures (B, C, H, W), each at a random step (Ho et al., 2020,
    /// algorithm 1) that says how much it counts.
    fn loss(&self, pictures: &Tensor, rng: &mut ChaCha8Rng) -> Tensor {
        let batch = pictures.size(0);
        let steps: Vec<usize> = (0..batch).map(|_| rng.random_range(0..self.schedule.steps())).collect();
        let noise = Tensor::randn(pictures.shape(), rng).to(self.device);
        let noisy = self.schedule.add_noise(pictures, &noise, &steps);
        let weights = self.schedule.loss_weights(&steps).to(self.device); // (B, 1, 1, 1)
        let steps = Tensor::from_vec(steps.iter().map(|&t| t as i64).collect(), [batch]).to(self.device);
        ((self.model.denoise(&noisy, &steps) - noise).square() * weights).mean()
    }
    // ANCHOR_END: loss

    /// The random numbers of one step, the same whenever it is made.
    fn dice(&self, step: usize) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(step as u64 + 1);
        rng
    }
}

impl Learner for Trainer<'_> {
    /// Pictures (B, C, H, W).
    type Batch = Tensor;
    /// The mean loss of a test picture.
    type Evaluation = f64;
    type Row = EpochRow;

    // ANCHOR: step
    /// Learns from one batch of pictures (B, C, H, W).
    fn step(&mut self, pictures: &Tensor, position: &Position) -> lab::Result<Tally> {
        let step = position.epoch * self.steps_per_epoch() + position.step;
        let loss = self.loss(pictures, &mut self.dice(step));
        let (items, mean) = (pictures.size(0), position.finite(loss.item())?);

        self.optimizer.zero_grad();
        loss.backward();
        clip_grad_norm(self.optimizer.parameters(), LONGEST_GRADIENT);
        self.optimizer.set_lr(self.rates.lr(step));
        self.optimizer.step();
        self.ema.update(&self.model);
        Ok(Tally::of_loss(items, mean))
    }
    // ANCHOR_END: step

    /// The noise of a test is the same after every epoch, so that only the model makes a difference.
    fn test(&self, stopped: &dyn Fn() -> bool) -> f64 {
        let mut tally = Tally::default();
        let rng = &mut ChaCha8Rng::seed_from_u64(self.seed);
        for (pictures, _) in self.pictures.test.epoch(0).take_while(|_| !stopped()) {
            let items = pictures.size(0);
            let loss = no_grad(|| self.loss(&pictures.to(self.device), rng)).item();
            tally += Tally::of_loss(items, loss);
        }
        tally.mean_loss()
    }

    fn row(&self, epoch: usize, train: &Tally, test: &f64, seconds: f64) -> EpochRow {
        EpochRow { epoch, train_loss: train.mean_loss(), test_loss: *test, seconds }
    }

    fn batches(&self, epoch: usize, first: usize) -> Box<dyn Iterator<Item = Tensor>> {
        let device = self.device;
        let batches = self.pictures.train.epoch_from(epoch as u64, first);
        Box::new(batches.map(move |(pictures, _)| pictures.to(device)))
    }

    fn steps_per_epoch(&self) -> usize {
        self.pictures.train.len()
    }

    fn steps_per_test(&self) -> f64 {
        let [train, test] =
            [&self.pictures.set.train, &self.pictures.set.test].map(|part| part.labels().len() as f64);
        self.steps_per_epoch() as f64 * test / train / 3.0
    }

    fn unit(&self) -> &'static str {
        "pictures"
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

    fn weights(&self) -> StateDict {
        self.ema.averages().clone()
    }

    fn extra(&self) -> StateDict {
        self.ema.state()
    }

    fn load_extra(&mut self, extra: &StateDict) -> Result<(), StateError> {
        self.ema.load_state(extra)
    }
}

/// A row of `metrics.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRow {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// The mean loss of its training pictures.
    pub train_loss: f64,
    /// The mean loss of the test pictures after it.
    pub test_loss: f64,
    /// How long it took, test and all.
    pub seconds: f64,
}

impl Row for EpochRow {
    const COLUMNS: &'static [&'static str] = &["epoch", "train loss", "test loss", "time"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.epoch.to_string(),
            lab::loss(self.train_loss),
            lab::loss(self.test_loss),
            lab::seconds(self.seconds),
        ]
    }
}
