//! The practicals, one a file, and what they share.

pub(crate) mod backprop;
mod data;
pub(crate) mod fit;
mod journal;
mod learning;
pub(crate) mod moons;
pub(crate) mod rings;
pub(crate) mod xor;

use micrograd::{Mlp, Value};
use minitensor::lab::{self, Run, at_least_one, positive};
use serde_json::json;
use std::path::PathBuf;

/// The options of every practical that trains a network. What is not said, each practical chooses itself.
#[derive(Clone, clap::Args)]
pub(crate) struct Options {
    /// Passes over the training data
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) epochs: Option<usize>,
    /// Examples in one step [default: all of them]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) batch_size: Option<usize>,
    /// Learning rate
    #[arg(long, value_name = "RATE", value_parser = positive, allow_negative_numbers = true)]
    pub(crate) lr: Option<f64>,
    /// Seed of everything random: the same seed gives the same run
    #[arg(long, value_name = "N", value_parser = lab::seed, allow_negative_numbers = true, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Folder for what the run writes [default: runs/micrograd-NAME]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// Opens the folder that a practical writes to.
pub(crate) fn open_run(name: &str, out: &Option<PathBuf>) -> lab::Result<Run> {
    Run::open("micrograd", name, &lab::Options { out: out.clone(), ..lab::Options::default() })
}

/// What a network with one output says to a point.
pub(crate) fn predict<const N: usize>(net: &Mlp, x: [f64; N]) -> Value {
    net.forward(&x.map(Value::new)).swap_remove(0)
}

/// Of scores whose sign is the guess, the fraction with the sign of their label.
pub(crate) fn accuracy(scores: &[Value], labels: &[f64]) -> f64 {
    let right =
        scores.iter().zip(labels).filter(|(score, label)| (score.data() > 0.0) == (**label > 0.0)).count();
    right as f64 / labels.len() as f64
}

/// The weights of a network as JSON, under the names that PyTorch gives to a stack of linear layers.
pub(crate) fn model_json(net: &Mlp) -> String {
    let mut model = serde_json::Map::new();
    for (i, layer) in net.layers.iter().enumerate() {
        let weights: Vec<Vec<f64>> =
            layer.neurons.iter().map(|neuron| neuron.weights.iter().map(Value::data).collect()).collect();
        let biases: Vec<f64> = layer.neurons.iter().map(|neuron| neuron.bias.data()).collect();
        model.insert(format!("layers.{i}.weight"), json!(weights));
        model.insert(format!("layers.{i}.bias"), json!(biases));
    }
    format!("{}\n", serde_json::Value::Object(model))
}
