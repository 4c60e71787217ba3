//! A storage on any device, and how a call finds the device it is for.

use std::borrow::Cow;

use crate::dtype::{DType, Element};
use crate::error::{Error, Result};
use crate::shape::Layout;

#[cfg(feature = "opencl")]
use super::opencl::{self, OpenClStorage};
use super::{ArgOp, BinaryOp, CompareOp, CpuStorage, Device, Kernels, ReduceOp, UnaryOp};

/// A flat buffer of numbers on a device.
#[derive(Debug, Clone)]
pub enum Storage {
    /// In this machine's memory.
    Cpu(CpuStorage),
    /// In an OpenCL device's memory.
    #[cfg(feature = "opencl")]
    OpenCl(OpenClStorage),
}

/// Runs `$body` with `$x` bound to what the storage's device holds, and `$S` to the type of that device's storages.
macro_rules! on_device {
    ($storage:expr, $x:ident: $S:ident => $body:expr) => {
        match $storage {
            $crate::device::Storage::Cpu($x) => {
                #[allow(dead_code, reason = "a call without further operands does not name it")]
                type $S = $crate::device::CpuStorage;
                $body
            }
            #[cfg(feature = "opencl")]
            $crate::device::Storage::OpenCl($x) => {
                #[allow(dead_code, reason = "a call without further operands does not name it")]
                type $S = $crate::device::OpenClStorage;
                $body
            }
        }
    };
}
pub(super) use on_device;

/// A device's own storage.
pub(super) trait Held: Into<Storage> {
    /// What the storage holds, if it is on this device.
    fn of(storage: &Storage) -> Option<&Self>;

    /// The same, to write to.
    fn of_mut(storage: &mut Storage) -> Option<&mut Self>;
}

macro_rules! held {
    ($held:ty, $variant:ident) => {
        impl Held for $held {
            fn of(storage: &Storage) -> Option<&Self> {
                match storage {
                    Storage::$variant(held) => Some(held),
                    #[allow(unreachable_patterns, reason = "a build without OpenCL has one variant")]
                    _ => None,
                }
            }

            fn of_mut(storage: &mut Storage) -> Option<&mut Self> {
                match storage {
                    Storage::$variant(held) => Some(held),
                    #[allow(unreachable_patterns, reason = "a build without OpenCL has one variant")]
                    _ => None,
                }
            }
        }

        impl From<$held> for Storage {
            fn from(held: $held) -> Storage {
                Storage::$variant(held)
            }
        }
    };
}

held!(CpuStorage, Cpu);
#[cfg(feature = "opencl")]
held!(OpenClStorage, OpenCl);

impl Storage {
    /// The device the numbers are on.
    pub fn device(&self) -> Device {
        match self {
            Storage::Cpu(_) => Device::Cpu,
            #[cfg(feature = "opencl")]
            Storage::OpenCl(storage) => storage.device(),
        }
    }

    /// What kind of number it holds.
    pub fn dtype(&self) -> DType {
        on_device!(self, x: S => x.dtype())
    }

    /// How many numbers it holds.
    pub fn numel(&self) -> usize {
        on_device!(self, x: S => x.numel())
    }

    /// `numel` times the same value.
    pub fn full(numel: usize, value: f64, dtype: DType, device: Device) -> Result<Storage> {
        match device {
            #[cfg(feature = "opencl")]
            Device::OpenCl(number) => {
                Ok(OpenClStorage::full(opencl::open(number)?, numel, value, dtype)?.into())
            }
            _ => Storage::from_host(CpuStorage::full(numel, value, dtype), device),
        }
    }

    /// Numbers that will be overwritten, every one: what they are at first is left over from earlier use.
    pub(crate) fn stale(numel: usize, dtype: DType, device: Device) -> Result<Storage> {
        match device {
            #[cfg(feature = "opencl")]
            Device::OpenCl(number) => Ok(OpenClStorage::stale(opencl::open(number)?, numel, dtype)?.into()),
            _ => Storage::from_host(CpuStorage::stale(numel, dtype), device),
        }
    }

    /// The numbers 0, 1, … in `I64`.
    pub(crate) fn count_up(numel: usize, device: Device) -> Result<Storage> {
        match device {
            #[cfg(feature = "opencl")]
            Device::OpenCl(number) => Ok(OpenClStorage::count_up(opencl::open(number)?, numel)?.into()),
            _ => Storage::from_host(CpuStorage::from_vec((0..numel as i64).collect::<Vec<_>>()), device),
        }
    }

    /// Numbers of this machine's memory, moved to a device.
    pub fn from_host(host: CpuStorage, device: Device) -> Result<Storage> {
        match device {
            Device::Cpu => Ok(Storage::Cpu(host)),
            #[cfg(feature = "opencl")]
            Device::OpenCl(number) => Ok(OpenClStorage::from_host(opencl::open(number)?, &host)?.into()),
            #[cfg(not(feature = "opencl"))]
            Device::OpenCl(number) => Err(match Device::opencl(number) {
                Ok(_) => unreachable!("a build without OpenCL opens no device"),
                Err(error) => error,
            }),
        }
    }

    /// The numbers in this machine's memory: borrowed where they are there already.
    ///
    /// This waits until the device has computed them.
    pub fn to_host(&self) -> Cow<'_, CpuStorage> {
        match self {
            Storage::Cpu(cpu) => Cow::Borrowed(cpu),
            #[cfg(feature = "opencl")]
            Storage::OpenCl(storage) => Cow::Owned(storage.to_host()),
        }
    }

    /// What an operand holds on the device of the others.
    pub(super) fn on<S: Held>(&self) -> &S {
        S::of(self).unwrap_or_else(|| panic!("{}", elsewhere(self.device())))
    }

    /// The same, to write to.
    pub(super) fn on_mut<S: Held>(&mut self) -> &mut S {
        let device = self.device();
        S::of_mut(self).unwrap_or_else(|| panic!("{}", elsewhere(device)))
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

fn elsewhere(device: Device) -> String {
    format!(
        "one operand is on {device}, and the other on another device; move one with `to`, or the whole model with `to_device`"
    )
}

/// Hands each call to the device that holds the first storage.
impl Kernels for Storage {
    fn cast(&self, layout: &Layout, dtype: DType) -> Storage {
        on_device!(self, x: S => x.cast(layout, dtype).into())
    }

    fn contiguous(&self, layout: &Layout) -> Storage {
        on_device!(self, x: S => x.contiguous(layout).into())
    }

    fn write(&mut self, to: &Layout, source: &Storage, from: &Layout) {
        on_device!(self, y: S => y.write(to, source.on::<S>(), from))
    }

    fn unary(&self, op: UnaryOp, layout: &Layout) -> Storage {
        on_device!(self, x: S => x.unary(op, layout).into())
    }

    fn binary(&self, op: BinaryOp, layout: &Layout, rhs: &Storage, rhs_layout: &Layout) -> Storage {
        on_device!(self, x: S => x.binary(op, layout, rhs.on::<S>(), rhs_layout).into())
    }

    fn compare(&self, op: CompareOp, layout: &Layout, rhs: &Storage, rhs_layout: &Layout) -> Storage {
        on_device!(self, x: S => x.compare(op, layout, rhs.on::<S>(), rhs_layout).into())
    }

    fn where_cond(
        &self,
        layout: &Layout,
        a: &Storage,
        a_layout: &Layout,
        b: &Storage,
        b_layout: &Layout,
    ) -> Storage {
        on_device!(self, mask: S => {
            mask.where_cond(layout, a.on::<S>(), a_layout, b.on::<S>(), b_layout).into()
        })
    }

    fn reduce(&self, op: ReduceOp, layout: &Layout, dims: &[usize]) -> Storage {
        on_device!(self, x: S => x.reduce(op, layout, dims).into())
    }

    fn arg_reduce(&self, op: ArgOp, layout: &Layout, dim: usize) -> Storage {
        on_device!(self, x: S => x.arg_reduce(op, layout, dim).into())
    }

    fn matmul(&self, layout: &Layout, rhs: &Storage, rhs_layout: &Layout, bias: Option<&Storage>) -> Storage {
        on_device!(self, x: S => {
            x.matmul(layout, rhs.on::<S>(), rhs_layout, bias.map(|bias| bias.on::<S>())).into()
        })
    }

    fn gather(&self, layout: &Layout, dim: usize, index: &Storage, index_layout: &Layout) -> Result<Storage> {
        on_device!(self, x: S => Ok(x.gather(layout, dim, index.on::<S>(), index_layout)?.into()))
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
        on_device!(self, y: S => {
            y.scatter(layout, dim, index.on::<S>(), index_layout, source.on::<S>(), source_layout)
        })
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
        on_device!(self, y: S => {
            y.scatter_add(layout, dim, index.on::<S>(), index_layout, source.on::<S>(), source_layout)
        })
    }

    fn index_select(
        &self,
        layout: &Layout,
        dim: usize,
        index: &Storage,
        index_layout: &Layout,
    ) -> Result<Storage> {
        on_device!(self, x: S => Ok(x.index_select(layout, dim, index.on::<S>(), index_layout)?.into()))
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
        on_device!(self, y: S => {
            y.index_add(layout, dim, index.on::<S>(), index_layout, source.on::<S>(), source_layout)
        })
    }
}
