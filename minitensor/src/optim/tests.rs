//! What holds for every optimiser: the kernel against small ops, memory in a state, buffers that others hold.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::*;
use crate::dtype::DType;
use crate::nn::{Module, StateDict, Visitor};
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

/// A model of one weight and one buffer.
struct Pair {
    weight: Tensor,
    count: Tensor,
}

impl Pair {
    fn of(weight: f64, count: i64) -> Pair {
        Pair { weight: Tensor::full([2], weight).requires_grad_(), count: Tensor::scalar(count) }
    }

    fn numbers(&self) -> (f32, f64) {
        (self.weight.to_vec()[1], self.count.item())
    }
}

impl Module for Pair {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.mul(&self.weight)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
        visitor.buffer("count", &self.count);
    }
}

#[test]
fn an_average_is_swapped_in_and_out_and_kept_in_a_state() {
    let model = Pair::of(0.0, 0);
    let mut ema = Ema::new(&model, 0.75);
    crate::no_grad(|| model.weight.copy_(&Tensor::full([2], 4.0)));
    model.count.copy_(&Tensor::scalar(7i64));
    ema.update(&model); // 0.75 · 0 + 0.25 · 4; buffers are copied
    ema.swap(&model);
    assert_eq!(model.numbers(), (1.0, 7.0));
    ema.swap(&model);
    assert_eq!(model.numbers(), (4.0, 7.0));

    let other = Pair::of(9.0, 9);
    let mut restored = Ema::new(&other, 0.75);
    restored.load_state(&ema.state()).unwrap();
    restored.update(&model); // 0.75 · 1 + 0.25 · 4
    restored.apply_to(&other);
    assert_eq!(other.numbers(), (1.75, 7.0));
    assert_eq!(ema.averages()["weight"].to_vec::<f32>(), [1.0, 1.0], "a state does not share what it keeps");

    let mut damaged = ema.state();
    damaged.remove("updates");
    damaged.insert("average.other".into(), Tensor::zeros([1]));
    let error = restored.load_state(&damaged).unwrap_err();
    assert_eq!((error.missing, error.unexpected), (vec!["updates".into()], vec!["average.other".into()]));
}

#[test]
fn training_stops_when_it_has_waited_long_enough() {
    use Verdict::{Better, Stop, Wait};
    let watch = |mut stopping: EarlyStopping, values: &[f64]| -> Vec<Verdict> {
        values.iter().map(|&value| stopping.observe(value)).collect()
    };
    let loss = EarlyStopping::new(Goal::Min, 2);
    assert_eq!(
        watch(loss.clone(), &[3.0, 2.0, 2.0, 1.0, f64::NAN, 4.0]),
        [Better, Better, Wait, Better, Wait, Stop]
    );
    assert_eq!(watch(loss.clone(), &[f64::NAN, f64::NAN]), [Wait, Stop]);
    assert_eq!(watch(loss.min_delta(0.5), &[3.0, 2.6, 2.4, 2.0, 1.9]), [Better, Wait, Better, Wait, Stop]);
    let accuracy = EarlyStopping::new(Goal::Max, 1);
    assert_eq!(watch(accuracy.clone(), &[0.5, 0.6, 0.6]), [Better, Better, Stop]);

    let (mut before, mut after) = (accuracy.clone(), accuracy);
    assert_eq!([0.1, 0.3].map(|value| before.observe(value)), [Better, Better]);
    after.load_state(&before.state()).unwrap();
    assert_eq!((after.best(), after.best_at()), (0.3, Some(1)));
    assert_eq!(after.observe(0.2), Stop);
    assert!(after.load_state(&StateDict::new()).is_err());
}

#[test]
fn a_warm_up_rises_to_where_its_schedule_starts() {
    let schedule = Warmup { steps: 4, then: StepLR { lr: 0.8, step_size: 2, gamma: 0.5 } };
    assert_eq!([0, 1, 3, 4, 5, 6, 8].map(|t| schedule.lr(t)), [0.2, 0.4, 0.8, 0.8, 0.8, 0.4, 0.2]);
    let level = WarmupCosine { lr: 1.0, min: 0.25, warmup: 2, steps: 6 };
    assert_eq!([0, 1, 2, 6, 7, 1000].map(|t| level.lr(t)), [0.5, 1.0, 1.0, 0.25, 0.25, 0.25]);
    // no schedule divides by nothing
    let empty = WarmupCosine { lr: 1.0, min: 0.0, warmup: 0, steps: 0 };
    assert!([0, 1, 2].iter().all(|&t| empty.lr(t).is_finite()));
    assert!([0, 1, 2].iter().all(|&t| OneCycleLR::new(1.0, 0).lr(t).is_finite()));
}
