//! A function of each element, or of each pair. What each op computes stands in the tables of `kernels/arithmetic.cl`.

use super::{Grid, OpenClStorage, Source, source};
use crate::device::{Activation, BinaryOp, CompareOp, UnaryOp};
use crate::dtype::DType;
use crate::shape::Layout;

const ARITHMETIC: Source = source!("arithmetic");

/// The kernel of an op, and the op's numbers: p, q and r of the kernel.
type Call = (&'static str, [f64; 3]);

const NONE: [f64; 3] = [0.0; 3];

pub(super) fn unary(x: &OpenClStorage, op: UnaryOp, layout: &Layout) -> OpenClStorage {
    let (name, [p, q, r]) = unary_call(op);
    let (out, grid) = (x.like(layout.numel()), Grid::new([layout]));
    let launch = x.kernel(&ARITHMETIC, name).size(out.numel).grid(&grid).real(p).real(q).real(r);
    launch.buffer(x).buffer(&out).over(out.numel);
    out
}

pub(super) fn binary(
    op: BinaryOp,
    (a, a_layout): (&OpenClStorage, &Layout),
    (b, b_layout): (&OpenClStorage, &Layout),
) -> OpenClStorage {
    pair(binary_call(op), a.dtype, (a, a_layout), (b, b_layout))
}

pub(super) fn compare(
    op: CompareOp,
    (a, a_layout): (&OpenClStorage, &Layout),
    (b, b_layout): (&OpenClStorage, &Layout),
) -> OpenClStorage {
    let name = match op {
        CompareOp::Eq => "compare_eq",
        CompareOp::Ne => "compare_ne",
        CompareOp::Lt => "compare_lt",
        CompareOp::Le => "compare_le",
        CompareOp::Gt => "compare_gt",
        CompareOp::Ge => "compare_ge",
    };
    pair((name, NONE), DType::U8, (a, a_layout), (b, b_layout))
}

fn pair(
    (name, [p, q, r]): Call,
    dtype: DType,
    (a, a_layout): (&OpenClStorage, &Layout),
    (b, b_layout): (&OpenClStorage, &Layout),
) -> OpenClStorage {
    let (out, grid) = (a.result(a_layout.numel(), dtype), Grid::new([a_layout, b_layout]));
    let launch = a.kernel(&ARITHMETIC, name).size(out.numel).grid(&grid).real(p).real(q).real(r);
    launch.buffer(a).buffer(b).buffer(&out).over(out.numel);
    out
}

fn unary_call(op: UnaryOp) -> Call {
    match op {
        UnaryOp::Neg => ("unary_neg", NONE),
        UnaryOp::Abs => ("unary_abs", NONE),
        UnaryOp::Sign => ("unary_sign", NONE),
        UnaryOp::Exp => ("unary_exp", NONE),
        UnaryOp::Expm1 => ("unary_expm1", NONE),
        UnaryOp::Ln => ("unary_ln", NONE),
        UnaryOp::Log1p => ("unary_log1p", NONE),
        UnaryOp::Log2 => ("unary_log2", NONE),
        UnaryOp::Log10 => ("unary_log10", NONE),
        UnaryOp::Sqrt => ("unary_sqrt", NONE),
        UnaryOp::Recip => ("unary_recip", NONE),
        UnaryOp::Square => ("unary_square", NONE),
        UnaryOp::Sin => ("unary_sin", NONE),
        UnaryOp::Cos => ("unary_cos", NONE),
        UnaryOp::Tan => ("unary_tan", NONE),
        UnaryOp::Floor => ("unary_floor", NONE),
        UnaryOp::Ceil => ("unary_ceil", NONE),
        UnaryOp::Round => ("unary_round", NONE),
        UnaryOp::Trunc => ("unary_trunc", NONE),
        UnaryOp::Tanh => ("unary_tanh", NONE),
        UnaryOp::Sigmoid => ("unary_sigmoid", NONE),
        UnaryOp::Relu => ("unary_relu", NONE),
        UnaryOp::Erf => ("unary_erf", NONE),
        UnaryOp::Softplus => ("unary_softplus", NONE),
        UnaryOp::AddScalar(c) => ("unary_add_scalar", [c, 0.0, 0.0]),
        UnaryOp::MulScalar(c) => ("unary_mul_scalar", [c, 0.0, 0.0]),
        UnaryOp::PowScalar(c) if c.fract() == 0.0 && c.abs() <= 64.0 => ("unary_pow_integer", [c, 0.0, 0.0]),
        UnaryOp::PowScalar(c) => ("unary_pow_scalar", [c, 0.0, 0.0]),
        UnaryOp::Clamp(low, high) => ("unary_clamp_between", [low, high, 0.0]),
        UnaryOp::Activation(activation) => {
            let [value, _] = activation_kernels(activation);
            (value, numbers(activation))
        }
    }
}

fn binary_call(op: BinaryOp) -> Call {
    match op {
        BinaryOp::Add => ("binary_add", NONE),
        BinaryOp::Sub => ("binary_sub", NONE),
        BinaryOp::Mul => ("binary_mul", NONE),
        BinaryOp::Div => ("binary_div", NONE),
        BinaryOp::Pow => ("binary_pow", NONE),
        BinaryOp::Maximum => ("binary_maximum", NONE),
        BinaryOp::Minimum => ("binary_minimum", NONE),
        BinaryOp::ReluGrad => ("binary_relu_grad", NONE),
        BinaryOp::Remainder => ("binary_remainder", NONE),
        BinaryOp::Atan2 => ("binary_atan2", NONE),
        BinaryOp::ActivationGrad(activation) => {
            let [_, grad] = activation_kernels(activation);
            (grad, numbers(activation))
        }
    }
}

/// The kernels of an activation's value and of its gradient.
fn activation_kernels(activation: Activation) -> [&'static str; 2] {
    match activation {
        Activation::LeakyRelu(_) => ["unary_leaky_relu", "binary_leaky_relu_grad"],
        Activation::Elu { .. } => ["unary_elu", "binary_elu_grad"],
        Activation::Silu => ["unary_silu", "binary_silu_grad"],
        Activation::Gelu => ["unary_gelu", "binary_gelu_grad"],
        Activation::GeluTanh => ["unary_gelu_tanh", "binary_gelu_tanh_grad"],
        Activation::Mish => ["unary_mish", "binary_mish_grad"],
        Activation::Hardswish => ["unary_hardswish", "binary_hardswish_grad"],
        Activation::LogSigmoid => ["unary_log_sigmoid", "binary_log_sigmoid_grad"],
    }
}

fn numbers(activation: Activation) -> [f64; 3] {
    match activation {
        Activation::LeakyRelu(slope) => [slope, 0.0, 0.0],
        Activation::Elu { alpha, scale, input_scale } => [alpha, scale, input_scale],
        _ => NONE,
    }
}
