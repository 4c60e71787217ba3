//! Ending a training before it overfits.

use crate::nn::{StateDict, StateError};

use super::best::{Best, Goal, Margin, load_numbers, save_numbers};

/// Says when a quantity, such as the loss on held-out data, has stopped getting better (Prechelt, 1998).
///
/// ```
/// # use minitensor::optim::{EarlyStopping, Goal, Verdict};
/// let mut stopping = EarlyStopping::new(Goal::Min, 2);
/// assert_eq!(stopping.observe(0.9), Verdict::Better); // keep this checkpoint
/// assert_eq!(stopping.observe(1.0), Verdict::Wait);
/// assert_eq!(stopping.observe(0.9), Verdict::Stop);
/// assert_eq!((stopping.best(), stopping.best_at()), (0.9, Some(0)));
/// ```
#[derive(Debug, Clone)]
pub struct EarlyStopping {
    patience: usize,
    best: Best,
    best_at: Option<usize>,
    seen: usize,
}

/// What a value means for the training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the best so far.
    Better,
    /// It is not, but the next ones may be.
    Wait,
    /// It is not, and neither were the `patience` − 1 before it.
    Stop,
}

impl EarlyStopping {
    /// Stops after `patience` values in a row that are no better than the best.
    pub fn new(goal: Goal, patience: usize) -> EarlyStopping {
        EarlyStopping { patience, best: Best::new(goal, Margin::Absolute(0.0)), best_at: None, seen: 0 }
    }

    /// The same where only what is better by more than this counts as better.
    #[must_use]
    pub fn min_delta(self, min_delta: f64) -> EarlyStopping {
        EarlyStopping { best: self.best.by(Margin::Absolute(min_delta)), ..self }
    }

    /// Looks at the next value; NaN is never better.
    pub fn observe(&mut self, value: f64) -> Verdict {
        let now = self.seen;
        self.seen = self.seen.saturating_add(1);
        if self.best.take(value) {
            self.best_at = Some(now);
            return Verdict::Better;
        }
        let since = self.best_at.map_or(self.seen, |best| now - best);
        if since >= self.patience { Verdict::Stop } else { Verdict::Wait }
    }

    /// The best value so far; infinitely bad before the first.
    pub fn best(&self) -> f64 {
        self.best.value
    }

    /// When it was seen, counted from 0.
    pub fn best_at(&self) -> Option<usize> {
        self.best_at
    }

    /// What a checkpoint must keep.
    pub fn state(&self) -> StateDict {
        // −1: none yet
        let best_at = self.best_at.map_or(-1.0, |at| at as f64);
        save_numbers([("best", self.best.value), ("best_at", best_at), ("seen", self.seen as f64)])
    }

    /// Goes on from what a checkpoint kept.
    ///
    /// # Errors
    /// If a number is missing, or there is one that is unknown.
    pub fn load_state(&mut self, state: &StateDict) -> Result<(), StateError> {
        let [best, best_at, seen] = load_numbers(state, ["best", "best_at", "seen"])?;
        let seen = seen as usize;
        // a damaged state must not stand after what was seen
        self.best_at = (best_at >= 0.0).then_some((best_at as usize).min(seen));
        (self.best.value, self.seen) = (best, seen);
        Ok(())
    }
}
