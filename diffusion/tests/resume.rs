//! A run that was stopped and resumed is the run that was never stopped: the same tensors, bit by bit, and the same table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{STEPS, TINY};

#[test]
fn stopped_anywhere_it_goes_on_to_the_same_numbers() {
    common::assert_goes_on_wherever_it_stopped(&TINY, STEPS, "diffusion -- ddpm", &["samples.svg"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_the_step_and_writes_the_checkpoint() {
    common::assert_goes_on_after_ctrl_c(&[&TINY[..10], &["--epochs", "40"]].concat());
}
