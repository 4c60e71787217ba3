//! The rungs, each measured over sizes.

use std::hint::black_box;

use minitensor::Tensor;
use minitensor::lab::plot::{Chart, Color};
use minitensor::lab::{LiveTable, Metrics, Outcome, Run, percent};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use serde::Serialize;

use crate::ceiling::Ceilings;
use crate::measure::{fastest, giga, shown};
use crate::size::{Multiply, Size};
use crate::{library, loop_order, packing, registers, threads, three_loops, tiles};

/// A rung of the ladder.
pub(crate) struct Rung {
    pub(crate) name: &'static str,
    all_cores: bool,
    pub(crate) multiply: Way,
}

pub(crate) enum Way {
    Slices(Multiply),
    Engine,
}

// ANCHOR: rungs
pub(crate) const RUNGS: [Rung; 8] = [
    Rung { name: "three loops", all_cores: false, multiply: Way::Slices(three_loops::multiply) },
    Rung { name: "loop order", all_cores: false, multiply: Way::Slices(loop_order::multiply) },
    Rung { name: "tiles", all_cores: false, multiply: Way::Slices(tiles::multiply) },
    Rung { name: "registers", all_cores: false, multiply: Way::Slices(registers::multiply) },
    Rung { name: "packing", all_cores: false, multiply: Way::Slices(packing::multiply) },
    Rung { name: "threads", all_cores: true, multiply: Way::Slices(threads::multiply) },
    Rung { name: "faer", all_cores: false, multiply: Way::Slices(library::multiply) },
    Rung { name: "faer in bands", all_cores: true, multiply: Way::Engine },
];
// ANCHOR_END: rungs

/// Rows and columns of the matrices: powers of two, which the table shows,
fn shown_sizes(largest: usize) -> impl Iterator<Item = usize> {
    (6..).map(|power| 1 << power).take_while(move |&n| n <= largest)
}

/// and some between them, which only the picture has.
fn sizes(largest: usize) -> Vec<usize> {
    let between = [96, 192, 384, 768].into_iter().filter(|&n| n <= largest);
    let mut sizes: Vec<usize> = shown_sizes(largest).chain(between).collect();
    sizes.sort_unstable();
    sizes
}

/// A rung is left where a single product would take longer.
const PATIENCE: f64 = 2.0;

/// A row of `metrics.csv`.
#[derive(Serialize)]
pub(crate) struct Point {
    rung: &'static str,
    threads: usize,
    n: usize,
    seconds: f64,
    gflops: f64,
    of_ceiling: f64,
}

/// Measures every rung, and prints a row for each.
pub(crate) fn climb(largest: usize, ceilings: &Ceilings, run: &Run) -> Outcome<Metrics<Point>> {
    let headers = ["rung         ".to_string(), "cores".to_string()].into_iter();
    let headers = headers.chain(shown_sizes(largest).map(|n| format!("n = {n}")));
    let mut table = LiveTable::new(headers.chain(["of the ceiling".to_string()]));

    let mut all = Vec::new();
    for rung in &RUNGS {
        let points = rung.points(&sizes(largest), ceilings);
        let rate = |n: usize| points.iter().find(|point| point.n == n).map(|point| shown(point.gflops));
        let rates = shown_sizes(largest).map(|n| rate(n).unwrap_or_else(|| "-".to_string()));
        let best = points.iter().map(|point| point.of_ceiling).fold(0.0, f64::max);
        let threads = rung.threads(ceilings);
        table.row(
            [rung.name.to_string(), threads.to_string()].into_iter().chain(rates).chain([percent(best)]),
        );
        all.extend(points);
    }
    Ok(run.metrics(all)?)
}

impl Rung {
    fn threads(&self, ceilings: &Ceilings) -> usize {
        if self.all_cores { ceilings.threads } else { 1 }
    }

    /// How fast it is at each size, as far as patience goes.
    fn points(&self, sizes: &[usize], ceilings: &Ceilings) -> Vec<Point> {
        let (threads, mut points) = (self.threads(ceilings), Vec::<Point>::new());
        for &n in sizes {
            let longer = |last: &Point| last.seconds * (n as f64 / last.n as f64).powi(3);
            if points.last().is_some_and(|last| longer(last) > PATIENCE) {
                break;
            }
            let seconds = self.multiply.seconds(Size::square(n));
            let gflops = giga(Size::square(n).flops(), seconds);
            let of_ceiling = gflops / ceilings.of(threads).gflops;
            points.push(Point { rung: self.name, threads, n, seconds, gflops, of_ceiling });
        }
        points
    }
}

impl Way {
    /// Seconds for a product of matrices of random numbers.
    fn seconds(&self, size: Size) -> f64 {
        let (a, b) = operands(size);
        match self {
            Way::Slices(multiply) => {
                let mut c = vec![0.0; size.m * size.n];
                fastest(|| multiply(size, &a, &b, black_box(&mut c)))
            }
            Way::Engine => {
                let (a, b) = tensors(size, a, b);
                fastest(|| drop(black_box(a.matmul(&b))))
            }
        }
    }

    /// The product itself.
    fn product(&self, size: Size) -> Vec<f32> {
        let (a, b) = operands(size);
        match self {
            Way::Slices(multiply) => {
                let mut c = vec![f32::NAN; size.m * size.n];
                multiply(size, &a, &b, &mut c);
                c
            }
            Way::Engine => {
                let (a, b) = tensors(size, a, b);
                a.matmul(&b).to_vec()
            }
        }
    }
}

fn tensors(Size { m, k, n }: Size, a: Vec<f32>, b: Vec<f32>) -> (Tensor, Tensor) {
    (Tensor::from_vec(a, [m, k]), Tensor::from_vec(b, [k, n]))
}

/// Sizes that leave every kind of edge, and some that leave nothing.
const SHAPES: [[usize; 3]; 9] = [
    [1, 1, 1],
    [7, 5, 3],
    [6, 256, 16],
    [67, 131, 45],
    [97, 300, 70],
    [96, 512, 1040],
    [0, 3, 4],
    [3, 0, 4],
    [3, 4, 0],
];

/// How far any rung is from the first one, at most, over all those sizes; or the rung that is wrong.
pub(crate) fn check() -> Outcome<f32> {
    let mut furthest = 0.0f32;
    for [m, k, n] in SHAPES {
        let size = Size { m, k, n };
        let expected = RUNGS[0].multiply.product(size);
        for rung in &RUNGS {
            let product = rung.multiply.product(size);
            let apart = product.iter().zip(&expected).map(|(c, e)| (c - e).abs());
            // a NaN stays, so that it is not near anything
            let apart = apart.fold(0.0, |most, apart| if apart <= most { most } else { apart });
            if apart.is_nan() || apart > 1e-6 * k as f32 {
                return Err(format!("{}: {apart} apart at {m} x {k} x {n}", rung.name).into());
            }
            furthest = furthest.max(apart);
        }
    }
    Ok(furthest)
}

/// Two matrices of numbers between -1 and 1.
pub(crate) fn operands(Size { m, k, n }: Size) -> (Vec<f32>, Vec<f32>) {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut matrix = |numel: usize| (0..numel).map(|_| rng.random_range(-1.0..1.0)).collect();
    (matrix(m * k), matrix(k * n))
}

/// How fast each rung is at each size, on two axes of powers.
pub(crate) fn picture(points: &[Point], ceilings: &Ceilings) -> Chart {
    let mut chart = Chart::new("").x("rows and columns n").y("Gflop/s").log_x().log_y().size(680.0, 480.0);
    for rung in &RUNGS {
        let of_rung = points.iter().filter(|point| point.rung == rung.name);
        chart = chart.line(rung.name, of_rung.map(|point| (point.n as f64, point.gflops)));
    }
    let ends =
        |height: f64| points.first().into_iter().chain(points.last()).map(move |p| (p.n as f64, height));
    chart = chart.dashed("one core at most", ends(ceilings.one.gflops)).colored(Color::Muted);
    match ceilings.threads {
        1 => chart,
        n => chart.dashed(format!("{n} cores at most"), ends(ceilings.all.gflops)).colored(Color::Ink),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_rung_gives_what_the_first_one_gives() {
        super::check().unwrap();
    }
}
