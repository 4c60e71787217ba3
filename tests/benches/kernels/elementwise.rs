//! Ops that treat every number alike, where memory sets the pace.

use divan::Bencher;
use divan::counter::ItemsCount;

use super::pass::{Backward, Forward, Pass, leaves};

/// In the first cache, in the last one, and in none.
const SIZES: [usize; 3] = [1 << 12, 1 << 18, 1 << 22];

macro_rules! unary {
    ($($op:ident),*) => { $(
        #[divan::bench(types = [Forward, Backward], args = SIZES)]
        fn $op<P: Pass>(bencher: Bencher, n: usize) {
            P::time(bencher.counter(ItemsCount::new(n)), &leaves([&[n]]), |x| x[0].$op());
        }
    )* };
}

unary!(relu, gelu, gelu_tanh, silu, sigmoid, tanh, exp, square);

macro_rules! binary {
    ($($op:ident),*) => { $(
        #[divan::bench(types = [Forward, Backward], args = SIZES)]
        fn $op<P: Pass>(bencher: Bencher, n: usize) {
            P::time(bencher.counter(ItemsCount::new(n)), &leaves([&[n], &[n]]), |x| x[0].$op(&x[1]));
        }
    )* };
}

binary!(add, mul, div);

/// A bias for every row: (rows, width) + (width).
#[divan::bench(types = [Forward, Backward], args = [[768, 512], [2048, 1536], [64, 512]])]
fn add_bias<P: Pass>(bencher: Bencher, [rows, width]: [usize; 2]) {
    let leaves = leaves([&[rows, width], &[width]]);
    P::time(bencher.counter(ItemsCount::new(rows * width)), &leaves, |x| x[0].add(&x[1]));
}

/// A shift for every channel, as the time's in the U-Net: (N, C, H, W) + (N, C, 1, 1).
#[divan::bench(types = [Forward, Backward], args = [[64, 32, 28], [64, 64, 14]])]
fn add_shift<P: Pass>(bencher: Bencher, [n, channels, size]: [usize; 3]) {
    let leaves = leaves([&[n, channels, size, size], &[n, channels, 1, 1]]);
    let elements = ItemsCount::new(n * channels * size * size);
    P::time(bencher.counter(elements), &leaves, |x| x[0].add(&x[1]));
}

/// The heads of attention, put side by side again: a copy from one order to another.
#[divan::bench(types = [Forward, Backward], args = [[12, 4, 64, 32], [8, 6, 256, 64]])]
fn join_heads<P: Pass>(bencher: Bencher, [b, heads, t, size]: [usize; 4]) {
    let elements = ItemsCount::new(b * heads * t * size);
    let join = |x: &[minitensor::Tensor]| x[0].transpose(1, 2).reshape([b, t, heads * size]);
    P::time(bencher.counter(elements), &leaves([&[b, heads, t, size]]), join);
}
