//! What a device must be able to do: the primitives from which every op is built.

use crate::dtype::DType;
use crate::error::Result;
use crate::shape::Layout;

use super::activation::Activation;

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UnaryOp {
    /// −x
    Neg,
    /// |x|
    Abs,
    /// −1, 0 or 1; 0 for NaN
    Sign,
    /// e^x
    Exp,
    /// e^x − 1, exact also where x is small
    Expm1,
    /// natural logarithm
    Ln,
    /// ln(1 + x), exact also where x is small
    Log1p,
    /// logarithm to base 2
    Log2,
    /// logarithm to base 10
    Log10,
    /// square root
    Sqrt,
    /// 1 / x
    Recip,
    /// x²
    Square,
    /// sine
    Sin,
    /// cosine
    Cos,
    /// tangent
    Tan,
    /// the largest integer not above x
    Floor,
    /// the smallest integer not below x
    Ceil,
    /// the nearest integer; of two, the even one
    Round,
    /// the integer next to x towards 0
    Trunc,
    /// hyperbolic tangent
    Tanh,
    /// 1 / (1 + e^−x)
    Sigmoid,
    /// max(x, 0); NaN stays NaN
    Relu,
    /// the error function, 2/√π ∫₀ˣ e^−t² dt
    Erf,
    /// ln(1 + e^x)
    Softplus,
    /// x + c
    AddScalar(f64),
    /// x · c
    MulScalar(f64),
    /// x^c
    PowScalar(f64),
    /// x kept between two bounds; NaN stays NaN
    Clamp(f64, f64),
    /// an activation
    Activation(Activation),
}

/// A function of two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BinaryOp {
    /// a + b
    Add,
    /// a − b
    Sub,
    /// a · b
    Mul,
    /// a / b
    Div,
    /// a^b
    Pow,
    /// the larger; NaN if either is
    Maximum,
    /// the smaller; NaN if either is
    Minimum,
    /// 0 where y ≤ 0, else g: the gradient g of relu, given its output y
    ReluGrad,
    /// g · f′(x): the gradient g of an activation f, given its input x
    ActivationGrad(Activation),
    /// a − b · floor(a / b), which has the sign of b
    Remainder,
    /// the angle of the point (b, a), from −π to π
    Atan2,
}

/// A question about two numbers, answered by 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// a = b
    Eq,
    /// a ≠ b
    Ne,
    /// a < b
    Lt,
    /// a ≤ b
    Le,
    /// a > b
    Gt,
    /// a ≥ b
    Ge,
}

/// Many numbers made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReduceOp {
    /// Σx
    Sum,
    /// Πx
    Prod,
    /// the largest; NaN if any is
    Max,
    /// the smallest; NaN if any is
    Min,
}

/// The position of one number among many; the first of equals, and the first NaN before all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgOp {
    /// Where the largest is.
    Max,
    /// Where the smallest is.
    Min,
}

/// The primitives of a device, on flat buffers read through layouts.
///
/// Results are contiguous. Callers have checked shapes and dtypes; only indices, which are data, can still be wrong.
pub trait Kernels: Sized {
    /// The elements as another dtype.
    fn cast(&self, layout: &Layout, dtype: DType) -> Self;

    /// The elements in row-major order.
    fn contiguous(&self, layout: &Layout) -> Self;

    /// Overwrites the elements at `to` with those of `source` at `from`; the two shapes are equal.
    fn write(&mut self, to: &Layout, source: &Self, from: &Layout);

    /// A function of each element.
    fn unary(&self, op: UnaryOp, layout: &Layout) -> Self;

    /// A function of each pair; both layouts have the shape of the result.
    fn binary(&self, op: BinaryOp, layout: &Layout, rhs: &Self, rhs_layout: &Layout) -> Self;

    /// A question about each pair, answered in `U8`; both layouts have the shape of the result.
    fn compare(&self, op: CompareOp, layout: &Layout, rhs: &Self, rhs_layout: &Layout) -> Self;

    /// `a` where the mask (this, `U8`) is not 0, else `b`; all three layouts have the shape of the result.
    fn where_cond(&self, layout: &Layout, a: &Self, a_layout: &Layout, b: &Self, b_layout: &Layout) -> Self;

    /// The elements along the dimensions `dims` made one; the other dimensions stay, in order.
    fn reduce(&self, op: ReduceOp, layout: &Layout, dims: &[usize]) -> Self;

    /// The position (`I64`) along one dimension of the largest or smallest element.
    fn arg_reduce(&self, op: ArgOp, layout: &Layout, dim: usize) -> Self;

    /// Products of matrices: (…, m, k) · (…, k, n) → (…, m, n), the leading dimensions equal; plus `bias`, n contiguous
    /// numbers, in every row.
    fn matmul(&self, layout: &Layout, rhs: &Self, rhs_layout: &Layout, bias: Option<&Self>) -> Self;

    /// Along `dim`, the element that `index` names; the result has the shape of `index`.
    fn gather(&self, layout: &Layout, dim: usize, index: &Self, index_layout: &Layout) -> Result<Self>;

    /// Overwrites with each element of `source` where `index` says along `dim`; of several for one place, the last stays.
    fn scatter(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &Self,
        index_layout: &Layout,
        source: &Self,
        source_layout: &Layout,
    ) -> Result<()>;

    /// Adds each element of `source` where `index` says along `dim`: the adjoint of `gather`.
    fn scatter_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &Self,
        index_layout: &Layout,
        source: &Self,
        source_layout: &Layout,
    ) -> Result<()>;

    /// Whole slices along `dim`, in the order that the one-dimensional `index` names them.
    fn index_select(&self, layout: &Layout, dim: usize, index: &Self, index_layout: &Layout) -> Result<Self>;

    /// Adds each slice of `source` along `dim` to the slice that `index` names: the adjoint of `index_select`.
    fn index_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &Self,
        index_layout: &Layout,
        source: &Self,
        source_layout: &Layout,
    ) -> Result<()>;
}
