//! Whatever it is given, the program says in one message what is wrong and where, exits with 1 or 2, and loses no file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;

use common::{TINY, assert_refused, misuse, run, sample, sampled, stderr, succeed};
use minitensor::Tensor;
use minitensor::checkpoint::Checkpoint;

#[test]
fn a_command_line_that_makes_no_sense() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let cases: [(&[&str], &str); 7] = [
        (&["chatgpt"], "chatgpt"),
        (&["--layers", "0"], "0 is not in 1..=64"),
        (&["--width", "5000"], "5000 is not in 1..=4096"),
        (&["--width", "30"], "--width 30 cannot be shared evenly by --heads 4"),
        (&["--dropout", "1"], "must be at least 0 and below 1"),
        (&["--context", "8"], "--context 8 is too short for the longest name, which needs 16"),
        (&["--data-dir", "texts"], "--data-dir texts: a GPT reads one text; name its file with --data"),
    ];
    for (args, part) in cases {
        assert_refused(&run(&out, args), 2, &[part]);
    }
    let cases: [(&[&str], &str); 6] = [
        (&["-n", "18446744073709551615"], "must be at most 10,000"),
        (&["--temperature", "0"], "must be a finite number above 0"),
        (&["--top-p", "1.5"], "must be at most 1"),
        (&["--top-p", "half"], "must be a number"),
        (&["--top-k", "0"], "must be at least 1"),
        (&["-n", "0"], "must be at least 1"),
    ];
    for (args, part) in cases {
        assert_refused(&sample(&out, args), 2, &[part]);
    }
}

#[test]
fn a_text_that_is_missing_or_none() {
    let dir = tempfile::tempdir().unwrap();
    let (out, file) = (dir.path().join("run"), dir.path().join("text"));
    let data = file.display().to_string();
    let refused = |parts: &[&str]| {
        assert_refused(&run(&out, &["train", "--data", &data]), 1, &[&[&data[..]], parts].concat());
    };
    refused(&[]);
    fs::create_dir(&file).unwrap();
    refused(&[]);
    fs::remove_dir(&file).unwrap();
    fs::write(&file, [b"a text".as_slice(), &[0xff, 0xfe]].concat()).unwrap();
    refused(&["UTF-8", "byte 6"]);
    fs::write(&file, "").unwrap();
    refused(&["the file is empty"]);
    for text in ["a", "a very short text"] {
        fs::write(&file, text).unwrap();
        refused(&["too short", "at least 65 are needed"]);
    }
    fs::write(&file, ('\u{4e00}'..'\u{5e00}').collect::<String>()).unwrap();
    refused(&["different characters", "1000"]);
    assert_refused(&run(&out, &["--limit", "5"]), 1, &["names is too short"]);
}

#[test]
fn a_checkpoint_of_another_run() {
    let dir = tempfile::tempdir().unwrap();
    let (out, other) = (dir.path().join("run"), dir.path().join("other"));
    assert_refused(&run(&out, &["--resume"]), 1, &["nothing to resume"]);
    assert!(!out.exists(), "a refused --resume creates nothing");

    let stop = ["--stop-after", "1"];
    succeed(&out, &[&TINY[..], &stop].concat());
    for (flag, value) in [("--layers", "2"), ("--width", "32"), ("--seed", "9"), ("--limit", "100")] {
        assert_refused(&run(&out, &["--resume", flag, value]), 2, &["--resume", flag, value]);
    }
    let state = fs::read(out.join("state.safetensors")).unwrap();
    succeed(&other, &[&["--seed", "1"], &TINY[..], &stop].concat());
    fs::copy(other.join("state.safetensors"), out.join("state.safetensors")).unwrap();
    assert_refused(&run(&out, &["--resume"]), 1, &["another run", "--seed 1", "state.safetensors"]);
    fs::write(out.join("state.safetensors"), state).unwrap();
    succeed(&out, &["--resume"]);
}

#[test]
fn a_text_that_was_changed_after_the_run_began() {
    let dir = tempfile::tempdir().unwrap();
    let (out, file) = (dir.path().join("run"), dir.path().join("text"));
    let data = file.display().to_string();
    fs::write(&file, "the cat sat on the mat. ".repeat(50)).unwrap();
    let args = [&["train", "--data", &data, "--context", "16", "--stop-after", "1"], &TINY[..6]].concat();
    succeed(&out, &args);
    fs::write(&file, "the dog sat on the mat. ".repeat(50)).unwrap();
    assert_refused(&run(&out, &["train", "--resume"]), 1, &["another run"]);
}

#[test]
fn a_model_that_is_missing_foreign_or_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    assert_refused(&sample(&out, &[]), 1, &["there is no trained model", "config.json", "cargo run -p gpt"]);
    succeed(&out, &[&TINY[..], &["--stop-after", "1"]].concat());
    sampled(&out, &[]);
    assert_refused(&sample(&out, &["--prompt", "Zoë"]), 2, &["--prompt", "'Z'", "↵abcde"]);

    let (model, config) = (out.join("model.safetensors"), out.join("config.json"));
    let [weights, settings] = [&model, &config].map(|file| fs::read(file).unwrap());
    for bytes in [&weights[..weights.len() / 2], b"", b"no weights, but some text instead"] {
        fs::write(&model, bytes).unwrap();
        assert_refused(&sample(&out, &[]), 1, &["model.safetensors", "safetensors"]);
    }
    fs::write(&model, &weights).unwrap();
    let mut changed = Checkpoint::load(&model).unwrap();
    let first = changed.tensors.keys().next().unwrap().clone();
    changed.tensors.insert(first.clone(), Tensor::zeros([3, 1000]));
    changed.save(&model).unwrap();
    assert_refused(&sample(&out, &[]), 1, &["model.safetensors", &first, "[3, 1000]"]);
    fs::write(&model, &weights).unwrap();

    let text = String::from_utf8(settings.clone()).unwrap();
    for (from, to) in [
        ("\"width\": 16", "\"width\": 4096"),
        ("\"width\": 16", "\"width\": 18446744073709551615"),
        ("\"layers\": 1", "\"layers\": 64"),
        ("\"heads\": 2", "\"heads\": 3"),
        ("\"heads\": 2", "\"heads\": 0"),
        ("\"context\": ", "\"context\": 99"),
        ("\"dropout\": 0", "\"dropout\": 1"),
        ("\"vocabulary\": \"\\n", "\"vocabulary\": \""),
        ("{", "["),
    ] {
        fs::write(&config, text.replacen(from, to, 1)).unwrap();
        let output = sample(&out, &[]);
        assert_eq!(output.status.code(), Some(1), "{from} to {to}: {}", stderr(&output));
        assert_refused(&output, 1, &["config.json"]);
    }
    fs::remove_file(&config).unwrap();
    assert_refused(&sample(&out, &[]), 1, &["there is no trained model", "config.json"]);
    fs::write(&config, settings).unwrap();
    fs::remove_file(&model).unwrap();
    assert_refused(&sample(&out, &[]), 1, &["there is no trained model", "model.safetensors"]);
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
    misuse::assert_survives_a_full_disk(&TINY, 60);
}
