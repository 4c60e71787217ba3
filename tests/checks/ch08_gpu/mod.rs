//! Checks of chapter 8: kernels that run on the first OpenCL device, judged by what the CPU computes.

mod group_sum;
mod product;
mod saxpy;
mod softmax;
mod transpose;

use minitensor::device::opencl::{KernelArgument, run_kernel};
use minitensor::{Device, Tensor};
use tests::exercise::MISSING;
#[allow(unused_imports, reason = "`../main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../../mine/ch08_gpu.rs"]
    ch08_gpu: saxpy, transpose, group_sum, softmax, product
}

/// The first OpenCL device. Without one there is nothing to check on, and the error says what to install.
fn device() -> Device {
    Device::opencl(0).unwrap_or_else(|error| panic!("{MISSING}{error}"))
}

/// A tensor on that device.
fn there(tensor: &Tensor) -> Tensor {
    tensor.to_device(device()).unwrap_or_else(|error| panic!("{error}"))
}

/// So many times the number that stands for what no kernel has written.
fn untouched(numel: usize) -> Tensor {
    there(&Tensor::full([numel], UNTOUCHED))
}

const UNTOUCHED: f64 = -7.0;

/// Numbers that are all different, large and small, and as exact on any device.
fn some(rows: usize, columns: usize) -> Tensor {
    let number = |i: usize| ((i * 37 + 11) % 64) as f32 / 8.0 - 4.0;
    Tensor::from_vec((0..rows * columns).map(number).collect(), [rows, columns])
}

/// Compiles and starts a kernel; what is wrong with it, the compiler's log too, is what the reader sees.
fn run(source: &str, name: &str, arguments: &[KernelArgument<'_>], global: &[usize], local: &[usize]) {
    // SAFETY: recorded answers stay inside what they are given, and each check makes its own tensors. A reader's kernel may
    // not stay inside: it is a draft, which `cargo exercise` runs in a process of its own.
    let ran = unsafe { run_kernel(source, name, arguments, global, local) };
    ran.unwrap_or_else(|error| panic!("{error}"));
}

/// Whether work-items wait for each other at all. Without that, no two runs need give the same, so there is no point in one.
fn waits(source: &str) -> bool {
    source.contains("barrier(")
}

/// A tensor as lists in lists.
fn numbers(tensor: &Tensor) -> tests::exercise::Numbers {
    let values = tensor.to_vec::<f32>().into_iter().map(f64::from).collect::<Vec<_>>();
    tests::exercise::Numbers::tensor(tensor.shape(), &values)
}
