//! Where numbers live, and the only code that knows it.
//!
//! A [`Storage`] is a flat buffer on some [`Device`]. Everything above works with `Storage` and [`Layout`](crate::shape::Layout)
//! alone: the primitives that a device must offer are the methods of [`Kernels`]; what it can do faster in one kernel than
//! out of primitives has a trait a topic ([`ConvKernels`], [`SoftmaxKernels`], …). [`Storage`] hands each call to the device
//! its numbers are on. A new device is one more implementation of these traits and one more variant of `Storage`.

mod activation;
mod attention;
mod batch_norm;
mod conv;
pub(crate) mod cpu;
mod cross_entropy;
mod dropout;
pub(crate) mod geometry;
mod kernels;
#[cfg(feature = "opencl")]
pub mod opencl;
mod optim;
mod order;
mod pool;
mod rnn;
mod row_norm;
mod softmax;
mod storage;

use std::fmt;

pub use activation::Activation;
pub use attention::{Attention, AttentionKernels};
pub use batch_norm::{Affine, BatchNormKernels, BatchNormShape};
pub use conv::ConvKernels;
pub use cpu::CpuStorage;
pub(crate) use cross_entropy::check_labels;
pub use cross_entropy::{CrossEntropyKernels, LabelLoss, LabelOptions};
pub use dropout::{DropoutKernels, Dropping};
pub use geometry::{Conv2dGeometry, Conv2dOptions, PoolGeometry, Window};
pub use kernels::{ArgOp, BinaryOp, CompareOp, Kernels, ReduceOp, UnaryOp};
#[cfg(feature = "opencl")]
pub use opencl::OpenClStorage;
pub use optim::{OptimKernels, Update};
pub use order::{OrderKernels, ScanOp};
pub use pool::PoolKernels;
pub use rnn::{Cell, Recurrence, RnnGradients, RnnKernels, RnnNeeded, RnnPass, RnnWeights};
pub use row_norm::{RowNorm, RowNormKernels};
pub use softmax::SoftmaxKernels;
pub use storage::Storage;
use storage::{Held, on_device};

use crate::error::Result;

/// The place where a tensor's numbers lie and its arithmetic is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Device {
    /// This machine's processor.
    #[default]
    Cpu,
    /// An OpenCL device, by its number.
    OpenCl(usize),
}

thread_local! {
    /// Where this thread makes tensors.
    static DEFAULT: std::cell::Cell<Device> = const { std::cell::Cell::new(Device::Cpu) };
}

impl Device {
    /// The OpenCL device of this number.
    ///
    /// # Errors
    /// When this build has no OpenCL support, or the machine no such device.
    pub fn opencl(number: usize) -> Result<Device> {
        #[cfg(feature = "opencl")]
        return opencl::open(number).map(|_| Device::OpenCl(number));
        #[cfg(not(feature = "opencl"))]
        Err(crate::Error::Device {
            device: Device::OpenCl(number).to_string(),
            message: "this build has no OpenCL kernels; build it with `--features opencl`, or run on the CPU (`--device cpu`)"
                .into(),
        })
    }

    /// The fastest device there is: the first GPU that can be opened, otherwise the CPU.
    pub fn best() -> Device {
        #[cfg(feature = "opencl")]
        if let Some(gpu) = opencl::first_gpu() {
            return gpu;
        }
        Device::Cpu
    }

    /// Makes tensors on this device wherever `f` does not say otherwise: PyTorch's `with torch.device(…)`. It holds for
    /// this thread.
    ///
    /// ```
    /// use minitensor::{Device, Tensor};
    ///
    /// let x = Device::best().scope(|| Tensor::ones([2, 3]));
    /// assert_eq!(x.device(), Device::best());
    /// ```
    pub fn scope<R>(self, f: impl FnOnce() -> R) -> R {
        struct Restore(Device);
        impl Drop for Restore {
            fn drop(&mut self) {
                DEFAULT.set(self.0);
            }
        }
        let _restore = Restore(DEFAULT.replace(self));
        f()
    }

    /// Where this thread makes tensors that nothing else decides of: the CPU, or what [`Device::scope`] says.
    pub fn current() -> Device {
        DEFAULT.get()
    }

    /// What its driver calls it; `cpu` for the CPU.
    pub fn name(self) -> String {
        #[cfg(feature = "opencl")]
        if let Device::OpenCl(number) = self
            && let Ok(runtime) = opencl::open(number)
        {
            return runtime.info.name.clone();
        }
        self.to_string()
    }

    /// Waits until everything that was asked of the device is done: what a clock needs, since an OpenCL device goes on while
    /// the program does. The CPU is never behind.
    ///
    /// # Errors
    /// If the device fails.
    pub fn synchronize(self) -> Result<()> {
        match self {
            Device::Cpu => Ok(()),
            #[cfg(feature = "opencl")]
            Device::OpenCl(number) => opencl::open(number)?.finish(),
            #[cfg(not(feature = "opencl"))]
            Device::OpenCl(number) => Device::opencl(number).map(drop),
        }
    }

    /// Gives the memory of freed tensors, which is kept for later ones, back to the system.
    pub fn empty_cache(self) {
        match self {
            Device::Cpu => cpu::empty_cache(),
            #[cfg(feature = "opencl")]
            Device::OpenCl(number) => opencl::empty_cache(number),
            #[cfg(not(feature = "opencl"))]
            Device::OpenCl(_) => {}
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Device::Cpu => f.write_str("cpu"),
            Device::OpenCl(number) => write!(f, "opencl:{number}"),
        }
    }
}
