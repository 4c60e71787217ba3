use std::fmt;

use super::cells::{LABEL, Table};
use super::palette::{PAPER, RED, Rgb, between, diverging, sequential};
use super::svg::{Draw, Svg, page, text_width};
use crate::lab::count;

/// Numbers in rows and columns, each a coloured square: attention, correlations, weights.
///
/// Colours run from white (zero) to blue (the largest); with [`signed`](Heatmap::signed), from red over white to
/// blue.
///
/// ```
/// use minitensor::lab::plot::Heatmap;
///
/// let attention = Heatmap::new("attention", 2, [0.9, 0.1, 0.4, 0.6]).rows(["the", "cat"]).columns(["the", "cat"]);
/// assert!(attention.values(2).to_string().contains("0.90"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Heatmap {
    title: String,
    width: usize,
    values: Vec<f64>,
    rows: Vec<String>,
    columns: Vec<String>,
    row_axis: String,
    column_axis: String,
    digits: Option<usize>,
    signed: bool,
    cell: Option<f64>,
}

impl Heatmap {
    /// A matrix of so many columns, given row by row.
    ///
    /// # Panics
    /// When the values do not fill its rows.
    #[track_caller]
    pub fn new(title: impl Into<String>, columns: usize, values: impl IntoIterator<Item = f64>) -> Heatmap {
        let values: Vec<f64> = values.into_iter().collect();
        let whole = columns > 0 && !values.is_empty() && values.len().is_multiple_of(columns);
        assert!(whole, "a heat map of {columns} columns cannot hold {} values", values.len());
        Heatmap {
            title: title.into(),
            width: columns,
            values,
            rows: Vec::new(),
            columns: Vec::new(),
            row_axis: String::new(),
            column_axis: String::new(),
            digits: None,
            signed: false,
            cell: None,
        }
    }

    /// A name for each row.
    pub fn rows<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Heatmap {
        self.rows = names.into_iter().map(Into::into).collect();
        self
    }

    /// A name for each column.
    pub fn columns<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Heatmap {
        self.columns = names.into_iter().map(Into::into).collect();
        self
    }

    /// What the rows and the columns are: "query" and "key".
    pub fn axes(mut self, rows: impl Into<String>, columns: impl Into<String>) -> Heatmap {
        (self.row_axis, self.column_axis) = (rows.into(), columns.into());
        self
    }

    /// Writes each number into its square, with so many decimals.
    pub fn values(mut self, digits: usize) -> Heatmap {
        self.digits = Some(digits.min(6));
        self
    }

    /// Red below zero, blue above.
    pub fn signed(mut self) -> Heatmap {
        self.signed = true;
        self
    }

    /// The side of a square in CSS pixels.
    pub fn cell(mut self, side: f64) -> Heatmap {
        self.cell = Some(side.clamp(1.0, 200.0));
        self
    }

    fn table(&self) -> Table<'_> {
        let largest = self.values.iter().filter(|v| v.is_finite()).fold(0.0, |a: f64, v| a.max(v.abs()));
        let color = move |v: f64| match v / largest {
            t if !t.is_finite() => PAPER,
            t if self.signed => diverging(t),
            t => sequential(t),
        };
        let text = |v: f64| self.digits.map_or_else(String::new, |digits| format!("{v:.digits$}"));
        let cells: Vec<(Rgb, String)> = self.values.iter().map(|&v| (color(v), text(v))).collect();
        let widest = cells.iter().map(|(_, text)| text_width(text, LABEL)).fold(0.0, f64::max);
        let side = self.cell.unwrap_or((360.0 / self.width as f64).clamp(4.0, 34.0));
        Table {
            title: &self.title,
            width: self.width,
            cells,
            rows: &self.rows,
            columns: &self.columns,
            axes: (&self.row_axis, &self.column_axis),
            side: side.max(if widest > 0.0 { widest + 6.0 } else { 0.0 }),
        }
    }
}

/// What a classifier took for what: a row for each true class, a column for each guess.
///
/// Right guesses are blue and wrong ones red, by their share of the row.
///
/// ```
/// use minitensor::lab::plot::Confusion;
///
/// // 36 zeros, one of them taken for a one; 35 ones
/// let confusion = Confusion::new("digits", ["0", "1"], [35, 1, 0, 35]);
/// assert!(confusion.to_string().contains(">35<"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Confusion {
    title: String,
    classes: Vec<String>,
    counts: Vec<usize>,
}

impl Confusion {
    /// `counts[t * classes + g]`: how many of class `t` were taken for class `g`.
    ///
    /// # Panics
    /// When there is not one count for each pair of classes.
    #[track_caller]
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        classes: impl IntoIterator<Item = S>,
        counts: impl IntoIterator<Item = usize>,
    ) -> Confusion {
        let classes: Vec<String> = classes.into_iter().map(Into::into).collect();
        let counts: Vec<usize> = counts.into_iter().collect();
        let n = classes.len();
        assert!(n > 0, "a confusion matrix needs classes");
        assert_eq!(counts.len(), n * n, "{n} classes need {n} x {n} counts");
        Confusion { title: title.into(), classes, counts }
    }

    fn table(&self) -> Table<'_> {
        let n = self.classes.len();
        let cell = |(i, &hits): (usize, &usize)| {
            let (row, column) = (i / n, i % n);
            let total: usize = self.counts[row * n..(row + 1) * n].iter().sum();
            let share = hits as f64 / total.max(1) as f64;
            let color = if row == column {
                sequential(share * 0.75)
            } else {
                // Even one mistake among thousands must be seen.
                between(PAPER, RED, if hits == 0 { 0.0 } else { 0.18 + share * 2.0 })
            };
            (color, if hits == 0 { String::new() } else { count(hits) })
        };
        let cells: Vec<(Rgb, String)> = self.counts.iter().enumerate().map(cell).collect();
        let widest = cells.iter().map(|(_, text)| text_width(text, LABEL)).fold(22.0, f64::max);
        Table {
            title: &self.title,
            width: n,
            cells,
            rows: &self.classes,
            columns: &self.classes,
            axes: ("true", "predicted"),
            side: widest + 8.0,
        }
    }
}

macro_rules! drawn_as_table {
    ($kind:ident) => {
        impl Draw for $kind {
            fn size(&self) -> (f64, f64) {
                self.table().size()
            }

            fn title(&self) -> &str {
                &self.title
            }

            fn draw(&self, svg: &mut Svg, x: f64, y: f64) {
                self.table().draw(svg, x, y);
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                page(f, 1, &[self as &dyn Draw])
            }
        }
    };
}

drawn_as_table!(Heatmap);
drawn_as_table!(Confusion);
