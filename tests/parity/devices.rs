//! Where the suite runs.

use minitensor::Device;

/// Every device of this build: the CPU, and with the feature `opencl` the first OpenCL device.
pub(crate) fn all() -> Vec<Device> {
    vec![
        Device::Cpu,
        #[cfg(feature = "opencl")]
        opencl(),
    ]
}

/// The first OpenCL device. A build that knows OpenCL is there to test it, so a machine without one fails.
#[cfg(feature = "opencl")]
pub(crate) fn opencl() -> Device {
    Device::opencl(0).unwrap_or_else(|error| panic!("the suite needs an OpenCL device: {error}"))
}
