//! Layer, group and root-mean-square norm: fused against composed, batched against looped, and at the edges.

use minitensor::nn::{GroupNorm, LayerNorm, Module, RMSNorm};
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn randn(shape: &[usize], seed: u64) -> Tensor {
    Tensor::randn(shape, &mut ChaCha8Rng::seed_from_u64(seed)).to_dtype(DType::F64).requires_grad_()
}

/// Output and gradients of `sum of y * w`, where `w` is fixed noise.
fn run(inputs: &[&Tensor], y: Tensor) -> Vec<Tensor> {
    inputs.iter().for_each(|x| x.zero_grad());
    let w = randn(y.shape(), 99).detach().to_dtype(y.dtype());
    (&y * &w).sum().backward();
    let gradients = inputs.iter().map(|x| x.grad().expect("every input is used"));
    [y.detach()].into_iter().chain(gradients).collect()
}

fn assert_close(what: &str, got: &[Tensor], want: &[Tensor], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        assert!(got.allclose(want, tolerance, tolerance), "{what}, tensor {i}:\n{got}\nnot\n{want}");
    }
}

#[test]
fn the_fused_norms_agree_with_the_composed_ones() {
    // rows of one vector and less, of many; few rows and so many that they are cut into tasks
    for (rows, width) in [(3, 1), (5, 7), (2, 16), (4, 37), (90, 400), (3000, 24)] {
        let (x, w, b) = (randn(&[rows, width], 1), randn(&[width], 2), randn(&[width], 3));
        let fused = run(&[&x, &w, &b], x.layer_norm([width], Some(&w), Some(&b), 1e-5));
        let plain = run(&[&x, &w, &b], x.layer_norm_plain([width], Some(&w), Some(&b), 1e-5));
        assert_close("layer_norm", &fused, &plain, 1e-10);
        let fused = run(&[&x, &w], x.rms_norm([width], Some(&w), Some(1e-3)));
        let plain = run(&[&x, &w], x.rms_norm_plain([width], Some(&w), Some(1e-3)));
        assert_close("rms_norm", &fused, &plain, 1e-10);
    }
    for (images, channels, length, groups) in [(2, 6, 5, 3), (40, 8, 50, 2), (3, 4, 20_000, 4), (7, 12, 1, 4)]
    {
        let x = randn(&[images, length, channels], 4);
        let (w, b) = (randn(&[channels], 5), randn(&[channels], 6));
        let x_ncl = || x.transpose(1, 2); // strided
        let fused = run(&[&x, &w, &b], x_ncl().group_norm(groups, Some(&w), Some(&b), 1e-5));
        let plain = run(&[&x, &w, &b], x_ncl().group_norm_plain(groups, Some(&w), Some(&b), 1e-5));
        assert_close("group_norm", &fused, &plain, 1e-10);
    }
}

#[test]
fn a_batch_is_its_rows_one_by_one() {
    let (x, w, b) = (randn(&[50, 700], 7), randn(&[700], 8), randn(&[700], 9));
    let whole = x.layer_norm([700], Some(&w), Some(&b), 1e-5);
    for i in 0..50 {
        let alone = x.select(0, i).layer_norm([700], Some(&w), Some(&b), 1e-5);
        assert_eq!(whole.select(0, i).to_vec::<f64>(), alone.to_vec::<f64>(), "row {i}");
    }
    let (w, b) = (w.narrow(0, 0, 6), b.narrow(0, 0, 6));
    let x = randn(&[9, 6, 30, 30], 10);
    let whole = x.group_norm(2, Some(&w), Some(&b), 1e-5);
    for i in 0..9 {
        let alone = x.narrow(0, i, 1).group_norm(2, Some(&w), Some(&b), 1e-5);
        assert_eq!(whole.narrow(0, i, 1).to_vec::<f64>(), alone.to_vec::<f64>(), "image {i}");
    }
}

#[test]
fn group_norm_lies_between_layer_norm_and_a_norm_of_each_channel() {
    let x = randn(&[2, 4, 3, 5], 11).detach();
    let layer = x.layer_norm([4, 3, 5], None, None, 1e-5);
    assert_close("one group", &[x.group_norm(1, None, None, 1e-5)], &[layer], 1e-12);
    let each = x.layer_norm([3, 5], None, None, 1e-5);
    assert_close("a group a channel", &[x.group_norm(4, None, None, 1e-5)], &[each], 1e-12);
}

/// A mean ten thousand times the deviation leaves `E[x²] - E[x]²` in F32 without a digit.
#[test]
fn a_large_mean_does_not_swallow_a_small_deviation() {
    for mean in [0.0, 100.0, 10_000.0] {
        let noise = Tensor::randn([8, 500], &mut ChaCha8Rng::seed_from_u64(12));
        let x = (noise + mean).requires_grad_();
        let exact = x.detach().to_dtype(DType::F64).requires_grad_();
        let norms: [fn(&Tensor) -> Tensor; 2] = [
            |x| x.layer_norm([500], None, None, 1e-5),
            |x| x.reshape([8, 10, 50]).group_norm(2, None, None, 1e-5),
        ];
        for norm in norms {
            let [got, want] = [&x, &exact].map(|x| run(&[x], norm(x)));
            let got: Vec<Tensor> = got.iter().map(|tensor| tensor.to_dtype(DType::F64)).collect();
            assert_close(&format!("mean {mean}"), &got, &want, 1e-6);
        }
    }
}

#[test]
fn a_constant_row_becomes_the_bias() {
    let b = Tensor::from([0.5f32, -1.0, 2.0]);
    for value in [0.0, 0.1, 3.7e4] {
        let x = Tensor::full([2, 3], value).requires_grad_();
        let y = x.layer_norm([3], None, Some(&b), 1e-5);
        assert_eq!(y.to_vec::<f32>(), [0.5, -1.0, 2.0, 0.5, -1.0, 2.0], "{value}");
        y.square().sum().backward();
        assert!(x.grad().expect("x is used").is_finite());
    }
    let one = Tensor::from([[5.0f32], [-2.0]]).requires_grad_();
    let y = one.layer_norm([1], None, None, 1e-5);
    y.square().sum().backward();
    assert_eq!((y.to_vec::<f32>(), one.grad().unwrap().to_vec::<f32>()), (vec![0.0; 2], vec![0.0; 2]));
}

#[test]
fn eps_bounds_the_scale() {
    let x = Tensor::from([[-1e-4f64, 1e-4]]); // variance 1e-8
    let deviation = |eps: f64| x.layer_norm([2], None, None, eps).to_vec::<f64>()[1];
    assert!((deviation(0.0) - 1.0).abs() < 1e-12);
    assert!((deviation(1e-8) - 0.5f64.sqrt()).abs() < 1e-12);
    assert!((deviation(1.0) - 1e-4).abs() < 1e-8);
    let rms = |eps: Option<f64>| x.rms_norm([2], None, eps).to_vec::<f64>()[1];
    assert!((rms(Some(1e-8)) - 0.5f64.sqrt()).abs() < 1e-12);
    assert!((rms(None) - 1.0).abs() < 1e-7, "without an eps there is almost none");
}

#[test]
fn nothing_to_normalise_is_no_trouble() {
    let (w, b) = (Tensor::ones([4]).requires_grad_(), Tensor::zeros([4]).requires_grad_());
    for y in [
        Tensor::zeros([0, 4]).layer_norm([4], Some(&w), Some(&b), 1e-5),
        Tensor::zeros([0, 4, 5]).group_norm(2, Some(&w), Some(&b), 1e-5),
        Tensor::zeros([3, 4, 0]).group_norm(2, Some(&w), Some(&b), 1e-5),
        Tensor::zeros([3, 4, 2, 0]).group_norm(1, Some(&w), Some(&b), 1e-5),
    ] {
        assert_eq!(y.numel(), 0);
        y.sum().backward();
        assert_eq!(w.grad().expect("w is used").to_vec::<f32>(), [0.0; 4]);
    }
    let none = Tensor::zeros([3, 0]).layer_norm([0], None, None, 1e-5);
    assert_eq!(none.shape()[..], [3, 0]);
}

#[test]
fn the_layers_have_pytorchs_names_and_options() {
    let keys = |module: &dyn Module| module.state_dict().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&LayerNorm::new([4])), ["bias", "weight"]);
    assert_eq!(keys(&LayerNorm::new([4]).without_bias()), ["weight"]);
    assert!(keys(&LayerNorm::new([4]).without_affine()).is_empty());
    assert_eq!(keys(&RMSNorm::new([4])), ["weight"]);
    assert_eq!(keys(&GroupNorm::new(2, 4)), ["bias", "weight"]);
    assert!(keys(&GroupNorm::new(2, 4).without_affine()).is_empty());

    let x = randn(&[2, 4, 3], 13).to_dtype(DType::F32);
    let y = GroupNorm::new(2, 4).eps(0.1).forward(&x);
    assert_eq!(y.to_vec::<f32>(), x.group_norm(2, None, None, 0.1).to_vec::<f32>());
    let y = LayerNorm::new([4, 3]).eps(0.1).forward(&x);
    assert_eq!(y.to_vec::<f32>(), x.layer_norm([4, 3], None, None, 0.1).to_vec::<f32>());
    let y = RMSNorm::new([3]).eps(0.1).forward(&x);
    assert_eq!(y.to_vec::<f32>(), x.rms_norm([3], None, Some(0.1)).to_vec::<f32>());
}

fn message(f: impl FnOnce() -> Tensor + std::panic::UnwindSafe) -> String {
    let payload = std::panic::catch_unwind(f).expect_err("this is misuse");
    payload.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn misuse_is_explained() {
    assert_eq!(
        message(|| Tensor::ones([2, 3]).layer_norm([4], None, None, 1e-5)),
        "layer_norm: the input must end in the normalized shape [4], but has shape [2, 3]"
    );
    assert_eq!(
        message(|| Tensor::ones([2, 3]).layer_norm([3], Some(&Tensor::ones([2])), None, 1e-5)),
        "layer_norm: input [2, 3] needs a weight of shape [3], not [2]"
    );
    assert_eq!(
        message(|| Tensor::ones([2, 6, 2]).group_norm(4, None, None, 1e-5)),
        "group_norm: the 6 channels of input [2, 6, 2] cannot be cut into 4 equal groups"
    );
    assert_eq!(
        message(|| Tensor::ones([6]).group_norm(2, None, None, 1e-5)),
        "group_norm: the input must be (N, C) or (N, C, …), but has shape [6]"
    );
    let dtype = message(|| Tensor::arange(4).layer_norm([4], None, None, 1e-5));
    assert!(dtype.contains("needs f32 or f64"), "{dtype}");
}
