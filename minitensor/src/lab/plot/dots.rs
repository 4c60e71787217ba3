use std::fmt::Write;

use super::chart::{Chart, Kind, Series};
use super::layout::Layout;
use super::palette::{PAPER, Rgb, hex};
use super::svg::{Svg, TEXT, TextStyle, px};

/// More dots than this in a chart are drawn smaller, and as one element a series: ten bytes a dot.
const MANY: usize = 400;
/// Of more dots than this a chart shows an even selection: nobody sees the difference, and the file stays small.
const MOST: usize = 10_000;

/// The size of a word that stands for a dot.
const WORD: f64 = 15.0;

/// Draws all series of dots into the plot whose top left corner is (x, y).
pub(super) fn draw(svg: &mut Svg, chart: &Chart, layout: &Layout, (x, y): (f64, f64)) {
    let (worded, dotted): (Vec<&Series>, Vec<&Series>) =
        chart.series.iter().filter(|series| series.kind == Kind::Points).partition(|s| !s.words.is_empty());
    worded.into_iter().for_each(|series| draw_words(svg, series, chart, layout, (x, y)));
    let series = || dotted.iter();
    let total: usize = series().map(|series| series.points.len()).sum();
    let (many, stride) = (total > MANY, total.div_ceil(MOST).max(1));
    for series in series() {
        let fractions =
            series.points.iter().step_by(stride).map(|&(px, py)| {
                (layout.x.fraction(chart.x.drawn(px)), layout.y.fraction(chart.y.drawn(py)))
            });
        // Outside of the axes, and where a coordinate is not a number, there is no dot.
        let seen =
            fractions.filter(|(fx, fy)| (-0.001..=1.001).contains(fx) && (-0.001..=1.001).contains(fy));
        let at: Vec<(f64, f64)> =
            seen.map(|(fx, fy)| (x + fx * layout.width, y + (1.0 - fy) * layout.height)).collect();
        let color = series.color.rgb(chart.colors());
        if many { draw_many(svg, &at, color) } else { draw_few(svg, &at, color) }
    }
}

/// Each word in the middle of its point.
fn draw_words(svg: &mut Svg, series: &Series, chart: &Chart, layout: &Layout, (x, y): (f64, f64)) {
    let color = series.color.rgb(chart.colors());
    let style = TextStyle { size: WORD, bold: true, anchor: "middle", color, ..TEXT };
    for (&(px, py), word) in series.points.iter().zip(&series.words) {
        let (fx, fy) = (layout.x.fraction(chart.x.drawn(px)), layout.y.fraction(chart.y.drawn(py)));
        if (0.0..=1.0).contains(&fx) && (0.0..=1.0).contains(&fy) {
            let below = (1.0 - fy) * layout.height + WORD * 0.35;
            svg.text(x + fx * layout.width, y + below, style, word);
        }
    }
}

/// Each with a white rim, so that dots that touch can be told apart.
fn draw_few(svg: &mut Svg, at: &[(f64, f64)], color: Rgb) {
    svg.push(format_args!(r#"<g fill="{}" stroke="{}" stroke-width="0.8">"#, hex(color), hex(PAPER)));
    for &(x, y) in at {
        svg.push(format_args!(r#"<circle cx="{}" cy="{}" r="3.3"/>"#, px(x), px(y)));
    }
    svg.push("</g>");
}

/// A line of length zero with round ends is a dot.
fn draw_many(svg: &mut Svg, at: &[(f64, f64)], color: Rgb) {
    let tenth = |length: f64| (length * 10.0).round() / 10.0;
    let mut path = String::new();
    for &(x, y) in at {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}h0", tenth(x), tenth(y));
    }
    svg.push(format_args!(
        r#"<path d="{path}" stroke="{}" stroke-width="3.2" stroke-linecap="round" fill="none"/>"#,
        hex(color)
    ));
}
