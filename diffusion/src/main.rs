//! The practicals of Part V: `cargo run -p diffusion [-- NAME]`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use diffusion::practicals::ddpm;
use diffusion::settings::TrainOptions;
use minitensor::lab::{self, image_sets_help};

/// The practicals of Part V: models learn to paint. Each writes its numbers, weights and pictures to
/// runs/diffusion-NAME/
#[derive(Parser)]
#[command(name = "diffusion", args_conflicts_with_subcommands = true, max_term_width = 100, after_help = image_sets_help())]
struct Cli {
    #[command(subcommand)]
    practical: Option<Practical>,
    #[command(flatten)]
    options: TrainOptions,
}

#[derive(Subcommand)]
enum Practical {
    /// Handwritten digits out of noise, step by step: what runs without a name (3 min)
    #[command(after_help = image_sets_help())]
    Ddpm(TrainOptions),
}

fn main() -> ExitCode {
    lab::run(|| {
        let cli = Cli::try_parse()?;
        match cli.practical {
            None => ddpm::run(&cli.options),
            Some(Practical::Ddpm(options)) => ddpm::run(&options),
        }
    })
}
