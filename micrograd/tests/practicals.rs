//! The program itself, as a reader runs it: what it prints, what it writes, and how it fails.
#![cfg(feature = "practicals")]
#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::{TempDir, tempdir};

fn micrograd(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_micrograd")).current_dir(folder).args(arguments).output().unwrap()
}

/// Runs a practical that must succeed, and returns its folder and what it printed.
#[track_caller]
fn succeeds(arguments: &[&str]) -> (TempDir, String) {
    let folder = tempdir().unwrap();
    let output = micrograd(folder.path(), arguments);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{arguments:?} failed: {err}");
    assert!(err.is_empty(), "{arguments:?} wrote to stderr: {err}");
    assert!(!out.contains('\u{1b}'), "escape codes in a pipe: {out}");
    (folder, out)
}

/// Runs what must fail, and returns the exit code and what it printed on stderr.
#[track_caller]
fn fails(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = micrograd(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!error.contains("panicked"), "{arguments:?} panicked: {error}");
    (output.status.code().unwrap(), error)
}

#[track_caller]
fn check_files(run: &Path, header: &str, pictures: &[&str]) {
    for picture in pictures {
        let svg = fs::read_to_string(run.join(picture)).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{picture} is no SVG");
    }
    let config: serde_json::Value =
        serde_json::from_slice(&fs::read(run.join("config.json")).unwrap()).unwrap();
    assert!(config["lr"].is_number() && config["epochs"].is_number());
    assert_eq!(fs::read_to_string(run.join("metrics.csv")).unwrap().lines().next(), Some(header));
}

/// The last value in a column of `metrics.csv`.
fn last(run: &Path, column: &str) -> f64 {
    let table = fs::read_to_string(run.join("metrics.csv")).unwrap();
    let index = table.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    table.lines().last().unwrap().split(',').nth(index).unwrap().parse().unwrap()
}

#[test]
fn without_a_name_it_fits_a_parabola() {
    let (folder, out) = succeeds(&[]);
    let run = folder.path().join("runs/micrograd-fit");
    assert!(
        out.starts_with(
            "Fitting x² on 40 points from -2 to 2: 25 parameters, 3,000 epochs, cpu with 1 thread"
        )
    );
    check_files(&run, "epoch,train_loss,test_loss,seconds", &["fit.svg", "curves.svg"]);
    assert!(last(&run, "test_loss") < 0.01, "{out}");
    let model: serde_json::Value =
        serde_json::from_slice(&fs::read(run.join("model.json")).unwrap()).unwrap();
    assert_eq!(model["layers.0.weight"].as_array().unwrap().len(), 8);
    assert_eq!(model["layers.1.weight"][0].as_array().unwrap().len(), 8);
}

#[test]
fn more_neurons_fit_better() {
    let loss = |hidden| {
        let (folder, _) = succeeds(&["fit", "--hidden", hidden, "--epochs", "1000"]);
        last(&folder.path().join("runs/micrograd-fit"), "test_loss")
    };
    assert!(loss("8") < loss("1") / 10.0);
}

#[test]
fn backprop_prints_the_worked_example() {
    let (folder, out) = succeeds(&["backprop"]);
    // The numbers of the exercise, worked by hand: sigmoid(2.5), its square, and the steps back.
    for line in [
        "z = sigmoid(s)             1 / (1 + e^-2.5)       = 0.924",
        "loss = (z - y)²            0.924²                 = 0.854",
        "dl/dw1 = dl/ds × x1        0.13 × 0.5             = 0.065",
        "dl/dw2 = dl/ds × x2        0.13 × 1               = 0.13",
        "w1                         1 - 0.1 × 0.065        = 0.9935",
        "w2                         2 - 0.1 × 0.13         = 1.987",
    ] {
        assert!(out.lines().any(|printed| printed.trim() == line), "missing: {line}\n{out}");
    }
    let run = folder.path().join("runs/micrograd-backprop");
    check_files(&run, "step,z,train_loss,w1,w2", &["graph.svg", "curves.svg"]);
    let graph = fs::read_to_string(run.join("graph.svg")).unwrap();
    for text in ["w1", "w2", "sigmoid", "loss", "0.9241", "0.06479", "0.1296"] {
        assert!(graph.contains(&format!(">{text}</text>")), "{text} is missing from the graph");
    }
    assert!(fs::read_to_string(run.join("graph.dot")).unwrap().starts_with("digraph"));
}

#[test]
fn moons_are_told_apart() {
    let (folder, out) = succeeds(&["moons", "--epochs", "150"]);
    let run = folder.path().join("runs/micrograd-moons");
    let header = "epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds";
    check_files(&run, header, &["boundary.svg", "curves.svg"]);
    assert!(last(&run, "train_accuracy") >= 0.98 && last(&run, "test_accuracy") >= 0.95, "{out}");
}

#[test]
fn xor_is_learned_and_drawn() {
    let (folder, out) = succeeds(&["xor"]);
    let run = folder.path().join("runs/micrograd-xor");
    check_files(&run, "epoch,train_loss,train_accuracy,seconds", &["hidden.svg", "graph.svg", "curves.svg"]);
    assert_eq!(last(&run, "train_accuracy"), 1.0, "{out}");
}

#[test]
fn rings_need_the_radius() {
    let (folder, out) = succeeds(&["rings"]);
    let run = folder.path().join("runs/micrograd-rings");
    let header = "epoch,train_loss,train_accuracy,test_accuracy,train_loss_xy,test_accuracy_xy,seconds";
    check_files(&run, header, &["boundary.svg"]);
    assert!(last(&run, "test_accuracy") > 0.97 && last(&run, "test_accuracy_xy") < 0.7, "{out}");
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let results = |seed| {
        let (folder, _) =
            succeeds(&["moons", "--epochs", "4", "--batch-size", "30", "--seed", seed, "--out", "here"]);
        let metrics = fs::read_to_string(folder.path().join("here/metrics.csv")).unwrap();
        let timeless: Vec<String> =
            metrics.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned()).collect();
        (timeless, fs::read_to_string(folder.path().join("here/model.json")).unwrap())
    };
    assert_eq!(results("5"), results("5"));
    assert_ne!(results("5"), results("6"));
}

#[test]
fn help_lists_every_practical() {
    let (_, out) = succeeds(&["--help"]);
    for name in ["fit", "backprop", "moons", "xor", "rings"] {
        let line = out.lines().find(|line| line.trim_start().starts_with(name));
        assert!(
            line.is_some_and(|line| line.ends_with("min)")),
            "{name} has no line with its minutes:\n{out}"
        );
    }
}

#[test]
fn bad_flags_are_one_clear_message_and_exit_code_2() {
    let folder = tempdir().unwrap();
    for (arguments, message) in [
        (["moons", "--epochs", "0"], "error: invalid value '0' for '--epochs <N>': must be at least 1"),
        (["xor", "--batch-size", "0"], "error: invalid value '0' for '--batch-size <N>': must be at least 1"),
        (
            ["fit", "--lr", "-1"],
            "error: invalid value '-1' for '--lr <RATE>': must be a finite number above 0",
        ),
        (
            ["backprop", "--lr", "nan"],
            "error: invalid value 'nan' for '--lr <RATE>': must be a finite number above 0",
        ),
        (["rings", "--seed", "x"], "error: invalid value 'x' for '--seed <N>'"),
        (["moons", "--layers", "3"], "error: unexpected argument '--layers' found"),
        (
            ["fit", "--hidden", "1000000000"],
            "error: invalid value '1000000000' for '--hidden <N>': 1000000000 is not in",
        ),
        (["suns", "--epochs", "3"], "error: unrecognized subcommand 'suns'"),
    ] {
        let (code, error) = fails(folder.path(), &arguments);
        assert_eq!(code, 2, "{arguments:?}: {error}");
        assert!(error.starts_with(message), "{arguments:?}: {error}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
}

#[test]
fn a_rate_that_is_too_large_stops_the_training() {
    let folder = tempdir().unwrap();
    for arguments in [["fit", "--lr", "1e6", "--epochs", "500"], ["moons", "--lr", "1e6", "--epochs", "500"]]
    {
        let (code, error) = fails(folder.path(), &arguments);
        assert_eq!(code, 1);
        assert!(error.starts_with("error: the loss became "), "{error}");
        assert!(
            error.ends_with(": try a smaller --lr than 1000000\n") && error.lines().count() == 1,
            "{error}"
        );
    }
    // One that a sigmoid survives, since it goes flat, is shown as powers of ten.
    let (_, out) = succeeds(&["backprop", "--lr", "1e308", "--epochs", "5"]);
    assert!(out.lines().all(|line| line.chars().count() < 110), "{out}");
}

#[test]
fn a_folder_that_cannot_be_made_is_one_clear_message() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("taken"), "a file").unwrap();
    let (code, error) = fails(folder.path(), &["xor", "--out", "taken/xor"]);
    assert_eq!((code, error.lines().count()), (1, 1), "{error}");
    assert!(error.starts_with("error: cannot create the folder taken"), "{error}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_training_with_everything_written() {
    let folder = tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_micrograd"))
        .current_dir(folder.path())
        .args(["fit", "--epochs", "100000000"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let run = folder.path().join("runs/micrograd-fit");
    let begun = || fs::read_to_string(run.join("metrics.csv")).is_ok_and(|table| table.lines().count() > 1);
    while !begun() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(child.wait().unwrap().success());
    check_files(&run, "epoch,train_loss,test_loss,seconds", &["fit.svg", "curves.svg"]);
    assert!(run.join("model.json").exists());
}
