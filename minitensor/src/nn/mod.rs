//! Layers, and what models are made of.
//!
//! A model is a struct of layers that implements [`Module`]: `forward` computes, `visit` shows what it holds. Everything
//! else (parameters, checkpoints, training mode, moving to a device) is built on `visit`. The layer to copy is
//! [`Linear`].

mod activation;
mod dropout;
pub mod init;
mod linear;
mod module;
mod sequential;
mod state;

pub use activation::{Gelu, Identity, LeakyRelu, Relu, Sigmoid, Silu, Softplus, Tanh};
pub use dropout::Dropout;
pub use linear::Linear;
pub use module::{Mode, Module, RngCell, Slot, Visitor};
pub use sequential::{Flatten, Sequential};
pub use state::{StateDict, StateError};
