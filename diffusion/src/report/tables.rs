//! The tables of a run.

use minitensor::lab::{self, Run, Table};

use crate::judge::{Judgement, SURE};
use crate::pictures::Pictures;
use crate::settings::Settings;
use crate::train::EpochRow;

use super::FILES;

/// What came out in the end, and where it is.
pub fn summary(
    judgement: &Judgement,
    rows: &[EpochRow],
    settings: &Settings,
    pictures: &Pictures,
    run: &Run,
) -> String {
    let classes = &pictures.set.classes;
    let counts = judgement.counts(classes.len());
    let met = classes.iter().zip(counts).filter(|(_, n)| *n > 0);
    let each: Vec<String> = met.map(|(class, n)| format!("{class}: {n}")).collect();
    let mut table = Table::summary();
    table.row(["pictures painted", &lab::count(judgement.verdicts.len())]);
    let sure = lab::ratio(judgement.sure(), judgement.verdicts.len());
    table.row([&format!("recognised with confidence over {SURE}"), &sure]);
    table.row(["  and of real test images", &lab::percent(judgement.sure_of_real)]);
    table.row(["the convnet's accuracy on these", &lab::percent(judgement.accuracy)]);
    table.row(["taken for", &each.join(", ")]);
    if let Some(last) = rows.last() {
        table.row(["test loss", &lab::loss(last.test_loss)]);
    }
    table.row(["steps of noise", &lab::count(settings.steps)]);
    table.row(["time to train", &lab::seconds(rows.iter().map(|row| row.seconds).sum())]);
    format!("\n{table}\n{}", run.wrote(&FILES))
}
