//! How the time of a step grows with its size, and what the machine could do at most.
//!
//!     cargo bench -p tests --bench curves                             # a table
//!     cargo bench -p tests --bench curves -- --json --only matmul     # a line of JSON a point
//!
//! `tests/peers/curves.py` times the same in PyTorch, and `tests/peers/compare_curves.py` both in turn, and draws them.

mod micrograd;
mod points;
#[path = "../steps/timing.rs"]
mod timing;
#[allow(dead_code, reason = "a curve has some of the workloads, at sizes of its own")]
#[path = "../steps/workloads/mod.rs"]
mod workloads;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Parser, value_parser};
use minitensor::lab::{self, LiveTable, Options, Outcome};
use serde::Serialize;

use points::{CURVES, Curve};
use timing::Plan;
use workloads::Setup;

/// Times steps of growing size
#[derive(Parser)]
#[command(name = "curves", bin_name = "cargo bench -p tests --bench curves --")]
struct Cli {
    /// Print one line of JSON a point instead of a table
    #[arg(long)]
    json: bool,
    /// Curves to measure, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', hide_possible_values = true,
        value_parser = PossibleValuesParser::new(CURVES.iter().map(|curve| curve.name)))]
    only: Vec<String>,
    /// Threads to compute with, from 1 to 256 [default: one a core]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Time at most so many steps of each size
    #[arg(long, value_name = "N", default_value = "20", value_parser = lab::at_least_one)]
    reps: usize,
    /// What cargo says to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

/// A point of a curve; `tests/peers/curves.py` prints the same, but for the work.
#[derive(Serialize)]
struct Point {
    workload: &'static str,
    /// The size of the step.
    at: usize,
    /// The median.
    ms: f64,
    min: f64,
    max: f64,
    reps: usize,
    threads: usize,
    /// What is done in a step, in millions of the curve's unit.
    work: f64,
    unit: &'static str,
}

fn main() -> ExitCode {
    lab::run(|| {
        let cli = Cli::try_parse()?;
        let machine = Options { threads: cli.threads.map(usize::from), ..Options::default() }.machine()?;
        let chosen = |curve: &&Curve| cli.only.is_empty() || cli.only.iter().any(|only| only == curve.name);
        let plan = Plan { warmup: 2, reps: cli.reps, budget: Duration::from_secs(2), enough: 3 };

        let mut table = LiveTable::new(["curve     ", "size    ", "ms    ", "billions a second"]);
        for curve in CURVES.iter().filter(chosen) {
            for &at in curve.sizes {
                let step = (curve.step)(at, machine.threads, &mut Setup::on(machine.device));
                let times = plan.time(step);
                let [ms, min, max] = [0.5, 0.0, 1.0].map(|part| rounded(times.quantile(part)));
                let (threads, work, unit) = (machine.threads, (curve.work)(at) / 1e6, curve.unit);
                let point = Point {
                    workload: curve.name,
                    at,
                    ms,
                    min,
                    max,
                    reps: times.count(),
                    threads,
                    work,
                    unit,
                };
                if cli.json { print_json(&point)? } else { print_row(&mut table, &point) }
            }
        }
        Ok(())
    })
}

/// To a nanosecond.
fn rounded(ms: f64) -> f64 {
    (ms * 1e6).round() / 1e6
}

fn print_json(point: &Point) -> Outcome {
    Ok(writeln!(io::stdout(), "{}", serde_json::to_string(point)?)?)
}

fn print_row(table: &mut LiveTable, point: &Point) {
    let rate = format!("{:.3} {}", point.work / point.ms, point.unit);
    table.row([point.workload.to_string(), point.at.to_string(), format!("{:.4}", point.ms), rate]);
}
