//! Training: from the plan to the pictures.

use minitensor::lab::train::Training;
use minitensor::lab::{self, Plan, Run};

use crate::bigram::Bigram;
use crate::corpus::Corpus;
use crate::report::{self, Outcome};
use crate::settings::{Settings, TrainOptions};
use crate::train::Trainer;

/// Trains a GPT as the options say. `name` is what the practical is called on the command line, and `data` what it reads
/// unless told.
///
/// # Errors
/// If an option makes no sense, a file cannot be read or written, or the loss is not a number any more.
pub fn run(name: &str, data: &str, options: &TrainOptions) -> lab::Outcome {
    let run = Run::open("gpt", name, &options.common)?;
    let options = run.inherit(options.clone())?;
    let common = &options.common;
    let machine = common.machine()?;
    let data = common.data.as_deref().unwrap_or(data);
    if let Some(folder) = &common.data_dir {
        let message =
            format!("--data-dir {}: a GPT reads one text; name its file with --data FILE", folder.display());
        return Err(lab::Error::Usage(message).into());
    }
    let corpus = Corpus::load(data, options.limit, common.seed.unwrap_or(0))?;
    let settings = Settings::choose(&corpus, &options)?;

    let trainer = || Trainer::new(&settings, &corpus, &machine);
    let training = Training::open(&run, trainer()?, &settings, &machine)?;
    let mut training = training.stop_after(common.stop_after);
    training.plan(plan(&corpus), trainer()?).print();
    let Some(evaluation) = training.go()? else { return Ok(()) };

    let bigram = Bigram::count(&corpus.train, corpus.vocabulary.len());
    let outcome = Outcome::new(&training.learner.model, &settings, &corpus, &bigram, evaluation.loss)?;
    report::write_files(&run, &outcome, training.rows())?;
    print!("{}", report::summary(&outcome, training.rows(), &run));
    Ok(())
}

/// What will be done, on what.
fn plan(corpus: &Corpus) -> Plan {
    let [train, test] = [&corpus.train, &corpus.test].map(|part| lab::count(corpus.size(part)));
    let Corpus { name, vocabulary, .. } = corpus;
    let characters = vocabulary.len();
    Plan::new("Training a GPT").on(format!(
        "{name} ({train} {} to train on, {test} to test, {characters} different characters)",
        corpus.unit()
    ))
}
