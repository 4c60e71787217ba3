//! Gradient checks in F64 of every differentiable op: its backward against central differences of its forward.
//!
//! The ops are called through the arms of the fixtures, on inputs of their own: random, strided, broadcast.

use std::collections::BTreeSet;

use minitensor::{Tensor, gradcheck};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::arms;
use crate::fixture::{Args, Fixture};
use crate::runner::{Arm, permute};

/// An input of a check.
enum Input {
    /// Numbers from −2 to 2, in a layout of which no stride is what it would be by default.
    Real(&'static [usize]),
    /// Numbers from 0.5 to 2.5: for ln, sqrt and divisors.
    Positive(&'static [usize]),
    /// As `Positive`, but of no interest to the gradient: running statistics, the weights of classes.
    Constant(&'static [usize]),
    /// A real tensor repeated to a larger shape.
    Expanded(&'static [usize], &'static [usize]),
    /// Whole numbers in `0..high`.
    Index(i64, &'static [usize]),
    /// Zeros and ones.
    Mask(&'static [usize]),
}
use Input::{Constant, Expanded, Index, Mask, Positive, Real};

/// Checks of one topic: op, arguments, inputs.
type Checks = Vec<(&'static str, Value, Vec<Input>)>;

#[test]
fn elementwise() {
    let mut checks: Checks = Vec::new();
    for op in [
        "neg",
        "exp",
        "tanh",
        "sigmoid",
        "relu",
        "gelu",
        "gelu_tanh",
        "silu",
        "softplus",
        "abs",
        "sin",
        "erf",
        "sign",
        "cos",
        "square",
        "mul_self",
        "diamond",
    ] {
        checks.push((op, json!({}), vec![Real(&[3, 4])]));
        checks.push((op, json!({}), vec![Expanded(&[3, 1], &[2, 3, 2])]));
    }
    for op in ["ln", "sqrt", "recip"] {
        checks.push((op, json!({}), vec![Positive(&[3, 4])]));
    }
    for op in ["add_number", "sub_number", "number_sub", "mul_number", "div_number", "number_div"] {
        checks.push((op, json!({"number": 1.7}), vec![Positive(&[2, 3, 2])]));
    }
    for op in ["add", "sub", "mul", "div", "maximum", "minimum"] {
        checks.push((op, json!({}), vec![Real(&[3, 4]), Positive(&[3, 4])]));
        checks.push((op, json!({}), vec![Real(&[3, 1, 2]), Positive(&[4, 1])]));
        checks.push((op, json!({}), vec![Real(&[]), Expanded(&[3, 1], &[3, 2])].into_iter().rev().collect()));
    }
    checks.push(("pow_tensor", json!({}), vec![Positive(&[3, 4]), Real(&[3, 4])]));
    checks.push(("pow_tensor", json!({}), vec![Positive(&[3, 1]), Real(&[2, 1, 4])]));
    checks.push(("pow", json!({"exponent": 2.5}), vec![Positive(&[3, 4])]));
    checks.push(("pow", json!({"exponent": 3.0}), vec![Real(&[3, 4])]));
    checks.push(("leaky_relu", json!({"negative_slope": 0.2}), vec![Real(&[3, 4])]));
    checks.push(("clamp", json!({"min": -0.7, "max": 0.9}), vec![Real(&[4, 5])]));
    check("elementwise", arms::elementwise::ARMS, checks);
}

#[test]
fn reductions() {
    let mut checks: Checks = Vec::new();
    for op in ["sum", "mean", "var", "std", "max", "min"] {
        for dim in [json!(null), json!(0), json!(-1)] {
            checks.push((op, json!({"dim": dim, "keepdim": true, "unbiased": true}), vec![Real(&[3, 4])]));
        }
    }
    for op in ["sum", "mean", "var", "std", "amax", "amin", "logsumexp"] {
        checks.push((op, json!({"dim": [0, 2], "keepdim": false}), vec![Real(&[2, 3, 4])]));
    }
    checks.push(("logsumexp", json!({"dim": 1, "keepdim": true}), vec![Expanded(&[3, 1], &[3, 4])]));
    check("reductions", arms::reductions::ARMS, checks);
}

#[test]
fn matmul() {
    let pairs: [[&'static [usize]; 2]; 9] = [
        [&[3, 4], &[4, 5]],
        [&[1, 4], &[4, 1]],
        [&[4], &[4]],
        [&[4], &[4, 3]],
        [&[3, 4], &[4]],
        [&[2, 3, 4], &[2, 4, 2]],
        [&[2, 3, 4], &[4, 2]],
        [&[3, 4], &[2, 4, 2]],
        [&[2, 1, 3, 2], &[3, 2, 2]],
    ];
    let checks = pairs.map(|[a, b]| ("matmul", json!({}), vec![Real(a), Real(b)]));
    check("matmul", arms::matmul::ARMS, checks.into());
}

#[test]
fn movement() {
    let checks = vec![
        ("reshape", json!({"shape": [6, 4]}), vec![Real(&[2, 3, 4])]),
        ("permute", json!({"dims": [2, 0, 1]}), vec![Real(&[2, 3, 4])]),
        ("transpose", json!({"dim0": 0, "dim1": -1}), vec![Real(&[2, 3, 4])]),
        ("t", json!({}), vec![Real(&[3, 4])]),
        ("expand", json!({"shape": [2, 3, 4]}), vec![Real(&[3, 1])]),
        ("narrow", json!({"dim": 1, "start": 1, "length": 2}), vec![Real(&[3, 4])]),
        ("select", json!({"dim": 0, "index": 2}), vec![Real(&[3, 4])]),
        ("squeeze", json!({"dim": 1}), vec![Real(&[3, 1, 4])]),
        ("unsqueeze", json!({"dim": 1}), vec![Real(&[3, 4])]),
        ("flatten", json!({"start": 1, "end": -1}), vec![Real(&[2, 3, 4])]),
        ("flip", json!({"dims": [0, 1]}), vec![Real(&[3, 4])]),
        ("cat", json!({"dim": 1}), vec![Real(&[3, 4]), Real(&[3, 1]), Expanded(&[3, 1], &[3, 2])]),
        ("stack", json!({"dim": 1}), vec![Real(&[3, 4]), Real(&[3, 4])]),
        ("contiguous", json!({}), vec![Real(&[3, 4])]),
        ("split", json!({"length": 2, "dim": 1}), vec![Real(&[3, 4])]),
        ("step", json!({"dim": 1, "step": 2}), vec![Real(&[3, 5])]),
        ("to_dtype", json!({"dtype": "f64"}), vec![Real(&[3, 4])]),
    ];
    check("movement", arms::movement::ARMS, checks);
}

#[test]
fn indexing() {
    let checks = vec![
        ("index_select", json!({"dim": 1}), vec![Real(&[3, 4]), Index(4, &[6])]),
        ("gather", json!({"dim": 0}), vec![Real(&[3, 4]), Index(3, &[5, 4])]),
        ("embedding", json!({}), vec![Real(&[5, 3]), Index(5, &[2, 4])]),
        ("masked_fill", json!({"value": 0.5}), vec![Real(&[3, 4]), Mask(&[4])]),
        ("where", json!({}), vec![Mask(&[3, 1]), Real(&[3, 4]), Real(&[4])]),
        ("scatter_add", json!({"dim": 1}), vec![Real(&[3, 4]), Index(4, &[3, 6]), Real(&[3, 6])]),
    ];
    check("indexing", arms::indexing::ARMS, checks);
}

#[test]
fn losses() {
    let mut checks: Checks = Vec::new();
    for dim in [0, 1, -1] {
        checks.push(("softmax", json!({"dim": dim}), vec![Real(&[3, 4, 2])]));
        checks.push(("log_softmax", json!({"dim": dim}), vec![Real(&[3, 4, 2])]));
    }
    for reduction in ["mean", "sum", "none"] {
        let arguments = json!({"reduction": reduction, "label_smoothing": 0.2});
        checks.push(("cross_entropy", arguments.clone(), vec![Real(&[5, 4]), Index(4, &[5])]));
        checks.push(("cross_entropy", arguments, vec![Real(&[5, 4]), Index(4, &[5]), Constant(&[4])]));
    }
    checks.push(("cross_entropy", json!({}), vec![Real(&[2, 3, 2, 2]), Index(3, &[2, 2, 2])]));
    checks.push(("nll_loss", json!({}), vec![Real(&[5, 4]), Index(4, &[5])]));
    checks.push(("mse_loss", json!({}), vec![Real(&[3, 4]), Real(&[3, 4])]));
    checks.push(("l1_loss", json!({}), vec![Real(&[3, 4]), Real(&[3, 4])]));
    checks.push(("bce_with_logits", json!({}), vec![Real(&[3, 4]), Real(&[3, 4])]));
    checks.push(("cross_entropy", json!({"ignore_index": 2}), vec![Real(&[6, 4]), Index(4, &[6])]));
    check("losses", arms::losses::ARMS, checks);
}

#[test]
fn conv() {
    let options = |stride: usize, padding: usize, dilation: usize, groups: usize| json!({"stride": stride, "padding": padding, "dilation": dilation, "groups": groups});
    let checks = vec![
        ("conv2d", options(1, 0, 1, 1), vec![Real(&[2, 3, 4, 5]), Real(&[2, 3, 3, 2]), Real(&[2])]),
        ("conv2d", options(2, 1, 1, 1), vec![Real(&[2, 2, 5, 4]), Real(&[3, 2, 3, 3]), Real(&[3])]),
        ("conv2d", options(1, 2, 2, 1), vec![Real(&[1, 2, 5, 5]), Real(&[2, 2, 3, 3])]),
        ("conv2d", options(1, 1, 1, 2), vec![Real(&[1, 4, 4, 4]), Real(&[4, 2, 3, 3]), Real(&[4])]),
        ("conv2d", options(1, 1, 1, 3), vec![Expanded(&[1, 3, 1, 4], &[2, 3, 4, 4]), Real(&[3, 1, 3, 3])]),
        ("conv1d", options(1, 1, 1, 1), vec![Real(&[2, 3, 6]), Real(&[2, 3, 3]), Real(&[2])]),
        ("conv1d", options(2, 2, 2, 2), vec![Real(&[1, 4, 7]), Real(&[2, 2, 3])]),
    ];
    check("conv", arms::conv::ARMS, checks);
}

#[test]
fn pool() {
    let window = |kernel: usize, stride: usize, padding: usize, inside: bool| json!({"kernel": kernel, "stride": stride, "padding": padding, "count_include_pad": !inside});
    let checks = vec![
        ("max_pool2d", window(2, 2, 0, false), vec![Real(&[2, 2, 4, 5])]),
        ("max_pool2d", window(3, 2, 1, false), vec![Real(&[1, 2, 5, 5])]),
        ("max_pool2d_positions", window(2, 1, 0, false), vec![Real(&[2, 2, 4, 3])]),
        ("max_pool1d", window(3, 2, 1, false), vec![Real(&[2, 2, 7])]),
        ("avg_pool1d", window(3, 2, 1, false), vec![Real(&[2, 2, 7])]),
        ("avg_pool2d", window(2, 2, 0, false), vec![Real(&[2, 2, 4, 5])]),
        ("avg_pool2d", window(3, 2, 1, false), vec![Real(&[1, 2, 5, 5])]),
        ("avg_pool2d", window(3, 1, 1, true), vec![Expanded(&[1, 1, 4, 4], &[1, 2, 4, 4])]),
        ("adaptive_avg_pool2d", json!({"size": [1, 1]}), vec![Real(&[2, 2, 4, 3])]),
        ("adaptive_avg_pool2d", json!({"size": [3, 2]}), vec![Real(&[1, 2, 4, 5])]),
    ];
    check("pool", arms::pool::ARMS, checks);
}

#[test]
fn norm() {
    let mode = |training: bool| json!({"training": training, "momentum": 0.1, "eps": 1e-5});
    let parts = |x: &'static [usize]| vec![Real(x), Constant(&[3]), Constant(&[3]), Real(&[3]), Real(&[3])];
    let checks = [true, false].into_iter().flat_map(|training| {
        [&[5, 3][..], &[2, 3, 4], &[2, 3, 2, 2]].map(|x| ("batch_norm", mode(training), parts(x)))
    });
    let untracked = ("batch_norm_untracked", mode(true), vec![Real(&[2, 3, 4]), Real(&[3]), Real(&[3])]);
    check("norm", arms::norm::ARMS, checks.chain([untracked]).collect());
}

/// Runs the checks of a topic, and fails with all that went wrong; each differentiable op must have one.
fn check(topic: &str, arms: &[Arm], checks: Checks) {
    let description = Fixture::open(topic).description();
    let differentiable = description
        .cases
        .values()
        .filter(|case| !case.differentiable.is_empty())
        .map(|case| case.op.as_str());
    let checked: BTreeSet<&str> = checks.iter().map(|(op, ..)| *op).collect();
    let mut failures: Vec<String> = differentiable
        .collect::<BTreeSet<_>>()
        .difference(&checked)
        .map(|op| format!("{op} has a gradient, but no gradient check"))
        .collect();

    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for (op, arguments, inputs) in checks {
        let drawn: Vec<Tensor> = inputs.iter().map(|input| input.draw(&mut rng)).collect();
        let shapes: Vec<_> = drawn.iter().map(|x| format!("{:?}", x.shape())).collect();
        let wanted: Vec<usize> = (0..drawn.len()).filter(|&i| !matches!(inputs[i], Constant(_))).collect();
        let (_, arm) = arms.iter().find(|(name, _)| *name == op).unwrap_or_else(|| panic!("{op} has no arm"));
        let args = Args::from(arguments.clone());
        let call = |moved: &[Tensor]| {
            let mut x = drawn.clone();
            wanted.iter().zip(moved).for_each(|(&i, moved)| x[i] = moved.clone());
            arm(&x, &args).remove(0)
        };
        let moved: Vec<Tensor> = wanted.iter().map(|&i| drawn[i].clone()).collect();
        if let Err(wrong) = gradcheck(call, &moved) {
            failures.push(format!("{op} {arguments} of {}: {wrong}", shapes.join(", ")));
        }
    }
    assert!(failures.is_empty(), "{topic}:\n  {}\n", failures.join("\n  "));
}

impl Input {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Tensor {
        match *self {
            Real(shape) => strided(shape, rng, |rng| rng.random_range(-2.0..2.0)),
            Positive(shape) | Constant(shape) => strided(shape, rng, |rng| rng.random_range(0.5..2.5)),
            Expanded(from, to) => strided(from, rng, |rng| rng.random_range(-2.0..2.0)).expand(to),
            Index(high, shape) => strided(shape, rng, |rng| rng.random_range(0..high)),
            Mask(shape) => strided(shape, rng, |rng| rng.random_range(0..2u8)),
        }
    }
}

/// Random elements of this shape, seen through a reversed, narrowed and stepped view of a larger tensor.
fn strided<T: minitensor::Element>(
    shape: &[usize],
    rng: &mut ChaCha8Rng,
    mut draw: impl FnMut(&mut ChaCha8Rng) -> T,
) -> Tensor {
    let larger: Vec<usize> = shape.iter().rev().map(|&size| 2 * size + 1).collect();
    let base = Tensor::from_vec((0..larger.iter().product()).map(|_| draw(rng)).collect(), larger);
    let reversed: Vec<isize> = (0..shape.len() as isize).rev().collect();
    let turned = permute(&base, &reversed);
    (0..shape.len()).fold(turned, |x, d| x.narrow(d as isize, 1, 2 * shape[d]).step(d as isize, 2))
}
