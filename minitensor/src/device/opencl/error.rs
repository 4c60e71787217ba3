//! What OpenCL's error codes mean, and what to do about them.

use opencl3::error_codes::{
    CL_BUILD_PROGRAM_FAILURE, CL_DEVICE_NOT_AVAILABLE, CL_INVALID_COMMAND_QUEUE,
    CL_MEM_OBJECT_ALLOCATION_FAILURE, CL_OUT_OF_HOST_MEMORY, CL_OUT_OF_RESOURCES, ClError,
    DLOPEN_RUNTIME_LOAD_FAILED,
};

use crate::device::Device;
use crate::error::Error;

/// What the ICD loader answers when no driver is installed (the extension `cl_khr_icd`).
pub(super) const CL_PLATFORM_NOT_FOUND_KHR: i32 = -1001;

/// A failure while something was done, as one sentence on what happened and one on what to do.
pub(super) fn failed(number: usize, doing: &str, error: ClError) -> Error {
    let advice = match error.0 {
        DLOPEN_RUNTIME_LOAD_FAILED => {
            "there is no OpenCL library on this machine. Install it with the driver of the GPU, or, on Debian and Ubuntu, \
             with `apt install ocl-icd-libopencl1`, on Fedora with `dnf install ocl-icd`; if it lies elsewhere, name \
             it in OPENCL_DYLIB_PATH"
        }
        CL_PLATFORM_NOT_FOUND_KHR => {
            "OpenCL is installed, but no driver for any device. Install that of the GPU, or PoCL, which computes on the \
             processor (`apt install pocl-opencl-icd`)"
        }
        CL_OUT_OF_RESOURCES | CL_MEM_OBJECT_ALLOCATION_FAILURE | CL_OUT_OF_HOST_MEMORY => {
            "its memory is full. Try a smaller `--batch-size`, or close what else uses the device"
        }
        CL_DEVICE_NOT_AVAILABLE | CL_INVALID_COMMAND_QUEUE => {
            "the device is lost. See that its driver runs (`clinfo`), and start again with `--resume`"
        }
        CL_BUILD_PROGRAM_FAILURE => "its compiler does not take our kernels. Please report the message above",
        _ => "see that its driver is up to date, or run on the CPU (`--device cpu`)",
    };
    Error::Device {
        device: Device::OpenCl(number).to_string(),
        message: format!("{doing}: {error}: {advice}"),
    }
}

/// Ends an op in whose middle the device failed, with an error that whoever catches the panic can print.
pub(super) fn give_up(error: Error) -> ! {
    std::panic::panic_any(error)
}
