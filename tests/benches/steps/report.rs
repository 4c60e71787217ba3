//! What is printed of each workload: a row of a table, or a line of JSON.

use std::io::{self, Write};

use minitensor::lab::{LiveTable, Machine, count};
use serde::Serialize;

use super::timing::Times;
use super::workloads::Workload;

/// Prints each outcome as soon as it is there.
pub(crate) enum Report {
    /// A line of JSON each, which says how many threads there were.
    Json(usize),
    /// A row each.
    Table(LiveTable),
}

impl Report {
    pub(crate) fn new(json: bool, machine: &Machine) -> Report {
        if json {
            return Report::Json(machine.threads);
        }
        println!("A step in milliseconds, on {machine}:\n");
        Report::Table(LiveTable::new(["workload           ", "median", "fastest", "slowest", "parameters"]))
    }

    /// Prints how long a workload took and, where it is known, the most memory it held, in MiB.
    pub(crate) fn row(&mut self, workload: &Workload, times: &Times, peak: Option<f64>) -> io::Result<()> {
        match self {
            Report::Table(table) => {
                let [median, fastest, slowest] =
                    [0.5, 0.0, 1.0].map(|part| milliseconds(times.quantile(part)));
                let parameters =
                    if workload.parameters > 0 { count(workload.parameters) } else { "-".into() };
                table.row([workload.name.to_string(), median, fastest, slowest, parameters]);
                Ok(())
            }
            Report::Json(threads) => {
                let line = serde_json::to_string(&Line::new(workload, times, *threads, peak))?;
                writeln!(io::stdout(), "{line}")
            }
        }
    }
}

/// What a line of JSON holds; `tests/peers/steps.py` prints the same.
#[derive(Serialize)]
struct Line<'a> {
    workload: &'a str,
    /// The median.
    ms: f64,
    min: f64,
    q1: f64,
    q3: f64,
    max: f64,
    reps: usize,
    threads: usize,
    params: usize,
    peak_mib: Option<f64>,
    peer: &'a str,
}

impl Line<'_> {
    fn new<'a>(workload: &'a Workload, times: &Times, threads: usize, peak: Option<f64>) -> Line<'a> {
        let [min, q1, ms, q3, max] = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| rounded(times.quantile(part)));
        let (reps, params, peak_mib) = (times.count(), workload.parameters, peak.map(rounded));
        let peer = concat!("minitensor ", env!("CARGO_PKG_VERSION"));
        Line { workload: workload.name, ms, min, q1, q3, max, reps, threads, params, peak_mib, peer }
    }
}

/// Four decimals: a tenth of a microsecond.
fn rounded(ms: f64) -> f64 {
    (ms * 1e4).round() / 1e4
}

/// As many digits as mean something.
fn milliseconds(ms: f64) -> String {
    match ms {
        100.0.. => format!("{ms:.0}"),
        10.0.. => format!("{ms:.1}"),
        1.0.. => format!("{ms:.2}"),
        _ => format!("{ms:.4}"),
    }
}
