//! The mean and the spread of numbers.

use super::lanes::Lanes;
use super::sums::{long_sum, long_sums, narrow, wide};

/// Number, mean and sum of squared deviations of some numbers.
#[derive(Default)]
pub(crate) struct Moments {
    pub(crate) count: f64,
    pub(crate) mean: f64,
    pub(crate) squares: f64,
}

impl Moments {
    /// Of a row: the deviations are taken from its mean, so that a large mean does not swallow them.
    #[inline(always)]
    pub(crate) fn of<T: Lanes>(row: &[T]) -> Self {
        let count = row.len() as f64;
        let near: T = narrow(long_sum(row, |x| x) / count);
        // The first mean was rounded. What is left of it comes out of the deviations, and off their squares.
        let [left, squares] = long_sums(row, |x| [x - near, (x - near) * (x - near)]);
        let left = left / count;
        let squares = squares - count * left * left;
        Self { count, mean: wide(near) + left, squares: squares.max(0.0) }
    }

    /// Of both together (Chan, Golub and LeVeque, 1979).
    pub(crate) fn merge(&mut self, other: Self) {
        let count = self.count + other.count;
        let distance = other.mean - self.mean;
        self.squares += other.squares + distance * distance * self.count * other.count / count;
        self.mean += distance * other.count / count;
        self.count = count;
    }
}
