//! OpenCL: numbers in a device's memory, kernels in `.cl` files, one topic a file.
//!
//! A device is opened once and never closed. It has one queue, which does one thing after the other, so nothing waits
//! until a number is read. Here is how a call goes: an `impl` of this folder takes a `Launch`, gives it buffers, sizes and
//! `Grid`s in the order of the kernel's parameters, and starts it; the kernel is compiled when it is first asked for.

mod arithmetic;
mod attention;
mod batch_norm;
mod buffer;
mod conv;
mod cross_entropy;
mod dropout;
mod error;
mod fault;
mod grid;
mod index;
mod info;
mod launch;
mod matmul;
mod measure;
mod optim;
mod order;
mod own;
mod pool;
mod primitives;
mod program;
mod reduce;
mod rnn;
mod row_norm;
mod runtime;
mod softmax;
mod tile;

use std::fmt;
use std::sync::atomic::Ordering;

use opencl3::types::cl_mem;

pub use info::{DeviceInfo, DeviceKind, list};
pub use matmul::Rung;
pub use measure::{Tiling, ceiling, fastest, matmul_by, tiling};
pub use own::{KernelArgument, run_kernel};

use super::{CpuStorage, Device};
use crate::dtype::{DType, Element};
use crate::error::{Error, Result};
use buffer::Buffer;
use error::give_up;
use grid::Grid;
use launch::Launch;
use program::{Source, source};
use runtime::Runtime;

pub(super) use runtime::open;

/// A flat buffer in an OpenCL device's memory.
pub struct OpenClStorage {
    buffer: Buffer,
    numel: usize,
    dtype: DType,
    runtime: &'static Runtime,
}

impl OpenClStorage {
    /// The device the numbers are on.
    pub fn device(&self) -> Device {
        Device::OpenCl(self.runtime.number)
    }

    /// What kind of number it holds.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// How many numbers it holds.
    pub fn numel(&self) -> usize {
        self.numel
    }

    /// Numbers of this machine's memory, copied to the device.
    pub(super) fn from_host(runtime: &'static Runtime, host: &CpuStorage) -> Result<OpenClStorage> {
        let mut storage = OpenClStorage::stale(runtime, host.numel(), host.dtype())?;
        match host {
            CpuStorage::F32(x) => runtime.upload(&mut storage.buffer, x)?,
            CpuStorage::F64(x) => runtime.upload(&mut storage.buffer, x)?,
            CpuStorage::I64(x) => runtime.upload(&mut storage.buffer, x)?,
            CpuStorage::U8(x) => runtime.upload(&mut storage.buffer, x)?,
        }
        Ok(storage)
    }

    /// The numbers in this machine's memory, when the device has computed them.
    pub(super) fn to_host(&self) -> CpuStorage {
        fn read<T: Element>(storage: &OpenClStorage) -> CpuStorage {
            CpuStorage::from_vec(storage.runtime.download::<T>(&storage.buffer, storage.numel))
        }
        match self.dtype {
            DType::F32 => read::<f32>(self),
            DType::F64 => read::<f64>(self),
            DType::I64 => read::<i64>(self),
            DType::U8 => read::<u8>(self),
        }
    }

    /// `numel` times the same value.
    pub(super) fn full(
        runtime: &'static Runtime,
        numel: usize,
        value: f64,
        dtype: DType,
    ) -> Result<OpenClStorage> {
        let storage = OpenClStorage::stale(runtime, numel, dtype)?;
        storage.kernel(&FILL, "fill").size(numel).real(value).buffer(&storage).over(numel);
        Ok(storage)
    }

    /// The numbers 0, 1, … in `I64`.
    pub(super) fn count_up(runtime: &'static Runtime, numel: usize) -> Result<OpenClStorage> {
        let storage = OpenClStorage::stale(runtime, numel, DType::I64)?;
        storage.kernel(&FILL, "count_up").size(numel).buffer(&storage).over(numel);
        Ok(storage)
    }

    /// `numel` numbers that a kernel will overwrite.
    pub(super) fn stale(runtime: &'static Runtime, numel: usize, dtype: DType) -> Result<OpenClStorage> {
        program::check_dtype(runtime, dtype)?;
        if u32::try_from(numel).is_err() {
            return Err(Error::Device {
                device: Device::OpenCl(runtime.number).to_string(),
                message: format!(
                    "a tensor of {numel} numbers is too large: its kernels count up to {}",
                    u32::MAX
                ),
            });
        }
        let bytes = numel * dtype.size_in_bytes();
        if bytes > runtime.info.max_buffer {
            return Err(Error::Device {
                device: Device::OpenCl(runtime.number).to_string(),
                message: format!(
                    "a tensor of {bytes} bytes is too large: the device holds {} in one piece. Try a smaller `--batch-size`",
                    runtime.info.max_buffer
                ),
            });
        }
        let buffer = Buffer::new(runtime, bytes)?;
        Ok(OpenClStorage { buffer, numel, dtype, runtime })
    }

    /// The same beside this one, in the middle of an op.
    fn result(&self, numel: usize, dtype: DType) -> OpenClStorage {
        OpenClStorage::stale(self.runtime, numel, dtype).unwrap_or_else(|error| give_up(error))
    }

    /// The same, of this dtype.
    fn like(&self, numel: usize) -> OpenClStorage {
        self.result(numel, self.dtype)
    }

    /// `numel` zeros beside this one.
    fn zeros(&self, numel: usize) -> OpenClStorage {
        OpenClStorage::full(self.runtime, numel, 0.0, self.dtype).unwrap_or_else(|error| give_up(error))
    }

    /// A kernel for elements of this storage's type.
    fn kernel<'a>(&self, source: &'a Source, name: &'static str) -> Launch<'a> {
        Launch::new(self.runtime, source, name, self.dtype)
    }

    fn handle(&self) -> cl_mem {
        self.buffer.handle()
    }
}

const FILL: Source = source!("fill");

/// A copy on the device.
impl Clone for OpenClStorage {
    fn clone(&self) -> OpenClStorage {
        let mut copy = self.like(self.numel);
        self.runtime.copy(&self.buffer, &mut copy.buffer, self.numel * self.dtype.size_in_bytes());
        copy
    }
}

impl fmt::Debug for OpenClStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} on {}", self.numel, self.dtype, self.device())
    }
}

/// What a device has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Diagnostics {
    /// How often numbers were copied to the device.
    pub uploads: u64,
    /// How often numbers were copied from it, and waited for.
    pub downloads: u64,
    /// How many kernels were started.
    pub launches: u64,
    /// Bytes of all buffers that these were given: what they move if they read or write each number once.
    pub given_bytes: u64,
    /// Bytes of its memory that are held, in use or kept for later tensors.
    pub bytes: usize,
    /// The most that were ever held.
    pub peak_bytes: usize,
}

/// What the device of this number has done so far.
///
/// # Errors
/// If there is no such device.
pub fn diagnostics(number: usize) -> Result<Diagnostics> {
    let runtime = open(number)?;
    let counts = &runtime.counts;
    Ok(Diagnostics {
        uploads: counts.uploads.load(Ordering::Relaxed),
        downloads: counts.downloads.load(Ordering::Relaxed),
        launches: counts.launches.load(Ordering::Relaxed),
        given_bytes: counts.given_bytes.load(Ordering::Relaxed),
        bytes: runtime.pool.held.load(Ordering::Relaxed),
        peak_bytes: runtime.pool.peak.load(Ordering::Relaxed),
    })
}

/// The first device that is a GPU, if it can be opened.
pub(super) fn first_gpu() -> Option<Device> {
    let gpu = list().ok()?.iter().position(|device| device.kind == DeviceKind::Gpu)?;
    open(gpu).ok().map(|_| Device::OpenCl(gpu))
}

/// Gives back the memory that no tensor uses.
pub(super) fn empty_cache(number: usize) {
    if let Ok(runtime) = open(number) {
        runtime.empty_cache();
    }
}
