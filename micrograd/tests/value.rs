//! The engine: each operation against finite differences and PyTorch, graphs of every shape, and very long ones.

use micrograd::Value;
use proptest::prelude::*;

/// Asserts that two numbers agree to `tolerance`, relative to the larger of 1 and the expected one.
#[track_caller]
fn close(got: f64, expected: f64, tolerance: f64) {
    let error = (got - expected).abs() / expected.abs().max(1.0);
    assert!(error <= tolerance, "got {got}, expected {expected}");
}

/// Compares the gradient of `f` at `at` with the slope of the line through two neighbouring points.
#[track_caller]
fn check_gradient(f: impl Fn(&[Value]) -> Value, at: &[f64]) {
    let h = 1e-6;
    let inputs: Vec<Value> = at.iter().map(|&x| Value::new(x)).collect();
    f(&inputs).backward();
    for (i, input) in inputs.iter().enumerate() {
        let moved = |by: f64| {
            let moved: Vec<Value> =
                at.iter().enumerate().map(|(j, &x)| Value::new(x + if i == j { by } else { 0.0 })).collect();
            f(&moved).data()
        };
        close(input.grad(), (moved(h) - moved(-h)) / (2.0 * h), 1e-7);
    }
}

#[test]
fn operators_between_values() {
    for at in [[2.0, 3.0], [-1.5, 0.25], [0.0, -4.0]] {
        check_gradient(|x| &x[0] + &x[1], &at);
        check_gradient(|x| &x[0] - &x[1], &at);
        check_gradient(|x| &x[0] * &x[1], &at);
        check_gradient(|x| &x[0] / &x[1], &at);
        check_gradient(|x| -&x[0] * -x[1].clone(), &at);
    }
}

#[test]
fn functions_of_one_value() {
    for x in [-3.0, -0.5, 0.25, 1.0, 4.0] {
        check_gradient(|x| x[0].exp(), &[x]);
        check_gradient(|x| x[0].tanh(), &[x]);
        check_gradient(|x| x[0].sigmoid(), &[x]);
        check_gradient(|x| x[0].relu(), &[x]);
        check_gradient(|x| x[0].softplus(), &[x]);
        for n in [-2, -1, 0, 1, 2, 3, 7] {
            check_gradient(|x| x[0].powi(n), &[x]);
        }
        check_gradient(|x| x[0].powi(2).ln(), &[x]);
        check_gradient(|x| x[0].powi(2).powf(0.3), &[x]);
    }
}

#[test]
fn every_spelling_of_an_operator() {
    let (a, b) = (Value::new(6.0), Value::new(2.0));
    for (result, expected) in [
        (&a + &b, 8.0),
        (a.clone() + &b, 8.0),
        (&a + b.clone(), 8.0),
        (a.clone() + b.clone(), 8.0),
        (&a - 2.0, 4.0),
        (a.clone() - 2.0, 4.0),
        (12.0 / &a, 2.0),
        (12.0 / a.clone(), 2.0),
        (3.0 * &a - 1.0, 17.0),
        (1.0 - &a / 2.0, -2.0),
    ] {
        assert_eq!(result.data(), expected);
    }
    let mut total = a.clone();
    total += &b;
    total *= 2.0;
    total -= b.clone();
    total /= &b;
    assert_eq!(total.data(), 7.0);
    total.backward();
    assert_eq!((a.grad(), b.grad()), (1.0, -3.0), "(2(a + b) - b) / b");
}

#[test]
fn f32_computes_in_f32() {
    let x = Value::new(0.1_f32);
    let y = 2.0 * &x * 0.7 + x.sigmoid() / (1.0_f32 + &x);
    y.backward();
    let (data, grad): (f32, f32) = (y.data(), x.grad());
    let x = 0.1_f64;
    let s = 1.0 / (1.0 + (-x).exp());
    assert!((f64::from(data) - (1.4 * x + s / (1.0 + x))).abs() < 1e-7, "{data}");
    let slope = 1.4 + s * (1.0 - s) / (1.0 + x) - s / (1.0 + x).powi(2);
    assert!((f64::from(grad) - slope).abs() < 2e-7, "{grad}");
}

/// The sanity check of the original micrograd, with the numbers that PyTorch gives for it.
#[test]
fn a_mixed_expression_as_in_pytorch() {
    let (a, b) = (Value::new(-4.0), Value::new(2.0));
    let mut c = &a + &b;
    let mut d = &a * &b + b.powi(3);
    c += &c + 1.0;
    c += 1.0 + &c + (-&a);
    d += &d * 2.0 + (&b + &a).relu();
    d += 3.0 * &d + (&b - &a).relu();
    let e = &c - &d;
    let f = e.powi(2);
    let mut g = &f / 2.0;
    g += 10.0 / &f;
    g.backward();
    close(g.data(), 24.704_081_632_653_06, 1e-14);
    close(a.grad(), 138.833_819_241_982_5, 1e-14);
    close(b.grad(), 645.577_259_475_218_7, 1e-14);
}

#[test]
fn values_where_formulas_break() {
    let at = |x: f64, f: fn(&Value) -> Value| {
        let x = Value::new(x);
        let y = f(&x);
        y.backward();
        (y.data(), x.grad())
    };
    assert_eq!(at(1000.0, Value::softplus), (1000.0, 1.0));
    assert_eq!(at(-1000.0, Value::softplus), (0.0, 0.0));
    assert_eq!(at(-1000.0, Value::sigmoid), (0.0, 0.0));
    assert_eq!(at(1000.0, Value::sigmoid), (1.0, 0.0));
    assert_eq!(at(0.0, Value::relu), (0.0, 0.0));
    assert_eq!(at(0.0, |x| x.powi(0)), (1.0, 0.0));
    assert_eq!(at(0.0, |x| x.powf(0.0)), (1.0, 0.0));
    assert_eq!(at(0.0, |x| x.powi(1)), (0.0, 1.0));
    assert_eq!(at(0.0, |x| x.powf(1.0)), (0.0, 1.0));
    assert_eq!(at(0.0, Value::ln), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(at(f64::NAN, Value::relu).0.is_nan());
}

#[test]
fn a_value_used_twice_gets_both_shares() {
    let a = Value::new(3.0);
    let b = &a + &a;
    let c = &b + &b;
    c.backward();
    assert_eq!((c.data(), a.grad(), b.grad()), (12.0, 4.0, 2.0));
}

#[test]
fn a_diamond_passes_on_its_whole_gradient() {
    // d = (a²)(a² + a): the shared a² must have both shares before it passes them on.
    let a = Value::new(2.0);
    let square = a.powi(2);
    let sum = &square + &a;
    let d = &square * &sum;
    d.backward();
    assert_eq!(square.grad(), 6.0 + 4.0);
    assert_eq!(a.grad(), 4.0 * 8.0 + 3.0 * 4.0, "d = a⁴ + a³");
}

#[test]
fn a_second_backward_adds_to_leaves_only() {
    let a = Value::new(2.0);
    let square = a.powi(2);
    let y = &square * 3.0;
    y.backward();
    assert_eq!((a.grad(), square.grad(), y.grad()), (12.0, 3.0, 1.0));
    y.backward();
    assert_eq!((a.grad(), square.grad(), y.grad()), (24.0, 3.0, 1.0));
    // Another result of the same intermediate value.
    (&square * 5.0).backward();
    assert_eq!((a.grad(), square.grad()), (44.0, 5.0));
    a.zero_grad();
    y.backward();
    assert_eq!(a.grad(), 12.0);
}

#[test]
fn a_leaf_is_its_own_gradient() {
    let a = Value::new(7.0);
    a.backward();
    a.backward();
    assert_eq!(a.grad(), 2.0);
}

#[test]
fn a_result_can_outlive_the_rest() {
    let x = Value::new(2.0);
    let y = {
        let hidden = x.powi(3);
        let other = &hidden * 100.0;
        drop(other);
        hidden
    };
    y.backward();
    assert_eq!(x.grad(), 12.0);
}

#[test]
fn a_million_operations_neither_overflow_nor_take_long() {
    let x = Value::new(1.0);
    let mut chain = x.clone();
    for _ in 0..1_000_000 {
        chain += &x;
    }
    chain.backward();
    assert_eq!((chain.data(), x.grad()), (1_000_001.0, 1_000_001.0));
    let mut doubling = x.clone();
    for _ in 0..500 {
        doubling = &doubling + &doubling; // 2^500 paths lead back to x
    }
    x.zero_grad();
    doubling.backward();
    assert_eq!(x.grad(), 2.0_f64.powi(500));
    let wide: Value = (0..200_000).map(|i| &x * f64::from(i % 2)).sum();
    x.zero_grad();
    wide.backward();
    assert_eq!(x.grad(), 100_000.0);
}

#[test]
fn sums() {
    let values: Vec<Value> = [1.0, 2.0, 4.0].map(Value::new).into();
    let total: Value = values.iter().sum();
    total.backward();
    assert_eq!(total.data(), 7.0);
    assert!(values.iter().all(|v| v.grad() == 1.0));
    let nothing: Value = std::iter::empty::<Value>().sum();
    assert!(nothing.data() == 0.0 && nothing.is_leaf());
}

#[test]
fn what_a_value_tells_about_itself() {
    let a = Value::from(2.0).with_label("a");
    let b = (&a * 4.0).with_label("b");
    b.backward();
    assert_eq!((a.label(), b.label(), b.op(), a.op()), ("a".into(), "b".into(), "*", ""));
    assert!(a.is_leaf() && !b.is_leaf() && a.id() < b.id() && a.id() == a.clone().id());
    let parents: Vec<(f64, f64)> = b.parents().map(|(parent, slope)| (parent.data(), slope)).collect();
    assert_eq!(parents, [(2.0, 4.0), (4.0, 2.0)]);
    assert_eq!(format!("{b:.2} {a:?}"), "8.00 Value(data=2.0, grad=4.0)");
    a.set_data(5.0);
    assert_eq!((a.data(), b.data()), (5.0, 8.0), "results keep what was computed");
}

#[test]
#[should_panic(expected = "set_data: only a leaf can change, and this value is the result of `*`")]
fn a_result_cannot_be_set() {
    (Value::new(2.0) * 3.0).set_data(1.0);
}

/// One random step of a computation: which operation, on which of the values so far.
type Step = (u8, prop::sample::Index, prop::sample::Index);

fn compute(inputs: &[Value], steps: &[Step]) -> Value {
    let mut values = inputs.to_vec();
    for (op, a, b) in steps {
        let (a, b) = (a.get(&values), b.get(&values));
        values.push(match op % 8 {
            0 => a + b,
            1 => a - b,
            2 => (a * b).tanh(),
            3 => a / (b.powi(2) + 1.0),
            4 => a.sigmoid() * 2.0,
            5 => a.softplus() - b,
            6 => (a.powi(2) + 0.5).ln(),
            _ => (-a.powi(2)).exp() + b,
        });
    }
    values.iter().sum()
}

proptest! {
    #[test]
    fn random_graphs_agree_with_finite_differences(
        inputs in prop::collection::vec(-2.0..2.0, 1..4),
        steps in prop::collection::vec(any::<Step>(), 1..12),
    ) {
        let h = 1e-5;
        let leaves: Vec<Value> = inputs.iter().map(|&x| Value::new(x)).collect();
        compute(&leaves, &steps).backward();
        for (i, leaf) in leaves.iter().enumerate() {
            let moved = |by: f64| {
                let mut moved = inputs.clone();
                moved[i] += by;
                compute(&moved.into_iter().map(Value::new).collect::<Vec<_>>(), &steps).data()
            };
            let slope = (moved(h) - moved(-h)) / (2.0 * h);
            let error = (leaf.grad() - slope).abs() / slope.abs().max(1.0);
            prop_assert!(error < 1e-4, "input {i}: got {}, expected {slope}", leaf.grad());
        }
    }
}
