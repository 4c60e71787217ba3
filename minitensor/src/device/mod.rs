//! Where numbers live, and the only code that knows it.
//!
//! A [`Storage`] is a flat buffer on some [`Device`]. Everything above works with `Storage` and [`Layout`] alone:
//! the primitives that a device must offer are the methods of [`Kernels`]; what it can do faster in one kernel than out
//! of primitives has a trait a topic ([`ConvKernels`], [`SoftmaxKernels`], …). [`Storage`] hands each call to the device its
//! numbers are on. A new device is one more implementation of these traits and one more variant here.

mod activation;
mod attention;
mod batch_norm;
mod conv;
pub(crate) mod cpu;
mod cross_entropy;
mod dropout;
pub(crate) mod geometry;
mod kernels;
mod optim;
mod order;
mod pool;
mod rnn;
mod row_norm;
mod softmax;

use std::borrow::Cow;
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
pub use optim::{OptimKernels, Update};
pub use order::{OrderKernels, ScanOp};
pub use pool::PoolKernels;
pub use rnn::{Cell, Recurrence, RnnKernels};
pub use row_norm::{RowNorm, RowNormKernels};
pub use softmax::SoftmaxKernels;

use crate::dtype::{DType, Element};
use crate::error::{Error, Result};
use crate::shape::Layout;

/// The place where a tensor's numbers lie and its arithmetic is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Device {
    /// This machine's processor.
    #[default]
    Cpu,
    /// An OpenCL device, by its number.
    OpenCl(usize),
}

impl Device {
    /// The OpenCL device of this number.
    ///
    /// # Errors
    /// When this build has no OpenCL support, or the machine no such device.
    pub fn opencl(number: usize) -> Result<Device> {
        Err(Error::Device {
            device: Device::OpenCl(number).to_string(),
            message: "this build has no OpenCL kernels; run on the CPU (`--device cpu`)".into(),
        })
    }

    /// The fastest device there is: OpenCL where it can be opened, otherwise the CPU.
    pub fn best() -> Device {
        Device::opencl(0).unwrap_or(Device::Cpu)
    }

    /// Gives the memory of freed tensors, which is kept for later ones, back to the system.
    pub fn empty_cache(self) {
        match self {
            Device::Cpu => cpu::empty_cache(),
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

/// A flat buffer of numbers on a device.
#[derive(Debug, Clone)]
pub enum Storage {
    /// In this machine's memory.
    Cpu(CpuStorage),
}

impl Storage {
    /// The device the numbers are on.
    pub fn device(&self) -> Device {
        match self {
            Storage::Cpu(_) => Device::Cpu,
        }
    }

    /// What kind of number it holds.
    pub fn dtype(&self) -> DType {
        match self {
            Storage::Cpu(cpu) => cpu.dtype(),
        }
    }

    /// How many numbers it holds.
    pub fn numel(&self) -> usize {
        match self {
            Storage::Cpu(cpu) => cpu.numel(),
        }
    }

    /// `numel` times the same value.
    pub fn full(numel: usize, value: f64, dtype: DType, device: Device) -> Result<Storage> {
        Storage::from_host(CpuStorage::full(numel, value, dtype), device)
    }

    /// Numbers of this machine's memory, moved to a device.
    pub fn from_host(host: CpuStorage, device: Device) -> Result<Storage> {
        match device {
            Device::Cpu => Ok(Storage::Cpu(host)),
            Device::OpenCl(number) => {
                Err(Device::opencl(number).expect_err("no build opens an OpenCL device yet"))
            }
        }
    }

    /// The numbers in this machine's memory: borrowed where they are there already.
    pub fn to_host(&self) -> Cow<'_, CpuStorage> {
        match self {
            Storage::Cpu(cpu) => Cow::Borrowed(cpu),
        }
    }

    /// The numbers of an operand, which the ops have checked to be on the CPU as the others are.
    fn cpu(&self) -> &CpuStorage {
        match self {
            Storage::Cpu(cpu) => cpu,
        }
    }

    /// The same, to write to.
    fn cpu_mut(&mut self) -> &mut CpuStorage {
        match self {
            Storage::Cpu(cpu) => cpu,
        }
    }

    /// Runs `f` on the slice of elements; `T` must be the storage's dtype.
    pub(crate) fn with_slice<T: Element, R>(&self, f: impl FnOnce(&[T]) -> R) -> Result<R> {
        let host = self.to_host();
        match host.as_slice::<T>() {
            Some(slice) => Ok(f(slice)),
            None => Err(Error::dtype(
                "to_vec",
                format!(
                    "the tensor holds {}, not {}; convert it with `to_dtype` first",
                    self.dtype(),
                    T::DTYPE
                ),
            )),
        }
    }
}

/// Hands a call to the device that holds the first storage; the others were checked to be there too.
macro_rules! on_device {
    ($self:ident, $method:ident ( $($arg:expr),* $(; $($other:ident),*)? )) => {
        match ($self, $($($other,)*)?) {
            #[allow(unused_parens, reason = "a call without further storages is a tuple of one")]
            (Storage::Cpu(on_cpu), $($(Storage::Cpu($other),)*)?) => Storage::Cpu(on_cpu.$method($($arg),*)),
        }
    };
}

impl Kernels for Storage {
    fn cast(&self, layout: &Layout, dtype: DType) -> Storage {
        on_device!(self, cast(layout, dtype))
    }

    fn contiguous(&self, layout: &Layout) -> Storage {
        on_device!(self, contiguous(layout))
    }

    fn write(&mut self, to: &Layout, source: &Storage, from: &Layout) {
        match (self, source) {
            (Storage::Cpu(on_cpu), Storage::Cpu(source)) => on_cpu.write(to, source, from),
        }
    }

    fn unary(&self, op: UnaryOp, layout: &Layout) -> Storage {
        on_device!(self, unary(op, layout))
    }

    fn binary(&self, op: BinaryOp, layout: &Layout, rhs: &Storage, rhs_layout: &Layout) -> Storage {
        on_device!(self, binary(op, layout, rhs, rhs_layout; rhs))
    }

    fn compare(&self, op: CompareOp, layout: &Layout, rhs: &Storage, rhs_layout: &Layout) -> Storage {
        on_device!(self, compare(op, layout, rhs, rhs_layout; rhs))
    }

    fn where_cond(
        &self,
        layout: &Layout,
        a: &Storage,
        a_layout: &Layout,
        b: &Storage,
        b_layout: &Layout,
    ) -> Storage {
        on_device!(self, where_cond(layout, a, a_layout, b, b_layout; a, b))
    }

    fn reduce(&self, op: ReduceOp, layout: &Layout, dims: &[usize]) -> Storage {
        on_device!(self, reduce(op, layout, dims))
    }

    fn arg_reduce(&self, op: ArgOp, layout: &Layout, dim: usize) -> Storage {
        on_device!(self, arg_reduce(op, layout, dim))
    }

    fn matmul(&self, layout: &Layout, rhs: &Storage, rhs_layout: &Layout, bias: Option<&Storage>) -> Storage {
        on_device!(self, matmul(layout, rhs, rhs_layout, bias.map(Storage::cpu); rhs))
    }

    fn gather(&self, layout: &Layout, dim: usize, index: &Storage, index_layout: &Layout) -> Result<Storage> {
        match (self, index) {
            (Storage::Cpu(on_cpu), Storage::Cpu(index)) => {
                Ok(Storage::Cpu(on_cpu.gather(layout, dim, index, index_layout)?))
            }
        }
    }

    fn scatter(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &Storage,
        index_layout: &Layout,
        source: &Storage,
        source_layout: &Layout,
    ) -> Result<()> {
        match (self, index, source) {
            (Storage::Cpu(on_cpu), Storage::Cpu(index), Storage::Cpu(source)) => {
                on_cpu.scatter(layout, dim, index, index_layout, source, source_layout)
            }
        }
    }

    fn scatter_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &Storage,
        index_layout: &Layout,
        source: &Storage,
        source_layout: &Layout,
    ) -> Result<()> {
        match (self, index, source) {
            (Storage::Cpu(on_cpu), Storage::Cpu(index), Storage::Cpu(source)) => {
                on_cpu.scatter_add(layout, dim, index, index_layout, source, source_layout)
            }
        }
    }

    fn index_select(
        &self,
        layout: &Layout,
        dim: usize,
        index: &Storage,
        index_layout: &Layout,
    ) -> Result<Storage> {
        match (self, index) {
            (Storage::Cpu(on_cpu), Storage::Cpu(index)) => {
                Ok(Storage::Cpu(on_cpu.index_select(layout, dim, index, index_layout)?))
            }
        }
    }

    fn index_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &Storage,
        index_layout: &Layout,
        source: &Storage,
        source_layout: &Layout,
    ) -> Result<()> {
        match (self, index, source) {
            (Storage::Cpu(on_cpu), Storage::Cpu(index), Storage::Cpu(source)) => {
                on_cpu.index_add(layout, dim, index, index_layout, source, source_layout)
            }
        }
    }
}
