//! Chapter 7 of the book: a product of matrices, from three loops to `faer`, each measured against what the machine can
//! do at most.
//!
//! `cargo run -p minitensor --example matmul`

mod blocks;
mod ceiling;
mod ladder;
mod library;
mod loop_order;
mod measure;
mod mistakes;
mod packing;
mod registers;
mod roofline;
mod size;
mod threads;
mod three_loops;
mod tiles;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use minitensor::lab::{self, Options, Outcome, Plan, Run, up_to};
use serde_json::json;

/// Multiplies matrices in seven ways, from three loops to a library, and draws how fast each is beside what this machine
/// can do at most
#[derive(Parser)]
#[command(name = "matmul", bin_name = "cargo run -p minitensor --example matmul --", max_term_width = 100)]
struct Cli {
    /// Rows and columns of the largest matrices
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(64..=8192), default_value_t = 2048)]
    largest: usize,
    /// Threads to compute with [default: one a core]
    #[arg(long, value_name = "N", value_parser = up_to::<1024>, allow_negative_numbers = true)]
    threads: Option<usize>,
    /// Folder for what the run writes [default: runs/minitensor-matmul]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    lab::run(|| practical(Cli::try_parse()?))
}

fn practical(cli: Cli) -> Outcome {
    let options = Options { threads: cli.threads, out: cli.out, ..Options::default() };
    let run = Run::open("minitensor", "matmul", &options)?;
    let machine = options.machine()?;
    run.config(&json!({ "largest": cli.largest, "threads": machine.threads }))?;
    let plan =
        Plan::new("Multiplying matrices in seven ways").with(format!("f32, up to {} rows", cli.largest));
    plan.device(machine.device, machine.threads).takes(Duration::from_secs(20)).print();

    title("What this machine can do at most");
    let ceilings = ceiling::measure(machine.threads);
    ceilings.print();

    title("The ladder, in Gflop/s");
    let apart = ladder::check()?;
    let points = ladder::climb(cli.largest, &ceilings, &run)?;
    println!(
        "\nOn nine other shapes, each gave what the first gives, but for the last digits: at most {apart:.0e} apart."
    );
    run.write("ladder.svg", ladder::picture(points.rows(), &ceilings))?;

    title("How many sums a block should have");
    blocks::print(&ceilings);

    title("Where memory is the limit");
    let works = roofline::measure()?;
    roofline::print(&works, &ceilings);
    run.write("roofline.svg", roofline::picture(&works, &ceilings))?;

    title("Rows a power of two apart");
    mistakes::powers_of_two();

    title("Tiles of several sizes");
    mistakes::sizes_of_tiles();

    title("Two threads and one line");
    mistakes::false_sharing();

    title("What it leaves");
    let files = [
        ("ladder.svg", "how fast each rung is at each size"),
        ("roofline.svg", "what memory and arithmetic each allow"),
        ("metrics.csv", "every number of the ladder"),
    ];
    print!("{}", run.wrote(&files));
    Ok(())
}

fn title(words: &str) {
    println!("\n{words}\n");
}
