//! The picture of the practical: a line for each way, over the size.

use std::fmt::Write;

/// What fraction of the ceiling a way reached at each size.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 620.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 370.0;
const COLOURS: [&str; 4] = ["#8a8a8a", "#2b6a99", "#3b7d4f", "#bf5a1f"];

/// The lines as SVG: sizes from left to right, each twice the one before; from 0 to all of the ceiling upwards.
pub(crate) fn svg(title: &str, on_processor: bool, lines: &[Line]) -> String {
    let sizes: Vec<f64> = lines.first().into_iter().flat_map(|line| &line.points).map(|(n, _)| *n).collect();
    let step = (RIGHT - LEFT) / sizes.len().saturating_sub(1).max(1) as f64;
    let y = |part: f64| BOTTOM - part.clamp(0.0, 1.0) * (BOTTOM - TOP);
    let mut body = String::new();
    text(&mut body, (LEFT, 24.0), "start", title);
    if on_processor {
        text(&mut body, (LEFT, 42.0), "start", "the processor, through OpenCL: no figures of a GPU");
    }
    for quarter in 0..=4 {
        let part = f64::from(quarter) / 4.0;
        stroke(&mut body, &[(LEFT, y(part)), (RIGHT, y(part))], "#ddd", 1.0);
        text(&mut body, (LEFT - 8.0, y(part) + 5.0), "end", &format!("{:.0} %", 100.0 * part));
    }
    for (i, n) in sizes.iter().enumerate() {
        text(&mut body, (LEFT + step * i as f64, BOTTOM + 22.0), "middle", &format!("{n}"));
    }
    let mut labels = Vec::new();
    for (line, colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        let at = |(i, (_, part)): (usize, &(f64, f64))| (LEFT + step * i as f64, y(*part));
        let points: Vec<(f64, f64)> = line.points.iter().enumerate().map(at).collect();
        stroke(&mut body, &points, colour, 2.0);
        labels.extend(points.last().map(|(_, y)| (*y, &line.name)));
    }
    // from the lowest up, each clear of the one below
    labels.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut below = HEIGHT;
    for (y, name) in labels {
        below = y.min(below - 16.0);
        text(&mut body, (RIGHT + 8.0, below + 5.0), "start", name);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{body}</svg>\n"
    )
}

// Writing to a string does not fail.

fn stroke(body: &mut String, points: &[(f64, f64)], colour: &str, width: f64) {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let points = points.join(" ");
    let _ = writeln!(
        body,
        "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
    );
}

fn text(body: &mut String, (x, y): (f64, f64), anchor: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        body,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-family=\"sans-serif\" font-size=\"14\">{words}</text>"
    );
}
