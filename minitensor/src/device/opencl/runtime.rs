//! An opened device: one context, one queue, and the kernels compiled so far.

use std::collections::HashMap;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use opencl3::command_queue::CommandQueue;
use opencl3::context::Context;
use opencl3::device::Device as ClDevice;
use opencl3::error_codes::ClError;
use opencl3::types::CL_NON_BLOCKING;

use super::buffer::{Buffer, Pool};
use super::error::{failed, give_up};
use super::fault::Faults;
use super::info::{self, DeviceInfo};
use super::launch::{GROUP, PER_ITEM};
use super::program::Programs;
use crate::dtype::Element;
use crate::error::{Error, Result};

/// An opened device. It is never closed, since tensors on it may live as long as the process.
pub(in crate::device) struct Runtime {
    pub(super) number: usize,
    pub(in crate::device) info: DeviceInfo,
    pub(super) context: Context,
    /// In order: what is put in later starts when all before it is done.
    pub(super) queue: CommandQueue,
    pub(super) programs: Programs,
    pub(super) pool: Pool,
    pub(super) faults: Faults,
    pub(super) counts: Counts,
    /// Bytes that the device has been asked to copy, and may not have copied yet.
    on_the_way: Mutex<Vec<Box<[u8]>>>,
}

/// So many bytes are kept for the device to copy before it is waited for.
const MOST_ON_THE_WAY: usize = 64 << 20;

/// What was done on a device since it was opened.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) uploads: AtomicU64,
    pub(super) downloads: AtomicU64,
    pub(super) launches: AtomicU64,
    pub(super) given_bytes: AtomicU64,
}

static OPENED: Mutex<Option<HashMap<usize, &'static Runtime>>> = Mutex::new(None);

/// The device of this number, opened at most once.
pub(in crate::device) fn open(number: usize) -> Result<&'static Runtime> {
    // Held while a device is opened: some drivers fail if two threads initialise them at the same time.
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let opened = opened.get_or_insert_default();
    if let Some(runtime) = opened.get(&number) {
        return Ok(runtime);
    }
    let runtime: &'static Runtime = Box::leak(Box::new(Runtime::new(number)?));
    opened.insert(number, runtime);
    Ok(runtime)
}

impl Runtime {
    fn new(number: usize) -> Result<Runtime> {
        let devices = info::devices()?;
        let Some((id, info)) = devices.into_iter().nth(number) else {
            let there_are = match info::devices()?.len() {
                1 => "there is one device, opencl:0".to_owned(),
                n => format!("there are {n} devices, numbered from 0"),
            };
            let device = crate::Device::OpenCl(number).to_string();
            return Err(Error::Device { device, message: there_are });
        };
        let or = |doing: &'static str| move |error| failed(number, doing, error);
        let context = Context::from_device(&ClDevice::new(id)).map_err(or("making a context"))?;
        #[allow(deprecated, reason = "its successor needs OpenCL 2.0, which not every GPU's driver has")]
        let queue = CommandQueue::create_default(&context, 0).map_err(or("making a queue"))?;
        let faults = Faults::new(&context, &queue).map_err(or("setting up"))?;
        Ok(Runtime {
            number,
            info,
            context,
            queue,
            programs: Programs::default(),
            pool: Pool::default(),
            faults,
            counts: Counts::default(),
            on_the_way: Mutex::default(),
        })
    }

    pub(super) fn failed(&self, doing: &str, error: ClError) -> Error {
        failed(self.number, doing, error)
    }

    /// Copies numbers to the device, without waiting for what it has to do before.
    pub(super) fn upload<T: Element>(&self, buffer: &mut Buffer, elements: &[T]) -> Result<()> {
        if elements.is_empty() {
            return Ok(());
        }
        self.counts.uploads.fetch_add(1, Ordering::Relaxed);
        let (bytes, data) = (size_of_val(elements), elements.as_ptr().cast());
        // SAFETY: numbers are bytes, as many as the slice has.
        let bytes: Box<[u8]> = unsafe { std::slice::from_raw_parts(data, bytes) }.into();
        // Locked until the copy is queued: who takes the bytes waits for the queue, and only then lets go of them.
        let mut on_the_way = self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the buffer holds as many bytes, which stay where they are until the queue has been waited for.
        unsafe { self.queue.enqueue_write_buffer(buffer.memory_mut(), CL_NON_BLOCKING, 0, &bytes, &[]) }
            .map_err(|error| self.failed("copying to the device", error))?;
        on_the_way.push(bytes);
        let held: usize = on_the_way.iter().map(|bytes| bytes.len()).sum();
        drop(on_the_way);
        if held > MOST_ON_THE_WAY { self.finish() } else { Ok(()) }
    }

    /// Copies numbers from the device when all work before is done; ends with a panic if a kernel has met a wrong index.
    pub(super) fn download<T: Element>(&self, buffer: &Buffer, numel: usize) -> Vec<T> {
        let mut elements = vec![T::default(); numel];
        self.counts.downloads.fetch_add(1, Ordering::Relaxed);
        if numel > 0 {
            let (bytes, data) = (size_of_val(&elements[..]), elements.as_mut_ptr().cast());
            // SAFETY: any bytes are a number; the elements live until `finish` in `check` has waited for the copy.
            let done = unsafe {
                let bytes = std::slice::from_raw_parts_mut(data, bytes);
                self.queue.enqueue_read_buffer(buffer.memory(), CL_NON_BLOCKING, 0, bytes, &[])
            };
            if let Err(error) = done {
                give_up(self.failed("copying from the device", error));
            }
        }
        if let Err(error) = self.faults.check(self) {
            give_up(error);
        }
        elements
    }

    /// Copies bytes from one buffer to another.
    pub(super) fn copy(&self, from: &Buffer, to: &mut Buffer, bytes: usize) {
        if bytes == 0 {
            return;
        }
        // SAFETY: both buffers hold at least so many bytes, and are different ones, since one is borrowed mutably.
        let done =
            unsafe { self.queue.enqueue_copy_buffer(from.memory(), to.memory_mut(), 0, 0, bytes, &[]) };
        if let Err(error) = done {
            give_up(self.failed("copying on the device", error));
        }
    }

    /// How many work-items a group has that shares `work` pieces of work: a power of two, as folding two by two needs.
    pub(super) fn group(&self, work: usize) -> usize {
        let most = GROUP.min(self.info.max_group);
        let most = if most.is_power_of_two() { most } else { most.next_power_of_two() / 2 };
        work.next_power_of_two().clamp(1, most)
    }

    /// How many work-items of a group share a row of `width` numbers: a power of two.
    pub(super) fn across(&self, width: usize) -> usize {
        self.group(width.div_ceil(PER_ITEM))
    }

    /// Waits until everything is done.
    pub(in crate::device) fn finish(&self) -> Result<()> {
        let sent = std::mem::take(&mut *self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner));
        let done = self.queue.finish().map_err(|error| self.failed("waiting for the device", error));
        drop(sent);
        done
    }

    /// Gives back the memory that no tensor uses.
    pub(super) fn empty_cache(&self) {
        // what fails here will fail again, and be told, when something is read
        let _ = self.finish();
        self.pool.clear();
    }
}

/// A null host pointer, for buffers that the device makes alone.
pub(super) const NO_HOST: *mut std::ffi::c_void = ptr::null_mut();
