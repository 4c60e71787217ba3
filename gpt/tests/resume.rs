//! A run that was stopped and resumed is the run that was never stopped: the same tensors, bit by bit, and the same table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;

use common::{STEPS, TINY, assert_same_run, content, files, succeed, table};

#[test]
fn stopped_anywhere_it_goes_on_to_the_same_numbers() {
    common::assert_goes_on_wherever_it_stopped(
        &TINY,
        STEPS,
        "gpt -- names",
        &["samples.txt", "expectations.svg"],
    );
}

#[test]
fn stopped_after_every_step_a_text_goes_on_to_the_same_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, stopped, file) =
        (dir.path().join("whole"), dir.path().join("stopped"), dir.path().join("text"));
    fs::write(&file, "how much wood would a woodchuck chuck\n".repeat(20)).unwrap();
    let data = file.display().to_string();
    let args = [&["train", "--data", &data, "--seed", "3", "--context", "32"], &TINY[..6]].concat();
    let args = [&args[..], &["--batch-size", "8", "--epochs", "2"]].concat();
    succeed(&whole, &args);
    succeed(&stopped, &[&args[..], &["--stop-after", "1"]].concat());
    for _ in 0..4 {
        succeed(&stopped, &["train", "--resume", "--stop-after", "1"]);
    }
    succeed(&stopped, &["train", "--resume"]);
    assert_same_run(&whole, &stopped, "stopped after every step");
}

#[test]
fn a_finished_run_can_be_looked_at_again_and_trained_on() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &TINY);
    let (before, written) = (content(&out, "state.safetensors"), files(&out));
    fs::remove_file(out.join("curves.svg")).unwrap();
    let printed = succeed(&out, &["--resume"]);
    assert!(printed.contains("finished before") && printed.contains("this GPT"), "{printed}");
    assert_eq!(files(&out), written);
    assert_eq!(before, content(&out, "state.safetensors"));

    succeed(&out, &["--resume", "--epochs", "3"]);
    assert_eq!(table(&out).len(), 4);
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_the_step_and_writes_the_checkpoint() {
    common::assert_goes_on_after_ctrl_c(&[&TINY[..10], &["--epochs", "60"]].concat());
}
