use std::fmt;
use std::ops::RangeInclusive;

use super::field::Grid;
use super::palette::Color;
use super::svg::{Draw, page};
use super::ticks::Scale;

/// Lines and points over two axes: curves of a training, a fit over its data, a decision boundary.
///
/// Write it with `{}`, or put several into a [`Figure`](super::Figure).
///
/// ```
/// use minitensor::lab::plot::{Chart, Color};
///
/// let train = [(1.0, 2.3), (2.0, 1.1), (3.0, 0.6)];
/// let chart = Chart::new("loss").x("epoch").line("train", train).dashed("test", [(1.0, 2.2), (3.0, 0.8)]).log_y();
/// assert!(chart.to_string().starts_with("<svg"));
///
/// let fit = Chart::new("y = x²")
///     .points("data", [(0.0, 0.1), (1.0, 0.9)])
///     .colored(Color::Ink)
///     .line("fit", (0..=20).map(|i| (f64::from(i) / 20.0, f64::from(i * i) / 400.0)));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Chart {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) series: Vec<Series>,
    pub(super) field: Option<Field>,
    pub(super) size: (f64, f64),
}

#[derive(Debug, Clone, Default)]
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) range: Option<(f64, f64)>,
    pub(super) scale: Scale,
}

impl Axis {
    /// Where a value is drawn: at its logarithm, on a logarithmic axis.
    pub(super) fn drawn(&self, value: f64) -> f64 {
        if self.scale == Scale::Log { value.log10() } else { value }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
    pub(super) kind: Kind,
    pub(super) color: Color,
    /// What is written in place of each dot; none where dots are dots.
    pub(super) words: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Dashed,
    Points,
}

/// What is coloured behind the series.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) grid: Grid,
    pub(super) values: FieldValues,
}

#[derive(Debug, Clone)]
pub(super) enum FieldValues {
    /// Between class 0 (value 0) and class 1 (value 1), with a line at one half.
    Probability(Vec<f64>),
    /// The class with the largest score.
    Classes(Vec<usize>),
}

impl Chart {
    /// A chart with this title, which may be empty.
    pub fn new(title: impl Into<String>) -> Chart {
        let (x, y) = (Axis::default(), Axis::default());
        Chart { title: title.into(), x, y, series: Vec::new(), field: None, size: (400.0, 280.0) }
    }

    /// Names the horizontal axis. Whole numbers on it ("epoch") get whole marks.
    pub fn x(mut self, name: impl Into<String>) -> Chart {
        self.x.name = name.into();
        self
    }

    /// Names the vertical axis.
    pub fn y(mut self, name: impl Into<String>) -> Chart {
        self.y.name = name.into();
        self
    }

    /// The part of the horizontal axis to show; without it, all points.
    pub fn x_range(mut self, range: RangeInclusive<f64>) -> Chart {
        self.x.range = Some((*range.start(), *range.end()));
        self
    }

    /// The part of the vertical axis to show; without it, all points.
    pub fn y_range(mut self, range: RangeInclusive<f64>) -> Chart {
        self.y.range = Some((*range.start(), *range.end()));
        self
    }

    /// A logarithmic horizontal axis: sizes that double. Points that are not positive are left out.
    ///
    /// ```
    /// use minitensor::lab::plot::Chart;
    ///
    /// let chart = Chart::new("rate").line("", (0..4).map(|i| (10f64.powi(i), 1.0))).log_x().to_string();
    /// assert!(chart.contains("100") && chart.contains("1000"));
    /// ```
    pub fn log_x(mut self) -> Chart {
        self.x.scale = Scale::Log;
        self
    }

    /// A logarithmic vertical axis: losses. Points that are not positive are left out.
    pub fn log_y(mut self) -> Chart {
        self.y.scale = Scale::Log;
        self
    }

    /// Fractions on the vertical axis are written as percentages: accuracies.
    pub fn percent_y(mut self) -> Chart {
        self.y.scale = Scale::Percent;
        self
    }

    /// Width and height in CSS pixels (400 by 280 unless told).
    pub fn size(mut self, width: f64, height: f64) -> Chart {
        self.size = (width.clamp(120.0, 4000.0), height.clamp(100.0, 4000.0));
        self
    }

    /// A line through the points, in their order; it has a gap where a point is not finite. A series with an
    /// empty name stays out of the legend.
    pub fn line(self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Chart {
        self.with(Kind::Line, name.into(), points)
    }

    /// A dashed line through the points: what one compares with.
    pub fn dashed(self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Chart {
        self.with(Kind::Dashed, name.into(), points)
    }

    /// Dots, which lie behind the lines.
    pub fn points(self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Chart {
        self.with(Kind::Points, name.into(), points)
    }

    /// Words in place of dots, each in the middle of its point: letters in an embedding.
    ///
    /// ```
    /// use minitensor::lab::plot::Chart;
    ///
    /// let chart = Chart::new("letters").words("vowels", [((0.1, 0.2), "a"), ((0.3, 0.2), "e")]).to_string();
    /// assert!(chart.contains(">a</text>") && chart.contains(">e</text>"));
    /// ```
    pub fn words<S: Into<String>>(
        self,
        name: impl Into<String>,
        words: impl IntoIterator<Item = ((f64, f64), S)>,
    ) -> Chart {
        let (points, words): (Vec<(f64, f64)>, Vec<String>) =
            words.into_iter().map(|(point, word)| (point, word.into())).unzip();
        let mut chart = self.with(Kind::Points, name.into(), points);
        if let Some(last) = chart.series.last_mut() {
            last.words = words;
        }
        chart
    }

    /// Changes the colour of the series that was added last; without it, each takes the next of the palette.
    pub fn colored(mut self, color: Color) -> Chart {
        if let Some(last) = self.series.last_mut() {
            last.color = color;
        }
        self
    }

    /// Colours the plane behind the series by the probability of class 1 (of two) at each point of the grid, and
    /// draws the boundary at one half. `values` are in the order of [`Grid::points`].
    ///
    /// # Panics
    /// When there is not one value for each point.
    #[track_caller]
    pub fn probability(mut self, grid: &Grid, values: impl IntoIterator<Item = f64>) -> Chart {
        let values: Vec<f64> = values.into_iter().collect();
        grid.check(values.len());
        self.field = Some(Field { grid: grid.clone(), values: FieldValues::Probability(values) });
        self
    }

    /// Colours the plane behind the series by the class at each point of the grid, in the order of
    /// [`Grid::points`].
    ///
    /// # Panics
    /// When there is not one class for each point.
    #[track_caller]
    pub fn classes(mut self, grid: &Grid, values: impl IntoIterator<Item = usize>) -> Chart {
        let values: Vec<usize> = values.into_iter().collect();
        grid.check(values.len());
        self.field = Some(Field { grid: grid.clone(), values: FieldValues::Classes(values) });
        self
    }

    fn with(mut self, kind: Kind, name: String, points: impl IntoIterator<Item = (f64, f64)>) -> Chart {
        let color = Color::Series(self.series.len());
        self.series.push(Series {
            name,
            points: points.into_iter().collect(),
            kind,
            color,
            words: Vec::new(),
        });
        self
    }

    /// The series that stand in the legend.
    pub(super) fn named(&self) -> impl Iterator<Item = &Series> {
        self.series.iter().filter(|series| !series.name.is_empty())
    }

    /// How many colours the chart needs.
    pub(super) fn colors(&self) -> usize {
        let classes = match self.field.as_ref().map(|field| &field.values) {
            Some(FieldValues::Classes(classes)) => classes.iter().max().map_or(0, |max| max + 1),
            _ => 0,
        };
        self.series.len().max(classes)
    }
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        page(f, 1, &[self as &dyn Draw])
    }
}
