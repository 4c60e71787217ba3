//! The loop that every training shares.

use std::time::{Duration, Instant};

use super::{Config, Learner, Position, Row, Tally, state};
use crate::lab::{LiveTable, Machine, Metrics, Outcome, Plan, Progress, Result, Run, Stop, stop, wrapped};

/// How many steps are tried to see how long one takes.
const TRIAL_STEPS: usize = 4;

/// A run at work: a learner, where it stands, and the files it leaves.
pub struct Training<'a, L: Learner> {
    /// What learns.
    pub learner: L,
    /// Where the run stands.
    pub position: Position,
    run: &'a Run,
    machine: Machine,
    metrics: Metrics<L::Row>,
    epochs: usize,
    identity: String,
    stop: Stop,
    stop_after: Option<usize>,
}

impl<'a, L: Learner> Training<'a, L> {
    /// Sets everything up for the first step, or under `--resume` for the one after the last, and writes `config.json`.
    ///
    /// # Errors
    /// If there is nothing to go on from, or not from this, or a file cannot be written.
    pub fn open(
        run: &'a Run,
        mut learner: L,
        config: &impl Config,
        machine: &Machine,
    ) -> Outcome<Training<'a, L>> {
        let (epochs, identity) = (config.epochs(), config.identity());
        let (position, rows) = match run.resumed() {
            true => state::load(run.folder(), &mut learner, &identity)?,
            false => Default::default(),
        };
        run.config(config)?;
        let (machine, metrics, stop) = (*machine, run.metrics(rows)?, Stop::arm());
        Ok(Training { learner, position, run, machine, metrics, epochs, identity, stop, stop_after: None })
    }

    /// Stops after so many steps as Ctrl-C would, where a number is given.
    #[must_use]
    pub fn stop_after(self, steps: Option<usize>) -> Training<'a, L> {
        Training { stop_after: steps, ..self }
    }

    /// The rows of the finished epochs.
    pub fn rows(&self) -> &[L::Row] {
        self.metrics.rows()
    }

    /// Adds to a plan what is left to do and for how long. `trial`, another learner like this one, makes a few steps to
    /// find out.
    pub fn plan(&self, plan: Plan, trial: L) -> Plan {
        let plan = plan
            .parameters(self.learner.model().num_parameters())
            .epochs(self.epochs)
            .device(self.machine.device, self.machine.threads);
        match self.is_done() {
            true => plan.with("finished before (--epochs N trains on)"),
            false => self.position.tell(plan).takes(self.forecast(trial)),
        }
    }

    /// Trains until the last epoch is done, and returns the last test; or says how to go on and returns `None`, if it was
    /// stopped before.
    ///
    /// # Errors
    /// If a file cannot be written, or the loss is not a number any more.
    pub fn go(&mut self) -> Outcome<Option<L::Evaluation>> {
        let mut table = LiveTable::new(L::Row::COLUMNS.iter().copied());
        self.rows().iter().for_each(|row| table.row(row.cells()));
        let mut last = None;
        while !self.is_done() {
            last = self.epoch()?;
            if last.is_none() {
                println!("\n{}", self.how_to_resume());
                return Ok(None);
            }
            self.rows().last().into_iter().for_each(|row| table.row(row.cells()));
        }
        // A finished run that is resumed has nothing left to do but this.
        Ok(Some(last.unwrap_or_else(|| self.learner.test(&|| false))))
    }

    // ANCHOR: epoch
    /// Makes the steps that are left of this epoch and its test, writes the checkpoint, and returns the test; or `None`, if
    /// it was stopped in between.
    ///
    /// # Errors
    /// As [`go`](Training::go).
    pub fn epoch(&mut self) -> Outcome<Option<L::Evaluation>> {
        let began = Instant::now();
        self.steps()?;
        let test = (!self.stop.requested()).then(|| self.learner.test(&|| self.stop.requested()));
        self.position.seconds += began.elapsed().as_secs_f64();
        // A test that was cut short is done again by the run that goes on.
        let test = test.filter(|_| !self.stop.requested());
        if let Some(test) = &test {
            let Position { epoch, tally, seconds, .. } = self.position;
            self.metrics.push(self.learner.row(epoch + 1, &tally, test, seconds))?;
            self.position = Position { epoch: epoch + 1, ..Position::default() };
        }
        state::save(self.run.folder(), &self.learner, self.position, &self.metrics, &self.identity)?;
        Ok(test)
    }

    /// Makes the steps that are left of this epoch, or as many as there is time for until Ctrl-C.
    fn steps(&mut self) -> Result<()> {
        let Position { epoch, step, .. } = self.position;
        let label = format!("epoch {}/{}", epoch + 1, self.epochs);
        let mut progress = Progress::new(label, self.learner.steps_per_epoch(), self.learner.unit());
        progress.skip(step);
        for batch in self.learner.batches(epoch, step) {
            let Training { learner, position, machine, .. } = self;
            let tally = machine.step(|| learner.step(&batch, position))?;
            self.position.step += 1;
            self.position.tally += tally;
            progress.step(tally.items, tally.mean_loss());
            count_down(&mut self.stop_after);
            if self.stop.requested() {
                break;
            }
        }
        Ok(())
    }
    // ANCHOR_END: epoch

    fn is_done(&self) -> bool {
        self.position.epoch >= self.epochs
    }

    /// About how long the rest of the run takes here: measured.
    fn forecast(&self, mut trial: L) -> Duration {
        let Some(batch) = trial.batches(0, 0).next() else { return Duration::ZERO };
        let (an_epoch, a_test) = (trial.steps_per_epoch() as f64, trial.steps_per_test());
        let left = self.epochs as f64 - self.position.epoch as f64 - self.position.step as f64 / an_epoch;
        let steps = (0..TRIAL_STEPS).map(|_| {
            let began = Instant::now();
            let _: Result<Tally> = trial.step(&batch, &Position::default());
            began.elapsed().as_secs_f64()
        });
        // The quickest: the first step warms up, and others may be held up by another program.
        let a_step = steps.fold(f64::INFINITY, f64::min);
        Duration::try_from_secs_f64(a_step * left * (an_epoch + a_test)).unwrap_or_default()
    }

    fn how_to_resume(&self) -> String {
        let Position { epoch, step, .. } = self.position;
        let stopped = format!(
            "Stopped after step {step} of {} in epoch {}; the checkpoint is in {}. To go on:",
            self.learner.steps_per_epoch(),
            epoch + 1,
            self.run.folder().display(),
        );
        format!("{}\n\n    {}", wrapped(&stopped), self.run.how_to_resume())
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
