//! Denoising diffusion, from the plan to the pictures.

use minitensor::lab::train::Training;
use minitensor::lab::{self, Plan, Run};
use minitensor::nn::Module;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::judge::judge;
use crate::pictures::Pictures;
use crate::report::{self, Painting};
use crate::sample::sample;
use crate::settings::{Settings, TrainOptions};
use crate::train::Trainer;

/// How many moments of a painting are shown.
const MOMENTS: usize = 10;

/// Trains a U-Net to see noise, paints with it, and has the paintings judged.
///
/// # Errors
/// If an option makes no sense, a file cannot be read or written, or the loss is not a number any more.
pub fn run(options: &TrainOptions) -> lab::Outcome {
    let run = Run::open("diffusion", "ddpm", &options.common)?;
    let options = run.inherit(options.clone())?;
    let settings = Settings::choose(&options)?;
    let machine = options.common.machine()?;
    let pictures = Pictures::load(&settings)?;

    let trainer = || Trainer::new(&settings, &pictures, &machine);
    let training = Training::open(&run, trainer()?, &settings, &machine)?;
    let mut training = training.stop_after(options.common.stop_after);
    training.plan(plan(&settings, &pictures), trainer()?).print();
    if training.go()?.is_none() {
        return Ok(());
    }

    println!("\nPainting {} pictures in {} steps ...", settings.samples, settings.steps);
    training.learner.ema.apply_to(&training.learner.model);
    let painting = paint(&training.learner, &settings);
    println!("Training a convnet on the same images, to say what it takes the paintings for ...");
    let judgement = judge(&settings, &machine, &painting.finished)?;
    report::write_pictures(&run, training.rows(), &painting, &judgement, &pictures)?;
    print!("{}", report::summary(&judgement, training.rows(), &settings, &pictures, &run));
    Ok(())
}

/// Paints, and keeps some moments of it.
fn paint(trainer: &Trainer<'_>, settings: &Settings) -> Painting {
    let [channels, height, width] = trainer.pictures.shape();
    let mut moments = Vec::new();
    let rng = &mut ChaCha8Rng::seed_from_u64(settings.seed);
    trainer.model.eval();
    let shape = [settings.samples, channels, height, width];
    let finished = sample(&trainer.model, &trainer.schedule, shape, rng, |left, x| {
        if left % (settings.steps / MOMENTS).max(1) == 0 {
            moments.push((left, x.clone()));
        }
    });
    Painting { finished, moments }
}

/// What will be done, on what.
fn plan(settings: &Settings, pictures: &Pictures) -> Plan {
    let [train, test] =
        [&pictures.set.train, &pictures.set.test].map(|images| lab::count(images.labels().len()));
    Plan::new(format!("Training a diffusion model of {} steps", settings.steps))
        .on(format!("{} ({train} to train on, {test} to test)", pictures.set.name))
}
