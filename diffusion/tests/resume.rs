//! A run that was stopped and resumed is the run that was never stopped: the same tensors, bit by bit, and the same table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{STEPS, TINY, assert_same_run, succeed, table};

#[test]
fn stopped_anywhere_it_goes_on_to_the_same_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    succeed(&whole, &TINY);
    assert_eq!(table(&whole).len(), 3, "a header and two epochs");

    // after one step, in the middle of an epoch, at its end, and in the next one
    for steps in [1, 2, STEPS, STEPS + 3] {
        let stopped = dir.path().join(format!("stopped-{steps}"));
        let printed = succeed(&stopped, &[&TINY[..], &["--stop-after", &steps.to_string()]].concat());
        assert!(printed.contains("diffusion -- ddpm --resume --out "), "{printed}");
        succeed(&stopped, &["--resume"]);
        assert_same_run(&whole, &stopped, &format!("stopped after {steps} steps"));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_the_step_and_writes_the_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, stopped) = (dir.path().join("whole"), dir.path().join("stopped"));
    let args = [&TINY[..10], &["--epochs", "40"]].concat();
    succeed(&whole, &args);

    let rest = common::interrupted_after_an_epoch(&stopped, &args);
    assert!(rest.contains("Stopped after step "), "{rest}");

    succeed(&stopped, &["--resume"]);
    assert_same_run(&whole, &stopped, "stopped by Ctrl-C");
}
