//! How a [`Chart`] becomes SVG: plotters draws mesh, marks and series; header, legend and background are ours.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::prelude::{
    Cartesian2d, Circle, Color, DrawingArea, IntoDrawingArea, IntoFont, LineSeries, RGBColor, SVGBackend,
    ShapeStyle, TextStyle as Font,
};

use super::chart::{Chart, Kind};
use super::coordinate::Coordinate;
use super::dots;
use super::layout::{LEGEND, LEGEND_ROW, Layout, RIGHT, SWATCH, TICK};
use super::palette::{self, GRID, INK, MUTED, Rgb, SOFT};
use super::svg::{Draw, FONT, Svg, TEXT, TextStyle, px};

/// Plotters counts in whole pixels. We let it draw ten times as large, so that curves stay smooth.
const FINE: f64 = 10.0;
/// Series may stick out of the plot by this much: a line along its edge keeps its full width.
const BLEED: f64 = 5.0;
/// Room for the upper half of a mark at the top of the plot.
const ABOVE: f64 = 10.0;
/// More points than this on one line cannot be seen, only stored.
const MAX_POINTS: usize = 1200;

type Error = Box<dyn std::error::Error>;
type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plane<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Coordinate, Coordinate>>;

impl Draw for Chart {
    fn size(&self) -> (f64, f64) {
        self.size
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, svg: &mut Svg, x: f64, y: f64) {
        let layout = Layout::new(self);
        self.draw_header(svg, &layout, x, y);
        let (left, top) = (x + layout.left, y + layout.top);
        if let Some(field) = &self.field {
            let across = |value| layout.x.fraction(value) * layout.width;
            let down = |value| (1.0 - layout.y.fraction(value)) * layout.height;
            let (x0, x1, y0, y1) =
                (across(field.grid.x.0), across(field.grid.x.1), down(field.grid.y.1), down(field.grid.y.0));
            svg.image((left + x0, top + y0, x1 - x0, y1 - y0), &field.png(self.colors()), false);
        }
        // Drawing into memory fails only on a canvas without area, and `Layout` gives every canvas one.
        svg.push(nested(&mesh(&layout, self.field.is_none()).unwrap_or_default(), x, top - ABOVE));
        dots::draw(svg, self, &layout, (left, top));
        for kind in [Kind::Line, Kind::Dashed] {
            let boundary = kind == Kind::Line && self.field.is_some();
            if !boundary && self.series.iter().all(|series| series.kind != kind) {
                continue;
            }
            let lines =
                nested(&self.draw_lines(&layout, kind).unwrap_or_default(), left - BLEED, top - BLEED);
            match kind {
                Kind::Dashed => svg.push(format_args!("<g stroke-dasharray=\"60 40\">\n{lines}\n</g>")),
                _ => svg.push(lines),
            }
        }
    }
}

impl Chart {
    /// The title, the legend, and the names of the axes.
    fn draw_header(&self, svg: &mut Svg, layout: &Layout, x: f64, y: f64) {
        svg.text(x, y + 12.0, TextStyle { size: 14.0, bold: true, ..TEXT }, &self.title);
        for (series, &(dx, row)) in self.named().zip(&layout.legend) {
            let (x, y) = (x + dx, y + layout.legend_top + row as f64 * LEGEND_ROW);
            let color = series.color.rgb(self.colors());
            match series.kind {
                Kind::Points => svg.disc(x + 8.0, y - 4.0, 3.5, color),
                kind => svg.line((x, y - 4.0), (x + 16.0, y - 4.0), 2.2, color, kind == Kind::Dashed),
            }
            svg.text(x + SWATCH, y, TextStyle { size: LEGEND, ..TEXT }, &series.name);
        }
        let name = TextStyle { color: SOFT, ..TEXT };
        svg.text(x, y + layout.top - 12.0, name, &self.y.name);
        let end = TextStyle { anchor: "end", ..name };
        svg.text(x + layout.left + layout.width, y + layout.top + layout.height + 32.0, end, &self.x.name);
    }

    /// The lines of this kind, on a canvas as large as the plot and its bleed.
    fn draw_lines(&self, layout: &Layout, kind: Kind) -> Result<String, Error> {
        on_canvas((layout.width + 2.0 * BLEED, layout.height + 2.0 * BLEED), |canvas| {
            let mut plane = plane(ChartBuilder::on(canvas).margin(BLEED * FINE), layout)?;
            let boundary =
                self.field.iter().filter(|_| kind == Kind::Line).flat_map(|field| field.boundary());
            for [a, b] in boundary {
                plane.draw_series(LineSeries::new([a, b], stroke(INK, 1.2)))?;
            }
            for series in self.series.iter().filter(|series| series.kind == kind) {
                let color = series.color.rgb(self.colors());
                let drawn: Vec<(f64, f64)> =
                    series.points.iter().map(|&(x, y)| (self.x.drawn(x), self.y.drawn(y))).collect();
                let width = if series.color == palette::Color::Muted { 1.2 } else { 2.0 };
                draw_line(&mut plane, &drawn, stroke(color, width))?;
            }
            Ok(())
        })
    }
}

fn draw_line(plane: &mut Plane, points: &[(f64, f64)], style: ShapeStyle) -> Result<(), Error> {
    for piece in points.split(|p| !is_finite(p)).filter(|piece| !piece.is_empty()) {
        let piece = thinned(piece);
        if let [only] = piece[..] {
            plane.draw_series([Circle::new(only, 2.5 * FINE, style.filled())])?;
        } else {
            plane.draw_series(LineSeries::new(piece, style))?;
        }
    }
    Ok(())
}

fn is_finite(point: &(f64, f64)) -> bool {
    point.0.is_finite() && point.1.is_finite()
}

/// A line with very many points keeps the lowest and the highest of each stretch, so that it looks the same.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= MAX_POINTS {
        return points.to_vec();
    }
    let mut kept = Vec::with_capacity(MAX_POINTS + 1);
    for stretch in points.chunks(points.len().div_ceil(MAX_POINTS / 2)) {
        let by_height = |a: &usize, b: &usize| stretch[*a].1.total_cmp(&stretch[*b].1);
        let low = (0..stretch.len()).min_by(by_height).unwrap_or(0);
        let high = (0..stretch.len()).max_by(by_height).unwrap_or(0);
        kept.push(stretch[low.min(high)]);
        kept.push(stretch[low.max(high)]);
    }
    kept.extend(points.last());
    kept
}

/// Axes, marks and the grid, on a canvas as large as the panel below its header.
fn mesh(layout: &Layout, grid: bool) -> Result<String, Error> {
    on_canvas((layout.left + layout.width + RIGHT, ABOVE + layout.height + layout.bottom), |canvas| {
        let mut builder = ChartBuilder::on(canvas);
        builder.margin_top(ABOVE * FINE).margin_right(RIGHT * FINE).x_label_area_size(layout.bottom * FINE);
        let mut plane = plane(builder.y_label_area_size(layout.left * FINE), layout)?;
        // Plotters gives the height of a line of text, and draws letters at 1 / 1.24 of it.
        let soft = rgb(SOFT);
        let font = Font::from((FONT, TICK * 1.24 * FINE).into_font()).color(&soft);
        let mut mesh = plane.configure_mesh();
        mesh.disable_x_mesh();
        if !grid {
            mesh.disable_y_mesh();
        }
        mesh.bold_line_style(stroke(GRID, 1.0))
            .light_line_style(rgb(GRID).mix(0.0))
            .axis_style(stroke(MUTED, 1.0))
            .set_all_tick_mark_size(4.0 * FINE)
            .label_style(font)
            .draw()?;
        Ok(())
    })
}

fn plane<'a, 'b>(
    builder: &mut ChartBuilder<'a, '_, SVGBackend<'b>>,
    layout: &Layout,
) -> Result<Plane<'a, 'b>, Error> {
    Ok(builder.build_cartesian_2d(layout.x.clone(), layout.y.clone())?)
}

/// Runs the drawing on a fresh canvas of this many CSS pixels.
fn on_canvas(size: (f64, f64), draw: impl FnOnce(&Canvas) -> Result<(), Error>) -> Result<String, Error> {
    let mut text = String::new();
    {
        let fine = |length: f64| (length * FINE).round() as u32;
        let canvas = SVGBackend::with_string(&mut text, (fine(size.0), fine(size.1))).into_drawing_area();
        draw(&canvas)?;
        canvas.present()?;
    }
    Ok(text)
}

/// Plotters' picture as a part of ours, at its right size; what sticks out of it is cut off.
fn nested(picture: &str, x: f64, y: f64) -> String {
    let parts = picture.split_once(">\n").and_then(|(head, body)| {
        let view = head.split_once("viewBox=\"0 0 ")?.1.split_once('"')?.0;
        let (w, h) = view.split_once(' ')?;
        Some((w.parse::<f64>().ok()?, h.parse::<f64>().ok()?, body.trim_end()))
    });
    let Some((w, h, body)) = parts else { return String::new() };
    let (x, y, width, height) = (px(x), px(y), w / FINE, h / FINE);
    format!("<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {w} {h}\">\n{body}")
}

fn rgb([r, g, b]: Rgb) -> RGBColor {
    RGBColor(r, g, b)
}

fn stroke(color: Rgb, width: f64) -> ShapeStyle {
    ShapeStyle::from(&rgb(color)).stroke_width((width * FINE) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_spikes_and_the_ends() {
        let noisy: Vec<(f64, f64)> =
            (0..100_000).map(|i| (f64::from(i), if i == 54_321 { 9.0 } else { f64::from(i % 7) })).collect();
        let kept = thinned(&noisy);
        assert!(kept.len() <= MAX_POINTS + 1);
        assert!(kept.contains(&(54_321.0, 9.0)), "the spike is gone");
        assert_eq!((kept[0], kept.last()), (noisy[0], noisy.last()));
        assert!(kept.is_sorted_by(|a, b| a.0 <= b.0));
    }
}
