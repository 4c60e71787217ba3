//! What every practical must survive: command lines, folders and files that make no sense.
//!
//! Each crate's `tests/common/mod.rs` includes this file beside `program.rs`, and its `tests/bad_input.rs` calls what is here.

#![allow(dead_code, reason = "each test program uses a part of this")]

use std::fs;
use std::path::Path;

use minitensor::Tensor;
use minitensor::checkpoint::Checkpoint;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::program::{
    assert_refused, files, run, run_on_a_full_disk, run_with_little_memory, stderr, succeed,
};

/// The options that all practicals have refuse what cannot be, before anything is read or written.
#[track_caller]
pub(crate) fn assert_checks_the_common_options() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let cases = [
        (["--epochs", "0"], "must be at least 1"),
        (["--epochs", "-1"], "must be at least 1"),
        (["--epochs", "99999999999999999999"], "must be at most 1,000,000,000"),
        (["--batch-size", "0"], "must be at least 1"),
        (["--batch-size", "18446744073709551615"], "must be at most 65,536"),
        (["--lr", "nan"], "must be a finite number above 0"),
        (["--lr", "-1"], "must be a finite number above 0"),
        (["--threads", "0"], "must be at least 1"),
        (["--threads", "100000"], "must be at most 1,024"),
        (["--seed", "-1"], "must be a whole number from 0"),
        (["--device", "tpu"], "cpu, opencl, best"),
        (["--bogus", "1"], "--bogus"),
    ];
    for (args, part) in cases {
        assert_refused(&run(&out, &args), 2, &[args[0], part]);
    }
    assert!(!out.exists(), "nothing is written");
}

/// `--out` that is a file, or lies below one, or in a folder that nobody can write to.
#[track_caller]
pub(crate) fn assert_needs_a_folder_to_write(args: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "I am no folder").unwrap();
    assert_refused(&run(&file, args), 1, &["cannot create the folder", "file"]);
    assert_refused(&run(&file.join("run"), args), 1, &["cannot create the folder"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "I am no folder");
    if cfg!(target_os = "linux") {
        assert_refused(&run(Path::new("/proc/run"), args), 1, &["cannot create the folder /proc/run"]);
    }
}

/// A rate that is far too high ends in one message, with the op that broke if it is looked for.
#[track_caller]
pub(crate) fn assert_tells_that_the_loss_is_not_finite(args: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let output = run(&out, &[args, &["--lr", "1e30"]].concat());
    assert_refused(&output, 1, &["the loss is", "of epoch", "--lr"]);
    let output = run(&out, &[args, &["--lr", "1e30", "--detect-anomaly"]].concat());
    assert_refused(&output, 1, &["not finite"]);
}

/// `--resume` in a folder that holds no run, and in one whose `config.json` is not what a run has written: every entry in
/// turn is what it cannot be.
#[track_caller]
pub(crate) fn assert_refuses_a_damaged_config(args: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    assert_refused(&run(&out, &["--resume"]), 1, &["nothing to resume"]);
    assert!(!out.exists(), "a refused --resume creates nothing");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("notes.txt"), "somebody else's").unwrap();
    assert_refused(&run(&out, &["--resume"]), 1, &["nothing to resume"]);
    assert_eq!(files(&out), ["notes.txt"]);

    succeed(&out, &[args, &["--stop-after", "1"]].concat());
    let path = out.join("config.json");
    let whole = fs::read_to_string(&path).unwrap();
    let deep = "[".repeat(100_000);
    for text in [&whole[..whole.len() / 2], "", "[]", "null", "{", &deep, "\u{0}\u{1b}[2J"] {
        fs::write(&path, text).unwrap();
        assert_answers(&out, text);
    }
    let config: Value = serde_json::from_str(&whole).unwrap();
    for (name, value) in config.as_object().unwrap() {
        let wrong = [
            json!(-1),
            json!(0),
            json!(u64::MAX),
            json!(1e300),
            json!("x"),
            json!([value]),
            json!(!value.is_null()),
        ];
        for wrong in wrong {
            let mut changed = config.clone();
            changed[name] = wrong;
            fs::write(&path, changed.to_string()).unwrap();
            assert_answers(&out, &changed.to_string());
        }
    }
    fs::write(&path, &whole).unwrap();
    succeed(&out, &["--resume"]);
}

/// `state.safetensors` cut short, replaced, or with a part that cannot be.
#[track_caller]
pub(crate) fn assert_refuses_a_damaged_state(args: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &[args, &["--stop-after", "5"]].concat());
    let path = out.join("state.safetensors");
    let whole = fs::read(&path).unwrap();
    let refused = |parts: &[&str]| {
        let before = fs::read(&path).unwrap();
        assert_refused(&run(&out, &["--resume"]), 1, &[&["state.safetensors"], parts].concat());
        assert_eq!(before, fs::read(&path).unwrap(), "a refused file is left as it is");
    };
    let endless_header = [&u64::MAX.to_le_bytes()[..], &whole[8..]].concat();
    for bytes in [
        &whole[..whole.len() / 2],
        &whole[..5],
        b"",
        b"not a checkpoint at all, but long enough",
        &endless_header,
    ] {
        fs::write(&path, bytes).unwrap();
        refused(&["safetensors"]);
    }

    let good = Checkpoint::load(write(&path, &whole)).unwrap();
    let changed = |change: &dyn Fn(&mut Checkpoint)| {
        let mut checkpoint = good.clone();
        change(&mut checkpoint);
        checkpoint.save(&path).unwrap();
    };
    let set =
        |name: &str, tensor: Tensor| changed(&|c| drop(c.tensors.insert(name.to_string(), tensor.clone())));
    let weight = good.tensors.keys().find(|name| name.starts_with("model.")).unwrap();
    let memory = good.tensors.keys().find(|name| name.starts_with("optimizer.")).unwrap();
    let name = weight.strip_prefix("model.").unwrap();
    changed(&|c| drop(c.tensors.remove(weight)));
    refused(&["missing", name]);
    set(weight, Tensor::zeros([3, 1000]));
    refused(&[name, "[3, 1000]"]);
    set("model.stranger", Tensor::zeros([1]));
    refused(&["stranger"]);
    changed(&|c| drop(c.tensors.remove(memory)));
    refused(&["the optimiser's memory"]);
    set("position.step", Tensor::scalar(1_000_000_000_i64));
    refused(&["step 1000000000"]);
    for (wrong, told) in
        [(Tensor::scalar(-1_i64), "-1"), (Tensor::scalar(f64::NAN), "NaN"), (Tensor::zeros([2]), "missing")]
    {
        set("position.epoch", wrong);
        refused(&["position.epoch", told]);
    }
    changed(&|c| drop(c.tensors.remove("position.loss")));
    refused(&["position.loss"]);
    for table in ["epoch,train_loss\n1,oops\n", "", "\u{0}", "epoch\n1\n2\n3\n"] {
        changed(&|c| drop(c.notes.insert("metrics".into(), table.into())));
        refused(&[]);
    }
    changed(&|c| c.notes.clear());
    refused(&["another run"]);
    set(weight, &good.tensors[weight] * f64::NAN);
    assert_refused(&run(&out, &["--resume"]), 1, &["the loss is NaN"]);

    fs::remove_file(&path).unwrap();
    assert_refused(&run(&out, &["--resume"]), 1, &["nothing to resume", "state.safetensors"]);
    scrambled(&whole, |bytes| assert_answers(&out, &format!("state {:?}", fs::write(&path, bytes))));
    fs::write(&path, &whole).unwrap();
    succeed(&out, &["--resume"]);
}

/// A limit on the size of files stands in for a disk that is full: a write fails in the middle of the checkpoint, and every
/// earlier file is whole.
#[cfg(unix)]
#[track_caller]
pub(crate) fn assert_survives_a_full_disk(args: &[&str], blocks: usize) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, args);
    let before = files(&out);
    let kept = ["state.safetensors", "model.safetensors", "curves.svg"].map(|file| out.join(file));
    let contents = kept.clone().map(|file| fs::read(file).unwrap());
    let output = run_on_a_full_disk(&out, &["--resume", "--epochs", "3"], blocks);
    assert_refused(&output, 1, &["cannot write", "state.safetensors"]);
    assert_eq!(contents, kept.map(|file| fs::read(file).unwrap()), "the earlier files are whole");
    assert_eq!(files(&out), before, "nothing half-written is left behind");
    succeed(&out, &["--resume", "--epochs", "3"]);
}

/// Whether it goes on or refuses, it is not by a panic, nor by taking all memory.
#[track_caller]
fn assert_answers(out: &Path, what: &str) {
    let output = run_with_little_memory(out, &["--resume", "--stop-after", "1"]);
    let (message, what) = (stderr(&output), what.chars().take(300).collect::<String>());
    assert!(matches!(output.status.code(), Some(0..=2)), "{:?} for {what}:\n{message}", output.status);
    assert!(output.status.success() || message.starts_with("error: "), "for {what}:\n{message}");
    assert!(!message.contains('\u{1b}'), "escape codes for {what}:\n{message}");
}

/// The file with a few bytes of it changed, most often in its header; 24 times.
fn scrambled(whole: &[u8], mut each: impl FnMut(&[u8])) {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let header = 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
    for round in 0..24 {
        let mut bytes = whole.to_vec();
        let reach = if round % 4 == 0 { bytes.len() } else { header };
        for _ in 0..=round % 3 {
            bytes[rng.random_range(0..reach as u64) as usize] = rng.random();
        }
        each(&bytes);
    }
}

fn write<'a>(path: &'a Path, bytes: &[u8]) -> &'a Path {
    fs::write(path, bytes).unwrap();
    path
}
