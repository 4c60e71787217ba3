//! Functions of one value. Each computes its result `y`, and its slope: how fast `y` moves when `x` does.

use crate::Value;
use num_traits::Float;
use smallvec::smallvec;

impl<T: Float> Value<T> {
    // ANCHOR: function
    /// The result `y` of any function of this one value, with the slope dy/dx at this point.
    ///
    /// Every function below is made with it, and so is one of your own:
    ///
    /// ```
    /// use micrograd::Value;
    ///
    /// fn sin(x: &Value) -> Value {
    ///     x.function("sin", x.data().sin(), x.data().cos())
    /// }
    ///
    /// let x = Value::new(0.0);
    /// sin(&x).backward();
    /// assert_eq!(x.grad(), 1.0);
    /// ```
    pub fn function(&self, op: &'static str, y: T, slope: T) -> Self {
        Self::node(op, y, smallvec![(self.clone(), slope)])
    }
    // ANCHOR_END: function

    /// e^x
    pub fn exp(&self) -> Self {
        let y = self.data().exp();
        self.function("exp", y, y)
    }

    /// The natural logarithm.
    pub fn ln(&self) -> Self {
        let x = self.data();
        self.function("ln", x.ln(), x.recip())
    }

    // ANCHOR: powi
    /// x^n for a whole number n.
    pub fn powi(&self, n: i32) -> Self {
        let x = self.data();
        let op = match n {
            2 => "^2",
            3 => "^3",
            _ => "^n",
        };
        // n x^(n-1), but without the 0/0 of n = 0 at x = 0.
        let slope = if n == 0 { T::zero() } else { number::<T>(n) * x.powi(n - 1) };
        self.function(op, x.powi(n), slope)
    }
    // ANCHOR_END: powi

    /// x^p
    pub fn powf(&self, p: T) -> Self {
        let x = self.data();
        let slope = if p.is_zero() { p } else { p * x.powf(p - T::one()) };
        self.function("^p", x.powf(p), slope)
    }

    // ANCHOR: tanh
    /// The hyperbolic tangent, which squeezes any number into (-1, 1).
    pub fn tanh(&self) -> Self {
        let y = self.data().tanh();
        self.function("tanh", y, T::one() - y * y)
    }
    // ANCHOR_END: tanh

    // ANCHOR: sigmoid
    /// 1 / (1 + e^-x), which squeezes any number into (0, 1).
    pub fn sigmoid(&self) -> Self {
        let y = sigmoid(self.data());
        self.function("sigmoid", y, y * (T::one() - y))
    }
    // ANCHOR_END: sigmoid

    // ANCHOR: relu
    /// max(x, 0), with slope 0 at the corner.
    pub fn relu(&self) -> Self {
        let (zero, one) = (T::zero(), T::one());
        // Asked this way round, so that NaN passes through instead of turning into 0.
        let (y, slope) = if self.data() <= zero { (zero, zero) } else { (self.data(), one) };
        self.function("relu", y, slope)
    }
    // ANCHOR_END: relu

    /// ln(1 + e^x): a relu with its corner rounded off. Written so that a large x does not overflow.
    pub fn softplus(&self) -> Self {
        let x = self.data();
        let y = x.max(T::zero()) + (-x.abs()).exp().ln_1p();
        self.function("softplus", y, sigmoid(x))
    }
}

fn sigmoid<T: Float>(x: T) -> T {
    (T::one() + (-x).exp()).recip()
}

/// A whole number as a `T`.
fn number<T: Float>(n: i32) -> T {
    T::from(n).unwrap_or_else(T::nan)
}
