//! Writing with a model that was trained before.

use std::path::{Path, PathBuf};
use std::{fs, io};

use minitensor::Tensor;
use minitensor::checkpoint::{Checkpoint, CheckpointError};
use minitensor::lab::train::MODEL;
use minitensor::lab::{self, at_least_one, positive, up_to};
use minitensor::nn::Module;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::generate::Sampling;
use crate::model::Gpt;
use crate::settings::Settings;
use crate::write::{Wish, write};

const CONFIG: &str = "config.json";

/// The options of `sample`.
#[derive(Debug, Clone, clap::Args)]
pub struct SampleOptions {
    /// Folder of the run whose model writes
    #[arg(long, value_name = "DIR", default_value = "runs/gpt-names")]
    pub run: PathBuf,
    /// How each name or text begins
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub prompt: String,
    /// How many names or texts [default: 10 names, or 1 text]
    #[arg(short, long, value_name = "N", value_parser = up_to::<10_000>)]
    pub n: Option<usize>,
    /// Characters of a text, or of a name at most [default: 500, or what the model looks back]
    #[arg(long, value_name = "N", value_parser = up_to::<1_000_000>)]
    pub length: Option<usize>,
    /// Below 1 it plays safe, above 1 it gets bold
    #[arg(long, value_name = "T", value_parser = positive, default_value_t = 1.0)]
    pub temperature: f64,
    /// Draw among the N likeliest characters only
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub top_k: Option<usize>,
    /// Draw among the likeliest characters only, which have probability P together
    #[arg(long, value_name = "P", value_parser = probability)]
    pub top_p: Option<f64>,
    /// Another seed writes something else
    #[arg(long, value_name = "N", value_parser = lab::seed, allow_negative_numbers = true, default_value_t = 0)]
    pub seed: u64,
    /// Threads to compute with [default: one a core]
    #[arg(long, value_name = "N", value_parser = up_to::<1024>)]
    pub threads: Option<usize>,
}

/// Why a run cannot write.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// There is no trained model.
    #[error("there is no trained model: {} is not there; train one with `cargo run -p gpt`, or name another folder with \
             --run", path.display())]
    NoModel {
        /// What was looked for.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The configuration is not that of a GPT.
    #[error("{} is not the configuration of a GPT: {problem}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The file of weights is damaged.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The weights are those of another model.
    #[error("{} does not belong to the model that config.json beside it describes: {problem}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What differs.
        problem: String,
    },
}

/// Prints what the options ask for.
///
/// # Errors
/// [`SampleError`] where there is no whole model; [`lab::Error::Usage`] for a prompt that it cannot read.
pub fn run(options: &SampleOptions) -> lab::Outcome {
    lab::set_threads(options.threads)?;
    let (model, settings) = load(&options.run)?;
    let (count, length) = if settings.is_names { (10, settings.context) } else { (1, 500) };
    let wish = Wish {
        prompt: options.prompt.clone(),
        count: options.n.unwrap_or(count),
        length: options.length.unwrap_or(length),
        sampling: Sampling { temperature: options.temperature, top_k: options.top_k, top_p: options.top_p },
        seed: options.seed,
    };
    let written =
        write(&model, &settings, &wish).map_err(|error| lab::Error::Usage(format!("--prompt: {error}")))?;
    println!(
        "{}",
        written.join(if settings.is_names {
            "\n"
        } else {
            "\n\n----------------------------------------\n\n"
        })
    );
    Ok(())
}

/// The model of a run, and what it was trained with.
///
/// # Errors
/// If a file is missing or damaged, or the two do not belong together.
pub fn load(folder: &Path) -> Result<(Gpt, Settings), SampleError> {
    let (config, path) = (folder.join(CONFIG), folder.join(MODEL));
    for path in [&config, &path] {
        if !path.exists() {
            return Err(SampleError::NoModel { path: path.clone() });
        }
    }
    let settings = read_settings(&config)?;
    let weights = Checkpoint::load(&path)?.tensors;
    let foreign = |problem: String| SampleError::Foreign { path: path.clone(), problem };
    // A model is not built before it is known to be no larger than the file.
    let (held, wanted) = (weights.values().map(Tensor::numel).sum(), settings.model().num_parameters());
    if wanted > held {
        return Err(foreign(format!("it holds {held} numbers, and the model has {wanted}")));
    }
    let model = Gpt::new(settings.model(), &mut ChaCha8Rng::seed_from_u64(0));
    model.load_state_dict(&weights).map_err(|error| foreign(error.to_string()))?;
    Ok((model, settings))
}

fn read_settings(path: &Path) -> Result<Settings, SampleError> {
    let text =
        fs::read_to_string(path).map_err(|source| SampleError::File { path: path.to_path_buf(), source })?;
    let bad = |problem: String| SampleError::Config { path: path.to_path_buf(), problem };
    let settings: Settings = serde_json::from_str(&text).map_err(|e| bad(e.to_string()))?;
    match settings.check() {
        Ok(()) => Ok(settings),
        Err(problem) => Err(bad(problem)),
    }
}

/// A clap value parser for `--top-p`.
fn probability(text: &str) -> Result<f64, String> {
    match positive(text)? {
        p if p <= 1.0 => Ok(p),
        _ => Err("must be at most 1".to_string()),
    }
}
