//! The practicals of Part I: `cargo run -p micrograd [-- NAME]`.

mod practicals;

use clap::{Parser, Subcommand};
use minitensor::lab;
use practicals::{Options, backprop, fit, moons, rings, xor};
use std::process::ExitCode;

/// The practicals of Part I: a scalar that knows its gradient learns. Each takes seconds, and writes its pictures
/// and numbers to runs/micrograd-NAME/
#[derive(Parser)]
#[command(name = "micrograd", args_conflicts_with_subcommands = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    practical: Option<Practical>,
    #[command(flatten)]
    fit: fit::FitOptions,
}

#[derive(Subcommand)]
enum Practical {
    /// Fit x² with a few tanh neurons and watch it learn: what runs without a name (0.1 min)
    Fit(fit::FitOptions),
    /// One neuron, one example, one step of learning, every number shown (0.1 min)
    Backprop(backprop::BackpropOptions),
    /// Tell two half-moons apart and draw the boundary (0.1 min)
    Moons(Options),
    /// Learn "exclusive or" and draw how the hidden layer folds the plane (0.1 min)
    Xor(Options),
    /// Two rings: hopeless for one neuron, until it is given the radius (0.1 min)
    Rings(Options),
}

fn main() -> ExitCode {
    lab::run(|| {
        let cli = Cli::try_parse()?;
        match cli.practical {
            None => fit::run(&cli.fit),
            Some(Practical::Fit(options)) => fit::run(&options),
            Some(Practical::Backprop(options)) => backprop::run(&options),
            Some(Practical::Moons(options)) => moons::run(&options),
            Some(Practical::Xor(options)) => xor::run(&options),
            Some(Practical::Rings(options)) => rings::run(&options),
        }
    })
}
