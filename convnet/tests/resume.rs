//! A run that was stopped and resumed is the run that was never stopped: the same tensors, bit by bit, and the same table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;

use common::{STEPS, TINY, assert_same_run, content, succeed, table};
use convnet::images::Data;
use convnet::model::Family;
use convnet::settings::{Settings, TrainOptions};
use convnet::train::Trainer;
use minitensor::lab::train::Training;
use minitensor::lab::{self, ImageOptions, Run};

#[test]
fn stopped_anywhere_it_goes_on_to_the_same_numbers() {
    common::assert_goes_on_wherever_it_stopped(&TINY, STEPS, "convnet -- resnet", &[]);
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
    let dir = tempfile::tempdir().unwrap();
    let common = lab::Options {
        epochs: Some(2),
        batch_size: Some(50),
        out: Some(dir.path().to_path_buf()),
        ..lab::Options::default()
    };
    let images = ImageOptions { limit: Some(200), ..ImageOptions::default() };
    let options = TrainOptions { depth: Some(8), images, common };
    let settings = Settings::choose(Family::Plain, &options).unwrap();
    let machine = options.common.machine().unwrap();
    let data = Data::load(&settings, &machine).unwrap();
    let trainer = || Trainer::new(&settings, &data, &machine).unwrap();
    let open = |resume: bool| {
        Run::open("convnet", "plainnet", &lab::Options { resume, ..options.common.clone() }).unwrap()
    };

    let run = open(false);
    let mut first = Training::open(&run, trainer(), &settings, &machine).unwrap();
    first.epoch().unwrap();
    let resumed = open(true);
    let mut second = Training::open(&resumed, trainer(), &settings, &machine).unwrap();
    assert_eq!((second.rows().len(), second.position), (1, first.position));
    first.epoch().unwrap();
    second.epoch().unwrap();
    let [a, b] = [&first, &second].map(|training| training.rows()[1].clone());
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
    common::assert_goes_on_after_ctrl_c(&[&TINY[..6], &["--epochs", "40"]].concat());
}
