//! Starting a kernel: its arguments, in the order of its parameters, and over how many work-items it runs.

use std::ptr;
use std::sync::atomic::Ordering;

use opencl3::error_codes::ClError;
use opencl3::kernel::Kernel;
use opencl3::types::{cl_event, cl_mem};
use smallvec::SmallVec;

use super::OpenClStorage;
use super::error::give_up;
use super::grid::Grid;
use super::program::{KernelId, Source};
use super::runtime::Runtime;
use crate::dtype::DType;
use crate::error::Result;

/// How many work-items a group of an elementwise kernel has.
pub(super) const GROUP: usize = 256;
/// How many numbers of a row a work-item sees to, if the row is not too long for that.
pub(super) const PER_ITEM: usize = 4;

/// A kernel that is about to start.
#[must_use = "a kernel starts when `over` or `groups` says over how many work-items"]
pub(super) struct Launch<'a> {
    runtime: &'static Runtime,
    source: &'a Source,
    id: KernelId,
    arguments: SmallVec<[Argument<'a>; 12]>,
    given_bytes: usize,
}

enum Argument<'a> {
    Memory(cl_mem),
    Unsigned(u32),
    Four([u32; 4]),
    Signed(i32),
    Long(i64),
    Single(f32),
    Double(f64),
    Grid(&'a Grid),
    /// Bytes of memory that a work-group shares.
    Local(usize),
}

impl<'a> Launch<'a> {
    /// A kernel of a file, compiled for elements of a type.
    pub(super) fn new(
        runtime: &'static Runtime,
        source: &'a Source,
        name: &'static str,
        dtype: DType,
    ) -> Launch<'a> {
        let id = KernelId { file: source.name, name, dtype, options: String::new() };
        Launch { runtime, source, id, arguments: SmallVec::new(), given_bytes: 0 }
    }

    /// Compiles the kernel with a definition of its own: `define("TILE", 16)`.
    pub(super) fn define(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        use std::fmt::Write;
        let _ = write!(self.id.options, "-D {name}={value} "); // writing to a string does not fail
        self
    }

    /// `global const T *`, or without `const`.
    pub(super) fn buffer(mut self, storage: &OpenClStorage) -> Self {
        self.given_bytes += storage.numel() * storage.dtype().size_in_bytes();
        self.arguments.push(Argument::Memory(storage.handle()));
        self
    }

    /// The same where there may be none: the kernel gets a null pointer.
    pub(super) fn maybe(mut self, storage: Option<&OpenClStorage>) -> Self {
        match storage {
            Some(storage) => self.buffer(storage),
            None => {
                self.arguments.push(Argument::Memory(ptr::null_mut()));
                self
            }
        }
    }

    /// `uint`
    pub(super) fn size(mut self, size: usize) -> Self {
        self.arguments.push(Argument::Unsigned(narrow(size)));
        self
    }

    /// `uint4`
    pub(super) fn sizes(mut self, sizes: [usize; 4]) -> Self {
        self.arguments.push(Argument::Four(sizes.map(narrow)));
        self
    }

    /// `int`
    pub(super) fn int(mut self, value: i32) -> Self {
        self.arguments.push(Argument::Signed(value));
        self
    }

    /// `long`
    pub(super) fn long(mut self, value: i64) -> Self {
        self.arguments.push(Argument::Long(value));
        self
    }

    /// `R`: the type of real numbers beside the kernel's elements.
    pub(super) fn real(mut self, value: f64) -> Self {
        self.arguments.push(match self.id.dtype {
            DType::F32 => Argument::Single(value as f32),
            DType::F64 => Argument::Double(value),
            _ if self.runtime.info.has_f64 => Argument::Double(value),
            _ => Argument::Single(value as f32),
        });
        self
    }

    /// `Grid`
    pub(super) fn grid(mut self, grid: &'a Grid) -> Self {
        self.arguments.push(Argument::Grid(grid));
        self
    }

    /// `local T *` of so many bytes.
    pub(super) fn local(mut self, bytes: usize) -> Self {
        self.arguments.push(Argument::Local(bytes));
        self
    }

    /// `local T *` with a place for every work-item of `over_rows`.
    pub(super) fn shared(self) -> Self {
        let bytes = self.runtime.group(GROUP) * self.id.dtype.size_in_bytes();
        self.local(bytes)
    }

    /// Where to note a wrong index: `global long *faults, int op`.
    pub(super) fn faults(mut self, op: &str) -> Self {
        self.arguments.push(Argument::Memory(self.runtime.faults.handle()));
        self.int(super::fault::number_of(op))
    }

    /// Starts it over `n` work-items or a few more, which it must leave out; not at all over none.
    pub(super) fn over(self, n: usize) {
        let group = GROUP.min(self.runtime.info.max_group);
        self.groups([n.div_ceil(group), 1, 1], [group, 1, 1]);
    }

    /// Starts it over `rows` times `across` work-items; those of a row, a power of two, are in one work-group.
    pub(super) fn over_rows(self, rows: usize, across: usize) {
        let group = self.runtime.group(GROUP);
        self.groups([(rows * across).div_ceil(group), 1, 1], [group, 1, 1]);
    }

    /// Starts it over so many work-groups of so many work-items in each direction.
    pub(super) fn groups(self, groups: [usize; 3], group: [usize; 3]) {
        if groups.contains(&0) {
            return;
        }
        if let Err(error) = self.start(groups, group) {
            give_up(error);
        }
    }

    fn start(self, groups: [usize; 3], group: [usize; 3]) -> Result<()> {
        let Launch { runtime, source, id, arguments, given_bytes } = self;
        let doing = format!("`{}` of {}.cl", id.name, id.file);
        let mut compiled = runtime.programs.lock();
        let kernel = compiled.kernel(runtime, source, id)?;
        for (index, argument) in (0..).zip(&arguments) {
            argument.set(kernel, index).map_err(|error| {
                runtime.failed(&format!("{doing}, whose argument {index} does not fit"), error)
            })?;
        }
        let global = [groups[0] * group[0], groups[1] * group[1], groups[2] * group[2]];
        runtime.counts.launches.fetch_add(1, Ordering::Relaxed);
        runtime.counts.given_bytes.fetch_add(given_bytes as u64, Ordering::Relaxed);
        // SAFETY: the kernels are ours; each reads and writes only what the layouts, sizes and buffers that it is given
        // reach, which the callers have checked, and buffers are reused only by what is queued later.
        let event = unsafe {
            runtime.queue.enqueue_nd_range_kernel(
                kernel.get(),
                3,
                ptr::null(),
                global.as_ptr(),
                group.as_ptr(),
                &[] as &[cl_event],
            )
        };
        event.map(drop).map_err(|error| runtime.failed(&doing, error))
    }
}

/// No buffer has more elements than 32 bits can count.
fn narrow(size: usize) -> u32 {
    u32::try_from(size).unwrap_or_else(|_| unreachable!("no buffer has {size} elements"))
}

impl Argument<'_> {
    fn set(&self, kernel: &Kernel, index: u32) -> std::result::Result<(), ClError> {
        // SAFETY: OpenCL copies the value, and compares its size with that of the parameter.
        unsafe {
            match self {
                Argument::Memory(memory) => kernel.set_arg(index, memory),
                Argument::Unsigned(value) => kernel.set_arg(index, value),
                Argument::Four(values) => kernel.set_arg(index, values),
                Argument::Signed(value) => kernel.set_arg(index, value),
                Argument::Long(value) => kernel.set_arg(index, value),
                Argument::Single(value) => kernel.set_arg(index, value),
                Argument::Double(value) => kernel.set_arg(index, value),
                Argument::Grid(grid) => kernel.set_arg(index, *grid),
                Argument::Local(bytes) => kernel.set_arg_local_buffer(index, *bytes),
            }
        }
    }
}
