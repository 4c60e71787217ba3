//! Whatever it is given, the program says in one message what is wrong and where, exits with 1 or 2, and loses no file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;
use std::path::Path;

use common::{TINY, assert_refused, misuse, run, succeed};

#[test]
fn a_command_line_that_makes_no_sense() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let cases: [(&[&str], &str); 5] = [
        (&["resnext"], "resnext"),
        (&["--depth", "21"], "no ResNet has 21 layers: its depth is 6n + 2, and the nearest are 20 and 26"),
        (&["bottleneck", "--depth", "8"], "its depth is 9n + 2, and the nearest is 11"),
        (&["--data", "digit"], "digits, fashion-mini, fashion-mnist, mnist, cifar10"),
        (&["--data", "mnist", "--data-dir", "/no/such/folder"], "/no/such/folder"),
    ];
    for (args, part) in cases {
        assert_refused(&run(&out, args), 2, &[part]);
    }
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
