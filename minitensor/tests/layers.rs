//! The ops of layers: fused against composed, gradients against finite differences, and what they say of misuse.

use minitensor::device::Conv2dOptions;
use minitensor::ops::{
    BatchNormOptions, Conv1dOptions, CrossEntropyOptions, Pool1dOptions, Pool2dOptions, Reduction,
};
use minitensor::{DType, Tensor, no_grad};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn randn(shape: &[usize], seed: u64) -> Tensor {
    Tensor::randn(shape, &mut ChaCha8Rng::seed_from_u64(seed)).to_dtype(DType::F64).requires_grad_()
}

/// The gradient of `sum of y * w` for every input, where `w` is fixed noise: by `backward`.
fn gradients(inputs: &[&Tensor], f: impl Fn() -> Tensor) -> Vec<Vec<f64>> {
    inputs.iter().for_each(|x| x.zero_grad());
    weighted(&f()).backward();
    inputs.iter().map(|x| x.grad().expect("every input is used").to_vec()).collect()
}

fn weighted(y: &Tensor) -> Tensor {
    let w = Tensor::randn(y.shape(), &mut ChaCha8Rng::seed_from_u64(99)).to_dtype(y.dtype());
    (y * &w).sum()
}

fn assert_close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (a, b)) in got.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{what}[{i}]: {a}, not {b}");
    }
}

/// Compares `backward` with central differences.
fn gradcheck(what: &str, inputs: &[&Tensor], f: impl Fn() -> Tensor) {
    let step = 1e-5;
    for (number, (x, grad)) in inputs.iter().zip(gradients(inputs, &f)).enumerate() {
        let start = x.to_vec::<f64>();
        let at = |i: usize, by: f64| {
            let mut moved = start.clone();
            moved[i] += by;
            no_grad(|| x.copy_(&Tensor::from_vec(moved, x.shape())));
            let value = weighted(&f()).item();
            no_grad(|| x.copy_(&Tensor::from_vec(start.clone(), x.shape())));
            value
        };
        let numeric: Vec<f64> =
            (0..start.len()).map(|i| (at(i, step) - at(i, -step)) / (2.0 * step)).collect();
        assert_close(&format!("{what}: gradient of input {number}"), &grad, &numeric, 1e-6);
    }
}

#[test]
fn convolution_has_the_gradient_of_its_definition() {
    let (x, w, b) = (randn(&[3, 7, 6, 4], 1), randn(&[6, 2, 3, 2], 2), randn(&[6], 3));
    let options = Conv2dOptions { stride: [2, 1], padding: [1, 1], dilation: [1, 2], groups: 2 };
    // the input is a strided view: (N, H, W, C) seen as (N, C, H, W)
    gradcheck("conv2d", &[&x, &w, &b], || x.permute([0, 3, 1, 2]).conv2d(&w, Some(&b), options));
    let (x, w) = (randn(&[2, 3, 9], 4), randn(&[4, 3, 4], 5));
    let options = Conv1dOptions { stride: 2, padding: 2, ..Conv1dOptions::default() };
    let y = x.conv1d(&w, None, options);
    assert_eq!(y.shape()[..], [2, 4, 5]);
    gradcheck("conv1d", &[&x, &w], || x.conv1d(&w, None, options));
}

#[test]
fn an_empty_batch_passes_through_a_convolution() {
    let x = Tensor::zeros([0, 3, 5, 5]);
    let w = Tensor::ones([2, 3, 3, 3]).requires_grad_();
    let y = x.conv2d(&w, None, Conv2dOptions::default());
    assert_eq!(y.shape()[..], [0, 2, 3, 3]);
    y.sum().backward();
    assert_eq!(w.grad().expect("the weight is used").to_vec::<f32>(), vec![0.0; 54]);
}

#[test]
fn pooling_has_the_gradient_of_its_definition() {
    let x = randn(&[2, 7, 5, 2], 6);
    let nchw = || x.permute([0, 3, 1, 2]);
    gradcheck("max_pool2d", &[&x], || nchw().max_pool2d(Pool2dOptions::square(3).stride(2).padding(1)));
    gradcheck("avg_pool2d", &[&x], || nchw().avg_pool2d(Pool2dOptions::square(2)));
    gradcheck("adaptive_avg_pool2d", &[&x], || nchw().adaptive_avg_pool2d([3, 2]));
    gradcheck("max_pool1d", &[&x], || nchw().flatten(1, 2).max_pool1d(Pool1dOptions::new(2)));
    let (values, positions) = nchw().max_pool2d_with_positions(Pool2dOptions::square(2));
    assert_eq!(positions.dtype(), DType::I64);
    let chosen = nchw().flatten(2, 3).gather(2, &positions.flatten(2, 3));
    assert_eq!(chosen.to_vec::<f64>(), values.to_vec::<f64>());
}

#[test]
fn fused_softmax_agrees_with_the_composed_one() {
    let x = randn(&[3, 5, 4], 7);
    for dim in [0, 1, -1] {
        for (what, fused, plain) in [
            ("softmax", x.softmax(dim), x.softmax_plain(dim)),
            ("log_softmax", x.log_softmax(dim), x.log_softmax_plain(dim)),
        ] {
            assert_close(what, &fused.to_vec(), &plain.to_vec(), 1e-14);
        }
        assert_close(
            "softmax gradient",
            &gradients(&[&x], || x.softmax(dim))[0],
            &gradients(&[&x], || x.softmax_plain(dim))[0],
            1e-13,
        );
        assert_close(
            "log_softmax gradient",
            &gradients(&[&x], || x.log_softmax(dim))[0],
            &gradients(&[&x], || x.log_softmax_plain(dim))[0],
            1e-13,
        );
    }
}

#[test]
fn fused_cross_entropy_agrees_with_the_composed_one() {
    let labels = Tensor::from_vec(vec![4i64, 0, 2, 2, 1, 3], [6]);
    for (logits, labels) in [
        (randn(&[6, 5], 8), labels.clone()),
        (randn(&[2, 5, 3], 9), labels.reshape([2, 3])),
        (randn(&[5], 10), Tensor::scalar(3i64)),
    ] {
        let (fused, plain) = (logits.cross_entropy(&labels), logits.cross_entropy_plain(&labels));
        assert_close("loss", &[fused.item()], &[plain.item()], 1e-14);
        let of_fused = gradients(&[&logits], || logits.cross_entropy(&labels));
        assert_close(
            "gradient",
            &of_fused[0],
            &gradients(&[&logits], || logits.cross_entropy_plain(&labels))[0],
            1e-13,
        );
    }
}

#[test]
fn cross_entropy_takes_weights_smoothing_and_labels_to_ignore() {
    let logits = randn(&[4, 3], 11);
    let labels = Tensor::from_vec(vec![2i64, -100, 0, 1], [4]);
    let weight = Tensor::from_vec(vec![1.0, 2.0, 0.5], [3]);
    let options = CrossEntropyOptions { weight: Some(weight), label_smoothing: 0.2, ..Default::default() };
    gradcheck("cross_entropy", &[&logits], || logits.cross_entropy_with(&labels, &options));
    let each = CrossEntropyOptions { reduction: Reduction::None, ..options.clone() };
    let losses = logits.cross_entropy_with(&labels, &each);
    assert_eq!(losses.shape()[..], [4]);
    assert_eq!(losses.to_vec::<f64>()[1], 0.0);
    // PyTorch's mean divides by the weights of the labels that count: 0.5 + 1 + 2.
    let mean = logits.cross_entropy_with(&labels, &options).item();
    assert_close("mean", &[mean], &[losses.sum().item() / 3.5], 1e-14);
}

#[test]
fn fused_batch_norm_agrees_with_the_composed_one() {
    for shape in [&[4, 3][..], &[5, 3, 7], &[2, 3, 4, 5]] {
        let (x, w, b) = (randn(shape, 12), randn(&[3], 13), randn(&[3], 14));
        let fused = || x.batch_norm(None, Some(&w), Some(&b), BatchNormOptions::default());
        let plain = || x.batch_norm_plain(&w, &b, 1e-5);
        assert_close("batch_norm", &fused().to_vec(), &plain().to_vec(), 1e-12);
        let inputs = [&x, &w, &b];
        for (fused, plain) in gradients(&inputs, fused).iter().zip(gradients(&inputs, plain)) {
            assert_close("batch_norm gradient", fused, &plain, 1e-10);
        }
    }
}

#[test]
fn batch_norm_keeps_running_statistics() {
    let x = randn(&[4, 2, 3], 15);
    let running = [Tensor::zeros([2]).to_dtype(DType::F64), Tensor::ones([2]).to_dtype(DType::F64)];
    let norm = |training| {
        let options = BatchNormOptions { training, ..BatchNormOptions::default() };
        x.batch_norm(Some([&running[0], &running[1]]), None, None, options)
    };
    norm(true);
    let mean = x.detach().mean_dim([0, 2], false);
    let variance = x.detach().var_dim([0, 2], 1, false);
    assert_close("mean", &running[0].to_vec(), &(&mean * 0.1).to_vec::<f64>(), 1e-12);
    assert_close("variance", &running[1].to_vec(), &(&variance * 0.1 + 0.9).to_vec::<f64>(), 1e-12);
    let before = running[0].to_vec::<f64>();
    gradcheck("batch_norm in evaluation", &[&x], || norm(false));
    assert_eq!(running[0].to_vec::<f64>(), before);
}

#[test]
fn simple_losses_are_their_definitions() {
    let (x, t) = (randn(&[3, 2], 16), randn(&[3, 2], 17).detach());
    let mean = |f: &dyn Fn(f64, f64) -> f64| {
        let (x, t) = (x.to_vec::<f64>(), t.to_vec::<f64>());
        x.iter().zip(&t).map(|(x, t)| f(*x, *t)).sum::<f64>() / 6.0
    };
    assert_close("mse", &[x.mse_loss(&t).item()], &[mean(&|x, t| (x - t).powi(2))], 1e-14);
    assert_close("l1", &[x.l1_loss(&t).item()], &[mean(&|x, t| (x - t).abs())], 1e-14);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let expected = mean(&|x, t| -t * sigmoid(x).ln() - (1.0 - t) * (1.0 - sigmoid(x)).ln());
    assert_close("bce", &[x.binary_cross_entropy_with_logits(&t).item()], &[expected], 1e-13);
}

/// What a panic says.
fn message(f: impl FnOnce() -> Tensor + std::panic::UnwindSafe) -> String {
    let payload = std::panic::catch_unwind(f).expect_err("this is misuse");
    payload.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn misuse_is_explained() {
    let conv =
        message(|| Tensor::ones([1, 3, 7]).conv1d(&Tensor::ones([1, 2, 5]), None, Conv1dOptions::default()));
    assert_eq!(conv, "conv1d: weight of shape [1, 2, 5] expects 2 input channels, but input [1, 3, 7] has 3");
    let labels = Tensor::from_vec(vec![0i64, 3], [2]);
    assert_eq!(
        message(|| Tensor::ones([2, 3]).cross_entropy(&labels)),
        "cross_entropy: the label of row 1 is 3, but there are 3 classes, numbered from 0"
    );
    let one = message(|| Tensor::ones([1, 4]).batch_norm(None, None, None, BatchNormOptions::default()));
    assert!(one.contains("more than one number a channel"), "{one}");
    let shapes = message(|| Tensor::ones([4, 1]).mse_loss(&Tensor::ones([4])));
    assert!(shapes.contains("[4, 1] and [4] must be equal"), "{shapes}");
    let pool = message(|| Tensor::ones([1, 1, 2, 2]).max_pool2d(Pool2dOptions::square(3)));
    assert!(pool.contains("a window of height 3 does not fit an input of height 2"), "{pool}");
}
