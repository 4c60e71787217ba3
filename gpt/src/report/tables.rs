//! What came out in the end, and where it is.

use minitensor::lab::{self, Run, Table};

use super::{FILES, Outcome};
use crate::train::EpochRow;

/// How many new names are shown.
const SHOWN: usize = 10;

/// The loss beside those of simpler models, what the model writes, and where everything is.
pub fn summary(outcome: &Outcome<'_>, rows: &[EpochRow], run: &Run) -> String {
    let folder = run.folder().display();
    let written = if outcome.corpus.is_names { names(outcome) } else { text(outcome) };
    let time = lab::seconds(rows.iter().map(|row| row.seconds).sum());
    format!(
        "\nHow surely each model guesses the next character of what it has not read:\n\n{}\n{written}\nTrained for {time}. \
         {}\nTo read more of it:\n\n    cargo run -p gpt -- sample --run {folder}\n",
        losses(outcome),
        run.wrote(&FILES)
    )
}

/// e^loss is the number of equally likely characters among which one would be as unsure.
fn losses(outcome: &Outcome<'_>) -> Table {
    let characters = outcome.corpus.vocabulary.len();
    let mut table = Table::new(["model", "loss (nats a character)", "as unsure as among"]);
    for (model, loss) in [
        (format!("blind guess of {characters}"), outcome.blind_loss),
        ("pairs, counted".to_string(), outcome.bigram_loss),
        ("this GPT".to_string(), outcome.loss),
    ] {
        table.row([model, lab::loss(loss), format!("{:.1}", loss.exp())]);
    }
    table
}

fn names(outcome: &Outcome<'_>) -> String {
    let (new, real) = outcome.new_names();
    let mut table = Table::summary();
    table.row(["names written", &lab::count(outcome.written.len())]);
    table.row(["new: not among those it has read", &lab::ratio(new.len(), outcome.written.len())]);
    table.row(["new and yet real: among the names of the test", &lab::count(real)]);
    let first = format!("The first new ones: {}.", new[..new.len().min(SHOWN)].join(", "));
    format!("{table}\n{}\n", lab::wrapped(&first))
}

fn text(outcome: &Outcome<'_>) -> String {
    format!("It writes:\n\n{}\n", outcome.written.first().map_or("", |text| text.trim()))
}
