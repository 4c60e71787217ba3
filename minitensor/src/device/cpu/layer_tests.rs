//! Pooling, batch normalisation, softmax and cross-entropy against their definitions, and their gradients against
//! finite differences.

use crate::device::batch_norm::{Affine, BatchNormShape};
use crate::device::cross_entropy::{LabelOptions, check_labels};
use crate::device::geometry::PoolGeometry;
use crate::error::Error;

use super::batch_norm::*;
use super::conv::tests::noise;
use super::cross_entropy::*;
use super::pool::*;
use super::softmax::*;

fn close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (got - expected).abs() <= tolerance * (1.0 + expected.abs()),
            "{what}[{i}]: {got}, not {expected}"
        );
    }
}

/// The gradient of `sum of weights * f(x)` by central differences.
fn numeric(x: &[f64], weights: &[f64], f: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let step = 1e-6;
    let value = |x: &[f64]| f(x).iter().zip(weights).map(|(y, w)| y * w).sum::<f64>();
    let at = |i: usize, by: f64| {
        let mut moved = x.to_vec();
        moved[i] += by;
        value(&moved)
    };
    (0..x.len()).map(|i| (at(i, step) - at(i, -step)) / (2.0 * step)).collect()
}

fn filled(len: usize, f: impl FnOnce(&mut [f64])) -> Vec<f64> {
    let mut out = vec![f64::NAN; len];
    f(&mut out);
    out
}

#[test]
fn softmax_is_its_definition_and_so_are_its_gradients() {
    for width in [1, 2, 10, 16, 17, 65] {
        let x: Vec<f64> = noise(5 * width, 7).into_iter().map(|x: f64| 30.0 * x).collect();
        let grad = noise(5 * width, 8);
        let soft = |x: &[f64]| filled(x.len(), |out| softmax_forward(width, x, out));
        let log = |x: &[f64]| filled(x.len(), |out| log_softmax_forward(width, x, out));
        let expected: Vec<f64> = x
            .chunks(width)
            .flat_map(|row| {
                let sum: f64 = row.iter().map(|x| x.exp()).sum();
                row.iter().map(move |x| x.exp() / sum)
            })
            .collect();
        close("softmax", &soft(&x), &expected, 1e-13);
        close("log_softmax", &log(&x), &expected.iter().map(|p| p.ln()).collect::<Vec<_>>(), 1e-12);
        let backward = filled(x.len(), |out| softmax_backward(width, &soft(&x), &grad, out));
        close("softmax gradient", &backward, &numeric(&x, &grad, soft), 1e-7);
        let backward = filled(x.len(), |out| log_softmax_backward(width, &log(&x), &grad, out));
        close("log_softmax gradient", &backward, &numeric(&x, &grad, log), 1e-6);
    }
}

#[test]
fn softmax_of_numbers_that_are_not() {
    let soft = |x: [f32; 3]| {
        let mut out = [0.0; 3];
        softmax_forward(3, &x, &mut out);
        out
    };
    assert_eq!(soft([f32::NEG_INFINITY, 1e30, 0.0]), [0.0, 1.0, 0.0]);
    assert!(soft([f32::NEG_INFINITY; 3]).iter().all(|p| p.is_nan()));
    assert!(soft([f32::NAN, 1.0, 2.0]).iter().all(|p| p.is_nan()));
}

#[test]
fn cross_entropy_is_its_definition_and_so_is_its_gradient() {
    let (rows, classes) = (9, 7);
    let logits: Vec<f64> = noise(rows * classes, 3).into_iter().map(|x: f64| 4.0 * x).collect();
    let labels = [0, 6, -100, 3, 3, 2, 1, -100, 5];
    let class_weights = [0.5, 1.0, 2.0, 1.5, 0.25, 3.0, 1.0];
    let grad: Vec<f64> = noise(rows, 4);
    for (label_smoothing, class_weights) in
        [(0.0, None), (0.0, Some(&class_weights[..])), (0.1, None), (0.3, Some(&class_weights[..]))]
    {
        let options = LabelOptions { ignore_index: -100, label_smoothing, class_weights };
        let weight = |class: usize| class_weights.map_or(1.0, |weights| weights[class]);
        let forward = |logits: &[f64]| {
            let (mut losses, mut scales) = (vec![f64::NAN; rows], vec![f64::NAN; 2 * rows]);
            let total = cross_entropy_forward(classes, logits, &labels, &options, &mut losses, &mut scales);
            (losses, scales, total)
        };
        let log = filled(logits.len(), |out| log_softmax_forward(classes, &logits, out));
        let expected: Vec<f64> = (0..rows)
            .map(|row| {
                let log = &log[row * classes..][..classes];
                let spread: f64 = (0..classes).map(|c| weight(c) * log[c]).sum();
                let Ok(label) = usize::try_from(labels[row]) else { return 0.0 };
                -(1.0 - label_smoothing) * weight(label) * log[label]
                    - label_smoothing / classes as f64 * spread
            })
            .collect();
        let (losses, scales, total) = forward(&logits);
        close("loss", &losses, &expected, 1e-12);
        let weights: f64 = labels.iter().filter_map(|&label| usize::try_from(label).ok()).map(weight).sum();
        close("total weight", &[total], &[weights], 1e-12);
        let backward = filled(logits.len(), |out| {
            cross_entropy_backward(classes, &logits, &labels, &options, &scales, &grad, out);
        });
        close("gradient", &backward, &numeric(&logits, &grad, |x| forward(x).0), 1e-7);
    }
}

#[test]
fn a_label_that_is_no_class_is_named() {
    assert_eq!(check_labels("cross_entropy", &[0, 9, -100], 10, Some(-100)), Ok(()));
    let error = check_labels("cross_entropy", &[3, 10, 0], 10, Some(-100)).unwrap_err();
    assert_eq!(error, Error::Label { op: "cross_entropy", row: 1, label: 10, classes: 10 });
    assert_eq!(
        error.to_string(),
        "cross_entropy: the label of row 1 is 10, but there are 10 classes, numbered from 0"
    );
    assert!(check_labels("cross_entropy", &[-1], 10, Some(-100)).is_err());
}

struct Norm {
    shape: BatchNormShape,
    weight: Vec<f64>,
    bias: Vec<f64>,
}

impl Norm {
    fn statistics(&self, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut mean, mut variance) = (vec![0.0; self.shape.channels], vec![0.0; self.shape.channels]);
        batch_norm_statistics(self.shape, x, &mut mean, &mut variance);
        (mean, variance.iter().map(|variance| 1.0 / (variance + 1e-5).sqrt()).collect())
    }

    fn forward(&self, x: &[f64], (mean, inverse_deviation): &(Vec<f64>, Vec<f64>)) -> Vec<f64> {
        let affine = Affine {
            mean: &mean[..],
            inverse_deviation: &inverse_deviation[..],
            weight: Some(&self.weight[..]),
            bias: Some(&self.bias[..]),
        };
        filled(x.len(), |out| batch_norm_forward(self.shape, x, &affine, out))
    }
}

#[test]
fn batch_norm_is_its_definition_and_so_are_its_gradients() {
    // short rows are gathered: of a few lengths in ways of their own, and more than have room at once
    let gathered = [(4, 3, 5), (3, 2, 33), (70, 3, 4), (20, 3, 16), (9, 2, 64)];
    for (images, channels, length) in gathered.into_iter().chain([(300, 3, 1), (2, 1, 100), (2, 3, 200)]) {
        let shape = BatchNormShape { images, channels, length };
        let norm = Norm { shape, weight: noise(channels, 1), bias: noise(channels, 2) };
        let numbers = images * channels * length;
        let (x, grad): (Vec<f64>, Vec<f64>) = (noise(numbers, 3), noise(numbers, 4));
        let statistics = norm.statistics(&x);
        let of = |channel: usize| (0..numbers).filter(move |i| i / length % channels == channel);
        for channel in 0..channels {
            let count = (images * length) as f64;
            let mean = of(channel).map(|i| x[i]).sum::<f64>() / count;
            let variance = of(channel).map(|i| (x[i] - mean).powi(2)).sum::<f64>() / count;
            close("mean", &statistics.0[channel..=channel], &[mean], 1e-12);
            close(
                "1 / deviation",
                &statistics.1[channel..=channel],
                &[1.0 / (variance + 1e-5).sqrt()],
                1e-12,
            );
        }
        let (mean, inverse_deviation) = (&statistics.0, &statistics.1);
        let affine = Affine {
            mean: &mean[..],
            inverse_deviation: &inverse_deviation[..],
            weight: Some(&norm.weight[..]),
            bias: Some(&norm.bias[..]),
        };
        let (mut grad_weight, mut grad_bias) = (vec![0.0; channels], vec![0.0; channels]);
        batch_norm_backward_affine(shape, &x, &affine, &grad, &mut grad_weight, &mut grad_bias);
        let changed = |weight: &[f64], bias: &[f64]| {
            Norm { shape, weight: weight.to_vec(), bias: bias.to_vec() }.forward(&x, &statistics)
        };
        close("grad_weight", &grad_weight, &numeric(&norm.weight, &grad, |w| changed(w, &norm.bias)), 1e-7);
        close("grad_bias", &grad_bias, &numeric(&norm.bias, &grad, |b| changed(&norm.weight, b)), 1e-7);
        let backward = filled(numbers, |out| {
            batch_norm_backward_input(shape, &x, &affine, &grad, [&grad_weight, &grad_bias], out);
        });
        close("grad_input", &backward, &numeric(&x, &grad, |x| norm.forward(x, &norm.statistics(x))), 1e-6);
        let fixed = filled(numbers, |out| batch_norm_backward_input_fixed(shape, &affine, &grad, out));
        close("fixed", &fixed, &numeric(&x, &grad, |x| norm.forward(x, &statistics)), 1e-6);
    }
}

#[test]
fn a_large_mean_does_not_swallow_a_small_variance() {
    let shape = BatchNormShape { images: 8, channels: 1, length: 4096 };
    let x: Vec<f32> = noise::<f32>(8 * 4096, 5).into_iter().map(|x| 1000.0 + x).collect();
    let mean = x.iter().map(|&x| f64::from(x)).sum::<f64>() / x.len() as f64;
    let variance = x.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / x.len() as f64;
    let (mut got_mean, mut got_variance) = ([0.0], [0.0]);
    batch_norm_statistics(shape, &x, &mut got_mean, &mut got_variance);
    assert!((f64::from(got_mean[0]) - mean).abs() < 1e-4, "{} {mean}", got_mean[0]);
    assert!((f64::from(got_variance[0]) / variance - 1.0).abs() < 1e-5, "{} {variance}", got_variance[0]);
}

fn plain_pool(geometry: &PoolGeometry, x: &[f64], f: impl Fn(Vec<f64>) -> f64) -> Vec<f64> {
    let [height, width] = geometry.input;
    let mut out = Vec::new();
    for plane in x.chunks(height * width) {
        for rows in &geometry.rows {
            for columns in &geometry.columns {
                let window = rows.range().flat_map(|y| columns.range().map(move |x| plane[y * width + x]));
                out.push(f(window.collect()));
            }
        }
    }
    out
}

#[test]
fn pooling_is_its_definition_and_so_are_its_gradients() {
    let shape = [2, 3, 9, 11];
    let x: Vec<f64> = noise(2 * 3 * 99, 6);
    let geometries = [
        PoolGeometry::new("pool", &shape, [2, 2], [2, 2], [0, 0], false),
        PoolGeometry::new("pool", &shape, [3, 3], [2, 1], [1, 1], false),
        PoolGeometry::adaptive("pool", &shape, [1, 1]),
        PoolGeometry::adaptive("pool", &shape, [4, 5]),
        PoolGeometry::adaptive("pool", &shape, [12, 3]),
    ];
    for geometry in geometries {
        let mut geometry = geometry.unwrap();
        let len = 6 * geometry.rows.len() * geometry.columns.len();
        let grad: Vec<f64> = noise(len, 9);
        let mut positions = vec![0; len];
        let got = filled(len, |out| max_pool_forward(&geometry, &x, out, &mut positions));
        let max = |x: &[f64]| plain_pool(&geometry, x, |w| w.into_iter().fold(f64::NEG_INFINITY, f64::max));
        close("max", &got, &max(&x), 0.0);
        let backward = filled(x.len(), |out| max_pool_backward(&geometry, &positions, &grad, out));
        close("max gradient", &backward, &numeric(&x, &grad, max), 1e-7);

        geometry.count_include_pad = false;
        let mean = |x: &[f64]| plain_pool(&geometry, x, |w| w.iter().sum::<f64>() / w.len() as f64);
        close("mean", &filled(len, |out| avg_pool_forward(&geometry, &x, out)), &mean(&x), 1e-12);
        let backward = filled(x.len(), |out| avg_pool_backward(&geometry, &grad, out));
        close("mean gradient", &backward, &numeric(&x, &grad, mean), 1e-7);
    }
}

#[test]
fn pooling_counts_padding_and_keeps_the_first_of_equals_and_nan() {
    let pool = |size: usize, kernel: usize, padding: usize| {
        PoolGeometry::new("max_pool2d", &[1, 1, size, size], [kernel; 2], [kernel; 2], [padding; 2], false)
            .unwrap()
    };
    let mut out = [0.0];
    avg_pool_forward(&pool(2, 4, 1), &[4.0, 4.0, 4.0, 4.0], &mut out);
    assert_eq!(out, [1.0], "four fours among sixteen places");
    let mut position = [9];
    max_pool_forward(&pool(2, 2, 0), &[1.0, 3.0, 3.0, 2.0], &mut out, &mut position);
    assert_eq!((out, position), ([3.0], [1]));
    max_pool_forward(&pool(2, 2, 0), &[1.0, f64::NAN, 3.0, 2.0], &mut out, &mut position);
    assert!(out[0].is_nan() && position == [1]);
    let message = |kernel, padding| {
        PoolGeometry::new("max_pool2d", &[1, 1, 4, 4], [kernel; 2], [2; 2], [padding; 2], false)
            .unwrap_err()
            .to_string()
    };
    assert!(message(2, 2).contains("at most half of the window"), "{}", message(2, 2));
    assert!(
        message(5, 0).contains("a window of height 5 does not fit an input of height 4"),
        "{}",
        message(5, 0)
    );
}
