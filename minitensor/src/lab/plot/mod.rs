//! Pictures as SVG files: charts, decision boundaries, heat maps, confusion matrices, grids of images.
//!
//! They need no fonts and no programs, stay well under 200 kB, and stand on a white card, so that they are
//! legible on a light and on a dark page. The colours can be told apart by colour-blind readers.
//!
//! ```
//! use minitensor::lab::plot::{Chart, Figure};
//!
//! let losses = [2.3, 1.1, 0.6];
//! let by_epoch = |values: &[f64]| values.iter().zip(1..).map(|(&v, e)| (f64::from(e), v)).collect::<Vec<_>>();
//! let curves = Figure::new(2)
//!     .with(Chart::new("loss").x("epoch").line("train", by_epoch(&losses)).log_y())
//!     .with(Chart::new("accuracy").x("epoch").line("test", by_epoch(&[0.4, 0.8, 0.9])).percent_y());
//! assert!(curves.to_string().starts_with("<svg")); // run.write("curves.svg", &curves)?
//! ```

mod axes;
mod cells;
mod chart;
mod coordinate;
mod dots;
mod field;
mod figure;
mod images;
mod layout;
mod matrix;
mod palette;
mod pixels;
mod svg;
#[cfg(test)]
mod tests;
mod ticks;

pub use chart::Chart;
pub use field::Grid;
pub use figure::{Figure, Panel};
pub use images::{Gallery, Mark, Tile};
pub use matrix::{Confusion, Heatmap};
pub use palette::Color;
