use std::fmt;

use super::svg::{Draw, page};
use super::{Chart, Confusion, Gallery, Heatmap};

/// Several pictures on one page, in rows.
///
/// ```
/// use minitensor::lab::plot::{Chart, Figure};
///
/// let figure = Figure::new(2).with(Chart::new("loss")).with(Chart::new("accuracy"));
/// assert!(figure.to_string().contains("accuracy"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Figure {
    columns: usize,
    panels: Vec<Panel>,
}

/// What a [`Figure`] can hold.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Panel {
    /// Lines and points over two axes.
    Chart(Chart),
    /// A matrix of coloured squares.
    Heatmap(Heatmap),
    /// True classes against guesses.
    Confusion(Confusion),
    /// Small pictures.
    Gallery(Gallery),
}

impl Figure {
    /// An empty page of so many columns.
    pub fn new(columns: usize) -> Figure {
        Figure { columns, panels: Vec::new() }
    }

    /// Adds a picture to the right of the last, or in the next row.
    pub fn with(mut self, panel: impl Into<Panel>) -> Figure {
        self.panels.push(panel.into());
        self
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let panels: Vec<&dyn Draw> = self.panels.iter().map(Panel::as_draw).collect();
        page(f, self.columns, &panels)
    }
}

impl Panel {
    fn as_draw(&self) -> &dyn Draw {
        match self {
            Panel::Chart(panel) => panel,
            Panel::Heatmap(panel) => panel,
            Panel::Confusion(panel) => panel,
            Panel::Gallery(panel) => panel,
        }
    }
}

impl From<Chart> for Panel {
    fn from(chart: Chart) -> Panel {
        Panel::Chart(chart)
    }
}

impl From<Heatmap> for Panel {
    fn from(panel: Heatmap) -> Panel {
        Panel::Heatmap(panel)
    }
}

impl From<Confusion> for Panel {
    fn from(panel: Confusion) -> Panel {
        Panel::Confusion(panel)
    }
}

impl From<Gallery> for Panel {
    fn from(panel: Gallery) -> Panel {
        Panel::Gallery(panel)
    }
}
