//! Dropout. The draws are those of the CPU, so that both drop the same elements.

use super::launch::GROUP;
use super::{OpenClStorage, Source, source};
use crate::device::{DropoutKernels, Dropping};

const DROPOUT: Source = source!("dropout");

/// `SHARE` of `kernels/dropout.cl`: how many elements a work-group sees to.
const SHARE: usize = 4096;

impl DropoutKernels for OpenClStorage {
    fn dropout(&self, dropping: &Dropping) -> Self {
        let (out, run) = (self.like(self.numel), dropping.run.max(1));
        let stretch = dropping.draws_of_stretch() * run;
        let below = (dropping.p * 2f64.powi(32)) as u32; // a draw is below with probability p
        let launch = self.kernel(&DROPOUT, "dropout").size(self.numel).size(stretch).size(run);
        let launch =
            launch.sizes(words(&dropping.key, 0)).sizes(words(&dropping.key, 4)).size(below as usize);
        let launch = launch.real(dropping.scale).real(dropping.shift).real(dropping.dropped);
        let groups = self.numel.div_ceil(stretch) * stretch.min(self.numel).div_ceil(SHARE);
        launch.buffer(self).buffer(&out).groups([groups, 1, 1], [self.runtime.group(GROUP), 1, 1]);
        out
    }
}

/// Four words of a key, from one of them on.
fn words(key: &[u8; 32], first: usize) -> [usize; 4] {
    let (words, _) = key.as_chunks::<4>();
    std::array::from_fn(|i| u32::from_le_bytes(words[first + i]) as usize)
}
