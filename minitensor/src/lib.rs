//! Part II: a tensor engine with automatic differentiation, layers, optimisers and data.
//!
//! ```
//! use minitensor::Tensor;
//!
//! let x = Tensor::from([[1.0f32, 2.0], [3.0, 4.0]]).requires_grad_();
//! let loss = (&x * &x).sum();
//! loss.backward();
//! assert_eq!(x.grad().unwrap().to_vec::<f32>(), [2.0, 4.0, 6.0, 8.0]); // d(x²)/dx = 2x
//! ```
//!
//! The floors of the house, each importing only those below it:
//!
//! | module | what is there |
//! |---|---|
//! | [`nn`], [`optim`], [`data`], `checkpoint` | what a model is made of |
//! | [`ops`] | every differentiable operation, forward and backward side by side |
//! | [`Tensor`], [`autograd`] | the handle; the graph and the walk back through it |
//! | [`device`] | where numbers live, and the kernels |
//! | [`shape`], [`DType`], [`Error`] | the words the rest is said in |

pub mod autograd;
#[cfg(feature = "data")]
pub mod checkpoint;
mod create;
#[cfg(feature = "data")]
pub mod data;
pub mod device;
mod dtype;
mod error;
mod from;
mod gradcheck;
mod graph;
mod indices;
#[cfg(feature = "lab")]
pub mod lab;
pub mod metrics;
mod multinomial;
pub mod nn;
mod observe;
pub mod ops;
pub mod optim;
mod print;
pub mod shape;
mod sizes;
mod tensor;
#[cfg(feature = "data")]
mod write_atomic;

pub use autograd::{Anomaly, NoGradGuard, detect_anomaly, no_grad};
pub use device::Device;
pub use dtype::{DType, Element, Float};
pub use error::{Error, Result};
pub use gradcheck::{WrongGradient, gradcheck};
pub use graph::Graph;
pub use indices::{Ellipsis, Index, IntoIndices, NewAxis, stepped};
pub use shape::Shape;
pub use tensor::Tensor;
