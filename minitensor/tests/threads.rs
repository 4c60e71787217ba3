//! The same bits on any number of threads: how work is split depends on its shape alone.
#![cfg(feature = "rayon")]

use minitensor::device::Conv2dOptions;
use minitensor::nn::{GRU, LSTM, Module, RnnWeights};
use minitensor::ops::*;
use minitensor::optim::{Adam, Optimizer};
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The results of `f` and the gradients of its inputs, to the bit, are those of one thread on two and on five.
///
/// Inputs are drawn in these shapes, as parameters; the shapes are large enough that several threads have work.
fn assert_same_bits<F>(what: &str, shapes: &[&[usize]], f: F)
where
    F: Fn(&[Tensor]) -> Vec<Tensor> + Sync,
{
    for dtype in [DType::F32, DType::F64] {
        let on = |threads: usize| {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
            pool.install(|| {
                let mut rng = ChaCha8Rng::seed_from_u64(7);
                let mut draw = |shape: &[usize]| Tensor::randn_of::<f64>(shape, &mut rng).to_dtype(dtype);
                let inputs: Vec<Tensor> = shapes.iter().map(|shape| draw(shape).requires_grad_()).collect();
                let outputs = f(&inputs);
                let losses =
                    outputs.iter().filter(|y| y.requires_grad()).map(|y| (y * draw(y.shape())).sum());
                losses.reduce(|a, b| a + b).expect("something was computed").backward();
                let gradients = inputs.iter().map(|x| x.grad().expect("every input is used"));
                outputs.iter().cloned().chain(gradients).map(|x| bits(&x)).collect::<Vec<_>>()
            })
        };
        let one = on(1);
        for threads in [2, 5] {
            for (number, (one, several)) in one.iter().zip(on(threads)).enumerate() {
                let differ = one.iter().zip(&several).filter(|(a, b)| a != b).count();
                assert_eq!(
                    differ, 0,
                    "{what} in {dtype}: numbers of tensor {number} that differ on {threads} threads"
                );
            }
        }
    }
}

/// Each number as an integer: F32 is widened, which keeps all bits.
fn bits(x: &Tensor) -> Vec<u64> {
    x.to_dtype(DType::F64).to_vec::<f64>().into_iter().map(f64::to_bits).collect()
}

/// An op with one result.
fn one(f: impl Fn(&[Tensor]) -> Tensor + Sync) -> impl Fn(&[Tensor]) -> Vec<Tensor> + Sync {
    move |x| vec![f(x)]
}

#[test]
fn products() {
    assert_same_bits("matmul", &[&[333, 130], &[130, 171]], one(|x| x[0].matmul(&x[1])));
    assert_same_bits("matmul of one row", &[&[1, 4000], &[4000, 600]], one(|x| x[0].matmul(&x[1])));
    assert_same_bits("matmul into one column", &[&[700, 3000], &[3000, 1]], one(|x| x[0].matmul(&x[1])));
    assert_same_bits(
        "batched matmul",
        &[&[6, 70, 90], &[6, 60, 90]],
        one(|x| x[0].matmul(&x[1].transpose(1, 2))),
    );
    assert_same_bits("matmul of a long batch", &[&[40, 30, 90], &[90, 70]], one(|x| x[0].matmul(&x[1])));
    assert_same_bits("linear", &[&[300, 200], &[100, 200], &[100]], one(|x| x[0].linear(&x[1], Some(&x[2]))));
}

#[test]
fn sums_and_rows() {
    assert_same_bits("sum", &[&[300_001]], one(|x| x[0].sum()));
    assert_same_bits("mean and variance", &[&[700, 301]], |x| vec![x[0].mean(), x[0].var(1)]);
    assert_same_bits("sum of rows", &[&[700, 301]], one(|x| x[0].sum_dim(1, false)));
    assert_same_bits("sum of columns", &[&[701, 300]], one(|x| x[0].sum_dim(0, false)));
    assert_same_bits(
        "sum of a transposed one",
        &[&[90, 50, 70]],
        one(|x| x[0].permute([2, 0, 1]).sum_dim([0, 2], true)),
    );
    assert_same_bits("largest", &[&[700, 301]], |x| vec![x[0].max(), x[0].max_dim(0, false).0]);
    assert_same_bits("cumsum", &[&[300, 501]], one(|x| x[0].cumsum(1)));
    assert_same_bits("softmax", &[&[700, 301]], |x| vec![x[0].softmax(1), x[0].log_softmax(0)]);
    assert_same_bits(
        "cross_entropy",
        &[&[2000, 101]],
        one(|x| x[0].cross_entropy(&Tensor::arange(2000).remainder(&Tensor::from([101i64])))),
    );
    assert_same_bits("gelu and a broadcast", &[&[300, 501], &[501]], one(|x| x[0].gelu() * &x[1]));
    assert_same_bits("sort", &[&[300, 501]], one(|x| x[0].sort(1, false).0));
}

#[test]
fn norms() {
    let image: &[usize] = &[9, 16, 31, 33];
    assert_same_bits(
        "batch_norm",
        &[image, &[16], &[16]],
        one(|x| x[0].batch_norm(None, Some(&x[1]), Some(&x[2]), BatchNormOptions::default())),
    );
    assert_same_bits(
        "batch_norm of short rows",
        &[&[900, 80], &[80]],
        one(|x| x[0].batch_norm(None, Some(&x[1]), None, BatchNormOptions::default())),
    );
    assert_same_bits(
        "group_norm",
        &[image, &[16], &[16]],
        one(|x| x[0].group_norm(4, Some(&x[1]), Some(&x[2]), 1e-5)),
    );
    assert_same_bits(
        "layer_norm",
        &[&[700, 301], &[301], &[301]],
        one(|x| x[0].layer_norm([301], Some(&x[1]), Some(&x[2]), 1e-5)),
    );
    assert_same_bits("rms_norm", &[&[700, 301], &[301]], one(|x| x[0].rms_norm([301], Some(&x[1]), None)));
}

#[test]
fn windows() {
    let options = Conv2dOptions { stride: [2, 1], padding: [1, 1], dilation: [1, 2], groups: 2 };
    assert_same_bits(
        "conv1d",
        &[&[9, 16, 500], &[24, 16, 5], &[24]],
        one(|x| x[0].conv1d(&x[1], Some(&x[2]), Conv1dOptions { padding: 2, ..Default::default() })),
    );
    assert_same_bits(
        "conv2d",
        &[&[9, 16, 31, 33], &[24, 8, 3, 3], &[24]],
        one(|x| x[0].conv2d(&x[1], Some(&x[2]), options)),
    );
    assert_same_bits(
        "pointwise conv2d",
        &[&[3, 64, 31, 33], &[40, 64, 1, 1]],
        one(|x| x[0].conv2d(&x[1], None, Conv2dOptions::default())),
    );
    assert_same_bits(
        "conv3d",
        &[&[2, 6, 9, 13, 17], &[8, 6, 3, 3, 3], &[8]],
        one(|x| x[0].conv3d(&x[1], Some(&x[2]), Conv3dOptions::default())),
    );
    assert_same_bits(
        "conv_transpose2d",
        &[&[5, 16, 17, 19], &[16, 12, 3, 3], &[12]],
        one(|x| {
            x[0].conv_transpose2d(
                &x[1],
                Some(&x[2]),
                ConvTransposeOptions { stride: [2, 2], ..Default::default() },
            )
        }),
    );
    assert_same_bits("pooling", &[&[9, 16, 31, 33]], |x| {
        vec![x[0].max_pool2d(Pool2dOptions::square(3).stride(2)), x[0].avg_pool2d(Pool2dOptions::square(2))]
    });
}

#[test]
fn attention_and_recurrence() {
    let heads: &[usize] = &[3, 4, 150, 32];
    for causal in [false, true] {
        let options = AttentionOptions { causal, ..AttentionOptions::default() };
        assert_same_bits(
            "attention",
            &[heads, heads, heads],
            one(|x| x[0].scaled_dot_product_attention(&x[1], &x[2], &options)),
        );
    }
    let shapes = |gates: usize| {
        [vec![30, 40, 50], vec![gates * 70, 50], vec![gates * 70, 70], vec![gates * 70], vec![gates * 70]]
    };
    let weights = |x: &[Tensor]| RnnWeights {
        weight_ih: x[1].clone(),
        weight_hh: x[2].mul_scalar(0.1),
        biases: Some([x[3].clone(), x[4].clone()]),
    };
    let rng = || ChaCha8Rng::seed_from_u64(3);
    assert_same_bits(
        "LSTM",
        &shapes(4).each_ref().map(|shape| &shape[..]),
        one(|x| {
            let mut layer = LSTM::new(50, 70, &mut rng());
            layer.weights_mut()[0] = weights(x);
            layer.forward(&x[0])
        }),
    );
    assert_same_bits(
        "GRU",
        &shapes(3).each_ref().map(|shape| &shape[..]),
        one(|x| {
            let mut layer = GRU::new(50, 70, &mut rng());
            layer.weights_mut()[0] = weights(x);
            layer.forward(&x[0])
        }),
    );
}

#[test]
fn steps_and_chance() {
    assert_same_bits("AdamW", &[&[300, 501]], |x| {
        let weight = x[0].detach().mul_scalar(0.5).requires_grad_();
        let mut optimizer = Adam::adamw(vec![weight.clone()], 1e-2, 0.01);
        for _ in 0..3 {
            weight.zero_grad();
            weight.square().sum().backward();
            optimizer.step();
        }
        vec![weight.detach(), x[0].square()]
    });
    assert_same_bits(
        "dropout",
        &[&[300, 501]],
        one(|x| x[0].dropout(0.3, &mut ChaCha8Rng::seed_from_u64(1))),
    );
    assert_same_bits(
        "embedding",
        &[&[90, 64]],
        one(|x| x[0].embedding(&Tensor::randint(0..90, [40, 70], &mut ChaCha8Rng::seed_from_u64(2)))),
    );
}
