//! The program, run as a reader runs it, on a task that takes a fraction of a second.

#![allow(dead_code, unused_imports, reason = "each test program uses a part of this")]

#[path = "../../../tests/misuse.rs"]
pub(crate) mod misuse;
#[path = "../../../tests/program.rs"]
mod program;

use std::path::Path;
use std::process::{Command, Output};

pub(crate) use program::*;

/// The program itself.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_gpt");

/// A small model on a few names: four steps an epoch.
pub(crate) const TINY: [&str; 12] = [
    "--layers",
    "1",
    "--heads",
    "2",
    "--width",
    "16",
    "--limit",
    "200",
    "--batch-size",
    "45",
    "--epochs",
    "2",
];

/// How many steps of [`TINY`] make an epoch.
pub(crate) const STEPS: usize = 4;

/// Lets the model of a run write.
pub(crate) fn sample(run: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("sample").arg("--run").arg(run).args(args).env_remove("RUST_BACKTRACE").output().unwrap()
}

/// The same, expected to succeed: what it wrote.
#[track_caller]
pub(crate) fn sampled(run: &Path, args: &[&str]) -> String {
    let output = sample(run, args);
    assert!(output.status.success(), "{args:?} failed: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}
