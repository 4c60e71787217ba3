//! What a run prints and writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;

use common::{TINY, content, files, run, succeed, table};
use diffusion::model::{Architecture, UNet};
use minitensor::checkpoint::Checkpoint;
use minitensor::nn::Module;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

#[test]
fn a_run_prints_its_plan_a_row_an_epoch_and_what_came_out() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(&dir.path().join("run"), &TINY);
    let printed = String::from_utf8(output.stdout).unwrap();
    let plan = printed.lines().next().unwrap();
    let expected = "Training a diffusion model of 20 steps on digits (100 to train on, 100 to test): ";
    assert!(plan.starts_with(expected) && plan.contains(" parameters, 2 epochs, cpu with "), "{plan}");
    for part in [
        "epoch  train loss  test loss",
        "\npictures painted",
        "\nrecognised with confidence over 0.9",
        "Wrote to ",
    ] {
        assert!(printed.contains(part), "{part:?} is not in:\n{printed}");
    }
    assert!(!printed.contains('\u{1b}') && !output.stderr.contains(&0x1b), "escape codes in a pipe");
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
    assert_eq!(files(&out), expected);
    assert!(expected.iter().all(|file| printed.contains(file)), "{printed}");
    for file in expected.iter().filter(|file| file.ends_with(".svg")) {
        let svg = fs::read_to_string(out.join(file)).unwrap();
        assert!(svg.starts_with("<svg") && svg.len() < 400_000, "{file}");
    }
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
    let dir = tempfile::tempdir().unwrap();
    let losses = |name: &str, options: &[&str]| {
        let out = dir.path().join(name);
        succeed(&out, &[&TINY[..], options].concat());
        table(&out)
    };
    let first = losses("a", &["--seed", "5", "--threads", "2"]);
    assert_eq!(first, losses("b", &["--seed", "5", "--threads", "1"]));
    assert_ne!(first, losses("c", &["--seed", "6", "--threads", "2"]));
    let number = |row: usize| first[row].split(',').nth(1).unwrap().parse::<f64>().unwrap();
    assert!(number(2) < number(1), "{first:?}");
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
