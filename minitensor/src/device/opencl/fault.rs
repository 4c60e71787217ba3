//! Wrong indices, which only the device sees.
//!
//! An index is data: to look at it before a kernel starts would mean to wait for the device. So a kernel that meets a wrong
//! one leaves it out and notes it in four numbers that lie beside the tensors, and whoever reads from the device looks
//! there too.

use std::sync::{Mutex, PoisonError};

use opencl3::command_queue::CommandQueue;
use opencl3::context::Context;
use opencl3::error_codes::ClError;
use opencl3::memory::{Buffer, CL_MEM_READ_WRITE, ClMem};
use opencl3::types::{CL_BLOCKING, CL_NON_BLOCKING, cl_long, cl_mem};

use super::runtime::{NO_HOST, Runtime};
use crate::error::{Error, Result};

/// The ops that can meet a wrong index; a kernel notes the number of its op in this list, from 1.
const OPS: [&str; 7] =
    ["gather", "scatter", "scatter_add", "index_select", "index_add", "cross_entropy", "max_pool2d"];

/// The number by which a kernel notes its op.
pub(super) fn number_of(op: &str) -> i32 {
    match OPS.iter().position(|known| *known == op) {
        Some(position) => position as i32 + 1,
        None => unreachable!("{op} is not in the list of ops that take indices"),
    }
}

/// Where kernels note the first wrong index: the number of the op, the index, and how many there are.
pub(super) struct Faults {
    note: Mutex<Buffer<cl_long>>,
    handle: cl_mem,
}

// SAFETY: the handle is that of `note`, which lives as long, and handles may be used by any thread (OpenCL 1.2, appendix A.2).
unsafe impl Send for Faults {}
// SAFETY: as above.
unsafe impl Sync for Faults {}

impl Faults {
    pub(super) fn new(context: &Context, queue: &CommandQueue) -> Result<Faults, ClError> {
        // SAFETY: no host pointer is handed over.
        let mut note = unsafe { Buffer::create(context, CL_MEM_READ_WRITE, 4, NO_HOST) }?;
        // SAFETY: the call returns when the four numbers have been copied.
        unsafe { queue.enqueue_write_buffer(&mut note, CL_BLOCKING, 0, &[0; 4], &[]) }?;
        Ok(Faults { handle: note.get(), note: Mutex::new(note) })
    }

    /// What kernels take.
    pub(super) fn handle(&self) -> cl_mem {
        self.handle
    }

    /// Waits for the device, and returns the wrong index that a kernel has met, once.
    pub(super) fn check(&self, runtime: &Runtime) -> Result<()> {
        let mut note = self.note.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = [0; 4];
        let failed = |error| runtime.failed("copying from the device", error);
        // SAFETY: `found` lives until the queue is finished.
        unsafe { runtime.queue.enqueue_read_buffer(&note, CL_NON_BLOCKING, 0, &mut found, &[]) }
            .map_err(failed)?;
        runtime.finish()?;
        let [op, index, size, _] = found;
        if op == 0 {
            return Ok(());
        }
        // SAFETY: the call returns when the four numbers have been copied.
        unsafe { runtime.queue.enqueue_write_buffer(&mut note, CL_BLOCKING, 0, &[0; 4], &[]) }
            .map_err(failed)?;
        let op = usize::try_from(op - 1).ok().and_then(|op| OPS.get(op)).copied().unwrap_or("an op");
        let what = "what it looks up (noticed when a result was read)".to_owned();
        Err(Error::Index { op, what, index, size: usize::try_from(size).unwrap_or_default() })
    }
}
