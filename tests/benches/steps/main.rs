//! How long a training step takes, for models as readers train them, and the products and passes they are made of.
//!
//!     cargo bench -p tests --bench steps                              # a table
//!     cargo bench -p tests --bench steps -- --json --only gpt_baby    # a line of JSON a workload
//!
//! `tests/peers/steps.py` times the same in PyTorch, with the same options, and `tests/peers/compare.py` both in turn.

mod memory;
mod report;
mod timing;
mod workloads;

use std::process::ExitCode;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Parser, value_parser};
use minitensor::lab::{self, DeviceChoice, Options};

use memory::Memory;
use report::Report;
use timing::Plan;
use workloads::{Setup, WORKLOADS};

/// Times a training step of each workload
#[derive(Parser)]
#[command(name = "steps", bin_name = "cargo bench -p tests --bench steps --")]
struct Cli {
    /// Print one line of JSON a workload instead of a table
    #[arg(long)]
    json: bool,
    /// Workloads to time, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', hide_possible_values = true,
        value_parser = PossibleValuesParser::new(WORKLOADS.iter().map(|workload| workload.name)))]
    only: Vec<String>,
    /// Threads to compute with, from 1 to 256 [default: one a core]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Where to compute
    #[arg(long, value_name = "DEVICE", value_enum, default_value = "cpu")]
    device: DeviceChoice,
    /// Time at most so many steps of each
    #[arg(long, value_name = "N", default_value = "30", value_parser = lab::at_least_one)]
    reps: usize,
    /// What cargo says to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    lab::run(|| {
        let cli = Cli::try_parse()?;
        let threads = cli.threads.map(usize::from);
        let machine = Options { threads, device: Some(cli.device), ..Options::default() }.machine()?;
        let chosen = |name: &str| cli.only.is_empty() || cli.only.iter().any(|only| only == name);
        let chosen: Vec<_> = WORKLOADS.iter().filter(|workload| chosen(workload.name)).collect();

        let plan = Plan { warmup: 5, reps: cli.reps, budget: Duration::from_secs(12), enough: 5 };
        let mut report = Report::new(cli.json, &machine);
        for workload in &chosen {
            let memory = Memory::before();
            let mut step = workload.prepare(&mut Setup::on(machine.device));
            let times = plan.time(|| {
                step();
                machine.device.synchronize().unwrap_or_else(|error| std::panic::panic_any(error));
            });
            // The peak is the process's, so it is a workload's own only where nothing else has run.
            let peak = if chosen.len() == 1 { memory.peak() } else { None };
            report.row(workload, &times, peak)?;
        }
        Ok(())
    })
}
