//! The line that a run begins with, and how it knows for how long.

use std::time::{Duration, Instant};

use minitensor::lab::{self, Machine, Plan};
use minitensor::nn::Module;

use crate::images::Data;
use crate::settings::Settings;
use crate::train::Trainer;

/// How many steps are tried, and on how many images, to see how long a step takes.
const TRIAL_STEPS: usize = 4;
const TRIAL_IMAGES: usize = 128;

/// One line: what will be done, on what, and for about how long.
pub(crate) fn plan(settings: &Settings, data: &Data, trainer: &Trainer, machine: &Machine) -> Plan {
    let set = &data.set;
    let [train, test] = [&set.train, &set.test].map(|images| lab::count(images.labels().len()));
    let position = trainer.position;
    let plan = Plan::new(format!("Training {}", settings.model_name()))
        .on(format!("{} ({train} to train on, {test} to test)", set.name))
        .parameters(trainer.model.num_parameters())
        .epochs(settings.epochs)
        .device(machine.device, machine.threads);
    let plan = match (position.epoch, position.step) {
        (epoch, _) if epoch >= settings.epochs => return plan.with("finished before (--epochs N trains on)"),
        (0, 0) => plan,
        (epoch, 0) => plan.with(format!("going on with epoch {}", epoch + 1)),
        (epoch, step) => plan.with(format!("going on after step {step} of epoch {}", epoch + 1)),
    };
    plan.takes(forecast(settings, data, trainer, machine))
}

/// About how long the rest of the run takes here: measured, by a few steps of a model that is then thrown away.
fn forecast(settings: &Settings, data: &Data, trainer: &Trainer, machine: &Machine) -> Duration {
    let (Ok(mut trial), Some((images, labels))) =
        (Trainer::new(settings, data, machine), data.train_batches(0, 0).next())
    else {
        return Duration::ZERO;
    };
    let n = images.size(0).min(TRIAL_IMAGES);
    let (images, labels) = (images.narrow(0, 0, n), labels.narrow(0, 0, n));
    // The quickest of a few: the first step warms up, and others may be held up by another program.
    let step = (0..TRIAL_STEPS).map(|_| {
        let began = Instant::now();
        let _ = trial.step(&images, &labels);
        began.elapsed().as_secs_f64()
    });
    let an_image = step.fold(f64::INFINITY, f64::min) / n as f64;

    let [train, test] = [&data.set.train, &data.set.test].map(|images| images.labels().len() as f64);
    let done =
        trainer.position.epoch as f64 + trainer.position.step as f64 / trainer.steps_per_epoch() as f64;
    let epochs = settings.epochs as f64 - done;
    // A test is the forward third of a step.
    Duration::try_from_secs_f64(an_image * epochs * (train + test / 3.0)).unwrap_or_default()
}
