//! The program, run as a reader runs it, on a task that takes a fraction of a second.

#![allow(dead_code, unused_imports, reason = "each test program uses a part of this")]

#[path = "../../../tests/misuse.rs"]
pub(crate) mod misuse;
#[path = "../../../tests/program.rs"]
mod program;

pub(crate) use program::*;

/// The program itself.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_diffusion");

/// A small network on a few digits: four steps an epoch, and few steps of noise.
pub(crate) const TINY: [&str; 12] = [
    "--width",
    "8",
    "--steps",
    "20",
    "--samples",
    "10",
    "--limit",
    "100",
    "--batch-size",
    "25",
    "--epochs",
    "2",
];

/// How many steps of [`TINY`] make an epoch.
pub(crate) const STEPS: usize = 4;
