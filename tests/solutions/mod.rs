//! The exercises, with their answers. `cargo exercise start 1` writes the reader's copy of a chapter to `mine/`.
#![allow(unreachable_pub, reason = "the reader's copy says `pub fn`")]

pub mod ch01_derivatives;
pub mod ch02_value;
pub mod ch03_neurons;
pub mod ch05_tensors;
pub mod ch06_autograd;
pub mod ch07_matmul;
#[cfg(feature = "opencl")]
pub mod ch08_gpu;
