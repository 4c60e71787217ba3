//! Attention, with and without a view of the future.

use divan::Bencher;
use divan::counter::ItemsCount;
use minitensor::Tensor;
use minitensor::ops::AttentionOptions;

use super::pass::{Backward, Forward, Pass, leaves};

/// Batch, heads, tokens and features of a head: the two GPTs, then ever longer texts.
const SHAPES: [[usize; 4]; 5] =
    [[12, 4, 64, 32], [8, 6, 256, 64], [1, 12, 512, 64], [1, 12, 1024, 64], [1, 4, 2048, 32]];

#[divan::bench(types = [Forward, Backward], args = SHAPES)]
fn causal_attention<P: Pass>(bencher: Bencher, shape: [usize; 4]) {
    time::<P>(bencher, shape, &AttentionOptions::causal());
}

#[divan::bench(types = [Forward, Backward], args = SHAPES)]
fn attention<P: Pass>(bencher: Bencher, shape: [usize; 4]) {
    time::<P>(bencher, shape, &AttentionOptions::default());
}

fn time<P: Pass>(bencher: Bencher, shape: [usize; 4], options: &AttentionOptions) {
    let [b, heads, t, size] = shape;
    let operations = ItemsCount::new(2 * 2 * b * heads * t * t * size / if options.causal { 2 } else { 1 });
    let attend = |x: &[Tensor]| x[0].scaled_dot_product_attention(&x[1], &x[2], options);
    P::time(bencher.counter(operations), &leaves([&shape, &shape, &shape]), attend);
}
