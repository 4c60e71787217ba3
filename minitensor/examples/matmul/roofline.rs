//! What memory and arithmetic each allow: works of the engine, on one core, by how much they compute for each byte.

use std::hint::black_box;

use minitensor::Tensor;
use minitensor::lab::plot::{Chart, Color};
use minitensor::lab::{Outcome, Table};

use crate::ceiling::Ceilings;
use crate::measure::{fastest, giga, shown};
use crate::size::Size;

/// Something that was timed.
pub(crate) struct Work {
    name: String,
    flops: f64,
    bytes: f64,
    seconds: f64,
}

/// Features into a layer and out of it: its weights are 67 MB, more than most caches hold.
const FEATURES: usize = 4096;
const BATCHES: [usize; 5] = [1, 4, 16, 64, 256];

// ANCHOR: roofline_works
pub(crate) fn measure() -> Outcome<Vec<Work>> {
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    Ok(one_core.install(|| {
        let weight = Tensor::ones([FEATURES, FEATURES]);
        let other = Tensor::ones([FEATURES, FEATURES]);
        // two numbers in, one out, one addition
        let numel = weight.numel() as f64;
        let seconds = fastest(|| drop(black_box(&weight + &other)));
        let sum = Work { name: "a + b".into(), flops: numel, bytes: 12.0 * numel, seconds };

        let layers = BATCHES.iter().map(|&batch| {
            let x = Tensor::ones([batch, FEATURES]);
            let size = Size { m: batch, k: FEATURES, n: FEATURES };
            let seconds = fastest(|| drop(black_box(x.matmul(&weight.t()))));
            Work { name: format!("batch {batch}"), flops: size.flops(), bytes: size.bytes(), seconds }
        });
        [sum].into_iter().chain(layers).collect()
    }))
}
// ANCHOR_END: roofline_works

impl Work {
    /// Operations for each byte that has to move.
    fn intensity(&self) -> f64 {
        self.flops / self.bytes
    }

    fn gflops(&self) -> f64 {
        giga(self.flops, self.seconds)
    }
}

pub(crate) fn print(works: &[Work], ceilings: &Ceilings) {
    let one = ceilings.one;
    let mut table = Table::new(["work", "flops for each byte", "GB/s", "Gflop/s", "the roof allows"]);
    for work in works {
        let roof = (work.intensity() * one.gigabytes).min(one.gflops);
        table.row([
            work.name.clone(),
            format!("{:.2}", work.intensity()),
            shown(giga(work.bytes, work.seconds)),
            shown(work.gflops()),
            shown(roof),
        ]);
    }
    print!("{table}");
}

/// The roof, and under it what was measured.
pub(crate) fn picture(works: &[Work], ceilings: &Ceilings) -> Chart {
    let one = ceilings.one;
    let ridge = one.gflops / one.gigabytes;
    let (least, most) = (1.0 / 16.0, 512.0);
    let dots = works.iter().map(|work| (work.intensity(), work.gflops()));
    let names = works.iter().map(|work| ((work.intensity() * 1.7, work.gflops() / 1.5), work.name.clone()));
    Chart::new("")
        .x("flops for each byte that has to move")
        .y("Gflop/s")
        .log_x()
        .log_y()
        .size(680.0, 420.0)
        .line("what memory allows", [(least, least * one.gigabytes), (ridge, one.gflops)])
        .line("what arithmetic allows", [(ridge, one.gflops), (most, one.gflops)])
        .points("measured, one core", dots)
        .colored(Color::Ink)
        .words("", names)
        .colored(Color::Ink)
}
