//! Whatever it is given, the program says in one message what is wrong and where, exits with 1 or 2, and loses no file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{TINY, assert_refused, misuse, run, succeed};
use minitensor::checkpoint::Checkpoint;

#[test]
fn a_command_line_that_makes_no_sense() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let cases: [(&[&str], &str); 5] = [
        (&["ddim"], "ddim"),
        (&["--steps", "1"], "2..=4000"),
        (&["--samples", "0"], "1..=1000"),
        (&["--width", "12"], "must be a multiple of 8"),
        (&["--data", "digit"], "digits, fashion-mini, fashion-mnist, mnist, cifar10"),
    ];
    for (args, part) in cases {
        assert_refused(&run(&out, args), 2, &[part]);
    }
}

#[test]
fn a_checkpoint_of_another_run_or_without_the_averages() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &[&TINY[..], &["--stop-after", "3"]].concat());
    assert_refused(&run(&out, &["--resume", "--seed", "9"]), 2, &["which has --seed 0, not 9"]);

    let path = out.join("state.safetensors");
    let mut state = Checkpoint::load(&path).unwrap();
    state.tensors.remove("extra.average.conv_in.bias").unwrap();
    state.save(&path).unwrap();
    assert_refused(&run(&out, &["--resume"]), 1, &["cannot be gone on from", "average.conv_in.bias"]);
}

#[test]
fn common_options_that_make_no_sense() {
    misuse::assert_checks_the_common_options();
}

#[test]
fn a_folder_that_cannot_be_written() {
    misuse::assert_needs_a_folder_to_write(&TINY);
}

#[test]
fn a_learning_rate_that_is_far_too_high() {
    misuse::assert_tells_that_the_loss_is_not_finite(&TINY);
}

#[test]
fn a_config_that_is_damaged() {
    misuse::assert_refuses_a_damaged_config(&TINY);
}

#[test]
fn a_state_file_that_is_damaged() {
    misuse::assert_refuses_a_damaged_state(&TINY);
}

#[cfg(unix)]
#[test]
fn a_checkpoint_that_does_not_fit_on_the_disk() {
    misuse::assert_survives_a_full_disk(&TINY, 200);
}
