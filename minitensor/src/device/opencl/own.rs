//! Kernels that are not of this crate: a reader's, or an experiment's.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use opencl3::kernel::{
    CL_KERNEL_ARG_ADDRESS_CONSTANT, CL_KERNEL_ARG_ADDRESS_GLOBAL, CL_KERNEL_ARG_ADDRESS_LOCAL, Kernel,
};
use opencl3::types::cl_event;

use super::OpenClStorage;
use super::runtime::Runtime;
use crate::device::Storage;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

const OP: &str = "run_kernel";

// ANCHOR: argument
/// What a kernel is given for one of its parameters.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum KernelArgument<'a> {
    /// `global float *`, for a tensor of `F32`: its elements in row-major order, to read or to write.
    Tensor(&'a Tensor),
    /// `uint`
    U32(u32),
    /// `float`
    F32(f32),
    /// `local float *`, or of any other type: so many bytes that a work-group shares.
    Local(usize),
}
// ANCHOR_END: argument

// ANCHOR: run_kernel
/// Compiles a kernel in OpenCL C (version 1.2), if it was not compiled before, and starts it on the device of the tensors.
///
/// `arguments` are in the order of the kernel's parameters. `global` says over how many work-items it runs, in one, two or
/// three directions, and `local` how many of them are a work-group; the second divides the first. It does not wait: what
/// the kernel wrote is there when a tensor is read.
///
/// ```no_run
/// use minitensor::device::opencl::{KernelArgument::{F32, Tensor as Numbers, U32}, run_kernel};
/// use minitensor::{Device, Result, Tensor};
///
/// let x = Tensor::ones([100]).to_device(Device::opencl(0)?)?;
/// let source = "kernel void grow(uint n, float by, global float *x) {
///     uint i = get_global_id(0);
///     if (i < n)
///         x[i] += by;
/// }";
/// // SAFETY: it writes to the 100 numbers of `x`, which nobody else holds.
/// unsafe { run_kernel(source, "grow", &[U32(100), F32(2.0), Numbers(&x)], &[128], &[64])? };
/// assert_eq!(x.to_vec::<f32>(), [3.0; 100]);
/// # Result::Ok(())
/// ```
///
/// # Errors
/// If the text does not compile: with the compiler's log. If it has no kernel of that name, or one with other parameters;
/// if the tensors are not on one OpenCL device, or are views of others; if the sizes do not fit.
///
/// # Safety
/// The kernel must read and write only inside the tensors and the local memory that it is given: a device does not check.
/// Tensors that it writes to change under whoever else holds their numbers (clones, views, graphs that saved them), so
/// there must be nobody.
pub unsafe fn run_kernel(
    source: &str,
    name: &str,
    arguments: &[KernelArgument<'_>],
    global: &[usize],
    local: &[usize],
) -> Result<()> {
    let storages = arguments.iter().map(numbers_of).collect::<Result<Vec<_>>>()?;
    let runtime = runtime_of(&storages)?;
    check_sizes(runtime, global, local)?;
    let mut compiled = runtime.programs.lock();
    let kernel = compiled.own(runtime, source, name)?;
    check_parameters(kernel, name, arguments)?;
    set_arguments(runtime, kernel, name, arguments.iter().zip(&storages))?;
    if global.contains(&0) {
        return Ok(());
    }
    runtime.counts.launches.fetch_add(1, Ordering::Relaxed);
    let (directions, none) = (global.len() as u32, &[] as &[cl_event]);
    // SAFETY: the caller promises that the kernel keeps to what it is given.
    let event = unsafe {
        let (global, local) = (global.as_ptr(), local.as_ptr());
        runtime.queue.enqueue_nd_range_kernel(kernel.get(), directions, ptr::null(), global, local, none)
    };
    event.map(drop).map_err(|error| runtime.failed(&format!("`{name}`"), error))
}
// ANCHOR_END: run_kernel

fn set_arguments<'a>(
    runtime: &Runtime,
    kernel: &Kernel,
    name: &str,
    arguments: impl Iterator<Item = (&'a KernelArgument<'a>, &'a Option<Arc<Storage>>)>,
) -> Result<()> {
    for (index, (argument, storage)) in (0..).zip(arguments) {
        // SAFETY: OpenCL copies the value, and compares its size with that of the parameter.
        let set = unsafe {
            match argument {
                KernelArgument::Tensor(_) => kernel.set_arg(index, &handle_of(storage)),
                KernelArgument::U32(value) => kernel.set_arg(index, value),
                KernelArgument::F32(value) => kernel.set_arg(index, value),
                KernelArgument::Local(bytes) => kernel.set_arg_local_buffer(index, *bytes),
            }
        };
        set.map_err(|error| runtime.failed(&format!("argument {index} of `{name}`"), error))?;
    }
    Ok(())
}

fn wrong<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::argument(OP, message))
}

/// The numbers of a tensor that are all there is in their storage; none for any other argument.
fn numbers_of(argument: &KernelArgument<'_>) -> Result<Option<Arc<Storage>>> {
    let KernelArgument::Tensor(tensor) = argument else { return Ok(None) };
    if !tensor.is_whole() {
        return wrong(
            "a kernel takes whole tensors, and one of these is a view of another; call `contiguous` on it",
        );
    }
    Ok(Some(tensor.storage()))
}

fn on_device(storage: &Option<Arc<Storage>>) -> Option<&OpenClStorage> {
    match storage.as_deref() {
        Some(Storage::OpenCl(storage)) => Some(storage),
        _ => None,
    }
}

fn handle_of(storage: &Option<Arc<Storage>>) -> opencl3::types::cl_mem {
    on_device(storage).map_or(ptr::null_mut(), OpenClStorage::handle)
}

/// The one device that all tensors are on.
fn runtime_of(storages: &[Option<Arc<Storage>>]) -> Result<&'static Runtime> {
    let Some(runtime) = storages.iter().find_map(on_device).map(|storage| storage.runtime) else {
        return wrong("none of its tensors is on an OpenCL device; move them with `to_device`");
    };
    match storages.iter().flatten().find(|storage| storage.device() != crate::Device::OpenCl(runtime.number))
    {
        Some(other) => wrong(format!("its tensors are on opencl:{} and {}", runtime.number, other.device())),
        None => Ok(runtime),
    }
}

fn check_sizes(runtime: &Runtime, global: &[usize], local: &[usize]) -> Result<()> {
    let most = runtime.info.max_group;
    match () {
        _ if global.len() != local.len() || !(1..=3).contains(&global.len()) => wrong(format!(
            "global size {global:?} and local size {local:?} need one to three numbers, as many each"
        )),
        _ if global.iter().zip(local).any(|(g, l)| *l == 0 || g % l != 0) => {
            wrong(format!("local size {local:?} does not divide global size {global:?}"))
        }
        _ if local.iter().product::<usize>() > most => wrong(format!(
            "a work-group of {local:?} has more than the {most} work-items that the device allows"
        )),
        _ => Ok(()),
    }
}

/// Refuses arguments that are not what the kernel's parameters are, as far as the driver tells.
fn check_parameters(kernel: &Kernel, name: &str, arguments: &[KernelArgument<'_>]) -> Result<()> {
    if let Ok(count) = kernel.num_args()
        && count as usize != arguments.len()
    {
        return wrong(format!("kernel `{name}` has {count} parameters, but {} are given", arguments.len()));
    }
    for (index, argument) in (0..).zip(arguments) {
        let (Ok(kind), Ok(place)) =
            (kernel.get_arg_type_name(index), kernel.get_arg_address_qualifier(index))
        else {
            continue;
        };
        let (given, fits) = match argument {
            KernelArgument::Tensor(tensor) => {
                let element = element(tensor.dtype());
                let global = [CL_KERNEL_ARG_ADDRESS_GLOBAL, CL_KERNEL_ARG_ADDRESS_CONSTANT].contains(&place);
                (format!("global {element} *"), global && kind.starts_with(element))
            }
            KernelArgument::U32(_) => ("uint".to_owned(), ["uint", "unsigned int"].contains(&&*kind)),
            KernelArgument::F32(_) => ("float".to_owned(), kind == "float"),
            KernelArgument::Local(_) => ("local … *".to_owned(), place == CL_KERNEL_ARG_ADDRESS_LOCAL),
        };
        if !fits {
            let parameter = kernel.get_arg_name(index).unwrap_or_default();
            return wrong(format!("kernel `{name}`: what is given for `{kind} {parameter}` is `{given}`"));
        }
    }
    Ok(())
}

/// What a dtype is called in OpenCL C.
fn element(dtype: DType) -> &'static str {
    match dtype {
        DType::F32 => "float",
        DType::F64 => "double",
        DType::I64 => "long",
        DType::U8 => "uchar",
    }
}

#[cfg(test)]
mod tests {
    use super::KernelArgument::{F32, Local, Tensor as Numbers, U32};
    use super::*;
    use crate::Device;

    const GROW: &str = "kernel void grow(uint n, float by, global float *x, local float *unused) {
        uint i = get_global_id(0);
        if (i < n)
            x[i] += by;
    }";

    fn ones() -> Tensor {
        let device = Device::opencl(0).unwrap_or_else(|error| panic!("this test needs a device: {error}"));
        Tensor::ones([100]).to_device(device).unwrap()
    }

    fn run(source: &str, name: &str, arguments: &[KernelArgument<'_>], sizes: [usize; 2]) -> Result<()> {
        // SAFETY: the kernels of these tests write inside their tensors, which nobody else holds.
        unsafe { run_kernel(source, name, arguments, &sizes[..1], &sizes[1..]) }
    }

    #[test]
    fn a_kernel_runs_over_tensors_and_numbers() {
        let x = ones();
        let given = [U32(99), F32(2.0), Numbers(&x), Local(64)];
        run(GROW, "grow", &given, [128, 64]).unwrap();
        run(GROW, "grow", &given, [0, 64]).unwrap(); // nothing
        let x = x.to_vec::<f32>();
        assert_eq!((x[0], x[98], x[99]), (3.0, 3.0, 1.0));
    }

    #[test]
    fn a_text_that_does_not_compile_comes_back_with_the_log() {
        let x = ones();
        let said = run("kernel void f(global float *x) { x[0] = y; }", "f", &[Numbers(&x)], [1, 1])
            .unwrap_err()
            .to_string();
        assert!(said.contains("does not compile") && said.contains('y'), "{said}");
        let said =
            run("kernel void f(global float *x) {}", "g", &[Numbers(&x)], [1, 1]).unwrap_err().to_string();
        assert!(said.contains("no kernel `g`") && said.contains('f'), "{said}");
    }

    #[test]
    fn what_does_not_fit_is_refused_before_it_starts() {
        let x = ones();
        let said = |arguments: &[KernelArgument<'_>], sizes| {
            run(GROW, "grow", arguments, sizes).unwrap_err().to_string()
        };
        let fit = [U32(1), F32(2.0), Numbers(&x), Local(4)];
        assert!(said(&fit[..3], [1, 1]).contains("has 4 parameters, but 3 are given"));
        assert!(said(&fit, [100, 64]).contains("does not divide"));
        assert!(said(&fit, [1 << 30, 1 << 30]).contains("more than"));
        assert!(said(&[F32(1.0), F32(2.0), Numbers(&x), Local(4)], [1, 1]).contains("`uint n` is `float`"));
        assert!(said(&[U32(1), F32(2.0), Local(4), Numbers(&x)], [1, 1]).contains("`local … *`"));
        assert!(said(&[U32(1), F32(2.0), Numbers(&x.narrow(0, 1, 2)), Local(4)], [1, 1]).contains("view"));
        assert!(
            said(&[U32(1), F32(2.0), Numbers(&Tensor::ones([1])), Local(4)], [1, 1]).contains("to_device")
        );
    }
}
