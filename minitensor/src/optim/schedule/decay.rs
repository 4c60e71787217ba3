//! Rates that fall in steps, by a power or along a line, and the rise before them.

use super::Schedule;

/// Multiplies the rate by `gamma` every `step_size` steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepLR {
    /// The rate at the start.
    pub lr: f64,
    /// How many steps a rate lasts; at least 1.
    pub step_size: usize,
    /// The factor from one rate to the next.
    pub gamma: f64,
}

impl Schedule for StepLR {
    fn lr(&self, t: usize) -> f64 {
        self.lr * self.gamma.powf((t / self.step_size.max(1)) as f64)
    }
}

/// Multiplies the rate by `gamma` at each milestone.
#[derive(Debug, Clone, PartialEq)]
pub struct MultiStepLR {
    /// The rate at the start.
    pub lr: f64,
    /// The steps at which the rate changes, in any order; one that comes twice counts twice.
    pub milestones: Vec<usize>,
    /// The factor from one rate to the next.
    pub gamma: f64,
}

impl Schedule for MultiStepLR {
    fn lr(&self, t: usize) -> f64 {
        let passed = self.milestones.iter().filter(|&&milestone| milestone <= t).count();
        self.lr * self.gamma.powf(passed as f64)
    }
}

/// Multiplies the rate by `gamma` every step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExponentialLR {
    /// The rate at the start.
    pub lr: f64,
    /// The factor from one rate to the next.
    pub gamma: f64,
}

impl Schedule for ExponentialLR {
    fn lr(&self, t: usize) -> f64 {
        self.lr * self.gamma.powf(t as f64)
    }
}

/// A straight line from `start_factor · lr` to `end_factor · lr` over `total_iters` steps, and level after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearLR {
    /// The rate that the factors multiply.
    pub lr: f64,
    /// The factor at the start.
    pub start_factor: f64,
    /// The factor at the end.
    pub end_factor: f64,
    /// How many steps there are from the one to the other.
    pub total_iters: usize,
}

impl Schedule for LinearLR {
    fn lr(&self, t: usize) -> f64 {
        self.lr * (self.start_factor + (self.end_factor - self.start_factor) * part(t, self.total_iters))
    }
}

/// lr · (1 − t / total_iters)^power: down to 0 over `total_iters` steps, and 0 after them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolynomialLR {
    /// The rate at the start.
    pub lr: f64,
    /// How many steps there are down to 0.
    pub total_iters: usize,
    /// 1 falls along a line; more falls faster at first.
    pub power: f64,
}

impl Schedule for PolynomialLR {
    fn lr(&self, t: usize) -> f64 {
        self.lr * (1.0 - part(t, self.total_iters)).powf(self.power)
    }
}

/// A straight rise over `steps` steps to where another schedule starts, and then that schedule.
///
/// Weights that are still random, and an Adam that has seen few gradients, ask for small first steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Warmup<S> {
    /// How many steps the rise takes; 0 starts at the top.
    pub steps: usize,
    /// What comes after it.
    pub then: S,
}

impl<S: Schedule> Schedule for Warmup<S> {
    fn lr(&self, t: usize) -> f64 {
        match t.checked_sub(self.steps) {
            Some(t) => self.then.lr(t),
            None => self.then.lr(0) * (t + 1) as f64 / self.steps as f64,
        }
    }
}

/// How much of the way is done, from 0 to 1.
fn part(t: usize, total: usize) -> f64 {
    if t >= total { 1.0 } else { t as f64 / total as f64 }
}
