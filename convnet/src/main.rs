//! The practicals of Part III: `cargo run -p convnet [-- NAME]`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use convnet::model::Family;
use convnet::practical;
use convnet::settings::TrainOptions;
use minitensor::lab::{self, image_sets_help};

/// The practicals of Part III: convolutional networks learn to tell images apart. Each writes its numbers, weights and
/// pictures to runs/convnet-NAME/
#[derive(Parser)]
#[command(name = "convnet", args_conflicts_with_subcommands = true, max_term_width = 100, after_help = image_sets_help())]
struct Cli {
    #[command(subcommand)]
    practical: Option<Practical>,
    #[command(flatten)]
    options: TrainOptions,
}

#[derive(Subcommand)]
enum Practical {
    /// A residual network reads handwritten digits: what runs without a name (0.2 min)
    #[command(after_help = image_sets_help())]
    Resnet(TrainOptions),
    /// The same network without its shortcuts, to see what they are good for (0.2 min)
    #[command(after_help = image_sets_help())]
    Plainnet(TrainOptions),
    /// Blocks that narrow, convolve and widen again: more layers for the same work (0.3 min)
    #[command(after_help = image_sets_help())]
    Bottleneck(TrainOptions),
}

fn main() -> ExitCode {
    lab::run(|| {
        let cli = Cli::try_parse()?;
        match cli.practical {
            None => practical::run(Family::Basic, &cli.options),
            Some(Practical::Resnet(options)) => practical::run(Family::Basic, &options),
            Some(Practical::Plainnet(options)) => practical::run(Family::Plain, &options),
            Some(Practical::Bottleneck(options)) => practical::run(Family::Bottleneck, &options),
        }
    })
}
