//! The practicals of this crate: one run of training, from the plan to the pictures.

use std::time::Instant;

use minitensor::lab::{self, Metrics, Progress, Run, Stop, stop};

use crate::evaluate::{Evaluation, evaluate};
use crate::images::Data;
use crate::model::Family;
use crate::plan::plan;
use crate::report;
use crate::settings::{Settings, TrainOptions};
use crate::state::{self, Row};
use crate::train::{Go, Trainer};

/// Trains a network of this family as the options say.
///
/// # Errors
/// If an option makes no sense, a file cannot be read or written, or the loss is not a number any more.
pub fn run(family: Family, options: &TrainOptions) -> lab::Outcome {
    let name = name(family);
    let run = Run::open("convnet", name, &options.common)?;
    let inherited = run.inherit(options.clone())?;
    let settings = Settings::choose(family, &inherited)?;
    let machine = inherited.common.machine()?;
    let data = Data::load(&settings, &machine)?;
    let mut trainer = Trainer::new(&settings, &data, &machine)?;
    let rows = match run.resumed() {
        true => state::load(run.folder(), &mut trainer, &settings)?,
        false => Vec::new(),
    };
    run.config(&settings)?;
    println!("{}", plan(&settings, &data, &trainer, &machine));

    let metrics = run.metrics(rows)?;
    let stop_after = options.stop_after;
    let mut training =
        Training { run: &run, settings, data, trainer, metrics, stop: Stop::arm(), stop_after };
    match training.go()? {
        Some(evaluation) => training.report(&evaluation),
        None => {
            println!("\n{}", training.how_to_resume(name, options));
            Ok(())
        }
    }
}

/// What a practical is called on the command line.
fn name(family: Family) -> &'static str {
    match family {
        Family::Plain => "plainnet",
        Family::Basic => "resnet",
        Family::Bottleneck => "bottleneck",
    }
}

/// A run at work.
struct Training<'a> {
    run: &'a Run,
    settings: Settings,
    data: Data,
    trainer: Trainer,
    metrics: Metrics<Row>,
    stop: Stop,
    stop_after: Option<usize>,
}

impl Training<'_> {
    /// Trains until the last epoch is done, and returns the last test; or `None`, if it was stopped before.
    fn go(&mut self) -> lab::Outcome<Option<Evaluation>> {
        let mut table = report::epoch_table();
        self.metrics.rows().iter().for_each(|row| table.row(report::epoch_cells(row)));
        let mut last = None;
        while self.trainer.position.epoch < self.settings.epochs {
            last = self.epoch()?;
            self.save()?;
            if last.is_none() {
                return Ok(None);
            }
            self.metrics.rows().last().into_iter().for_each(|row| table.row(report::epoch_cells(row)));
        }
        // A finished run that is resumed has nothing left to do but this.
        Ok(Some(last.unwrap_or_else(|| evaluate(&self.trainer.model, self.data.test_batches()))))
    }

    /// What is left of this epoch, and its test; or `None`, if it was stopped in between.
    fn epoch(&mut self) -> lab::Outcome<Option<Evaluation>> {
        let began = Instant::now();
        let label = format!("epoch {}/{}", self.trainer.position.epoch + 1, self.settings.epochs);
        let mut progress = Progress::new(label, self.trainer.steps_per_epoch(), "images");
        progress.skip(self.trainer.position.step);
        let (stop, stop_after) = (&self.stop, &mut self.stop_after);
        let went = self.trainer.epoch(&self.data, |tally| {
            progress.step(tally.images, tally.mean_loss());
            count_down(stop_after);
            if stop.requested() { Go::Stop } else { Go::On }
        })?;
        let evaluation = (went == Go::On).then(|| {
            evaluate(&self.trainer.model, self.data.test_batches().take_while(|_| !stop.requested()))
        });
        self.trainer.position.seconds += began.elapsed().as_secs_f64();
        // A test that was cut short is done again by the run that goes on.
        let evaluation = evaluation.filter(|_| !stop.requested());
        if let Some(evaluation) = &evaluation {
            self.metrics.push(self.trainer.finish_epoch(evaluation))?;
        }
        Ok(evaluation)
    }

    fn save(&self) -> lab::Outcome {
        state::save(self.run.folder(), &self.trainer, &self.settings, &self.metrics)
    }

    /// Shows how it went.
    fn report(&self, evaluation: &Evaluation) -> lab::Outcome {
        let Training { run, settings, data, trainer, metrics, .. } = self;
        report::write_pictures(run, metrics.rows(), evaluation, trainer, data, settings)?;
        println!("\nHow often each class was taken for each (row: what it is, column: the guess):\n");
        println!("{}", report::confusion_table(data.set.classes, evaluation));
        print!("{}", report::summary(evaluation, metrics.rows(), run.folder()));
        Ok(())
    }

    fn how_to_resume(&self, name: &str, options: &TrainOptions) -> String {
        let position = self.trainer.position;
        let out = match &options.common.out {
            Some(folder) => format!(" --out {}", folder.display()),
            None => String::new(),
        };
        format!(
            "Stopped after step {} of {} in epoch {}; the checkpoint is in {}. To go on:\n\n    \
             cargo run -p convnet -- {name} --resume{out}",
            position.step,
            self.trainer.steps_per_epoch(),
            position.epoch + 1,
            self.run.folder().display(),
        )
    }
}

/// Asks for the end when the steps of `--stop-after` are made.
fn count_down(steps: &mut Option<usize>) {
    if let Some(left) = steps {
        *left = left.saturating_sub(1);
        if *left == 0 {
            stop::request();
        }
    }
}
