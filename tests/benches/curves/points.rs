//! The curves: at which sizes they are measured, and how much work a step of each size is.

use minitensor::lab::ceiling;

use super::micrograd;
use super::workloads::{Run, Setup, arithmetic, gpt, resnet};

/// A step of any size.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) sizes: &'static [usize],
    /// What the work is counted in.
    pub(crate) unit: &'static str,
    /// How much there is of it in a step of this size.
    pub(crate) work: fn(usize) -> f64,
    /// Builds a step of this size, for so many threads.
    pub(crate) step: fn(usize, usize, &mut Setup) -> Run,
}

/// All of them, and the two that the machine sets.
pub(crate) const CURVES: &[Curve] = &[
    // images in a batch
    Curve {
        name: "resnet20",
        sizes: &[1, 2, 4, 8, 16, 32, 64, 128, 256],
        unit: "flop",
        work: |batch| batch as f64 * resnet20_flops(),
        step: |batch, _, setup| resnet::training([batch, 3, 32, 32], 1e-4, setup).run,
    },
    // tokens in a text
    Curve {
        name: "gpt",
        sizes: &[32, 64, 128, 256, 512, 1024],
        unit: "flop",
        work: gpt_flops,
        step: |length, _, setup| gpt::training(TEXTS, gpt::small(length), setup).run,
    },
    // rows and columns
    Curve {
        name: "matmul",
        sizes: &[16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048],
        unit: "flop",
        work: |n| 2.0 * (n as f64).powi(3),
        step: |n, _, setup| arithmetic::matmul(n, setup).run,
    },
    // numbers in a tensor: two are read and one is written
    Curve {
        name: "add",
        sizes: &[1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26],
        unit: "byte",
        work: |n| 3.0 * 4.0 * n as f64,
        step: |n, _, setup| arithmetic::sum([n], setup).run,
    },
    // operations in a graph of single numbers
    Curve {
        name: "micrograd",
        sizes: &[100, 1_000, 10_000, 100_000, 1_000_000],
        unit: "op",
        work: |ops| ops as f64,
        step: |ops, _, _| Box::new(move || micrograd::step(ops)),
    },
    Curve {
        name: "products",
        sizes: &[1 << 28],
        unit: "flop",
        work: |products| 2.0 * products as f64,
        step: |products, threads, _| Box::new(move || ceiling::multiply_add(products, threads)),
    },
    // read and written
    Curve {
        name: "copies",
        sizes: &[1 << 28],
        unit: "byte",
        work: |bytes| 2.0 * bytes as f64,
        step: |bytes, threads, _| Box::new(ceiling::copy(bytes, threads)),
    },
];

/// Texts in a batch of the GPT.
const TEXTS: usize = 4;

/// Floating-point operations of the products in a training step on one image of 32x32. Backward there are two products
/// for each forward, one for the gradient of either side, but none for the image's.
fn resnet20_flops() -> f64 {
    let conv = |inputs: usize, outputs: usize, kernel: usize, size: usize| {
        inputs * outputs * kernel * kernel * size * size
    };
    // three blocks that begin with half as many features, and a shortcut from there
    let narrowing = |width: usize, size: usize| {
        conv(width / 2, width, 3, size) + 5 * conv(width, width, 3, size) + conv(width / 2, width, 1, size)
    };
    let first = conv(3, 16, 3, 32);
    let forward = first + 6 * conv(16, 16, 3, 32) + narrowing(32, 16) + narrowing(64, 8) + 64 * 10;
    2.0 * (3 * forward - first) as f64
}

/// The same for the GPT: each token meets every matrix, and on average half of the tokens.
fn gpt_flops(length: usize) -> f64 {
    let config = gpt::small(length);
    let (layers, width) = (config.layers, config.width);
    let matrices = layers * 12 * width * width + config.vocab * width;
    let attention = layers * 2 * width * length / 2; // q·k and weights·v
    6.0 * ((matrices + attention) * TEXTS * length) as f64
}
