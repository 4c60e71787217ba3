//! What practicals share, so that each is short and all behave alike: command-line options, progress, tables,
//! run folders, plots, downloads, and an end on Ctrl-C.
//!
//! Plots and tables take plain numbers, so that Part I can use them as well; of tensors, only [`train`] knows: what every
//! training of a model shares.
//!
//! A whole practical:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use std::time::Duration;
//!
//! use clap::Parser;
//! use minitensor::lab::{self, LiveTable, Options, Plan, Progress, Run, Stop, Table};
//! use serde::{Deserialize, Serialize};
//!
//! /// Fits a line
//! #[derive(Parser)]
//! struct Cli {
//!     #[command(flatten)]
//!     options: Options,
//! }
//!
//! #[derive(Serialize)]
//! struct Config { epochs: usize, lr: f64, seed: u64 }
//!
//! #[derive(Serialize, Deserialize)]
//! struct Row { epoch: usize, train_loss: f64, seconds: f64 }
//!
//! fn main() -> ExitCode {
//!     lab::run(|| {
//!         let cli = Cli::try_parse()?;
//!         let run = Run::open("micrograd", "fit", &cli.options)?;
//!         let options = run.inherit(cli.options)?;
//!         let config = Config {
//!             epochs: options.epochs.unwrap_or(100),
//!             lr: options.lr.unwrap_or(0.1),
//!             seed: options.seed.unwrap_or(0),
//!         };
//!         run.config(&config)?;
//!         let machine = options.machine()?;
//!         let plan = Plan::new("Fitting y = 3 x").on("64 points").parameters(1).epochs(config.epochs);
//!         plan.device(machine.device, machine.threads).takes(Duration::from_millis(20)).print();
//!
//!         let mut metrics = run.metrics(Vec::new())?;
//!         let mut table = LiveTable::new(["epoch", "train loss"]);
//!         let stop = Stop::arm();
//!         let mut w = 0.0;
//!         for epoch in 1..=config.epochs {
//!             let mut progress = Progress::new(format!("epoch {epoch}/{}", config.epochs), 64, "points");
//!             let mut train_loss = 0.0;
//!             for i in 0..64u8 {
//!                 let x = f64::from(i) / 64.0;
//!                 let error = w * x - 3.0 * x;
//!                 w -= config.lr * 2.0 * error * x;
//!                 train_loss += lab::finite(error * error, epoch, usize::from(i) + 1)? / 64.0;
//!                 progress.step(1, error * error);
//!             }
//!             let seconds = progress.finish().as_secs_f64();
//!             metrics.push(Row { epoch, train_loss, seconds })?;
//!             table.row([epoch.to_string(), lab::loss(train_loss)]);
//!             if stop.requested() {
//!                 break; // a practical with a checkpoint writes it here
//!             }
//!         }
//!
//!         let mut summary = Table::summary();
//!         summary.row(["slope", &format!("{w:.2}")]);
//!         summary.row(["wrote", &run.folder().display().to_string()]);
//!         print!("\n{summary}");
//!         Ok(())
//!     })
//! }
//! ```

mod atomic;
pub mod ceiling;
mod download;
mod entry;
mod error;
mod format;
mod image_choice;
mod images;
mod machine;
mod metrics;
mod options;
mod plan;
pub mod plot;
mod progress;
mod run_folder;
pub mod stop;
mod table;
mod terminal;
mod threads;
pub mod train;

pub use atomic::write_atomic;
pub use download::{Download, cache_folder};
pub use entry::{Outcome, run};
pub use error::{Error, Result, finite};
pub use format::{bytes, count, duration, loss, percent, rate, ratio, seconds};
pub use image_choice::{ImageChoice, ImageOptions, image_sets_help, image_tile};
pub use images::image_set;
pub use machine::Machine;
pub use metrics::{Metrics, rows_from_csv};
pub use options::{DeviceChoice, Options, at_least_one, positive, seed, up_to};
pub use plan::Plan;
pub use progress::Progress;
pub use run_folder::Run;
pub use stop::Stop;
pub use table::{LiveTable, Table};
pub use terminal::wrapped;
pub use threads::set_threads;
