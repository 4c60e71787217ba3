//! A rate that falls when the training no longer gets better.

use crate::nn::{StateDict, StateError};
use crate::optim::best::{Best, Goal, Margin, load_numbers, save_numbers};

/// What [`ReduceLROnPlateau`] can be told; the defaults are PyTorch's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlateauOptions {
    /// Which way the watched quantity is meant to go.
    pub goal: Goal,
    /// What the rate is multiplied by.
    pub factor: f64,
    /// How many values in a row may be no better; one more, and the rate falls.
    pub patience: usize,
    /// How much better a value must be.
    pub threshold: Margin,
    /// How many values after a fall do not count.
    pub cooldown: usize,
    /// The rate never falls below this.
    pub min_lr: f64,
    /// A fall of less than this is none.
    pub eps: f64,
}

impl Default for PlateauOptions {
    fn default() -> PlateauOptions {
        PlateauOptions {
            goal: Goal::Min,
            factor: 0.1,
            patience: 10,
            threshold: Margin::Relative(1e-4),
            cooldown: 0,
            min_lr: 0.0,
            eps: 1e-8,
        }
    }
}

/// Multiplies the rate by a factor whenever a quantity has not become better for a while.
///
/// ```
/// # use minitensor::optim::{PlateauOptions, ReduceLROnPlateau};
/// let mut schedule = ReduceLROnPlateau::new(0.1, PlateauOptions { patience: 1, ..PlateauOptions::default() });
/// let rates = [1.0, 0.5, 0.5, 0.5, 0.4].map(|loss| schedule.step(loss));
/// assert_eq!(rates, [0.1, 0.1, 0.1, 0.1 * 0.1, 0.1 * 0.1]);
/// ```
#[derive(Debug, Clone)]
pub struct ReduceLROnPlateau {
    options: PlateauOptions,
    lr: f64,
    best: Best,
    bad: usize,
    cooldown: usize,
}

impl ReduceLROnPlateau {
    /// Starts at a rate.
    pub fn new(lr: f64, options: PlateauOptions) -> ReduceLROnPlateau {
        let best = Best::new(options.goal, options.threshold);
        ReduceLROnPlateau { options, lr, best, bad: 0, cooldown: 0 }
    }

    /// Looks at the next value of the quantity, and returns the rate from here on.
    pub fn step(&mut self, value: f64) -> f64 {
        self.bad = if self.best.take(value) { 0 } else { self.bad.saturating_add(1) };
        if self.cooldown > 0 {
            self.cooldown -= 1;
            self.bad = 0;
        }
        if self.bad > self.options.patience {
            let lr = (self.lr * self.options.factor).max(self.options.min_lr);
            if self.lr - lr > self.options.eps {
                self.lr = lr;
            }
            self.cooldown = self.options.cooldown;
            self.bad = 0;
        }
        self.lr
    }

    /// The rate now.
    pub fn lr(&self) -> f64 {
        self.lr
    }

    /// What a checkpoint must keep.
    pub fn state(&self) -> StateDict {
        save_numbers([
            ("lr", self.lr),
            ("best", self.best.value),
            ("num_bad_epochs", self.bad as f64),
            ("cooldown_counter", self.cooldown as f64),
        ])
    }

    /// Goes on from what a checkpoint kept.
    ///
    /// # Errors
    /// If a number is missing, or there is one that is unknown.
    pub fn load_state(&mut self, state: &StateDict) -> Result<(), StateError> {
        let names = ["lr", "best", "num_bad_epochs", "cooldown_counter"];
        let [lr, best, bad, cooldown] = load_numbers(state, names)?;
        (self.lr, self.best.value, self.bad, self.cooldown) = (lr, best, bad as usize, cooldown as usize);
        Ok(())
    }
}
