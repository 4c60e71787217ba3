//! Products of matrices: squares, the linear layers of the GPTs, and batches of small ones.

use divan::Bencher;
use divan::counter::ItemsCount;

use super::pass::{Backward, Forward, Pass, leaves};

/// M, K, N of (M, K)·(K, N).
const SHAPES: [[usize; 3]; 13] = [
    [64, 64, 64],
    [256, 256, 256],
    [1024, 1024, 1024],
    // the small GPT: 12 texts of 64 tokens
    [768, 128, 384],
    [768, 128, 128],
    [768, 128, 512],
    [768, 512, 128],
    [768, 128, 65],
    // the larger one: 8 texts of 256
    [2048, 384, 1152],
    [2048, 384, 1536],
    [2048, 1536, 384],
    // a single token, as when it writes, and a batch of images
    [1, 384, 1536],
    [64, 784, 512],
];

#[divan::bench(types = [Forward, Backward], args = SHAPES)]
fn matmul<P: Pass>(bencher: Bencher, [m, k, n]: [usize; 3]) {
    let operations = ItemsCount::new(2 * m * k * n);
    P::time(bencher.counter(operations), &leaves([&[m, k], &[k, n]]), |x| x[0].matmul(&x[1]));
}

/// The weight of a linear layer is (outputs, inputs), and read across.
#[divan::bench(types = [Forward, Backward], args = SHAPES)]
fn matmul_transposed<P: Pass>(bencher: Bencher, [m, k, n]: [usize; 3]) {
    let operations = ItemsCount::new(2 * m * k * n);
    P::time(bencher.counter(operations), &leaves([&[m, k], &[n, k]]), |x| x[0].matmul(&x[1].t()));
}

/// Batch, M, K, N: the scores of every head of the GPTs, and their mixtures.
#[divan::bench(types = [Forward, Backward], args = [[48, 64, 32, 64], [48, 64, 64, 32], [48, 256, 64, 256], [48, 256, 256, 64]])]
fn matmul_batched<P: Pass>(bencher: Bencher, [b, m, k, n]: [usize; 4]) {
    let operations = ItemsCount::new(2 * b * m * k * n);
    P::time(bencher.counter(operations), &leaves([&[b, m, k], &[b, k, n]]), |x| x[0].matmul(&x[1]));
}
