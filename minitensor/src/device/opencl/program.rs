//! Kernels, compiled when they are first called and kept.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use opencl3::error_codes::{CL_BUILD_PROGRAM_FAILURE, ClError};
use opencl3::kernel::Kernel;
use opencl3::program::Program;

use super::runtime::Runtime;
use crate::dtype::DType;
use crate::error::{Error, Result};

/// A file of kernels.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// A file of `kernels/`, by its name.
macro_rules! source {
    ($name:literal) => {
        $crate::device::opencl::program::Source {
            name: $name,
            text: include_str!(concat!("kernels/", $name, ".cl")),
        }
    };
}
pub(super) use source;

/// What every file of kernels begins with.
const COMMON: &str = include_str!("kernels/common.cl");

/// Which kernel: a name in a file, compiled for an element type and with further definitions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct KernelId {
    pub(super) file: &'static str,
    pub(super) name: &'static str,
    pub(super) dtype: DType,
    /// Further options of the compiler, `-D TILE=16`.
    pub(super) options: String,
}

/// The kernels compiled so far, and the programs they are from.
#[derive(Default)]
pub(super) struct Programs(Mutex<Compiled>);

#[derive(Default)]
pub(super) struct Compiled {
    kernels: HashMap<KernelId, Kernel>,
    programs: HashMap<(&'static str, DType, String), Program>,
    /// Kernels of others, by their text and their name.
    own: HashMap<(String, String), Kernel>,
}

impl Programs {
    /// Locks them all: a kernel's arguments are part of it, so only one thread at a time may set them and start it.
    pub(super) fn lock(&self) -> MutexGuard<'_, Compiled> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Compiled {
    /// The kernel, compiled if it was not yet.
    pub(super) fn kernel(&mut self, runtime: &Runtime, source: &Source, id: KernelId) -> Result<&Kernel> {
        if !self.kernels.contains_key(&id) {
            let key = (id.file, id.dtype, id.options.clone());
            if !self.programs.contains_key(&key) {
                let program = build(runtime, source, id.dtype, &id.options)?;
                self.programs.insert(key.clone(), program);
            }
            let kernel = Kernel::create(&self.programs[&key], id.name)
                .map_err(|error| runtime.failed(&format!("kernel `{}` of {}.cl", id.name, id.file), error))?;
            self.kernels.insert(id.clone(), kernel);
        }
        Ok(&self.kernels[&id])
    }

    /// A kernel in a text that is not of this crate, compiled as it stands if it was not yet.
    pub(super) fn own(&mut self, runtime: &Runtime, text: &str, name: &str) -> Result<&Kernel> {
        let key = (text.to_owned(), name.to_owned());
        if !self.own.contains_key(&key) {
            self.own.insert(key.clone(), build_own(runtime, text, name)?);
        }
        Ok(&self.own[&key])
    }
}

fn build_own(runtime: &Runtime, text: &str, name: &str) -> Result<Kernel> {
    let failed = |error| runtime.failed("compiling a kernel", error);
    let said = |message: String| Error::Device {
        device: crate::Device::OpenCl(runtime.number).to_string(),
        message,
    };
    let mut program = Program::create_from_source(&runtime.context, text).map_err(failed)?;
    // with what parameters are called and of what type they are, which can then be compared with what they are given
    match program.build(runtime.context.devices(), "-cl-std=CL1.2 -cl-kernel-arg-info") {
        Err(error) if error.0 == CL_BUILD_PROGRAM_FAILURE => {
            let log = program.get_build_log(runtime.context.devices()[0]).unwrap_or_default();
            return Err(said(format!("this kernel does not compile:\n{}", log.trim())));
        }
        built => built.map_err(failed)?,
    }
    let names = program.kernel_names().split(';').map(str::to_owned).collect::<Vec<_>>();
    if !names.iter().any(|known| known == name) {
        return Err(said(format!("the text has no kernel `{name}`; it has: {}", names.join(", "))));
    }
    Kernel::create(&program, name).map_err(failed)
}

fn build(runtime: &Runtime, source: &Source, dtype: DType, options: &str) -> Result<Program> {
    let options = format!("-cl-std=CL1.2 {} {options}", types(runtime, dtype));
    let failed = |log: &str, error: ClError| {
        let log = log.trim();
        runtime.failed(&format!("compiling {}.cl for {dtype}:\n{log}\n", source.name), error)
    };
    let text = [COMMON, source.text].concat(); // one text, since `create_from_sources` hands over slices for pointers
    let mut program = Program::create_from_source(&runtime.context, &text).map_err(|e| failed("", e))?;
    match program.build(runtime.context.devices(), &options) {
        Ok(()) => Ok(program),
        Err(error) if error.0 == CL_BUILD_PROGRAM_FAILURE => {
            let log = program.get_build_log(runtime.context.devices()[0]).unwrap_or_default();
            Err(failed(&log, error))
        }
        Err(error) => Err(failed("", error)),
    }
}

/// The definitions that say what T and its relatives are; see `kernels/common.cl`.
fn types(runtime: &Runtime, dtype: DType) -> String {
    let double = if runtime.info.has_f64 { "-D HAS_F64 " } else { "" };
    let own = match dtype {
        DType::F32 => "-D T=float -D R=float -D FLOATING",
        DType::F64 => "-D T=double -D R=double -D FLOATING -D IS_F64",
        DType::I64 if runtime.info.has_f64 => "-D T=long -D R=double -D IS_I64",
        DType::U8 if runtime.info.has_f64 => "-D T=uchar -D R=double -D IS_U8",
        DType::I64 => "-D T=long -D R=float -D IS_I64",
        DType::U8 => "-D T=uchar -D R=float -D IS_U8",
    };
    format!("{double}{own}")
}

/// Refuses a dtype that the device cannot compute in.
pub(super) fn check_dtype(runtime: &Runtime, dtype: DType) -> Result<()> {
    if dtype != DType::F64 || runtime.info.has_f64 {
        return Ok(());
    }
    let message = "it has no 64-bit floating point; use f32, or the CPU for f64".to_owned();
    Err(Error::Device { device: crate::Device::OpenCl(runtime.number).to_string(), message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_does_not_compile_is_an_error_in_the_compilers_words() {
        let runtime = super::super::open(0).expect("these tests need an OpenCL device");
        let wrong = Source { name: "wrong", text: "kernel void f(global T *x) { x[0] = unheard_of; }" };
        let message = build(runtime, &wrong, DType::F32, "").expect_err("it cannot compile").to_string();
        assert!(message.contains("wrong.cl for f32") && message.contains("unheard_of"), "{message}");
    }
}
