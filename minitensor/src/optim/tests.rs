//! What holds for every optimiser: the kernel against small ops, memory in a state, buffers that others hold.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::*;
use crate::dtype::DType;
use crate::tensor::Tensor;

/// Parameters of odd shapes and strides, one longer than a kernel's chunk, all in this dtype.
fn parameters(dtype: DType) -> Vec<Tensor> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut draw = |shape: &[usize]| Tensor::randn(shape, &mut rng).to_dtype(dtype);
    let views = [
        draw(&[3, 5]),
        draw(&[5, 3]).t(),
        draw(&[4, 7]).narrow(1, 2, 3),
        draw(&[]),
        draw(&[0, 2]),
        draw(&[40_001]),
    ];
    views.map(|view| view.detach().requires_grad_()).into()
}

/// Gives every parameter the gradient that it has at step `t` of some made-up run.
fn give_gradients(parameters: &Parameters, t: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(100 + t);
    for (_, w) in parameters.iter() {
        // (rows, columns) from (columns, rows): a gradient may be strided too
        let shape: Vec<usize> = w.shape().iter().rev().copied().collect();
        let grad = Tensor::randn(&shape[..], &mut rng).to_dtype(w.dtype());
        w.set_grad(Some(if w.rank() == 2 { grad.t() } else { grad }));
    }
}

fn run<R: UpdateRule>(options: R, dtype: DType, step: fn(&mut Descent<R>)) -> Descent<R> {
    let mut optimizer = Descent::new(parameters(dtype), 0.05, options);
    for t in 0..4 {
        give_gradients(optimizer.parameters(), t);
        step(&mut optimizer);
    }
    optimizer
}

fn assert_same<R: UpdateRule>(a: &Descent<R>, b: &Descent<R>, rtol: f64) {
    for ((name, a), (_, b)) in a.parameters().iter().zip(b.parameters().iter()) {
        assert!(a.allclose(b, rtol, rtol), "parameter {name}");
    }
    let (a, b) = (a.state(), b.state());
    assert!(a.keys().eq(b.keys()));
    for (name, a) in &a {
        assert!(a.allclose(&b[name], rtol, rtol), "{name}");
    }
}

fn fused_is_plain(options: impl UpdateRule) {
    for (dtype, rtol) in [(DType::F32, 2e-5), (DType::F64, 1e-13)] {
        assert_same(&run(options, dtype, Optimizer::step), &run(options, dtype, Descent::step_plain), rtol);
    }
}

/// Calls `$f` with each option set of each optimiser.
macro_rules! every_rule {
    ($f:ident) => {
        $f(SgdOptions { weight_decay: 0.1, ..SgdOptions::default() });
        $f(SgdOptions { momentum: 0.9, dampening: 0.2, weight_decay: 0.1, nesterov: false });
        $f(SgdOptions { momentum: 0.9, dampening: 0.0, weight_decay: 0.0, nesterov: true });
        for (decoupled, amsgrad) in [(false, false), (true, false), (false, true), (true, true)] {
            $f(AdamOptions { weight_decay: 0.1, decoupled, amsgrad, ..AdamOptions::default() });
        }
        for (momentum, centered) in [(0.0, false), (0.0, true), (0.9, false), (0.9, true)] {
            $f(RMSpropOptions { weight_decay: 0.1, momentum, centered, ..RMSpropOptions::default() });
        }
        $f(AdagradOptions { lr_decay: 0.1, weight_decay: 0.1, ..AdagradOptions::default() });
        $f(AdagradOptions { initial_accumulator_value: 0.5, ..AdagradOptions::default() });
        $f(AdadeltaOptions { weight_decay: 0.1, ..AdadeltaOptions::default() });
    };
}

#[test]
fn the_kernel_does_what_small_ops_do() {
    every_rule!(fused_is_plain);
}

/// Saves after two steps, loads into a fresh optimiser on copies of the parameters, and takes two more with both.
fn goes_on_from_its_state(options: impl UpdateRule) {
    let mut first = Descent::new(parameters(DType::F64), 0.05, options);
    for t in 0..2 {
        give_gradients(first.parameters(), t);
        first.step();
    }
    let copies: Vec<Tensor> =
        first.parameters().iter().map(|(_, w)| w.add_scalar(0.0).detach().requires_grad_()).collect();
    let mut second = Descent::new(copies, 0.05, options);
    second.load_state(&first.state()).unwrap();
    for t in 2..4 {
        for optimizer in [&mut first, &mut second] {
            give_gradients(optimizer.parameters(), t);
            optimizer.step();
        }
    }
    assert_same(&first, &second, 0.0);
}

#[test]
fn a_run_goes_on_from_its_state() {
    every_rule!(goes_on_from_its_state);
}

#[test]
fn a_state_of_another_optimizer_is_refused_and_changes_nothing() {
    let adam = run(AdamOptions::default(), DType::F64, Optimizer::step);
    let mut other = run(AdamOptions { amsgrad: true, ..AdamOptions::default() }, DType::F64, Optimizer::step);
    let before = other.state();
    let error = other.load_state(&adam.state()).expect_err("no max_exp_avg_sq");
    assert_eq!(error.missing.len(), 6);
    assert_eq!(error.missing[0], "max_exp_avg_sq.0");
    assert!(other.state().iter().all(|(name, tensor)| tensor.allclose(&before[name], 0.0, 0.0)));

    let mut state = adam.state();
    state.insert("exp_avg.0".into(), Tensor::zeros([2]));
    state.insert("exp_avg.nobody".into(), Tensor::zeros([2]));
    let error =
        Adam::new(parameters(DType::F64), 0.1, AdamOptions::default()).load_state(&state).unwrap_err();
    assert_eq!(error.shapes[0].0, "exp_avg.0");
    assert_eq!(error.unexpected, ["exp_avg.nobody"]);
}

#[test]
fn a_step_is_taken_in_place_unless_somebody_reads() {
    let w = Tensor::ones([5]).requires_grad_();
    let mut sgd = Sgd::new(vec![w.clone()], 0.5, SgdOptions::default());
    w.set_grad(Some(Tensor::ones([5])));
    let address = |w: &Tensor| Arc::as_ptr(&w.storage());
    let before = address(&w);
    sgd.step();
    assert_eq!(address(&w), before);

    let reader = w.detach();
    sgd.step();
    assert_ne!(address(&w), before);
    assert_eq!((reader.to_vec::<f32>()[0], w.to_vec::<f32>()[0]), (0.5, 0.0));
}

/// d(w²)/dw is 2w at the w that the loss was computed with.
#[test]
fn a_step_before_backward_does_not_falsify_a_gradient() {
    let w = Tensor::full([1], 3.0).requires_grad_();
    let mut sgd = Sgd::new(vec![w.clone()], 1.0, SgdOptions::default());
    let loss = (&w * &w).sum();
    w.set_grad(Some(Tensor::ones([1])));
    sgd.step();
    assert_eq!(w.item(), 2.0);
    sgd.zero_grad();
    loss.backward();
    assert_eq!(w.grad().unwrap().item(), 6.0);
}

#[test]
fn groups_have_their_own_options_and_scale_the_rate() {
    let w: Vec<Tensor> = (0..3).map(|_| Tensor::ones([1]).requires_grad_()).collect();
    let named = |i: usize| vec![(format!("w{i}"), w[i].clone())];
    let mut sgd = Sgd::grouped(
        0.1,
        [
            Group::new(named(0), SgdOptions::default()),
            Group::new(named(1), SgdOptions::default()).lr_scale(2.0),
            Group::new(named(2), SgdOptions { weight_decay: 0.5, ..SgdOptions::default() }),
        ],
    );
    sgd.set_lr(0.2);
    w.iter().for_each(|w| w.set_grad(Some(Tensor::ones([1]))));
    sgd.step();
    for (w, expected) in w.iter().zip([1.0 - 0.2, 1.0 - 0.4, 1.0 - 0.2 * 1.5]) {
        assert!((w.item() - expected).abs() < 1e-6, "{} is not {expected}", w.item());
    }
}

/// The message of the panic that `f` must end with.
fn panic_of(f: impl FnOnce()) -> String {
    *catch_unwind(AssertUnwindSafe(f)).expect_err("must refuse").downcast::<String>().expect("a message")
}

#[test]
fn a_parameter_without_a_gradient_is_named() {
    let reached = Tensor::ones([1]).requires_grad_();
    let forgotten = Tensor::ones([1]).requires_grad_();
    reached.sum().backward();
    let named = vec![("reached".to_string(), reached), ("forgotten".to_string(), forgotten.clone())];
    let mut sgd = Sgd::new(named, 0.1, SgdOptions::default());
    assert!(panic_of(|| sgd.step()).contains("no gradient has reached forgotten;"));

    forgotten.set_requires_grad(false);
    sgd.step();
    assert_eq!(forgotten.item(), 1.0);
}

#[test]
fn misuse_is_refused() {
    let w = Tensor::ones([1]).requires_grad_();
    let twice = vec![("a".to_string(), w.clone()), ("b".to_string(), w.clone())];
    assert_eq!(
        panic_of(|| drop(Sgd::new(twice, 0.1, SgdOptions::default()))),
        "optimizer: the parameter b comes twice"
    );
    let groups = || [vec![w.clone()], vec![Tensor::ones([1])]].map(|w| Group::new(w, SgdOptions::default()));
    assert!(panic_of(|| drop(Sgd::grouped(0.1, groups()))).contains("two parameters are called 0;"));
    let options = AdamOptions { beta2: 1.0, ..AdamOptions::default() };
    assert_eq!(
        panic_of(|| drop(Adam::new(vec![w.clone()], 0.1, options))),
        "adam: beta2 is 1, but must be at least 0 and below 1"
    );
    let options = SgdOptions { nesterov: true, ..SgdOptions::default() };
    assert!(panic_of(|| drop(Sgd::new(vec![w.clone()], 0.1, options))).contains("needs momentum above 0"));
    w.set_grad(Some(Tensor::ones([2])));
    let mut sgd = Sgd::new(vec![w], 0.1, SgdOptions::default());
    assert!(panic_of(|| sgd.step()).contains("the parameter 0 is [1] of f32, but `set_grad` gave it"));
}
