//! What a practical can be told, and what it chooses itself.

use minitensor::lab::train::Config;
use minitensor::lab::{self, DeviceChoice, ImageChoice, ImageOptions, at_least_one};
use serde::{Deserialize, Serialize};

use crate::images::Augmentation;
use crate::model::Family;

/// The options of every practical of this crate. What is not said, [`Settings::choose`] fills in.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
pub struct TrainOptions {
    /// Layers that learn: 8, 14, 20, ... or, with bottlenecks, 11, 20, 29, ... [default: 20, or 8 on fashion, mnist and your own]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub depth: Option<usize>,
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
    /// The kind of network.
    pub family: Family,
    /// Its layers.
    pub depth: usize,
    /// What is learned from.
    #[serde(flatten)]
    pub images: ImageChoice,
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// The highest learning rate.
    pub lr: f64,
    /// How much of the last velocity is kept.
    pub momentum: f64,
    /// How strongly weights are pulled towards 0.
    pub weight_decay: f64,
    /// The seed of everything random.
    pub seed: u64,
    /// Where to compute.
    pub device: DeviceChoice,
    /// Threads to compute with; `None` is one a core.
    pub threads: Option<usize>,
}

/// What goes well with a data set.
struct Recipe {
    depth: usize,
    epochs: usize,
    batch_size: usize,
    augmentation: Augmentation,
}

// ANCHOR: recipe
/// How long to train on a data set, and how much its images may be changed.
fn recipe(data: &str) -> Recipe {
    let (depth, epochs, batch_size, shift, mirror) = match data {
        "digits" => (20, 30, 64, 1, false),
        "fashion-mini" => (8, 20, 64, 1, true),
        "mnist" => (8, 5, 128, 2, false),
        "fashion-mnist" => (8, 10, 128, 2, true),
        "folder" => (8, 30, 32, 2, true), // a reader's own, most often a few hundred
        _ => (20, 30, 128, 4, true),      // photographs: He et al. 2016, section 4.2
    };
    Recipe { depth, epochs, batch_size, augmentation: Augmentation { shift, mirror } }
}
// ANCHOR_END: recipe

impl Settings {
    /// Fills in what the options leave open.
    ///
    /// # Errors
    /// [`lab::Error::Usage`] for a depth that the family does not have.
    pub fn choose(family: Family, options: &TrainOptions) -> lab::Result<Settings> {
        let common = &options.common;
        let images = ImageChoice::of(common, &options.images)?;
        let recipe = recipe(&images.data);
        let usual_depth = match family {
            Family::Bottleneck => 20,
            Family::Plain | Family::Basic => recipe.depth,
        };
        let depth = options.depth.unwrap_or(usual_depth);
        family.blocks_per_stage(depth).map_err(|e| lab::Error::Usage(format!("--depth {depth}: {e}")))?;
        Ok(Settings {
            family,
            depth,
            images,
            epochs: common.epochs.unwrap_or(recipe.epochs),
            batch_size: common.batch_size.unwrap_or(recipe.batch_size),
            lr: common.lr.unwrap_or(0.1),
            momentum: 0.9,
            weight_decay: 5e-4,
            seed: common.seed.unwrap_or(0),
            device: common.device.unwrap_or_default(),
            threads: common.threads,
        })
    }

    /// How training images are changed.
    pub fn augmentation(&self) -> Augmentation {
        recipe(&self.images.data).augmentation
    }

    /// The network by name: "ResNet-20".
    pub fn model_name(&self) -> String {
        format!("{}-{}", self.family.name(), self.depth)
    }
}

impl Config for Settings {
    fn epochs(&self) -> usize {
        self.epochs
    }

    fn identity(&self) -> String {
        let Settings { images, batch_size, lr, seed, .. } = self;
        format!("{} on {images}, --batch-size {batch_size} --lr {lr} --seed {seed}", self.model_name())
    }
}
