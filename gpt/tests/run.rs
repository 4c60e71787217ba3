//! What a run prints and writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;

use common::{TINY, files, run, sampled, succeed};
use gpt::practicals::sample;
use minitensor::checkpoint::Checkpoint;
use minitensor::nn::Module;

#[test]
fn a_run_prints_its_plan_a_row_an_epoch_and_what_came_out() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(&dir.path().join("run"), &TINY);
    let printed = String::from_utf8_lossy(&output.stdout);
    let plan = printed.lines().next().unwrap();
    let expected = "Training a GPT on names (180 names to train on, 20 to test, ";
    assert!(plan.starts_with(expected) && plan.contains(" parameters, 2 epochs, cpu with "), "{plan}");
    common::assert_prints(
        &output,
        &[
            "epoch  train loss  test loss     time  what it writes",
            "\nblind guess of ",
            "\npairs, counted ",
            "\nthis GPT ",
            "\nnames written ",
            "Wrote to ",
            "cargo run -p gpt -- sample --run ",
        ],
    );
}

#[test]
fn a_run_writes_what_it_says() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let printed = succeed(&out, &TINY);
    let expected = [
        "attention.svg",
        "bigrams.svg",
        "config.json",
        "curves.svg",
        "embedding.svg",
        "expectations.svg",
        "metrics.csv",
        "model.safetensors",
        "samples.txt",
        "state.safetensors",
    ];
    common::assert_writes(&out, &printed, &expected);
    assert_eq!(fs::read_to_string(out.join("samples.txt")).unwrap().lines().count(), 500);

    let metrics = fs::read_to_string(out.join("metrics.csv")).unwrap();
    let mut lines = metrics.lines();
    assert_eq!(lines.next(), Some("epoch,train_loss,test_loss,sample,seconds"));
    assert_eq!(lines.count(), 2);

    let config: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("config.json")).unwrap()).unwrap();
    assert_eq!(
        (&config["width"], &config["batch_size"], &config["seed"]),
        (&16.into(), &45.into(), &0.into())
    );
    assert!(config["vocabulary"].as_str().unwrap().starts_with("\nabcdefgh"), "{config}");

    let weights = Checkpoint::load(out.join("model.safetensors")).unwrap();
    let (model, settings) = sample::load(&out).unwrap();
    assert_eq!(settings.layers, 1);
    assert!(model.state_dict().keys().eq(weights.tensors.keys()));
}

#[test]
fn a_run_learns_and_the_same_seed_is_the_same_run_on_any_number_of_threads() {
    common::assert_same_on_any_number_of_threads(&TINY);
}

#[test]
fn a_text_of_any_language_can_be_learned_and_written_on() {
    let dir = tempfile::tempdir().unwrap();
    let (out, file) = (dir.path().join("run"), dir.path().join("poem.txt"));
    fs::write(&file, "Фиалка, \"rose\"\tund Ästchen; 紫の花\n".repeat(60)).unwrap();
    let data = file.display().to_string();
    let args = ["train", "--data", &data, "--context", "24", "--lr", "0.01", "--batch-size", "8"];
    let printed = succeed(&out, &[&args[..], &TINY[..6], &["--epochs", "3", "--dropout", "0"]].concat());
    assert!(printed.contains("poem.txt") && printed.contains("\nIt writes:\n"), "{printed}");
    let pictures = files(&out).into_iter().filter(|file| file.ends_with(".svg"));
    pictures.for_each(|file| assert!(fs::metadata(out.join(&file)).unwrap().len() < 200_000, "{file}"));
    let text = sampled(&out, &["--prompt", "Фиал", "--temperature", "0.1", "--length", "28"]);
    assert_eq!(text.trim_end(), "Фиалка, \"rose\"\tund Ästchen; 紫の花");
}

#[test]
fn a_trained_model_writes_what_it_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &TINY);
    let before = files(&out);
    let names = |args: &[&str]| sampled(&out, args).lines().map(String::from).collect::<Vec<_>>();

    assert_eq!(names(&[]).len(), 10);
    assert!(names(&["--prompt", "ma", "-n", "25"]).iter().all(|name| name.starts_with("ma")));
    assert_eq!(names(&["--seed", "1"]), names(&["--seed", "1", "--threads", "1"]));
    assert_ne!(names(&["--seed", "1"]), names(&["--seed", "2"]));
    // Without any chance, all are the same, and three ways to say so give the same.
    let certain = names(&["--prompt", "a", "--top-k", "1"]);
    assert!(certain.iter().all(|name| *name == certain[0]), "{certain:?}");
    assert_eq!(certain, names(&["--prompt", "a", "--top-p", "1e-9"]));
    assert_eq!(certain, names(&["--prompt", "a", "--temperature", "1e-9"]));
    assert!(names(&["--length", "3", "-n", "40"]).iter().all(|name| name.len() <= 3));
    assert_eq!(files(&out), before, "sampling writes no file");
}

#[test]
fn help_lists_the_practicals_with_their_minutes_and_what_can_be_read() {
    let help = String::from_utf8(run("".as_ref(), &["--help"]).stdout).unwrap();
    for practical in ["names ", "train ", "sample "] {
        let line = help.lines().find(|line| line.trim_start().starts_with(practical)).unwrap();
        assert!(line.ends_with(" min)"), "{line}");
    }
    for text in ["names", "book", "FILE"] {
        let listed = help.lines().any(|line| line.trim_start().starts_with(&format!("{text} ")));
        assert!(listed, "{text}:\n{help}");
    }
}
