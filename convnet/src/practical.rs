//! The practicals of this crate: one run of training, from the plan to the pictures.

use minitensor::lab::train::Training;
use minitensor::lab::{self, Plan, Run};

use crate::images::Data;
use crate::model::Family;
use crate::report;
use crate::settings::{Settings, TrainOptions};
use crate::train::Trainer;

/// With more classes than these, which was taken for which is only drawn: a table would not fit the terminal.
const MOST_IN_A_TABLE: usize = 12;

/// Trains a network of this family as the options say.
///
/// # Errors
/// If an option makes no sense, a file cannot be read or written, or the loss is not a number any more.
pub fn run(family: Family, options: &TrainOptions) -> lab::Outcome {
    let run = Run::open("convnet", name(family), &options.common)?;
    let options = run.inherit(options.clone())?;
    let settings = Settings::choose(family, &options)?;
    let machine = options.common.machine()?;
    let data = Data::load(&settings, &machine)?;

    let trainer = || Trainer::new(&settings, &data, &machine);
    let training = Training::open(&run, trainer()?, &settings, &machine)?;
    let mut training = training.stop_after(options.common.stop_after);
    training.plan(plan(&settings, &data), trainer()?).print();
    let Some(evaluation) = training.go()? else { return Ok(()) };

    report::write_pictures(&run, &training, &evaluation, &settings)?;
    println!();
    if data.set.classes.len() <= MOST_IN_A_TABLE {
        println!("How often each class was taken for each (row: what it is, column: the guess):\n");
        println!("{}", report::confusion_table(&data.set.classes, &evaluation));
    }
    print!("{}", report::summary(&evaluation, training.rows(), &run));
    Ok(())
}

/// What a practical is called on the command line.
fn name(family: Family) -> &'static str {
    match family {
        Family::Plain => "plainnet",
        Family::Basic => "resnet",
        Family::Bottleneck => "bottleneck",
    }
}

/// What will be done, on what.
fn plan(settings: &Settings, data: &Data) -> Plan {
    let [train, test] = [&data.set.train, &data.set.test].map(|images| lab::count(images.labels().len()));
    Plan::new(format!("Training {}", settings.model_name()))
        .on(format!("{} ({train} to train on, {test} to test)", data.set.name))
}
