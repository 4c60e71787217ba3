use super::chart::{Axis, Chart};
use super::coordinate::Coordinate;
use super::svg::text_width;
use super::ticks::{Scale, Ticks};

/// Font sizes and distances, in CSS pixels.
pub(super) const TICK: f64 = 11.0;
pub(super) const LEGEND: f64 = 11.5;
pub(super) const LEGEND_ROW: f64 = 17.0;
/// The width of a legend's mark and the gap before its name.
pub(super) const SWATCH: f64 = 21.0;
/// Room for half a label to the right of the plot.
pub(super) const RIGHT: f64 = 10.0;

/// Where the parts of a chart go: lengths in CSS pixels from the panel's top left corner.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) x: Coordinate,
    pub(super) y: Coordinate,
    /// The plot inside its axes: its left and top edge, its width and height.
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Room below the plot for the marks and the name of the axis.
    pub(super) bottom: f64,
    /// For each named series: how far to the right, and in which row.
    pub(super) legend: Vec<(f64, usize)>,
    pub(super) legend_top: f64,
}

impl Layout {
    pub(super) fn new(chart: &Chart) -> Layout {
        let legend = legend(chart);
        let rows = legend.last().map_or(0, |&(_, row)| row + 1);
        let title = if chart.title.is_empty() { 0.0 } else { 20.0 };
        let top = title + rows as f64 * LEGEND_ROW + if chart.y.name.is_empty() { 12.0 } else { 26.0 };
        let bottom = if chart.x.name.is_empty() { 20.0 } else { 34.0 };
        let height = (chart.size.1 - top - bottom).max(20.0);

        let points = || chart.series.iter().flat_map(|series| &series.points);
        let grid = chart.field.as_ref().map(|field| &field.grid);
        let (low, high) = extent(&chart.y, points().map(|p| p.1), grid.map(|g| g.y), 0.05);
        let ticks = Ticks::new(low, high, ((height / 42.0) as usize).max(2), chart.y.scale);
        let y = Coordinate { low, high, ticks };

        let widest = y.ticks.labels.iter().map(|label| text_width(label, TICK)).fold(0.0, f64::max);
        let left = (widest + 9.0).ceil();
        let width = (chart.size.0 - left - RIGHT).max(20.0);
        let (low, high) = extent(&chart.x, points().map(|p| p.0), grid.map(|g| g.x), 0.02);
        let whole = points().next().is_some() && points().all(|p| p.0.fract() == 0.0);
        let scale = match chart.x.scale {
            Scale::Linear if whole => Scale::Whole,
            scale => scale,
        };
        let x =
            Coordinate { low, high, ticks: Ticks::new(low, high, ((width / 60.0) as usize).max(2), scale) };
        Layout { x, y, left, top, width, height, bottom, legend, legend_top: title + 13.0 }
    }
}

/// Places the names of the series in rows under the title.
fn legend(chart: &Chart) -> Vec<(f64, usize)> {
    let (mut x, mut row) = (0.0, 0);
    let mut place = |name: &str| {
        let wide = SWATCH + text_width(name, LEGEND) + 14.0;
        if x > 0.0 && x + wide > chart.size.0 {
            (x, row) = (0.0, row + 1);
        }
        let at = (x, row);
        x += wide;
        at
    };
    chart.named().map(|series| place(&series.name)).collect()
}

/// The ends of an axis: as told, or all finite values and a little air.
fn extent(axis: &Axis, values: impl Iterator<Item = f64>, grid: Option<(f64, f64)>, air: f64) -> (f64, f64) {
    let given = axis.range.or(grid).map(|(a, b)| (axis.drawn(a.min(b)), axis.drawn(a.max(b))));
    if let Some((low, high)) = given.filter(|(low, high)| low.is_finite() && high.is_finite() && high > low) {
        return (low, high);
    }
    let finite = values.map(|x| axis.drawn(x)).filter(|x| x.abs() < 1e300);
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    if low > high {
        return (0.0, 1.0);
    }
    let flat = high - low <= 1e-9 * high.abs();
    let span = if flat { high.abs().max(1.0) } else { high - low };
    let (bottom, top) = (low - span * air, high + span * air);
    match axis.scale {
        Scale::Percent => (bottom.max(0.0), top.min(1.0)),
        // A loss that almost reaches zero is shown with its zero.
        Scale::Linear | Scale::Whole if low >= 0.0 && low < span * 0.15 && air > 0.02 => (0.0, top),
        _ => (bottom, top),
    }
}
