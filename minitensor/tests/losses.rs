//! Losses: how they hang together, and what they say of misuse. Their numbers are held to PyTorch's by `tests/parity`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minitensor::ops::{BceOptions, CrossEntropyOptions, MultiMarginOptions, NllOptions, Reduction};
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn randn(shape: &[usize], seed: u64) -> Tensor {
    Tensor::randn(shape, &mut ChaCha8Rng::seed_from_u64(seed)).to_dtype(DType::F64)
}

fn assert_close(got: &Tensor, want: &Tensor) {
    assert!(got.allclose(want, 1e-12, 1e-14), "{got}\nnot\n{want}");
}

#[test]
fn soft_labels_that_are_certain_are_labels() {
    let (x, labels) = (randn(&[4, 3], 1), Tensor::from([2i64, 0, 1, 1]));
    let certain = Tensor::eye(3).to_dtype(DType::F64).index_select(0, &labels);
    for label_smoothing in [0.0, 0.3] {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            let options = CrossEntropyOptions { label_smoothing, reduction, ..Default::default() };
            let soft = x.cross_entropy_with(&certain, &options);
            assert_close(&soft, &x.cross_entropy_with(&labels, &options));
        }
    }
}

/// Mixup (Zhang et al., 2018): the loss of mixed labels is the mix of the losses.
#[test]
fn mixed_labels_cost_the_mix_of_their_costs() {
    let x = randn(&[4, 3], 2);
    let one_hot =
        |labels: [i64; 4]| Tensor::eye(3).to_dtype(DType::F64).index_select(0, &Tensor::from(labels));
    let mixed = one_hot([0, 1, 2, 0]) * 0.7 + one_hot([2, 2, 1, 0]) * 0.3;
    let apart = |labels: [i64; 4]| x.cross_entropy(&Tensor::from(labels));
    assert_close(&x.cross_entropy(&mixed), &(apart([0, 1, 2, 0]) * 0.7 + apart([2, 2, 1, 0]) * 0.3));
}

#[test]
fn cross_entropy_is_the_likelihood_of_the_softmax_whatever_the_options() {
    let (x, labels) = (randn(&[2, 5, 3], 3), Tensor::from([[4i64, -1, 0], [1, 1, 3]]));
    let weight = Some(Tensor::from([1.0f64, 2.0, 0.5, 3.0, 0.1]));
    for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
        let nll = NllOptions { weight: weight.clone(), ignore_index: -1, reduction };
        let whole =
            CrossEntropyOptions { weight: weight.clone(), ignore_index: -1, label_smoothing: 0.0, reduction };
        let likelihood = x.log_softmax(1).nll_loss_with(&labels, &nll);
        assert_close(&likelihood, &x.cross_entropy_with(&labels, &whole));
    }
}

#[test]
fn probabilities_and_logits_cost_the_same() {
    let (x, t) = (randn(&[3, 4], 4), randn(&[3, 4], 5).sigmoid());
    let weight = Some(randn(&[4], 6).square());
    let options = BceOptions { weight, ..Default::default() };
    let logits = x.binary_cross_entropy_with_logits_with(&t, &options);
    assert_close(&x.sigmoid().binary_cross_entropy_with(&t, &options), &logits);
    // a pos_weight of 1 changes nothing, one of 2 counts the yes-part twice
    let of = |pos: f64| {
        let pos_weight = Some(Tensor::full_on([], pos, DType::F64, x.device()));
        x.binary_cross_entropy_with_logits_with(&t, &BceOptions { pos_weight, ..Default::default() })
    };
    assert_close(&of(1.0), &x.binary_cross_entropy_with_logits(&t));
    let yes = (&t * x.neg().softplus()).mean();
    assert_close(&of(2.0), &(of(1.0) + yes));
}

#[test]
fn a_divergence_is_zero_from_itself_alone() {
    let p = randn(&[3, 4], 7).log_softmax(1);
    let itself = p.kl_div(&p.exp(), false, Reduction::Sum).item();
    assert!(itself.abs() < 1e-15, "{itself}");
    let other = p.kl_div(&randn(&[3, 4], 8).softmax(1), false, Reduction::Sum).item();
    assert!(other > 0.01, "{other}");
    let zero = Tensor::zeros([2, 3]);
    assert_eq!(zero.gaussian_kl(&zero, Reduction::Sum).item(), 0.0);
}

#[test]
fn the_mean_of_no_losses_is_nan_and_their_sum_0() {
    let none = Tensor::zeros([0, 3]);
    assert!(none.mse_loss(&none).item().is_nan());
    assert!(none.huber_loss(&none, 1.0, Reduction::Mean).item().is_nan());
    assert!(none.binary_cross_entropy_with_logits(&none).item().is_nan());
    let labels = Tensor::from_vec(Vec::<i64>::new(), [0]);
    assert!(none.cross_entropy(&labels).item().is_nan());
    assert!(none.nll_loss(&labels).item().is_nan());
    assert!(none.multi_margin_loss(&labels).item().is_nan());
    assert_eq!(none.mse_loss_with(&none, Reduction::Sum).item(), 0.0);
}

fn message(f: impl FnOnce() -> Tensor) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("this is misuse");
    *payload.downcast::<String>().expect("a text")
}

#[test]
fn a_wrong_label_is_named() {
    let x = Tensor::zeros([3, 4]);
    for wrong in [4i64, -1, -100, i64::MAX, i64::MIN] {
        let labels = Tensor::from([0i64, wrong, 3]);
        let says = |op: &str| {
            format!("{op}: the label of row 1 is {wrong}, but there are 4 classes, numbered from 0")
        };
        let margin = message(|| x.multi_margin_loss(&labels));
        assert_eq!(margin, says("multi_margin_loss"));
        if wrong != -100 {
            assert_eq!(message(|| x.nll_loss(&labels)), says("nll_loss"));
            assert_eq!(message(|| x.cross_entropy(&labels)), says("cross_entropy"));
        }
    }
    // -100 is ignored unless something else is
    let labels = Tensor::from([0i64, -100, 3]);
    let options = NllOptions { ignore_index: 3, ..Default::default() };
    assert!(message(|| x.nll_loss_with(&labels, &options)).contains("label of row 1 is -100"));
}

#[test]
fn misuse_is_explained() {
    let (x, t) = (Tensor::zeros([4, 1]), Tensor::zeros([4]));
    let pairs: [(&str, String); 8] = [
        ("mse_loss", message(|| x.mse_loss(&t))),
        ("l1_loss", message(|| x.l1_loss(&t))),
        ("huber_loss", message(|| x.huber_loss(&t, 1.0, Reduction::Mean))),
        ("smooth_l1_loss", message(|| x.smooth_l1_loss(&t, 1.0, Reduction::Mean))),
        ("binary_cross_entropy", message(|| x.binary_cross_entropy(&t))),
        ("hinge_embedding_loss", message(|| x.hinge_embedding_loss(&t, 1.0, Reduction::Mean))),
        ("kl_div", message(|| x.kl_div(&t, false, Reduction::Sum))),
        ("gaussian_kl", message(|| x.gaussian_kl(&t, Reduction::Sum))),
    ];
    for (op, says) in pairs {
        let fix = "shapes [4, 1] and [4] must be equal; `reshape` or `unsqueeze` one of them";
        assert_eq!(says, format!("{op}: {fix}"));
    }
    let two = message(|| (&x + 2.0).binary_cross_entropy(&x));
    assert!(two.contains("the probabilities must be from 0 to 1"), "{two}");
    let delta = message(|| t.huber_loss(&t, 0.0, Reduction::Mean));
    assert_eq!(delta, "huber_loss: delta must be above 0, but it is 0");
    let options = MultiMarginOptions { p: 3, ..Default::default() };
    let p = message(|| x.multi_margin_loss_with(&Tensor::from([0i64; 4]), &options));
    assert_eq!(p, "multi_margin_loss: p must be 1 or 2, but it is 3");
    let options = BceOptions { weight: Some(Tensor::zeros([3])), ..Default::default() };
    let weight = message(|| x.binary_cross_entropy_with_logits_with(&x, &options));
    assert!(weight.contains("a weight of shape [3] does not broadcast"), "{weight}");
    let soft = message(|| x.cross_entropy(&t));
    assert!(soft.contains("[4, 1] and [4] must be equal"), "{soft}");
}
