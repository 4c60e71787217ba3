//! One rise and one fall.

use super::{Schedule, half_wave};

/// The way from one rate to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anneal {
    /// Along half a cosine wave.
    #[default]
    Cos,
    /// Along a straight line.
    Linear,
}

/// A rise from `max_lr / div_factor` to `max_lr`, and a fall to `final_div_factor` times less than the start (Smith and
/// Topin, 2018, "Super-convergence").
///
/// The rate only: the momentum stays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneCycleLR {
    /// The rate at the top.
    pub max_lr: f64,
    /// How many steps there are in all; the last rate stays after them.
    pub total_steps: usize,
    /// The part of the steps that the rise takes.
    pub pct_start: f64,
    /// Along what the rate moves.
    pub anneal_strategy: Anneal,
    /// How much less than `max_lr` the start is.
    pub div_factor: f64,
    /// How much less than the start the end is.
    pub final_div_factor: f64,
    /// Falls back to the start first, as fast as it rose, and from there to the end.
    pub three_phase: bool,
}

impl OneCycleLR {
    /// PyTorch's defaults: a rise over the first 30 %, from 1/25 of `max_lr`, and a fall to 1/10,000 of that.
    pub fn new(max_lr: f64, total_steps: usize) -> OneCycleLR {
        OneCycleLR {
            max_lr,
            total_steps,
            pct_start: 0.3,
            anneal_strategy: Anneal::Cos,
            div_factor: 25.0,
            final_div_factor: 1e4,
            three_phase: false,
        }
    }
}

impl Schedule for OneCycleLR {
    fn lr(&self, t: usize) -> f64 {
        let start = self.max_lr / self.div_factor;
        let (end, last) = (start / self.final_div_factor, self.total_steps as f64 - 1.0);
        let rise = self.pct_start * self.total_steps as f64;
        // the step at which each phase ends, and the rate there
        let phases = match self.three_phase {
            false => vec![(rise - 1.0, self.max_lr), (last, end)],
            true => vec![(rise - 1.0, self.max_lr), (2.0 * rise - 2.0, start), (last, end)],
        };
        let (t, mut from) = ((t as f64).min(last), (0.0, start));
        for to in phases {
            if t <= to.0 {
                return self.between(from, to, t);
            }
            from = to;
        }
        end
    }
}

impl OneCycleLR {
    fn between(&self, (from, start): (f64, f64), (to, end): (f64, f64), t: f64) -> f64 {
        let part = if to > from { (t - from) / (to - from) } else { 1.0 };
        match self.anneal_strategy {
            Anneal::Cos => half_wave(start, end, part),
            Anneal::Linear => start + (end - start) * part,
        }
    }
}
