//! Part II: a tensor engine with automatic differentiation, layers, optimisers and data.

#[cfg(feature = "lab")]
pub mod lab;
