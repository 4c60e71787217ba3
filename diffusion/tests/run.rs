//! What a run prints and writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{TINY, content, run, succeed, table};
use diffusion::model::{Architecture, UNet};
use minitensor::checkpoint::Checkpoint;
use minitensor::nn::Module;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

#[test]
fn a_run_prints_its_plan_a_row_an_epoch_and_what_came_out() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(&dir.path().join("run"), &TINY);
    let printed = String::from_utf8_lossy(&output.stdout);
    let plan = printed.lines().next().unwrap();
    let expected = "Training a diffusion model of 20 steps on digits (100 to train on, 100 to test): ";
    assert!(plan.starts_with(expected) && plan.contains(" parameters, 2 epochs, cpu with "), "{plan}");
    common::assert_prints(
        &output,
        &[
            "epoch  train loss  test loss",
            "\npictures painted",
            "\nrecognised with confidence over 0.9",
            "Wrote to ",
        ],
    );
}

#[test]
fn a_run_writes_what_it_says() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let printed = succeed(&out, &TINY);
    let expected = [
        "config.json",
        "curves.svg",
        "denoising.svg",
        "metrics.csv",
        "model.safetensors",
        "samples.svg",
        "state.safetensors",
    ];
    common::assert_writes(&out, &printed, &expected);
    assert_eq!(table(&out)[0], "epoch,train_loss,test_loss");

    let weights = Checkpoint::load(out.join("model.safetensors")).unwrap();
    let architecture = Architecture { width: 8, ..Architecture::default() };
    let model = UNet::new(architecture, &mut ChaCha8Rng::seed_from_u64(1));
    model.load_state_dict(&weights.tensors).unwrap();
}

/// What is kept as the model is the average of the weights, and the weights themselves are what is trained on.
#[test]
fn the_model_that_is_kept_is_the_average() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &TINY);
    let (model, state) = (content(&out, "model.safetensors"), content(&out, "state.safetensors"));
    for (name, bits) in &model {
        assert_eq!(Some(bits), state.get(&format!("extra.average.{name}")), "{name}");
        assert_ne!(Some(bits), state.get(&format!("model.{name}")), "{name} has not moved");
    }
}

#[test]
fn a_run_learns_and_the_same_seed_is_the_same_run_on_any_number_of_threads() {
    common::assert_same_on_any_number_of_threads(&TINY);
}

#[test]
fn help_lists_the_practicals_with_their_minutes_and_the_data_sets() {
    let help = String::from_utf8(run("".as_ref(), &["--help"]).stdout).unwrap();
    let line = help.lines().find(|line| line.trim_start().starts_with("ddpm ")).unwrap();
    assert!(line.ends_with(" min)"), "{line}");
    for set in ["digits", "fashion-mini", "mnist"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{set} "))), "{set}:\n{help}");
    }
}
