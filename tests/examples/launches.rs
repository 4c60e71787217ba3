//! What a step of each workload asks of an OpenCL device: how many kernels it starts, how much they read and write, and how
//! much memory it holds.
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
        let mut table = LiveTable::new(["workload           ", "kernels", "moved, MiB", "held, MiB"]);
        for workload in WORKLOADS.iter().filter(|workload| workload.parameters > 0) {
            let [kernels, moved, held] = count(workload, device)?.map(|count| count.to_string());
            table.row([workload.name.to_string(), kernels, moved, held]);
        }
        Ok(())
    })
}

/// The kernels of the third step, the MiB that they read and write, and those that are held when it is done.
fn count(workload: &Workload, device: Device) -> Result<[u64; 3]> {
    device.empty_cache();
    let mut step = workload.prepare(&mut Setup::on(device));
    step();
    step();
    let before = diagnostics(0)?;
    step();
    let after = diagnostics(0)?;
    device.synchronize()?;
    let moved = after.given_bytes - before.given_bytes;
    Ok([after.launches - before.launches, moved >> 20, after.bytes as u64 >> 20])
}
