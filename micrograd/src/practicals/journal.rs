//! What is shown and kept of a training while it runs: the bar, the table, `metrics.csv`; and when it ends early.

use minitensor::lab::{LiveTable, Metrics, Outcome, Progress, Run, Stop, loss};
use serde::Serialize;

/// Rows that a long training leaves in `metrics.csv`, and on the screen.
const ROWS_KEPT: usize = 100;
const ROWS_SHOWN: usize = 10;

pub(super) struct Journal<R> {
    metrics: Metrics<R>,
    table: LiveTable,
    progress: Progress,
    stop: Stop,
    epochs: usize,
    lr: f64,
}

impl<R: Serialize> Journal<R> {
    /// Begins a training of so many epochs; `columns` head the table on the screen.
    pub(super) fn begin(run: &Run, epochs: usize, lr: f64, columns: &[&str]) -> Outcome<Self> {
        Ok(Self {
            metrics: run.metrics(Vec::new())?,
            table: LiveTable::new(columns.iter().copied()),
            progress: Progress::new("training", epochs, "points"),
            stop: Stop::arm(),
            epochs,
            lr,
        })
    }

    /// Ends an epoch that saw so many points, with this mean loss. Now and then it asks `measure`, which is given
    /// the seconds so far, for a row of `metrics.csv` and the cells of the table after the epoch and the loss.
    ///
    /// Returns whether to go on: not after Ctrl-C.
    pub(super) fn epoch(
        &mut self,
        epoch: usize,
        points: usize,
        mean_loss: f64,
        measure: impl FnOnce(f64) -> (R, Vec<String>),
    ) -> Outcome<bool> {
        check_loss(mean_loss, epoch, self.lr)?;
        self.progress.step(points, mean_loss);
        let ends = epoch == self.epochs || self.stop.requested();
        let due = |rows: usize| epoch == 1 || ends || epoch.is_multiple_of(self.epochs.div_ceil(rows));
        let (kept, shown) = (due(ROWS_KEPT), due(ROWS_SHOWN));
        if kept || shown {
            let (row, cells) = measure(self.progress.elapsed().as_secs_f64());
            self.metrics.push(row)?;
            if shown {
                self.table.row([epoch.to_string(), loss(mean_loss)].into_iter().chain(cells));
            }
        }
        Ok(!ends)
    }

    /// The rows kept, for the curves.
    pub(super) fn rows(&self) -> &[R] {
        self.metrics.rows()
    }
}

/// A loss that is not a number has lost its way: every weight follows it.
pub(super) fn check_loss(loss: f64, epoch: usize, lr: f64) -> Outcome {
    if loss.is_finite() {
        return Ok(());
    }
    Err(format!("the loss became {loss} in epoch {epoch}: try a smaller --lr than {lr}").into())
}
