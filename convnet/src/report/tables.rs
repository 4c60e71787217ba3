//! The tables of a run.

use minitensor::lab::{self, Run, Table};

use crate::evaluate::Evaluation;
use crate::train::EpochRow;

use super::FILES;

/// Whether the names of the classes do not fit over a column of counts.
pub(super) fn names_are_long(classes: &[String]) -> bool {
    classes.iter().any(|name| name.chars().count() > 4)
}

/// How often each class was taken for each: a row for each true class, a column for each guess, no number for none.
pub fn confusion_table(classes: &[String], evaluation: &Evaluation) -> Table {
    let matrix = evaluation.confusion(classes.len());
    let long = names_are_long(classes);
    let rows: Vec<String> = match long {
        true => classes.iter().enumerate().map(|(i, name)| format!("{name} ({i})")).collect(),
        false => classes.to_vec(),
    };
    let columns = classes.iter().enumerate().map(|(i, name)| if long { i.to_string() } else { name.clone() });
    let mut table = Table::new(["true".to_string()].into_iter().chain(columns));
    for (name, counts) in rows.into_iter().zip(matrix.counts().chunks(classes.len())) {
        let cells = counts.iter().map(|&n| if n == 0 { String::new() } else { lab::count(n) });
        table.row([name].into_iter().chain(cells));
    }
    table
}

/// What came out in the end, and where it is.
pub fn summary(evaluation: &Evaluation, rows: &[EpochRow], run: &Run) -> String {
    let mut table = Table::summary();
    table.row(["test accuracy", &lab::ratio(evaluation.right(), evaluation.guesses.len())]);
    table.row(["test loss", &lab::loss(evaluation.loss())]);
    table.row(["time", &lab::seconds(rows.iter().map(|row| row.seconds).sum())]);
    format!("{table}\n{}", run.wrote(&FILES))
}
