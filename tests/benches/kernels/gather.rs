//! Rows chosen by number: embeddings, batches, and sums back to where rows came from.

use divan::Bencher;
use divan::counter::ItemsCount;
use minitensor::Tensor;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::pass::{Backward, Forward, Pass, leaves};

/// Rows of the table, their width, and how many are chosen: tokens of the GPTs, of a large one, and images of a batch.
const SHAPES: [[usize; 3]; 4] = [[65, 128, 768], [65, 384, 2048], [50_257, 768, 1024], [10_000, 784, 64]];

#[divan::bench(types = [Forward, Backward], args = SHAPES)]
fn index_select<P: Pass>(bencher: Bencher, [rows, width, chosen]: [usize; 3]) {
    let index = Tensor::randint(0..rows as i64, [chosen], &mut ChaCha8Rng::seed_from_u64(0));
    let elements = ItemsCount::new(chosen * width);
    P::time(bencher.counter(elements), &leaves([&[rows, width]]), |x| x[0].index_select(0, &index));
}

/// The same by a table of ids (B, T).
#[divan::bench(types = [Forward, Backward], args = SHAPES)]
fn embedding<P: Pass>(bencher: Bencher, [rows, width, chosen]: [usize; 3]) {
    let ids = Tensor::randint(0..rows as i64, [chosen / 64, 64], &mut ChaCha8Rng::seed_from_u64(0));
    let elements = ItemsCount::new(chosen * width);
    P::time(bencher.counter(elements), &leaves([&[rows, width]]), |x| x[0].embedding(&ids));
}

/// A single number of each row, as a label's probability.
#[divan::bench(types = [Forward, Backward], args = [[64, 10], [768, 65], [2048, 65]])]
fn gather<P: Pass>(bencher: Bencher, [rows, width]: [usize; 2]) {
    let index = Tensor::randint(0..width as i64, [rows, 1], &mut ChaCha8Rng::seed_from_u64(0));
    P::time(bencher.counter(ItemsCount::new(rows)), &leaves([&[rows, width]]), |x| x[0].gather(1, &index));
}
