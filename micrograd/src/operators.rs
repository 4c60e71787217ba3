//! The spellings of `+ - * /`: values and references to them, with a plain number on either side.
//!
//! [`value`](crate::value) says what an operator computes and how its derivatives go. This file only lets it be
//! written in every way one expects.

use crate::Value;
use crate::value::Parents;
use num_traits::Float;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// Defines an operator between two values from its result and its two derivatives, and then its other spellings.
macro_rules! operator {
    ($Op:ident $op:ident $name:literal: |$a:ident, $b:ident| $y:expr, d_da: $d_da:expr, d_db: $d_db:expr) => {
        impl<T: Float> $Op for Value<T> {
            type Output = Value<T>;
            fn $op(self, other: Value<T>) -> Value<T> {
                let ($a, $b) = (self.data(), other.data());
                Value::node($name, $y, smallvec![(self, $d_da), (other, $d_db)])
            }
        }
        $crate::operators::spell!($Op $op, [T: Float] T: |a: &Value<T>, b: Value<T>| a.clone(), b);
        $crate::operators::spell!($Op $op, [T: Float] T: |a: Value<T>, b: &Value<T>| a, b.clone());
        $crate::operators::spell!($Op $op, [T: Float] T: |a: &Value<T>, b: &Value<T>| a.clone(), b.clone());
        $crate::operators::spell!($Op $op, [T: Float] T: |a: Value<T>, b: T| a, Value::new(b));
        $crate::operators::spell!($Op $op, [T: Float] T: |a: &Value<T>, b: T| a.clone(), Value::new(b));
        // Rust forbids `impl<T> Add<_> for T`, so a plain number on the left needs its type spelled out.
        $crate::operators::spell!($Op $op, [] f64: |a: f64, b: Value<f64>| Value::new(a), b);
        $crate::operators::spell!($Op $op, [] f64: |a: f64, b: &Value<f64>| Value::new(a), b.clone());
        $crate::operators::spell!($Op $op, [] f32: |a: f32, b: Value<f32>| Value::new(a), b);
        $crate::operators::spell!($Op $op, [] f32: |a: f32, b: &Value<f32>| Value::new(a), b.clone());
    };
}

/// One more spelling: makes both operands values, and uses the operator between values.
macro_rules! spell {
    ($Op:ident $op:ident, [$($bounds:tt)*] $T:ty: |$a:ident: $A:ty, $b:ident: $B:ty| $x:expr, $y:expr) => {
        impl<$($bounds)*> $Op<$B> for $A {
            type Output = Value<$T>;
            fn $op(self, $b: $B) -> Value<$T> {
                let $a = self;
                $Op::$op($x, $y)
            }
        }
    };
}

pub(crate) use {operator, spell};

/// `total += x` makes `total` the handle of a new value, `total + x`; the old one lives on as its parent.
macro_rules! assign {
    ($($OpAssign:ident $op_assign:ident $Op:ident $op:ident;)*) => {$(
        impl<T: Float, X> $OpAssign<X> for Value<T>
        where
            Value<T>: $Op<X, Output = Value<T>>,
        {
            fn $op_assign(&mut self, x: X) {
                *self = self.clone().$op(x);
            }
        }
    )*};
}

assign! {
    AddAssign add_assign Add add;
    SubAssign sub_assign Sub sub;
    MulAssign mul_assign Mul mul;
    DivAssign div_assign Div div;
}

impl<T: Float> Neg for &Value<T> {
    type Output = Value<T>;
    fn neg(self) -> Value<T> {
        self.function("neg", -self.data(), -T::one())
    }
}

impl<T: Float> Neg for Value<T> {
    type Output = Value<T>;
    fn neg(self) -> Value<T> {
        -&self
    }
}

// ANCHOR: sum
/// A sum of any length is one value, with every term as a parent.
impl<T: Float> Sum for Value<T> {
    fn sum<I: Iterator<Item = Value<T>>>(values: I) -> Value<T> {
        let parents: Parents<T> = values.map(|value| (value, T::one())).collect();
        let total = parents.iter().fold(T::zero(), |total, (value, _)| total + value.data());
        if parents.is_empty() { Value::new(total) } else { Value::node("sum", total, parents) }
    }
}
// ANCHOR_END: sum

impl<'a, T: Float> Sum<&'a Value<T>> for Value<T> {
    fn sum<I: Iterator<Item = &'a Value<T>>>(values: I) -> Value<T> {
        values.cloned().sum()
    }
}

impl<T: Float> From<T> for Value<T> {
    fn from(data: T) -> Value<T> {
        Value::new(data)
    }
}
