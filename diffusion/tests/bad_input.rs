//! Whatever it is given, the program says in one message what is wrong and where, exits with 1 or 2, and loses no file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;

use common::{TINY, assert_refused, run, succeed};
use minitensor::checkpoint::Checkpoint;

#[test]
fn a_command_line_that_makes_no_sense() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let cases: [(&[&str], &str); 7] = [
        (&["--bogus"], "--bogus"),
        (&["ddim"], "ddim"),
        (&["--steps", "1"], "2..=4000"),
        (&["--samples", "0"], "1..=1000"),
        (&["--width", "12"], "must be a multiple of 8"),
        (&["--epochs", "0"], "must be at least 1"),
        (&["--data", "digit"], "digits, fashion-mini, fashion-mnist, mnist, cifar10"),
    ];
    for (args, part) in cases {
        assert_refused(&run(&out, args), 2, &[part]);
    }
}

#[test]
fn a_learning_rate_that_is_far_too_high() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(&dir.path().join("run"), &[&TINY[..], &["--lr", "1e30"]].concat());
    assert_refused(&output, 1, &["the loss is", "of epoch", "--lr"]);
}

#[test]
fn a_checkpoint_that_is_missing_foreign_or_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    assert_refused(&run(&out, &["--resume"]), 1, &["nothing to resume"]);

    succeed(&out, &[&TINY[..], &["--stop-after", "3"]].concat());
    assert_refused(&run(&out, &["--resume", "--seed", "9"]), 2, &["which has --seed 0, not 9"]);

    let path = out.join("state.safetensors");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_refused(&run(&out, &["--resume"]), 1, &["state.safetensors"]);

    let mut state = Checkpoint::default();
    fs::write(&path, &whole).unwrap();
    let full = Checkpoint::load(&path).unwrap();
    state.notes = full.notes.clone();
    state.tensors =
        full.tensors.into_iter().filter(|(name, _)| name != "extra.average.conv_in.bias").collect();
    state.save(&path).unwrap();
    assert_refused(&run(&out, &["--resume"]), 1, &["cannot be gone on from", "average.conv_in.bias"]);
}
