//! How many kernels a step of each workload starts on an OpenCL device, and how much memory it holds: what a step costs
//! before anything is computed.
//!
//! `cargo run -p tests --features opencl --example launches`

#[allow(dead_code, reason = "the bench times them")]
#[path = "../benches/steps/workloads/mod.rs"]
mod workloads;

use std::process::ExitCode;

use minitensor::device::opencl::diagnostics;
use minitensor::lab::{self, LiveTable};
use minitensor::{Device, Result};
use workloads::{Setup, WORKLOADS, Workload};

fn main() -> ExitCode {
    lab::run(|| {
        let device = Device::opencl(0)?;
        println!("Kernels started in a step on {device} ({}):\n", device.name());
        let mut table = LiveTable::new(["workload           ", "kernels", "held, MiB"]);
        for workload in WORKLOADS.iter().filter(|workload| workload.parameters > 0) {
            let [kernels, mebibytes] = count(workload, device)?;
            table.row([workload.name.to_string(), kernels.to_string(), mebibytes.to_string()]);
        }
        Ok(())
    })
}

/// The kernels of the third step, and the MiB that are held when it is done.
fn count(workload: &Workload, device: Device) -> Result<[u64; 2]> {
    device.empty_cache();
    let mut step = workload.prepare(&mut Setup::on(device));
    step();
    step();
    let before = diagnostics(0)?;
    step();
    let after = diagnostics(0)?;
    device.synchronize()?;
    Ok([after.launches - before.launches, (after.bytes >> 20) as u64])
}
