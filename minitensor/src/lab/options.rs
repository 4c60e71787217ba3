use std::num::IntErrorKind;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The command-line options that every practical understands, to be flattened into its own.
///
/// A field is `None` where the command line says nothing, so that each practical keeps its own default:
/// `options.epochs.unwrap_or(30)`. Values that make no sense (a zero batch, a learning rate that is not a
/// positive number) never arrive here: clap turns them into one line and exit code 2.
///
/// ```
/// use clap::Parser;
/// use minitensor::lab::Options;
///
/// #[derive(Parser)]
/// struct Cli {
///     #[command(flatten)]
///     options: Options,
/// }
///
/// let cli = Cli::parse_from(["prog", "--epochs", "3", "--lr", "0.1"]);
/// assert_eq!(cli.options.epochs.unwrap_or(30), 3);
/// assert_eq!(cli.options.batch_size.unwrap_or(64), 64);
/// assert!(Cli::try_parse_from(["prog", "--batch-size", "0"]).is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, clap::Args, Serialize, Deserialize)]
#[command(next_help_heading = "Common options")]
pub struct Options {
    /// Data set, or file, to work on
    #[arg(long, value_name = "NAME|FILE")]
    pub data: Option<String>,
    /// Folder to read the data set from [default: what is not embedded is downloaded once]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Passes over the training data
    #[arg(long, value_name = "N", value_parser = at_least_one, allow_negative_numbers = true)]
    pub epochs: Option<usize>,
    /// Examples in one training step
    #[arg(long, value_name = "N", value_parser = up_to::<65_536>, allow_negative_numbers = true)]
    pub batch_size: Option<usize>,
    /// Learning rate
    #[arg(long, value_name = "RATE", value_parser = positive, allow_negative_numbers = true)]
    pub lr: Option<f64>,
    /// Seed of everything random: the same seed gives the same run
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Where to compute
    #[arg(long, value_name = "DEVICE", value_enum)]
    pub device: Option<DeviceChoice>,
    /// Threads to compute with [default: one a core]
    #[arg(long, value_name = "N", value_parser = up_to::<1024>, allow_negative_numbers = true)]
    pub threads: Option<usize>,
    /// Stop at the first op whose result is not finite, and name it (slower)
    #[arg(long)]
    #[serde(default)]
    pub detect_anomaly: bool,
    /// Folder for what the run writes [default: runs/CRATE-PRACTICAL]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with the run in the output folder, where it stopped
    #[arg(long)]
    #[serde(default)]
    pub resume: bool,
    /// Stop as Ctrl-C would, after so many steps
    #[arg(long, value_name = "N", value_parser = at_least_one, hide = true)]
    pub stop_after: Option<usize>,
}

/// What `--device` can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// All cores of the processor
    #[default]
    Cpu,
    /// The first OpenCL device, usually the graphics card
    #[value(name = "opencl")]
    OpenCl,
    /// OpenCL where there is one, else the processor
    Best,
}

/// A clap value parser for counts: a whole number from 1 to a thousand million, so that no product of two overflows.
///
/// ```
/// assert_eq!(minitensor::lab::at_least_one("64"), Ok(64));
/// assert_eq!(minitensor::lab::at_least_one("0"), Err("must be at least 1".to_string()));
/// ```
///
/// # Errors
/// Says what is wrong, without repeating the value: clap does.
pub fn at_least_one(text: &str) -> Result<usize, String> {
    up_to::<1_000_000_000>(text)
}

/// A clap value parser for what cannot be very many: a whole number from 1 to `MOST`.
///
/// ```
/// assert_eq!(minitensor::lab::up_to::<64>("64"), Ok(64));
/// assert_eq!(minitensor::lab::up_to::<64>("65"), Err("must be at most 64".to_string()));
/// ```
///
/// # Errors
/// Says what is wrong, without repeating the value: clap does.
pub fn up_to<const MOST: usize>(text: &str) -> Result<usize, String> {
    let too_many = || Err(format!("must be at most {}", super::count(MOST)));
    match text.parse::<usize>() {
        Ok(0) => Err("must be at least 1".into()),
        Ok(n) if n > MOST => too_many(),
        Ok(n) => Ok(n),
        Err(e) if *e.kind() == IntErrorKind::PosOverflow => too_many(),
        Err(_) if text.starts_with('-') => Err("must be at least 1".into()),
        Err(_) => Err("must be a whole number".into()),
    }
}

/// A clap value parser for seeds: any whole number that 64 bits hold.
///
/// # Errors
/// Says what is wrong, without repeating the value: clap does.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("must be a whole number from 0 to {}", u64::MAX))
}

/// A clap value parser for rates and sizes: a finite number above zero.
///
/// ```
/// assert_eq!(minitensor::lab::positive("3e-4"), Ok(3e-4));
/// assert!(minitensor::lab::positive("nan").is_err());
/// ```
///
/// # Errors
/// Says what is wrong, without repeating the value: clap does.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() && x > 0.0 => Ok(x),
        Ok(_) => Err("must be a finite number above 0".into()),
        Err(_) => Err("must be a number".into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser, Debug)]
    struct Cli {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nonsense_is_one_clear_line_and_exit_code_2() {
        let cases = [
            (["--batch-size", "0"], "invalid value '0' for '--batch-size <N>': must be at least 1"),
            (["--epochs", "0"], "invalid value '0' for '--epochs <N>': must be at least 1"),
            (["--epochs", "2.5"], "invalid value '2.5' for '--epochs <N>': must be a whole number"),
            (["--epochs", "-3"], "invalid value '-3' for '--epochs <N>': must be at least 1"),
            (
                ["--epochs", "9999999999"],
                "invalid value '9999999999' for '--epochs <N>': must be at most 1,000,000,000",
            ),
            (
                ["--batch-size", "99999999999999999999"],
                "invalid value '99999999999999999999' for '--batch-size <N>': must be at most 65,536",
            ),
            (["--threads", "1025"], "invalid value '1025' for '--threads <N>': must be at most 1,024"),
            (["--seed", "-1"], "invalid value '-1' for '--seed <N>': must be a whole number from 0 to"),
            (["--threads", "0"], "invalid value '0' for '--threads <N>': must be at least 1"),
            (["--lr", "nan"], "invalid value 'nan' for '--lr <RATE>': must be a finite number above 0"),
            (["--lr", "-0.1"], "invalid value '-0.1' for '--lr <RATE>': must be a finite number above 0"),
            (["--lr", "inf"], "invalid value 'inf' for '--lr <RATE>': must be a finite number above 0"),
            (["--lr", "fast"], "invalid value 'fast' for '--lr <RATE>': must be a number"),
            (["--device", "gpu"], "invalid value 'gpu' for '--device <DEVICE>'"),
        ];
        for (args, message) in cases {
            let error = Cli::try_parse_from(["prog", args[0], args[1]]).expect_err("must be refused");
            assert_eq!(error.exit_code(), 2, "{args:?}");
            assert!(error.to_string().starts_with(&format!("error: {message}")), "{args:?} gave: {error}");
        }
    }

    #[test]
    fn what_is_not_said_stays_open() {
        let cli = Cli::parse_from(["prog", "--device", "opencl"]);
        assert_eq!(cli.options, Options { device: Some(DeviceChoice::OpenCl), ..Options::default() });
    }
}
