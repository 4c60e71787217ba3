//! Which OpenCL devices there are, and what they can do.

use std::fmt;

use opencl3::device::{CL_DEVICE_TYPE_ALL, CL_DEVICE_TYPE_CPU, CL_DEVICE_TYPE_GPU, Device as ClDevice};
use opencl3::error_codes::{CL_DEVICE_NOT_FOUND, ClError};
use opencl3::platform::get_platforms;
use opencl3::types::cl_device_id;

use super::error::failed;
use crate::error::Result;

/// An OpenCL device, as its driver describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceInfo {
    /// What it is called.
    pub name: String,
    /// Whose driver it is, and in which version.
    pub driver: String,
    /// What kind of device it is.
    pub kind: DeviceKind,
    /// How many groups of work-items it computes at the same time.
    pub compute_units: usize,
    /// How many work-items a group may have.
    pub max_group: usize,
    /// Bytes that a group can share.
    pub local_memory: usize,
    /// Bytes of its memory.
    pub memory: usize,
    /// Bytes that one buffer may have.
    pub max_buffer: usize,
    /// Whether it computes in 64-bit floating point.
    pub has_f64: bool,
}

/// What kind of device computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceKind {
    /// A graphics processor.
    Gpu,
    /// Something else that is made to compute.
    Accelerator,
    /// The processor, by a driver such as PoCL.
    Cpu,
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DeviceKind::Gpu => "GPU",
            DeviceKind::Accelerator => "accelerator",
            DeviceKind::Cpu => "CPU",
        })
    }
}

/// All devices of all drivers, GPUs first: number `n` of this list is `opencl:n`.
///
/// # Errors
/// If there is no OpenCL library, no driver, or a driver that fails.
pub fn list() -> Result<Vec<DeviceInfo>> {
    Ok(devices()?.into_iter().map(|(_, info)| info).collect())
}

/// The same, with the handles by which OpenCL knows them.
pub(super) fn devices() -> Result<Vec<(cl_device_id, DeviceInfo)>> {
    let or = |doing: &'static str| move |error| failed(0, doing, error);
    let mut devices = Vec::new();
    for platform in get_platforms().map_err(or("looking for devices"))? {
        let ids = match platform.get_devices(CL_DEVICE_TYPE_ALL) {
            Err(ClError(CL_DEVICE_NOT_FOUND)) => continue,
            ids => ids.map_err(or("looking for devices"))?,
        };
        for id in ids {
            devices.push((id, describe(id).map_err(or("asking a device what it is"))?));
        }
    }
    devices.sort_by_key(|(_, info)| info.kind); // stable: the order of the drivers stays otherwise
    Ok(devices)
}

fn describe(id: cl_device_id) -> Result<DeviceInfo, ClError> {
    let device = ClDevice::new(id);
    let kind = device.dev_type()?;
    Ok(DeviceInfo {
        name: device.name()?.trim().to_owned(),
        driver: format!("{} {}", device.vendor()?.trim(), device.driver_version()?.trim()),
        kind: match () {
            _ if kind & CL_DEVICE_TYPE_GPU != 0 => DeviceKind::Gpu,
            _ if kind & CL_DEVICE_TYPE_CPU != 0 => DeviceKind::Cpu,
            _ => DeviceKind::Accelerator,
        },
        compute_units: device.max_compute_units()? as usize,
        max_group: device.max_work_group_size()?,
        local_memory: device.local_mem_size()? as usize,
        memory: device.global_mem_size()? as usize,
        max_buffer: device.max_mem_alloc_size()? as usize,
        has_f64: device.extensions()?.contains("cl_khr_fp64"),
    })
}
