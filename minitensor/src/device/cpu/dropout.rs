//! Dropout (Srivastava et al., 2014) in one pass: the mask is drawn a block at a time and never written to memory.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::device::dropout::{DropoutKernels, Dropping};

use super::CpuStorage;
use super::lanes::Lanes;
use super::parallel::{for_chunks, vectorised};
use super::sums::narrow;
use super::typed::{of, with_float, written};

/// Draws in one block, which stay in the cache.
const BLOCK: usize = 512;

impl DropoutKernels for CpuStorage {
    fn dropout(&self, dropping: &Dropping) -> Self {
        with_float!(self, T => written::<T>(self.numel(), |out| dropout_forward(dropping, of(self), out)))
    }
}

/// Writes `x * scale + shift` where the draw is at least `p`, and `dropped` elsewhere.
fn dropout_forward<T: Lanes>(dropping: &Dropping, x: &[T], output: &mut [T]) {
    let run = dropping.run.max(1);
    let stretch = dropping.draws_of_stretch() * run;
    for_chunks(output, stretch, |first, output| {
        let mut rng = ChaCha8Rng::from_seed(dropping.key);
        rng.set_stream((first / stretch) as u64);
        let mut draws = [0u32; BLOCK];
        let blocks = output.chunks_mut(BLOCK * run).zip(x[first..].chunks(BLOCK * run));
        for (output, x) in blocks {
            let draws = &mut draws[..output.len().div_ceil(run)];
            rng.fill(draws);
            vectorised(
                #[inline(always)]
                || write_block(dropping, draws, x, output),
            );
        }
    });
}

#[inline(always)]
fn write_block<T: Lanes>(dropping: &Dropping, draws: &[u32], x: &[T], output: &mut [T]) {
    let below = (dropping.p * 2f64.powi(32)) as u32; // a draw is below with probability p
    let [scale, shift, dropped] = [dropping.scale, dropping.shift, dropping.dropped].map(narrow::<T>);
    let write = |draw: u32, x: T| if draw < below { dropped } else { x * scale + shift };
    if dropping.run <= 1 {
        for ((out, x), draw) in output.iter_mut().zip(x).zip(draws) {
            *out = write(*draw, *x);
        }
        return;
    }
    for ((output, x), draw) in output.chunks_mut(dropping.run).zip(x.chunks(dropping.run)).zip(draws) {
        for (out, x) in output.iter_mut().zip(x) {
            *out = write(*draw, *x);
        }
    }
}
