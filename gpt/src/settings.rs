//! What a practical can be told, and what it chooses itself.

use std::ops::RangeInclusive;

use clap::builder::RangedU64ValueParser;
use minitensor::data::{Characters, Dataset};
use minitensor::lab::train::Config;
use minitensor::lab::{self, DeviceChoice, at_least_one};
use serde::{Deserialize, Serialize};

use crate::corpus::Corpus;
use crate::examples::Examples;
use crate::model::GptConfig;

/// The steps of an epoch on a text, whose windows lie at random places: as many as see it once, within these bounds.
const STEPS: RangeInclusive<usize> = 100..=500;

/// The options of every practical that trains a GPT. What is not said, [`Settings::choose`] fills in.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
pub struct TrainOptions {
    /// Blocks, each of attention and a small network [default: 4]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=64))]
    pub layers: Option<usize>,
    /// Heads of attention in a block [default: 4]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=64))]
    pub heads: Option<usize>,
    /// Numbers that stand for a character at each place, a multiple of the heads [default: 64, or 128 on a text]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=4096))]
    pub width: Option<usize>,
    /// Characters that the model looks back on [default: the longest name, or 64 on a text]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=4096))]
    pub context: Option<usize>,
    /// The part of the numbers that is dropped while training, so that it learns less by heart [default: 0, or 0.1 on a text]
    #[arg(long, value_name = "P", value_parser = part)]
    pub dropout: Option<f64>,
    /// Use only the N most frequent names, or the first N characters, to try something out
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub limit: Option<usize>,
    /// What all practicals understand.
    #[command(flatten)]
    #[serde(flatten)]
    pub common: lab::Options,
}

/// A clap value parser for a part: from 0 up to, but not, 1.
fn part(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..1.0).contains(&x) => Ok(x),
        Ok(_) => Err("must be at least 0 and below 1".to_string()),
        Err(_) => Err("must be a number".to_string()),
    }
}

/// All that decides what a run computes: the content of `config.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What is read: "names", or a file.
    pub data: String,
    /// Whether it is a list of names.
    pub is_names: bool,
    /// Its characters, in the order of their tokens.
    #[serde(with = "spelled")]
    pub vocabulary: Characters,
    /// A number that another text would hardly have.
    pub fingerprint: String,
    /// Only so much of it.
    pub limit: Option<usize>,
    /// Blocks.
    pub layers: usize,
    /// Heads of attention in a block.
    pub heads: usize,
    /// Numbers that stand for a character.
    pub width: usize,
    /// Characters that the model looks back on.
    pub context: usize,
    /// Which part of the numbers is dropped while it trains.
    pub dropout: f64,
    /// Passes over the training data.
    pub epochs: usize,
    /// Sequences a step.
    pub batch_size: usize,
    /// The highest learning rate.
    pub lr: f64,
    /// How strongly weights are pulled towards 0.
    pub weight_decay: f64,
    /// The largest norm that the gradients may have.
    pub clip: f64,
    /// The seed of everything random.
    pub seed: u64,
    /// Where to compute.
    pub device: DeviceChoice,
    /// Threads to compute with; `None` is one a core.
    pub threads: Option<usize>,
}

/// What goes well with what is read.
struct Recipe {
    width: usize,
    context: usize,
    dropout: f64,
    batch_size: usize,
    lr: f64,
    steps: usize,
}

// ANCHOR: recipe
/// How large a model, and how long it reads.
fn recipe(corpus: &Corpus) -> Recipe {
    let (width, context, dropout, batch_size, lr, steps) = match corpus.is_names {
        true => (64, corpus.longest(), 0.0, 64, 6e-3, 5_000),
        false => (128, 64, 0.1, 16, 1e-3, 1_500),
    };
    Recipe { width, context, dropout, batch_size, lr, steps }
}
// ANCHOR_END: recipe

impl Settings {
    /// Fills in what the options leave open.
    ///
    /// # Errors
    /// [`lab::Error::Usage`] where the heads do not share the width evenly, or the context does not fit the corpus.
    pub fn choose(corpus: &Corpus, options: &TrainOptions) -> lab::Outcome<Settings> {
        let common = &options.common;
        let recipe = recipe(corpus);
        let (heads, width) = (options.heads.unwrap_or(4), options.width.unwrap_or(recipe.width));
        if width % heads != 0 {
            let message = format!("--width {width} cannot be shared evenly by --heads {heads}");
            return Err(lab::Error::Usage(message).into());
        }
        let context = options.context.unwrap_or(recipe.context);
        corpus.fits(context)?;
        let batch_size = common.batch_size.unwrap_or(recipe.batch_size);
        let settings = Settings {
            data: corpus.name.clone(),
            is_names: corpus.is_names,
            vocabulary: corpus.vocabulary.clone(),
            fingerprint: corpus.fingerprint(),
            limit: options.limit,
            layers: options.layers.unwrap_or(4),
            heads,
            width,
            context,
            dropout: options.dropout.unwrap_or(recipe.dropout),
            epochs: 0,
            batch_size,
            lr: common.lr.unwrap_or(recipe.lr),
            weight_decay: 0.1,
            clip: 1.0,
            seed: common.seed.unwrap_or(0),
            device: common.device.unwrap_or_default(),
            threads: common.threads,
        };
        let steps_per_epoch = settings.examples(corpus).len().div_ceil(batch_size);
        let epochs = common.epochs.unwrap_or(recipe.steps.div_ceil(steps_per_epoch));
        Ok(Settings { epochs, ..settings })
    }

    /// What an epoch shows the model.
    pub fn examples(&self, corpus: &Corpus) -> Examples {
        let [least, most] = [STEPS.start(), STEPS.end()].map(|steps| steps * self.batch_size);
        Examples::to_train(corpus, self.context, least..=most)
    }

    /// Whether these can be settings at all, whoever has written them.
    ///
    /// # Errors
    /// Says what cannot be.
    pub fn check(&self) -> Result<(), String> {
        let Settings { layers, heads, width, context, .. } = *self;
        let sizes = [
            ("layers", layers, 64),
            ("heads", heads, 64),
            ("width", width, 4096),
            ("context", context, 4096),
        ];
        for (name, size, most) in sizes {
            if !(1..=most).contains(&size) {
                return Err(format!("{name} is {size}, and must be from 1 to {most}"));
            }
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(format!("dropout is {}, and must be at least 0 and below 1", self.dropout));
        }
        if width % heads != 0 {
            return Err(format!("width {width} cannot be shared evenly by {heads} heads"));
        }
        if self.vocabulary.is_empty() || self.is_names && self.vocabulary.characters()[0] != '\n' {
            return Err("the vocabulary lacks its first character".to_string());
        }
        Ok(())
    }

    /// The shape of the model.
    pub fn model(&self) -> GptConfig {
        let Settings { context, layers, heads, width, dropout, .. } = *self;
        GptConfig {
            vocab: self.vocabulary.len(),
            context,
            layers,
            heads,
            width,
            dropout,
            ..GptConfig::default()
        }
    }
}

impl Config for Settings {
    fn epochs(&self) -> usize {
        self.epochs
    }

    fn identity(&self) -> String {
        let Settings { data, layers, heads, width, context, dropout, batch_size, lr, seed, .. } = self;
        let limit = self.limit.map_or_else(String::new, |n| format!(", first {n}"));
        format!(
            "a GPT of --layers {layers} --heads {heads} --width {width} --context {context} --dropout {dropout} on {data}{limit} (text {}), \
             --batch-size {batch_size} --lr {lr} --seed {seed}",
            self.fingerprint
        )
    }
}

/// A vocabulary in a file: the text of its characters.
mod spelled {
    use minitensor::data::Characters;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        vocabulary: &Characters,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&String::from_iter(vocabulary.characters()))
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Characters, D::Error> {
        Ok(Characters::of(&String::deserialize(deserializer)?))
    }
}
