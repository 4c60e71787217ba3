//! Small networks of the course whose sizes are known.

use minitensor::Tensor;
use minitensor::nn::{AdaptiveAvgPool2d, Conv2d, Flatten, Linear, Module, Relu, Sequential};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// Convolutions (inputs, outputs, kernel) with relu between them, the mean of each feature, and a linear classifier.
fn network(convolutions: &[(usize, usize, usize)], classes: usize) -> Sequential {
    let rng = &mut ChaCha8Rng::seed_from_u64(0);
    let mut net = Sequential::new();
    let mut features = 0;
    for &(inputs, outputs, kernel) in convolutions {
        net = net.with(Conv2d::with(inputs, outputs, kernel).padding(kernel / 2).build(rng)).with(Relu);
        features = outputs;
    }
    net.with(AdaptiveAvgPool2d([1, 1])).with(Flatten).with(Linear::new(features, classes, rng))
}

fn parameters_and_output(net: &Sequential, images: [usize; 4]) -> (usize, Vec<usize>) {
    (net.num_parameters(), net.forward(&Tensor::zeros(images)).shape().to_vec())
}

/// 15·(3·9 + 1) + 30·(15·25 + 1) + 4·(30 + 1)
#[test]
fn the_network_of_the_exercise_has_11_824_parameters() {
    let net = network(&[(3, 15, 3), (15, 30, 5)], 4);
    assert_eq!(parameters_and_output(&net, [1, 3, 32, 32]), (11_824, vec![1, 4]));
}

/// 8·(3·9 + 1) + 16·(8·9 + 1) + 32·(16·9 + 1) + 10·(32 + 1)
#[test]
fn tiny_conv_has_6_362_parameters() {
    let net = network(&[(3, 8, 3), (8, 16, 3), (16, 32, 3)], 10);
    assert_eq!(parameters_and_output(&net, [4, 3, 64, 64]), (6_362, vec![4, 10]));
}
