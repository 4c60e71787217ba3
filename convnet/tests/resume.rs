//! A run that was stopped and resumed is the run that was never stopped: the same tensors, bit by bit, and the same table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{STEPS, TINY, succeed};
use convnet::evaluate::evaluate;
use convnet::images::Data;
use convnet::model::Family;
use convnet::settings::{Settings, TrainOptions};
use convnet::state;
use convnet::train::{Go, Trainer};
use minitensor::checkpoint::Checkpoint;
use minitensor::lab;

/// Every tensor of a file as text that differs where a bit differs, and what else must be the same.
fn content(folder: &Path, file: &str) -> BTreeMap<String, String> {
    let checkpoint = Checkpoint::load(folder.join(file)).unwrap();
    let bits = |name: &str| {
        let tensor = &checkpoint.tensors[name];
        let numbers = tensor.to_dtype(minitensor::DType::F64).to_vec::<f64>();
        let bits: Vec<u64> = numbers.into_iter().map(f64::to_bits).collect();
        format!("{:?} {:?} {bits:?}", tensor.dtype(), tensor.shape())
    };
    checkpoint
        .tensors
        .keys()
        .filter(|name| *name != "position.seconds")
        .map(|n| (n.clone(), bits(n)))
        .collect()
}

/// `metrics.csv` without its last column, the time.
fn table(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("metrics.csv")).unwrap();
    text.lines().map(|line| line.rsplit_once(',').unwrap().0.to_string()).collect()
}

fn assert_same_run(never_stopped: &Path, resumed: &Path, how: &str) {
    assert_eq!(table(never_stopped), table(resumed), "the tables differ: {how}");
    for file in ["model.safetensors", "state.safetensors"] {
        let (a, b) = (content(never_stopped, file), content(resumed, file));
        assert!(a.keys().eq(b.keys()), "{file} holds other tensors: {how}");
        let different: Vec<&String> = a.keys().filter(|name| a[*name] != b[*name]).collect();
        assert!(different.is_empty(), "{file} differs in {different:?}: {how}");
    }
}

#[test]
fn stopped_anywhere_it_goes_on_to_the_same_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    succeed(&whole, &TINY);
    assert_eq!(table(&whole).len(), 3, "a header and two epochs");

    // after one step, in the middle of an epoch, at its end, and in the next one
    for steps in [1, 2, STEPS, STEPS + 3] {
        let stopped = dir.path().join(format!("stopped-{steps}"));
        let printed = succeed(&stopped, &[&TINY[..], &["--stop-after", &steps.to_string()]].concat());
        let (epoch, step) = ((steps - 1) / STEPS + 1, (steps - 1) % STEPS + 1);
        let expected = format!("Stopped after step {step} of {STEPS} in epoch {epoch}; ");
        assert!(printed.contains(&expected), "{printed}");
        assert!(printed.contains("convnet -- resnet --resume --out "), "{printed}");
        succeed(&stopped, &["--resume"]);
        assert_same_run(&whole, &stopped, &format!("stopped after {steps} steps"));
    }
}

#[test]
fn stopped_after_every_step_it_goes_on_to_the_same_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, stopped) = (dir.path().join("whole"), dir.path().join("stopped"));
    let args = [&["bottleneck", "--seed", "3"], &TINY[2..]].concat();
    succeed(&whole, &args);
    succeed(&stopped, &[&args[..], &["--stop-after", "1"]].concat());
    for _ in 1..2 * STEPS {
        succeed(&stopped, &["bottleneck", "--resume", "--stop-after", "1"]);
    }
    succeed(&stopped, &["bottleneck", "--resume"]);
    assert_same_run(&whole, &stopped, "stopped after every step");
}

/// The program was killed just after it had written the checkpoint of a finished epoch.
#[test]
fn between_two_epochs_it_goes_on_to_the_same_numbers() {
    let common = lab::Options { epochs: Some(2), batch_size: Some(50), ..lab::Options::default() };
    let options = TrainOptions { depth: Some(8), limit: Some(200), common, ..TrainOptions::default() };
    let settings = Settings::choose(Family::Plain, &options).unwrap();
    let machine = options.common.machine().unwrap();
    let data = Data::load(&settings, &machine).unwrap();
    let epoch = |trainer: &mut Trainer| {
        trainer.epoch(&data, |_| Go::On).unwrap();
        trainer.finish_epoch(&evaluate(&trainer.model, data.test_batches()))
    };

    let dir = tempfile::tempdir().unwrap();
    let mut first = Trainer::new(&settings, &data, &machine).unwrap();
    let mut metrics = lab::Metrics::new(dir.path().join("metrics.csv"), Vec::new()).unwrap();
    metrics.push(epoch(&mut first)).unwrap();
    state::save(dir.path(), &first, &settings, &metrics).unwrap();

    let mut second = Trainer::new(&settings, &data, &machine).unwrap();
    let rows = state::load(dir.path(), &mut second, &settings).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(second.position, first.position);
    let (a, b) = (epoch(&mut first), epoch(&mut second));
    assert_eq!((a.train_loss, a.test_loss, a.test_accuracy), (b.train_loss, b.test_loss, b.test_accuracy));
}

#[test]
fn a_finished_run_can_be_looked_at_again_and_trained_on() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    succeed(&out, &TINY);
    let before = content(&out, "state.safetensors");
    fs::remove_file(out.join("curves.svg")).unwrap();
    let printed = succeed(&out, &["--resume"]);
    assert!(printed.contains("finished before") && printed.contains("test accuracy"), "{printed}");
    assert!(out.join("curves.svg").exists());
    assert_eq!(before, content(&out, "state.safetensors"));

    succeed(&out, &["--resume", "--epochs", "3"]);
    assert_eq!(table(&out).len(), 4);
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_the_step_and_writes_the_checkpoint() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let dir = tempfile::tempdir().unwrap();
    let (whole, stopped) = (dir.path().join("whole"), dir.path().join("stopped"));
    let args = [&TINY[..6], &["--epochs", "40"]].concat();
    succeed(&whole, &args);

    let mut child =
        common::command(&stopped, &args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.trim_start().starts_with("1 ") {
        line.clear();
        assert!(printed.read_line(&mut line).unwrap() > 0, "it ended before its first epoch");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    printed.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(rest.contains("Stopped after step "), "{rest}");

    succeed(&stopped, &["--resume"]);
    assert_same_run(&whole, &stopped, "stopped by Ctrl-C");
}
