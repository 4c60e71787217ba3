//! Draws what `tests/peers/compare_curves.py` has measured: `draw_curves LINES.jsonl FOLDER`.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use minitensor::lab::plot::{Chart, Color, Figure};
use serde::Deserialize;

/// A point of a curve, or what the machine can do at most.
#[derive(Deserialize)]
struct Point {
    curve: String,
    threads: usize,
    at: f64,
    /// Milliseconds here, and in PyTorch.
    ours: f64,
    theirs: Option<f64>,
    /// What is done in that time, in millions.
    work: f64,
}

/// A picture of one curve.
struct Picture {
    curve: &'static str,
    /// Who of us runs it.
    engine: &'static str,
    /// What the size of a step is.
    size: &'static str,
    /// What the rate is counted in, and how many of these are a billion a second.
    unit: (&'static str, f64),
    /// What the machine sets a limit to.
    ceiling: Option<&'static str>,
}

const PICTURES: [Picture; 5] = [
    Picture { curve: "resnet20", size: "images in a batch", ..PRODUCTS },
    Picture { curve: "gpt", size: "tokens in a text", ..PRODUCTS },
    Picture { curve: "matmul", size: "rows and columns", ..PRODUCTS },
    Picture {
        curve: "add",
        size: "numbers in a tensor",
        unit: ("GB/s", 1.0),
        ceiling: Some("copies"),
        ..PRODUCTS
    },
    Picture {
        curve: "micrograd",
        engine: "micrograd",
        size: "operations in a graph",
        unit: ("million operations/s", 1e3),
        ceiling: None,
    },
];

const PRODUCTS: Picture =
    Picture { curve: "", engine: "minitensor", size: "", unit: ("Gflop/s", 1.0), ceiling: Some("products") };

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [lines, folder] = arguments.as_slice() else {
        return Err("usage: draw_curves LINES.jsonl FOLDER".into());
    };
    let lines = fs::read_to_string(lines)?;
    let points = lines.lines().map(serde_json::from_str).collect::<Result<Vec<Point>, _>>()?;
    for picture in &PICTURES {
        let threads: BTreeSet<usize> =
            points.iter().filter(|point| point.curve == picture.curve).map(|point| point.threads).collect();
        if !threads.is_empty() {
            let figure =
                threads.iter().fold(Figure::new(2), |figure, &n| figure.with(picture.draw(&points, n)));
            let path = Path::new(folder).join(format!("speed-{}.svg", picture.curve));
            fs::write(path, figure.to_string())?;
        }
    }
    Ok(())
}

impl Picture {
    /// The rates on so many threads, over the size.
    fn draw(&self, points: &[Point], threads: usize) -> Chart {
        let of = |name: &str| {
            points.iter().filter(|point| point.curve == name && point.threads == threads).collect::<Vec<_>>()
        };
        let curve = of(self.curve);
        let ours: Vec<_> = curve.iter().map(|point| (point.at, self.rate(point, point.ours))).collect();
        let theirs: Vec<_> =
            curve.iter().filter_map(|point| Some((point.at, self.rate(point, point.theirs?)))).collect();
        let limits: Vec<_> = self.ceiling.map_or(Vec::new(), of);
        let limit = limits.first().map(|point| self.rate(point, point.ours));

        let title = format!("{threads} thread{}", if threads == 1 { "" } else { "s" });
        let mut chart = Chart::new(title).x(self.size).y(self.unit.0).log_x();
        chart = match limit {
            Some(limit) => {
                let rates = ours.iter().chain(&theirs).map(|point| point.1);
                chart.y_range(0.0..=1.05 * rates.fold(limit, f64::max))
            }
            None => chart.log_y(),
        };
        let ends = [ours[0].0, ours[ours.len() - 1].0];
        chart = chart.line(self.engine, ours).line("PyTorch", theirs);
        match limit {
            Some(limit) => chart.dashed("the machine", ends.map(|at| (at, limit))).colored(Color::Ink),
            None => chart,
        }
    }

    /// How much is done in a second.
    fn rate(&self, point: &Point, ms: f64) -> f64 {
        self.unit.1 * point.work / ms
    }
}
