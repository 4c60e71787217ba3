//! A step of an optimiser over all weights of a model, its gradients being there.

use divan::Bencher;
use divan::counter::ItemsCount;
use minitensor::Tensor;
use minitensor::optim::{Adam, AdamOptions, Optimizer, Sgd, SgdOptions};

use super::pass::leaves;

/// How many weights, and how many numbers each has: a small network, ResNet-20 about, and a GPT.
const SHAPES: [[usize; 2]; 3] = [[6, 1024], [64, 4096], [52, 1 << 18]];

#[divan::bench(args = SHAPES)]
fn sgd(bencher: Bencher, shape: [usize; 2]) {
    time(bencher, shape, |weights| Sgd::new(weights, 1e-3, SgdOptions::default()));
}

#[divan::bench(args = SHAPES)]
fn sgd_momentum(bencher: Bencher, shape: [usize; 2]) {
    let options = SgdOptions { momentum: 0.9, weight_decay: 1e-4, ..SgdOptions::default() };
    time(bencher, shape, |weights| Sgd::new(weights, 1e-3, options));
}

#[divan::bench(args = SHAPES)]
fn adam(bencher: Bencher, shape: [usize; 2]) {
    time(bencher, shape, |weights| Adam::new(weights, 1e-3, AdamOptions::default()));
}

#[divan::bench(args = SHAPES)]
fn adamw(bencher: Bencher, shape: [usize; 2]) {
    time(bencher, shape, |weights| Adam::adamw(weights, 1e-3, 1e-2));
}

fn time<O: Optimizer>(bencher: Bencher, [count, size]: [usize; 2], optimizer: impl Fn(Vec<Tensor>) -> O) {
    let weight = || {
        let [weight, grad] = leaves([&[size], &[size]]);
        let weight = weight.requires_grad_();
        weight.set_grad(Some(grad));
        weight
    };
    let mut optimizer = optimizer((0..count).map(|_| weight()).collect());
    bencher.counter(ItemsCount::new(count * size)).bench_local(|| optimizer.step());
}
