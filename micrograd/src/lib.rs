//! Part I: a scalar that knows its gradient, and the neurons built from it.
//!
//! [`Value`] is a number that remembers how it was computed. Ask the last result of a computation for its gradients,
//! and every number that went into it learns how it should move:
//!
//! ```
//! use micrograd::Value;
//!
//! let a = Value::new(2.0);
//! let b = Value::new(-3.0);
//! let c = (&a * &b + 10.0).tanh() + a.powi(2);
//! c.backward();
//!
//! // dc/da = b (1 - tanh²(ab + 10)) + 2a
//! let slope = -3.0 * (1.0 - 4.0_f64.tanh().powi(2)) + 4.0;
//! assert!((a.grad() - slope).abs() < 1e-12);
//! ```
//!
//! Read `value.rs` first: it is the whole engine. `functions.rs` adds functions of one value, and `operators.rs` the
//! many ways to write `a + b`. Then `nn.rs`, `loss.rs` and `optim.rs` make a value learn, and `graph.rs` draws it.

mod functions;
mod graph;
mod loss;
mod nn;
mod operators;
mod optim;
mod value;

pub use graph::Graph;
pub use loss::{binary_cross_entropy_with_logits, cross_entropy, hinge_loss, mse_loss};
pub use nn::{Activation, Layer, Mlp, Neuron};
pub use optim::Sgd;
pub use value::Value;
