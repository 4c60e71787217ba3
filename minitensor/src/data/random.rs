//! Random numbers that depend on what they are for, and on nothing else.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

/// What a generator is used for; two purposes never share numbers.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// The order in which an epoch visits the examples.
    Order = 1,
    /// The augmentation of one example.
    Augment = 2,
    /// Which examples are kept for testing.
    Split = 3,
    /// Examples that are made up.
    Synthetic = 4,
    /// Which part of a set an example falls into, in [`random_split`](super::random_split) and
    /// [`k_fold`](super::k_fold).
    Parts = 5,
}

/// The generator for example `index` of `epoch`: a pure function of its arguments, whichever thread asks.
///
/// ChaCha takes a key of 256 bits, which are these four numbers side by side, so no two generators coincide.
pub(crate) fn generator(purpose: Purpose, seed: u64, epoch: u64, index: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    for (bytes, word) in key.chunks_exact_mut(8).zip([purpose as u64, seed, epoch, index]) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// A number below `count`, drawn as u64 so that it is the same where usize has 32 bits.
pub(crate) fn below(count: usize, rng: &mut impl Rng) -> usize {
    rng.random_range(0..count as u64) as usize
}
