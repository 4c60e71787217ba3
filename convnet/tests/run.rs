//! What a run prints and writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;

use common::{TINY, run, succeed};
use convnet::model::{Architecture, Family, ResNet};
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
    let expected =
        "Training ResNet-8 on digits (200 to train on, 200 to test): 77,754 parameters, 2 epochs, cpu with ";
    assert!(plan.starts_with(expected) && plan.contains(", about "), "{plan}");
    common::assert_prints(
        &output,
        &[
            "epoch  train loss  train accuracy  test loss  test accuracy",
            "\ntrue  0",
            "\ntest accuracy  ",
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
        "confusion.svg",
        "curves.svg",
        "filters.svg",
        "metrics.csv",
        "model.safetensors",
        "predictions.svg",
        "state.safetensors",
    ];
    common::assert_writes(&out, &printed, &expected);

    let metrics = fs::read_to_string(out.join("metrics.csv")).unwrap();
    let mut lines = metrics.lines();
    assert_eq!(lines.next(), Some("epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds"));
    assert_eq!(lines.count(), 2);

    let config: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("config.json")).unwrap()).unwrap();
    assert_eq!(
        (&config["depth"], &config["batch_size"], &config["seed"]),
        (&8.into(), &50.into(), &0.into())
    );

    let weights = Checkpoint::load(out.join("model.safetensors")).unwrap();
    let architecture = Architecture { family: Family::Basic, depth: 8, channels: 1, classes: 10 };
    let model = ResNet::new(architecture, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    model.load_state_dict(&weights.tensors).unwrap();
}

#[test]
fn a_run_learns_and_the_same_seed_is_the_same_run_on_any_number_of_threads() {
    common::assert_same_on_any_number_of_threads(&TINY);
}

#[test]
fn colour_images_and_other_families_run_too() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let batch: Vec<u8> = (0..10u8)
        .flat_map(|label| std::iter::once(label).chain((0..3072).map(move |i| (i % 251) as u8)))
        .collect();
    let whole: Vec<u8> = batch.iter().copied().cycle().take(3073 * 10_000).collect();
    let folder = dir.path().join("cifar-10-batches-bin");
    fs::create_dir(&folder).unwrap();
    for file in [
        "data_batch_1.bin",
        "data_batch_2.bin",
        "data_batch_3.bin",
        "data_batch_4.bin",
        "data_batch_5.bin",
        "test_batch.bin",
    ] {
        fs::write(folder.join(file), &whole).unwrap();
    }
    let data = dir.path().display().to_string();
    let args = [
        "plainnet",
        "--data",
        "cifar10",
        "--data-dir",
        &data,
        "--depth",
        "8",
        "--limit",
        "20",
        "--epochs",
        "1",
    ];
    let printed = succeed(&out, &args);
    assert!(printed.contains("automobile (1)"), "long names stand beside their number:\n{printed}");
    assert!(fs::read_to_string(out.join("config.json")).unwrap().contains("\"plain\""));
}

#[test]
fn help_lists_the_practicals_with_their_minutes_and_the_data_sets() {
    let help = String::from_utf8(run("".as_ref(), &["--help"]).stdout).unwrap();
    for practical in ["resnet ", "plainnet ", "bottleneck "] {
        let line = help.lines().find(|line| line.trim_start().starts_with(practical)).unwrap();
        assert!(line.ends_with(" min)"), "{line}");
    }
    for set in ["digits", "fashion-mini", "fashion-mnist", "mnist", "cifar10"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{set} "))), "{set}:\n{help}");
    }
}
