//! Memory of the device.

use std::collections::HashMap;
use std::ptr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use opencl3::error_codes::ClError;
use opencl3::memory::{CL_MEM_READ_WRITE, ClMem};
use opencl3::types::cl_mem;

use super::runtime::Runtime;
use crate::error::Error;

type Memory = opencl3::memory::Buffer<u8>;

/// A piece of a device's memory, which goes to the next buffer of its size when this one is dropped.
///
/// That is safe while the device still works on it: there is one queue, and it does one thing after the other, so whatever
/// the next owner does comes after.
pub(super) struct Buffer {
    /// Taken out only by `drop`.
    memory: Option<Memory>,
    /// The size it has, which may be more than was asked for.
    bytes: usize,
    runtime: &'static Runtime,
}

impl Buffer {
    /// At least this many bytes, with whatever is in them.
    pub(super) fn new(runtime: &'static Runtime, bytes: usize) -> Result<Buffer, Error> {
        let bytes = size_class(bytes);
        let memory = match runtime.pool.take(bytes) {
            Some(memory) => memory,
            None => create(runtime, bytes).or_else(|_| {
                runtime.empty_cache();
                create(runtime, bytes).map_err(|error| {
                    let held = runtime.pool.held.load(Ordering::Relaxed);
                    runtime.failed(&format!("{bytes} bytes beside the {held} that it holds"), error)
                })
            })?,
        };
        Ok(Buffer { memory: Some(memory), bytes, runtime })
    }

    /// The handle that kernels take.
    pub(super) fn handle(&self) -> cl_mem {
        self.memory.as_ref().map_or(ptr::null_mut(), ClMem::get)
    }

    pub(super) fn memory(&self) -> &Memory {
        match &self.memory {
            Some(memory) => memory,
            None => unreachable!("only `drop` takes it"),
        }
    }

    pub(super) fn memory_mut(&mut self) -> &mut Memory {
        match &mut self.memory {
            Some(memory) => memory,
            None => unreachable!("only `drop` takes it"),
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(memory) = self.memory.take() {
            self.runtime.pool.give_back(self.bytes, memory);
        }
    }
}

fn create(runtime: &Runtime, bytes: usize) -> Result<Memory, ClError> {
    // SAFETY: no host pointer is handed over, so the buffer refers to nothing of ours.
    let memory = unsafe { Memory::create(&runtime.context, CL_MEM_READ_WRITE, bytes, ptr::null_mut()) }?;
    let held = runtime.pool.held.fetch_add(bytes, Ordering::Relaxed) + bytes;
    runtime.pool.peak.fetch_max(held, Ordering::Relaxed);
    Ok(memory)
}

/// Sizes are rounded up to an eighth of a power of two, so that buffers of nearly one size can stand in for each other and
/// at most an eighth is wasted.
fn size_class(bytes: usize) -> usize {
    let bytes = bytes.max(64);
    bytes.next_multiple_of((bytes.next_power_of_two() / 16).max(64))
}

/// The memory of dropped buffers, by size.
#[derive(Default)]
pub(super) struct Pool {
    free: Mutex<HashMap<usize, Vec<Memory>>>,
    /// Bytes of all buffers that exist, in use or not.
    pub(super) held: AtomicUsize,
    /// The most that `held` ever was.
    pub(super) peak: AtomicUsize,
}

impl Pool {
    fn take(&self, bytes: usize) -> Option<Memory> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&bytes)?.pop()
    }

    fn give_back(&self, bytes: usize, memory: Memory) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).entry(bytes).or_default().push(memory);
    }

    /// Lets go of what nobody uses.
    pub(super) fn clear(&self) {
        for (bytes, free) in self.free.lock().unwrap_or_else(PoisonError::into_inner).drain() {
            self.held.fetch_sub(bytes * free.len(), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::size_class;

    #[test]
    fn a_size_class_wastes_at_most_an_eighth() {
        for bytes in (1..5000).chain([1 << 20, (1 << 20) + 1, 123_456_789]) {
            let class = size_class(bytes);
            assert!(class >= bytes && class <= (bytes + bytes / 8).max(bytes + 64), "{bytes} got {class}");
            assert_eq!(size_class(class), class);
        }
    }
}
