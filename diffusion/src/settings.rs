//! What a practical can be told, and what it chooses itself.

use clap::builder::RangedU64ValueParser;
use minitensor::lab::train::Config;
use minitensor::lab::{self, DeviceChoice, ImageChoice, ImageOptions, at_least_one};
use serde::{Deserialize, Serialize};

use crate::model::Architecture;

/// The options of every practical that trains a diffusion model. What is not said, [`Settings::choose`] fills in.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
pub struct TrainOptions {
    /// Features of the network at full size, a multiple of 8 [default: 32]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub width: Option<usize>,
    /// Steps from a picture to noise [default: 400]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(2..=4000))]
    pub steps: Option<usize>,
    /// Pictures to paint in the end [default: 100]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1000))]
    pub samples: Option<usize>,
    /// Which images to learn from.
    #[command(flatten)]
    #[serde(flatten)]
    pub images: ImageOptions,
    /// What all practicals understand.
    #[command(flatten)]
    #[serde(flatten)]
    pub common: lab::Options,
}

/// All that decides what a run computes: the content of `config.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What is learned from.
    #[serde(flatten)]
    pub images: ImageChoice,
    /// Features of the network at full size.
    pub width: usize,
    /// Steps from a picture to noise.
    pub steps: usize,
    /// Pictures to paint in the end.
    pub samples: usize,
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// The highest learning rate.
    pub lr: f64,
    /// How much of the average of the weights stays at each step.
    pub ema_decay: f64,
    /// The seed of everything random.
    pub seed: u64,
    /// Where to compute.
    pub device: DeviceChoice,
    /// Threads to compute with; `None` is one a core.
    pub threads: Option<usize>,
}

impl Settings {
    /// Fills in what the options leave open.
    ///
    /// # Errors
    /// [`lab::Error::Usage`] for a width that cannot be normalised in groups of channels.
    pub fn choose(options: &TrainOptions) -> lab::Result<Settings> {
        let common = &options.common;
        let images = ImageChoice::of(common, &options.images)?;
        let width = options.width.unwrap_or(32);
        if !width.is_multiple_of(8) || width > 1024 {
            let message = format!("--width {width}: must be a multiple of 8, up to 1024, such as 32");
            return Err(lab::Error::Usage(message));
        }
        let epochs = match &images.data[..] {
            "digits" => 190,
            "fashion-mini" => 30,
            _ => 10,
        };
        Ok(Settings {
            images,
            width,
            steps: options.steps.unwrap_or(400),
            samples: options.samples.unwrap_or(100),
            epochs: common.epochs.unwrap_or(epochs),
            batch_size: common.batch_size.unwrap_or(64),
            lr: common.lr.unwrap_or(2e-3),
            ema_decay: 0.995,
            seed: common.seed.unwrap_or(0),
            device: common.device.unwrap_or_default(),
            threads: common.threads,
        })
    }

    /// The network for pictures of so many channels.
    pub fn architecture(&self, channels: usize) -> Architecture {
        Architecture { channels, width: self.width, ..Architecture::default() }
    }
}

impl Config for Settings {
    fn epochs(&self) -> usize {
        self.epochs
    }

    fn identity(&self) -> String {
        let Settings { images, width, steps, batch_size, lr, seed, .. } = self;
        format!(
            "DDPM on {images}, --width {width} --steps {steps} --batch-size {batch_size} --lr {lr} --seed {seed}"
        )
    }
}
