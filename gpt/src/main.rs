//! The practicals of Part IV: `cargo run -p gpt [-- NAME]`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gpt::practicals::{sample, train};
use gpt::settings::TrainOptions;
use minitensor::lab;

/// The practicals of Part IV: a GPT learns to write, one character after another. Each training writes its numbers,
/// weights, pictures and samples to runs/gpt-NAME/
#[derive(Parser)]
#[command(name = "gpt", args_conflicts_with_subcommands = true, max_term_width = 100, after_help = TEXTS)]
#[command(mut_arg("data_dir", |arg| arg.hide(true)))]
struct Cli {
    #[command(subcommand)]
    practical: Option<Practical>,
    #[command(flatten)]
    options: TrainOptions,
}

#[derive(Subcommand)]
enum Practical {
    /// A small GPT invents first names: what runs without a name (3 min)
    #[command(after_help = TEXTS, mut_arg("data_dir", |arg| arg.hide(true)))]
    Names(TrainOptions),
    /// The same on a text: this book, or any of yours (3 min)
    #[command(after_help = TEXTS, mut_arg("data_dir", |arg| arg.hide(true)))]
    Train(TrainOptions),
    /// A trained model writes: more names, or on from a prompt of yours (0.1 min)
    Sample(sample::SampleOptions),
}

fn main() -> ExitCode {
    lab::run(|| {
        let cli = Cli::try_parse()?;
        match cli.practical {
            None => train::run("names", "names", &cli.options),
            Some(Practical::Names(options)) => train::run("names", "names", &options),
            Some(Practical::Train(options)) => train::run("train", "book", &options),
            Some(Practical::Sample(options)) => sample::run(&options),
        }
    })
}

const TEXTS: &str = "\
What to read (--data):
  names  30,294 first names, in this repository
  book   the prose of this book
  FILE   any text of yours, in UTF-8";
