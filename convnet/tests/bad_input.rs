//! Whatever it is given, the program says in one message what is wrong and where, exits with 1 or 2, and loses no file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;
use std::path::Path;

use common::{TINY, assert_refused, run, stderr, succeed};
use minitensor::Tensor;
use minitensor::checkpoint::Checkpoint;

#[test]
fn a_command_line_that_makes_no_sense() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let cases: [(&[&str], &str); 9] = [
        (&["--bogus"], "--bogus"),
        (&["resnext"], "resnext"),
        (&["--batch-size", "0"], "must be at least 1"),
        (&["--epochs", "-1"], "-1"),
        (&["--lr", "nan"], "must be a finite number above 0"),
        (&["--depth", "21"], "no ResNet has 21 layers: its depth is 6n + 2, and the nearest are 20 and 26"),
        (&["bottleneck", "--depth", "8"], "its depth is 9n + 2, and the nearest is 11"),
        (&["--data", "digit"], "digits, fashion-mini, fashion-mnist, mnist, cifar10"),
        (&["--data", "mnist", "--data-dir", "/no/such/folder"], "/no/such/folder"),
    ];
    for (args, part) in cases {
        assert_refused(&run(&out, args), 2, &[part]);
    }
}

#[test]
fn a_folder_that_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "I am no folder").unwrap();
    assert_refused(&run(&file, &TINY), 1, &["cannot create the folder", "file"]);
    assert_refused(&run(&file.join("run"), &TINY), 1, &["cannot create the folder"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "I am no folder");
}

#[test]
fn a_learning_rate_that_is_far_too_high() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let output = run(&out, &[&TINY[..], &["--lr", "1e30"]].concat());
    assert_refused(&output, 1, &["the loss is", "of epoch", "--lr"]);
    let output = run(&out, &[&TINY[..], &["--lr", "1e30", "--detect-anomaly"]].concat());
    assert_refused(&output, 1, &["not finite"]);
}

/// An MNIST-like folder with these labels, which belong to as many blank images.
fn idx_folder(folder: &Path, labels: &[u8]) {
    let count = (labels.len() as u32).to_be_bytes();
    let side = 28u32.to_be_bytes();
    let images = [&[0, 0, 8, 3][..], &count, &side, &side, &vec![0; labels.len() * 784]].concat();
    let labels = [&[0, 0, 8, 1][..], &count, labels].concat();
    for part in ["train", "t10k"] {
        fs::write(folder.join(format!("{part}-images-idx3-ubyte")), &images).unwrap();
        fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), &labels).unwrap();
    }
}

#[test]
fn data_files_that_are_missing_or_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let (out, data) = (dir.path().join("run"), dir.path().join("mnist"));
    fs::create_dir(&data).unwrap();
    let folder = data.display().to_string();
    let args = ["--data", "mnist", "--data-dir", &folder, "--depth", "8", "--epochs", "1"];
    assert_refused(&run(&out, &args), 1, &["lacks", "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]);

    idx_folder(&data, &[0, 1, 2, 3, 9, 9]);
    succeed(&out, &args);
    let images = data.join("train-images-idx3-ubyte");
    let whole = fs::read(&images).unwrap();
    let swapped = fs::read(data.join("train-labels-idx1-ubyte")).unwrap();
    let oversized = [&whole[..], &[0]].concat();
    let billions = [&whole[..4], &[255; 12]].concat();
    let damaged: [(&[u8], &str); 6] = [
        (&whole[..whole.len() - 1], "ends too soon"),
        (&oversized, "goes on after its last value"),
        (&billions, "declares"),
        (&swapped, "looks like labels"),
        (b"these are not the images you are looking for", "not an IDX file"),
        (b"", "empty"),
    ];
    for (bytes, part) in damaged {
        fs::write(&images, bytes).unwrap();
        assert_refused(&run(&out, &args), 1, &["train-images-idx3-ubyte", part]);
    }
    idx_folder(&data, &[0, 1, 2, 3, 9, 10]);
    assert_refused(&run(&out, &args), 1, &["train-labels-idx1-ubyte", "label 10"]);

    let args = ["--data", "cifar10", "--data-dir", &folder, "--depth", "8", "--epochs", "1"];
    for n in ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"] {
        fs::write(data.join(format!("{n}.bin")), [7; 3073 * 3]).unwrap();
    }
    assert_refused(&run(&out, &args), 1, &["data_batch_1.bin"]);
}

#[test]
fn a_checkpoint_of_another_run() {
    let dir = tempfile::tempdir().unwrap();
    let (out, other) = (dir.path().join("run"), dir.path().join("other"));
    assert_refused(&run(&out, &["--resume"]), 1, &["nothing to resume"]);
    assert!(!out.exists(), "a refused --resume creates nothing");

    let stop = ["--stop-after", "1"];
    succeed(&out, &[&TINY[..], &stop].concat());
    let state = fs::read(out.join("state.safetensors")).unwrap();
    for (flag, value) in [("--depth", "14"), ("--data", "fashion-mini"), ("--seed", "9"), ("--limit", "100")]
    {
        assert_refused(&run(&out, &["--resume", flag, value]), 2, &["--resume", flag, value]);
    }
    assert_refused(&run(&out, &["plainnet", "--resume"]), 1, &["ResNet-8 on digits", "PlainNet-8 on digits"]);

    // the file of one run in the folder of another
    succeed(&other, &[&["plainnet", "--seed", "1"], &TINY[..], &stop].concat());
    fs::copy(other.join("state.safetensors"), out.join("state.safetensors")).unwrap();
    assert_refused(
        &run(&out, &["--resume"]),
        1,
        &["another run", "PlainNet-8", "--seed 1", "state.safetensors"],
    );
    fs::write(out.join("state.safetensors"), state).unwrap();
    succeed(&out, &["--resume"]);
}

#[test]
fn a_state_file_that_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &[&TINY[..], &["--stop-after", "5"]].concat());
    let path = out.join("state.safetensors");
    let whole = fs::read(&path).unwrap();
    let refused = |parts: &[&str]| {
        let before = fs::read(&path).unwrap();
        assert_refused(&run(&out, &["--resume"]), 1, &[&["state.safetensors"], parts].concat());
        assert_eq!(before, fs::read(&path).unwrap(), "a refused file is left as it is");
    };
    for bytes in [&whole[..whole.len() / 2], &whole[..5], b"", b"not a checkpoint at all, but long enough"] {
        fs::write(&path, bytes).unwrap();
        refused(&["safetensors"]);
    }
    let changed = |change: &dyn Fn(&mut Checkpoint)| {
        fs::write(&path, &whole).unwrap();
        let mut checkpoint = Checkpoint::load(&path).unwrap();
        change(&mut checkpoint);
        checkpoint.save(&path).unwrap();
    };
    changed(&|c| drop(c.tensors.remove("model.fc.weight")));
    refused(&["missing: fc.weight"]);
    changed(&|c| drop(c.tensors.insert("model.fc.bias".into(), Tensor::zeros([11]))));
    refused(&["fc.bias", "[11]"]);
    changed(&|c| drop(c.tensors.insert("position.step".into(), Tensor::scalar(1_000_000_000_i64))));
    refused(&["step 1000000000"]);
    changed(&|c| drop(c.tensors.insert("position.epoch".into(), Tensor::scalar(-1_i64))));
    refused(&["position.epoch"]);
    changed(&|c| drop(c.tensors.remove("optimizer.momentum_buffer.fc.weight")));
    refused(&["the optimiser's memory"]);
    changed(&|c| drop(c.tensors.remove("position.loss")));
    refused(&["position.loss"]);
    changed(&|c| drop(c.notes.insert("metrics".into(), "epoch,train_loss\n1,oops\n".into())));
    refused(&[]);
    changed(&|c| c.notes.clear());
    refused(&["another run"]);

    fs::remove_file(&path).unwrap();
    assert_refused(&run(&out, &["--resume"]), 1, &["nothing to resume", "state.safetensors"]);
    fs::write(&path, &whole).unwrap();
    succeed(&out, &["--resume"]);
}

#[test]
fn a_config_that_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &[&TINY[..], &["--stop-after", "1"]].concat());
    for text in ["{\"depth\": ", "[]", "{\"depth\": \"deep\"}", ""] {
        fs::write(out.join("config.json"), text).unwrap();
        let output = run(&out, &["--resume"]);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{text}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}

/// A limit on the size of files stands in for a disk that is full: a write fails in the middle of the checkpoint.
#[cfg(unix)]
#[test]
fn a_checkpoint_that_does_not_fit_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &TINY);
    let files = ["state.safetensors", "model.safetensors", "curves.svg"].map(|file| out.join(file));
    let before = files.clone().map(|file| fs::read(file).unwrap());
    let output = common::run_on_a_full_disk(&out, &["--resume", "--epochs", "3"], 200);
    assert_refused(&output, 1, &["cannot write", "state.safetensors"]);
    assert_eq!(before, files.map(|file| fs::read(file).unwrap()), "the earlier files are whole");
    assert_eq!(common::files(&out).len(), 8, "nothing half-written is left behind");
    succeed(&out, &["--resume", "--epochs", "3"]);
}
