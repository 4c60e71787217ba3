use std::ops::RangeInclusive;

use super::chart::{Field, FieldValues};
use super::palette::{PAPER, Rgb, between, class};
use super::pixels::png;

/// A regular grid over a rectangle of the plane, at which a model is asked for its answer.
///
/// ```
/// use minitensor::lab::plot::{Chart, Grid};
///
/// let grid = Grid::new(-2.0..=2.0, -1.5..=1.5);
/// let probability = grid.points().map(|(x, y)| 1.0 / (1.0 + (-(x + y)).exp()));
/// let chart = Chart::new("a linear classifier").probability(&grid, probability);
/// assert!(chart.to_string().contains("data:image/png"));
/// ```
#[derive(Debug, Clone)]
pub struct Grid {
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
    pub(super) cells: usize,
}

impl Grid {
    /// 80 by 80 cells over the rectangle.
    pub fn new(x: RangeInclusive<f64>, y: RangeInclusive<f64>) -> Grid {
        Grid { x: (*x.start(), *x.end()), y: (*y.start(), *y.end()), cells: 80 }
    }

    /// Another fineness, from 2 to 500 cells on each side.
    #[must_use]
    pub fn cells(mut self, cells: usize) -> Grid {
        self.cells = cells.clamp(2, 500);
        self
    }

    /// The centres of the cells, from the top row down, each from left to right.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let n = self.cells;
        let at = move |(low, high): (f64, f64), i: usize| low + (high - low) * (i as f64 + 0.5) / n as f64;
        (0..n).flat_map(move |row| (0..n).map(move |column| (at(self.x, column), at(self.y, n - 1 - row))))
    }

    #[track_caller]
    pub(super) fn check(&self, values: usize) {
        let points = self.cells * self.cells;
        assert_eq!(
            values, points,
            "a grid of {0} by {0} cells needs {points} values, not {values}",
            self.cells
        );
    }
}

impl Field {
    /// One pixel a cell, pale enough that points in the same colours stand out.
    pub(super) fn png(&self, colors: usize) -> Vec<u8> {
        let pale = |color: Rgb| between(PAPER, color, 0.38);
        let pixels: Vec<Rgb> = match &self.values {
            FieldValues::Probability(values) => values
                .iter()
                .map(|&p| match p {
                    p if p < 0.5 => between(PAPER, pale(class(0, 2)), 1.0 - p * 2.0),
                    p => between(PAPER, pale(class(1, 2)), p * 2.0 - 1.0),
                })
                .collect(),
            FieldValues::Classes(values) => values.iter().map(|&c| pale(class(c, colors))).collect(),
        };
        png(self.grid.cells, &pixels)
    }

    /// The line where the probability is one half, as pairs of points (marching squares, Lorensen and Cline 1987,
    /// in two dimensions).
    pub(super) fn boundary(&self) -> Vec<[(f64, f64); 2]> {
        let FieldValues::Probability(values) = &self.values else { return Vec::new() };
        let n = self.grid.cells;
        let points: Vec<(f64, f64)> = self.grid.points().collect();
        let mut segments = Vec::new();
        for row in 0..n - 1 {
            for column in 0..n - 1 {
                let i = row * n + column;
                let corners = [i, i + 1, i + n + 1, i + n];
                let crossings: Vec<(f64, f64)> = (0..4)
                    .filter_map(|side| {
                        let (a, b) = (corners[side], corners[(side + 1) % 4]);
                        crossing((points[a], values[a]), (points[b], values[b]))
                    })
                    .collect();
                segments.extend(crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
            }
        }
        segments
    }
}

/// Where the value passes one half between two corners.
fn crossing(((ax, ay), a): ((f64, f64), f64), ((bx, by), b): ((f64, f64), f64)) -> Option<(f64, f64)> {
    if (a < 0.5) == (b < 0.5) || a.is_nan() || b.is_nan() {
        return None;
    }
    let t = (0.5 - a) / (b - a);
    Some((ax + (bx - ax) * t, ay + (by - ay) * t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_of_a_disc_is_its_circle() {
        let grid = Grid::new(-2.0..=2.0, -2.0..=2.0);
        let values = grid.points().map(|(x, y)| 0.5 + (1.0 - x.hypot(y))).collect();
        let field = Field { grid, values: FieldValues::Probability(values) };
        let boundary = field.boundary();
        assert!(boundary.len() > 50);
        for (x, y) in boundary.into_iter().flatten() {
            assert!((x.hypot(y) - 1.0).abs() < 0.01, "({x}, {y}) is not on the circle");
        }
    }

    #[test]
    fn points_start_at_the_top_left() {
        let grid = Grid::new(0.0..=1.0, 0.0..=1.0).cells(2);
        let points: Vec<_> = grid.points().collect();
        assert_eq!(points, [(0.25, 0.75), (0.75, 0.75), (0.25, 0.25), (0.75, 0.25)]);
    }

    #[test]
    #[should_panic(expected = "a grid of 80 by 80 cells needs 6400 values, not 3")]
    fn a_missing_value_is_told() {
        Grid::new(0.0..=1.0, 0.0..=1.0).check(3);
    }
}
