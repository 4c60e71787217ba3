//! Learning: moving parameters so that the loss falls.

use crate::Value;
use num_traits::Float;

// ANCHOR: sgd
/// Stochastic gradient descent: every parameter takes a small step against its gradient.
///
/// ```
/// use micrograd::{Sgd, Value};
///
/// let w = Value::new(1.0);
/// let sgd = Sgd::new(vec![w.clone()], 0.1);
/// for _ in 0..50 {
///     let loss = (&w - 3.0).powi(2);
///     sgd.zero_grad();
///     loss.backward();
///     sgd.step();
/// }
/// assert_eq!(format!("{w:.3}"), "3.000");
/// ```
pub struct Sgd<T = f64> {
    parameters: Vec<Value<T>>,
    /// The learning rate: how far a step goes for a slope of 1.
    pub lr: T,
}

impl<T: Float> Sgd<T> {
    /// An optimiser for `parameters`.
    pub fn new(parameters: Vec<Value<T>>, lr: T) -> Self {
        Self { parameters, lr }
    }

    /// Forgets the gradients of the last loss; without it, the next one would be added to them.
    pub fn zero_grad(&self) {
        for parameter in &self.parameters {
            parameter.zero_grad();
        }
    }

    /// w ← w - lr × dloss/dw
    pub fn step(&self) {
        for parameter in &self.parameters {
            parameter.set_data(parameter.data() - self.lr * parameter.grad());
        }
    }
}
// ANCHOR_END: sgd
