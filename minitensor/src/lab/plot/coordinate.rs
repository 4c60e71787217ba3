use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use super::ticks::Ticks;

/// An axis for plotters, with our marks on it.
#[derive(Debug, Clone)]
pub(super) struct Coordinate {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ticks: Ticks,
}

impl Coordinate {
    /// Where on the axis a value lies: 0 at its low end, 1 at its high end.
    pub(super) fn fraction(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

impl Ranged for Coordinate {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (begin, end): (i32, i32)) -> i32 {
        // What lies far outside is cut off anyway, and must not overflow on its way.
        begin + (self.fraction(*value).clamp(-20.0, 20.0) * f64::from(end - begin)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.at.clone()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Coordinate {
    fn format_ext(&self, value: &f64) -> String {
        let label = self.ticks.at.iter().position(|at| at == value).and_then(|i| self.ticks.labels.get(i));
        label.cloned().unwrap_or_default()
    }
}
