//! What takes a whole row, channel or group into account: softmax, norms, the loss, sums.

use divan::Bencher;
use divan::counter::ItemsCount;
use minitensor::Tensor;
use minitensor::ops::BatchNormOptions;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::pass::{Backward, Forward, Pass, leaves};

/// Rows and their width: attention and the head of the GPTs, a long row, few rows.
const ROWS: [[usize; 2]; 5] = [[4096, 1024], [3072, 64], [2048, 384], [64, 10], [8, 50_257]];
/// N, C and the size of the image: ResNet-20's stages on colour images and on digits, and the U-Net's levels.
const IMAGES: [[usize; 3]; 6] =
    [[128, 16, 32], [128, 32, 16], [128, 64, 8], [64, 16, 8], [64, 32, 28], [64, 64, 14]];
const EPS: f64 = 1e-5;

#[divan::bench(types = [Forward, Backward], args = ROWS)]
fn softmax<P: Pass>(bencher: Bencher, shape: [usize; 2]) {
    P::time(bencher.counter(elements(&shape)), &leaves([&shape]), |x| x[0].softmax(-1));
}

#[divan::bench(types = [Forward, Backward], args = ROWS)]
fn layer_norm<P: Pass>(bencher: Bencher, shape: [usize; 2]) {
    let width = [shape[1]];
    let leaves = leaves([&shape, &width, &width]);
    let norm = |x: &[Tensor]| x[0].layer_norm(width, Some(&x[1]), Some(&x[2]), EPS);
    P::time(bencher.counter(elements(&shape)), &leaves, norm);
}

#[divan::bench(types = [Forward, Backward], args = IMAGES)]
fn group_norm<P: Pass>(bencher: Bencher, [n, channels, size]: [usize; 3]) {
    let shape = [n, channels, size, size];
    let leaves = leaves([&shape, &[channels], &[channels]]);
    let norm = |x: &[Tensor]| x[0].group_norm(8, Some(&x[1]), Some(&x[2]), EPS);
    P::time(bencher.counter(elements(&shape)), &leaves, norm);
}

#[divan::bench(types = [Forward, Backward], args = IMAGES)]
fn batch_norm<P: Pass>(bencher: Bencher, [n, channels, size]: [usize; 3]) {
    let shape = [n, channels, size, size];
    let leaves = leaves([&shape, &[channels], &[channels]]);
    let running = [Tensor::zeros([channels]), Tensor::ones([channels])];
    let norm = |x: &[Tensor]| {
        let running = Some([&running[0], &running[1]]);
        x[0].batch_norm(running, Some(&x[1]), Some(&x[2]), BatchNormOptions::default())
    };
    P::time(bencher.counter(elements(&shape)), &leaves, norm);
}

#[divan::bench(types = [Forward, Backward], args = [[64, 10], [768, 65], [2048, 65], [64, 50_257]])]
fn cross_entropy<P: Pass>(bencher: Bencher, shape: [usize; 2]) {
    let labels = Tensor::randint(0..shape[1] as i64, [shape[0]], &mut ChaCha8Rng::seed_from_u64(0));
    P::time(bencher.counter(elements(&shape)), &leaves([&shape]), |x| x[0].cross_entropy(&labels));
}

/// The mean of every feature map, as at the end of a ResNet.
#[divan::bench(types = [Forward, Backward], args = IMAGES)]
fn mean_of_images<P: Pass>(bencher: Bencher, [n, channels, size]: [usize; 3]) {
    let shape = [n, channels, size, size];
    P::time(bencher.counter(elements(&shape)), &leaves([&shape]), |x| x[0].mean_dim([2, 3], false));
}

/// Over the rows, as for the gradient of a bias.
#[divan::bench(args = ROWS)]
fn sum_of_rows(bencher: Bencher, shape: [usize; 2]) {
    Forward::time(bencher.counter(elements(&shape)), &leaves([&shape]), |x| x[0].sum_dim(0, false));
}

fn elements(shape: &[usize]) -> ItemsCount {
    ItemsCount::new(shape.iter().product::<usize>())
}
