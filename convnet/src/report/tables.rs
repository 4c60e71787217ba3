//! The tables of a run.

use std::path::Path;
use std::time::Duration;

use minitensor::lab::{self, LiveTable, Table, percent};

use crate::evaluate::Evaluation;
use crate::state::Row;

use super::FILES;

/// Whether the names of the classes do not fit over a column of counts.
pub(super) fn names_are_long(classes: &[&str]) -> bool {
    classes.iter().any(|name| name.chars().count() > 4)
}

/// The table that grows by a row an epoch.
pub fn epoch_table() -> LiveTable {
    LiveTable::new(["epoch", "train loss", "train accuracy", "test loss", "test accuracy", "time"])
}

/// A row of it.
pub fn epoch_cells(row: &Row) -> [String; 6] {
    [
        row.epoch.to_string(),
        lab::loss(row.train_loss),
        percent(row.train_accuracy),
        lab::loss(row.test_loss),
        percent(row.test_accuracy),
        duration(row.seconds),
    ]
}

/// How often each class was taken for each: a row for each true class, a column for each guess, no number for none.
pub fn confusion_table(classes: &[&str], evaluation: &Evaluation) -> Table {
    let counts = evaluation.confusion(classes.len());
    let long = names_are_long(classes);
    let rows: Vec<String> = match long {
        true => classes.iter().enumerate().map(|(i, name)| format!("{name} ({i})")).collect(),
        false => classes.iter().map(|name| name.to_string()).collect(),
    };
    let columns =
        classes.iter().enumerate().map(|(i, name)| if long { i.to_string() } else { name.to_string() });
    let mut table = Table::new(["true".to_string()].into_iter().chain(columns));
    for (name, counts) in rows.into_iter().zip(counts.chunks(classes.len())) {
        let cells = counts.iter().map(|&n| if n == 0 { String::new() } else { lab::count(n) });
        table.row([name].into_iter().chain(cells));
    }
    table
}

/// What came out in the end, and where it is.
pub fn summary(evaluation: &Evaluation, rows: &[Row], folder: &Path) -> String {
    let mut table = Table::summary();
    table.row(["test accuracy", &lab::ratio(evaluation.right(), evaluation.guesses.len())]);
    table.row(["test loss", &lab::loss(evaluation.loss())]);
    table.row(["time", &duration(rows.iter().map(|row| row.seconds).sum())]);
    let mut files = Table::summary();
    for (name, what) in FILES {
        files.row([&format!("  {name}"), what]);
    }
    format!("{table}\nWrote to {}:\n{files}", folder.display())
}

fn duration(seconds: f64) -> String {
    lab::duration(Duration::try_from_secs_f64(seconds).unwrap_or_default())
}
