//! Arithmetic on two tensors, which broadcast to one shape.

use crate::autograd::edge;
use crate::device::{BinaryOp, Kernels};
use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::shape::{Layout, broadcast_shapes};
use crate::tensor::Tensor;

impl Tensor {
    /// a + b; also written `&a + &b`.
    #[track_caller]
    pub fn add(&self, other: &Tensor) -> Tensor {
        let y = self.binary("add", BinaryOp::Add, other).or_panic();
        y.record("add", [edge(self, |grad| grad.clone()), edge(other, |grad| grad.clone())])
    }

    /// a − b; also written `&a - &b`.
    #[track_caller]
    pub fn sub(&self, other: &Tensor) -> Tensor {
        let y = self.binary("sub", BinaryOp::Sub, other).or_panic();
        y.record("sub", [edge(self, |grad| grad.clone()), edge(other, |grad| grad.neg())])
    }

    // ANCHOR: mul
    /// a · b, element by element; also written `&a * &b`.
    #[track_caller]
    pub fn mul(&self, other: &Tensor) -> Tensor {
        let y = self.binary("mul", BinaryOp::Mul, other).or_panic();
        let (a, b) = (self.detach(), other.detach());
        y.record("mul", [edge(self, move |grad| grad.mul(&b)), edge(other, move |grad| grad.mul(&a))])
    }
    // ANCHOR_END: mul

    /// a / b, element by element; also written `&a / &b`. Integers stay integers: the fraction is cut off.
    ///
    /// # Panics
    /// If an integer is divided by 0.
    #[track_caller]
    pub fn div(&self, other: &Tensor) -> Tensor {
        other.can_divide("div").or_panic();
        let y = self.binary("div", BinaryOp::Div, other).or_panic();
        let (quotient, b, b2) = (y.detach(), other.detach(), other.detach());
        // ∂(a/b)/∂a = 1/b and ∂(a/b)/∂b = −(a/b)/b
        let to_b = move |grad: &Tensor| grad.mul(&quotient).div(&b2).neg();
        y.record("div", [edge(self, move |grad| grad.div(&b)), edge(other, to_b)])
    }

    /// a^b, element by element.
    #[track_caller]
    pub fn pow(&self, exponent: &Tensor) -> Tensor {
        self.needs_float("pow").or_panic();
        let y = self.binary("pow", BinaryOp::Pow, exponent).or_panic();
        let (a, b, power) = (self.detach(), exponent.detach(), y.detach());
        let (base, of_zero) = (a.clone(), a.eq_scalar(0.0).mul(&b.ge_scalar(0.0)));
        // ∂(aᵇ)/∂a = b · aᵇ⁻¹, and ∂(aᵇ)/∂b = aᵇ · ln a, which is 0 where a is 0 and b is not negative
        let to_a = move |grad: &Tensor| {
            let slope = b.mul(&a.pow(&b.add_scalar(-1.0)));
            grad.mul(&slope.masked_fill(&b.eq_scalar(0.0), 0.0))
        };
        let to_b = move |grad: &Tensor| {
            let slope = power.mul(&base.ln());
            grad.mul(&slope.masked_fill(&of_zero, 0.0))
        };
        y.record("pow", [edge(self, to_a), edge(exponent, to_b)])
    }

    /// The larger of each pair, NaN if either is; where both are equal each gets half the gradient.
    #[track_caller]
    pub fn maximum(&self, other: &Tensor) -> Tensor {
        let y = self.binary("maximum", BinaryOp::Maximum, other).or_panic();
        let (to_a, to_b) = (winners_share(self, other, Tensor::lt), winners_share(other, self, Tensor::lt));
        y.record("maximum", [edge(self, to_a), edge(other, to_b)])
    }

    /// The smaller of each pair, NaN if either is; where both are equal each gets half the gradient.
    #[track_caller]
    pub fn minimum(&self, other: &Tensor) -> Tensor {
        let y = self.binary("minimum", BinaryOp::Minimum, other).or_panic();
        let (to_a, to_b) = (winners_share(self, other, Tensor::gt), winners_share(other, self, Tensor::gt));
        y.record("minimum", [edge(self, to_a), edge(other, to_b)])
    }

    /// What is left of a after whole times b, a − b · ⌊a / b⌋: it has the sign of b, as in Python.
    ///
    /// # Panics
    /// If an integer is divided by 0.
    #[track_caller]
    pub fn remainder(&self, other: &Tensor) -> Tensor {
        other.can_divide("remainder").or_panic();
        let y = self.binary("remainder", BinaryOp::Remainder, other).or_panic();
        let (a, b) = (self.detach(), other.detach());
        let to_b = move |grad: &Tensor| grad.mul(&a.div(&b).floor()).neg();
        y.record("remainder", [edge(self, |grad| grad.clone()), edge(other, to_b)])
    }

    /// The angle, from −π to π, of the points (x, y): `y.atan2(&x)`. With √(x² + y²) it gives polar coordinates.
    #[track_caller]
    pub fn atan2(&self, x: &Tensor) -> Tensor {
        self.needs_float("atan2").or_panic();
        let angle = self.binary("atan2", BinaryOp::Atan2, x).or_panic();
        let (y, x2) = (self.detach(), x.detach());
        let (y2, x3) = (y.clone(), x2.clone());
        // ∂θ/∂y = x / (x² + y²) and ∂θ/∂x = −y / (x² + y²)
        let to_y = move |grad: &Tensor| grad.mul(&x2.div(&x2.square().add(&y.square())));
        let to_x = move |grad: &Tensor| grad.mul(&y2.div(&x3.square().add(&y2.square()))).neg();
        angle.record("atan2", [edge(self, to_y), edge(x, to_x)])
    }

    /// A part of the way to `end`: a + weight · (end − a).
    #[track_caller]
    pub fn lerp(&self, end: &Tensor, weight: f64) -> Tensor {
        let way = end.sub(self);
        // from the nearer end, so that the result is exact at both
        match weight.abs() < 0.5 {
            true => self.add(&way.mul_scalar(weight)),
            false => end.sub(&way.mul_scalar(1.0 - weight)),
        }
    }

    /// The quotient by one number, in whole numbers for integers.
    #[track_caller]
    fn div_scalar(&self, divisor: f64) -> Tensor {
        if self.dtype().is_float() {
            return self.mul_scalar(1.0 / divisor);
        }
        // n · (1 / n) may fall short of 1
        let divisor = Tensor::full_on([], divisor, DType::F64, self.device());
        no_zero("div", &divisor).or_panic();
        self.to_dtype(DType::F64).div(&divisor).to_dtype(self.dtype())
    }

    /// 0 where the relu's output `y` is not above 0, else this gradient.
    pub(crate) fn relu_grad(&self, y: &Tensor) -> Tensor {
        self.binary_of_one_shape(BinaryOp::ReluGrad, y)
    }

    /// The result of a function of two tensors that are known to agree in shape and dtype.
    pub(crate) fn binary_of_one_shape(&self, op: BinaryOp, other: &Tensor) -> Tensor {
        let storage = self.storage().binary(op, self.layout(), &other.storage(), other.layout());
        Tensor::new(storage, Layout::contiguous(self.shape()))
    }

    /// The result of a function of two numbers, not yet in the graph.
    fn binary(&self, name: &'static str, op: BinaryOp, other: &Tensor) -> Result<Tensor> {
        let (a, b) = self.broadcast(name, other)?;
        let storage = self.storage().binary(op, &a, &other.storage(), &b);
        Ok(Tensor::new(storage, Layout::contiguous(a.shape)))
    }

    /// Floats divided by 0 are infinite, or NaN; integers have no such number.
    fn can_divide(&self, op: &'static str) -> Result<()> {
        if self.dtype().is_float() { Ok(()) } else { no_zero(op, self) }
    }

    /// The layouts by which two tensors are read in their common shape.
    pub(crate) fn broadcast(&self, name: &'static str, other: &Tensor) -> Result<(Layout, Layout)> {
        self.same_dtype(name, other)?;
        if self.shape() == other.shape() {
            return Ok((self.layout().clone(), other.layout().clone()));
        }
        let shape = broadcast_shapes(name, self.shape(), other.shape())?;
        Ok((self.layout().expand(name, &shape)?, other.layout().expand(name, &shape)?))
    }
}

fn no_zero(op: &'static str, divisor: &Tensor) -> Result<()> {
    if divisor.all() {
        return Ok(());
    }
    let message = "an integer is divided by 0, and no integer is the answer; replace the zeros (`masked_fill`), or \
                   divide floats (`to_dtype`), of which 1 / 0 is infinity";
    Err(Error::argument(op, message))
}

/// The gradient of a maximum or minimum to `mine`: nothing where it `lost`, half where both are equal, else all of it.
fn winners_share(
    mine: &Tensor,
    theirs: &Tensor,
    lost: fn(&Tensor, &Tensor) -> Tensor,
) -> impl Fn(&Tensor) -> Tensor + use<> {
    let (mine, theirs) = (mine.detach(), theirs.detach());
    move |grad| {
        let shared = mine.eq(&theirs).where_(&grad.mul_scalar(0.5), grad);
        shared.masked_fill(&lost(&mine, &theirs), 0.0)
    }
}

/// `&a + &b` for every mix of owned and borrowed tensors and plain numbers.
macro_rules! operator {
    ($trait:ident, $method:ident, |$a:ident, $b:ident| $with_scalar:expr, $scalar_first:expr) => {
        operator!(@tensors $trait, $method, &Tensor, &Tensor);
        operator!(@tensors $trait, $method, Tensor, &Tensor);
        operator!(@tensors $trait, $method, &Tensor, Tensor);
        operator!(@tensors $trait, $method, Tensor, Tensor);
        operator!(@scalar $trait, $method, &Tensor, |$a, $b| $with_scalar, $scalar_first);
        operator!(@scalar $trait, $method, Tensor, |$a, $b| $with_scalar, $scalar_first);
    };
    (@tensors $trait:ident, $method:ident, $left:ty, $right:ty) => {
        impl std::ops::$trait<$right> for $left {
            type Output = Tensor;
            #[track_caller]
            fn $method(self, other: $right) -> Tensor {
                Tensor::$method(&self, &other)
            }
        }
    };
    (@scalar $trait:ident, $method:ident, $tensor:ty, |$a:ident, $b:ident| $with_scalar:expr, $scalar_first:expr) => {
        impl std::ops::$trait<f64> for $tensor {
            type Output = Tensor;
            #[track_caller]
            fn $method(self, scalar: f64) -> Tensor {
                let ($a, $b): (&Tensor, f64) = (&self, scalar);
                $with_scalar
            }
        }
        impl std::ops::$trait<$tensor> for f64 {
            type Output = Tensor;
            fn $method(self, tensor: $tensor) -> Tensor {
                let ($a, $b): (&Tensor, f64) = (&tensor, self);
                $scalar_first
            }
        }
    };
}

operator!(Add, add, |x, c| x.add_scalar(c), x.add_scalar(c));
operator!(Sub, sub, |x, c| x.add_scalar(-c), x.neg().add_scalar(c));
operator!(Mul, mul, |x, c| x.mul_scalar(c), x.mul_scalar(c));
operator!(Div, div, |x, c| x.div_scalar(c), x.recip().mul_scalar(c));

impl std::ops::Neg for &Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        Tensor::neg(self)
    }
}

impl std::ops::Neg for Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        Tensor::neg(&self)
    }
}
