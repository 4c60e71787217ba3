//! The program, run as a reader runs it, on a task that takes a fraction of a second.

#![allow(dead_code, reason = "each test program uses a part of this")]

use std::path::Path;
use std::process::{Command, Output};

/// ResNet-8 on a few digits: four steps an epoch.
pub(crate) const TINY: [&str; 8] = ["--depth", "8", "--limit", "200", "--batch-size", "50", "--epochs", "2"];

/// How many steps of [`TINY`] make an epoch.
pub(crate) const STEPS: usize = 4;

/// The program with these arguments, writing to `out`.
pub(crate) fn command(out: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convnet"));
    command.args(args).arg("--out").arg(out).env_remove("RUST_BACKTRACE");
    command
}

/// Runs it to its end.
pub(crate) fn run(out: &Path, args: &[&str]) -> Output {
    command(out, args).output().unwrap()
}

/// Runs it, expects it to succeed, and returns what it printed.
pub(crate) fn succeed(out: &Path, args: &[&str]) -> String {
    let output = run(out, args);
    assert!(output.status.success(), "{args:?} failed: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// What it said on stderr.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
