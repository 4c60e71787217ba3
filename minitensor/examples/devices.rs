//! The OpenCL devices of this machine: what they are, what they can hold, and how fast they copy and multiply.
//!
//! `cargo run -p minitensor --features opencl --example devices`

use std::process::ExitCode;
use std::time::{Duration, Instant};

use minitensor::device::opencl::{self, DeviceInfo, DeviceKind};
use minitensor::{Device, Result, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn main() -> ExitCode {
    match show() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn show() -> Result<()> {
    for (number, info) in opencl::list()?.iter().enumerate() {
        println!("opencl:{number}: {} ({}), driver {}", info.name, info.kind, info.driver);
        println!("    compute units      {}", info.compute_units);
        println!(
            "    memory             {}, of which {} in one tensor",
            bytes(info.memory),
            bytes(info.max_buffer)
        );
        println!("    work-group         {} work-items, {} shared", info.max_group, bytes(info.local_memory));
        println!("    64-bit floats      {}", if info.has_f64 { "yes" } else { "no" });
        println!("    copies             {:.0} GB/s", bandwidth(number, info)? / 1e9);
        println!("    matrix products    {:.0} GFLOP/s in f32", product_rate(number, info)? / 1e9);
    }
    println!("`--device best` takes {}", Device::best());
    Ok(())
}

/// Bytes read and written a second, by a pass over numbers that no cache holds.
fn bandwidth(number: usize, info: &DeviceInfo) -> Result<f64> {
    let n = if info.kind == DeviceKind::Cpu { 1 << 24 } else { 1 << 27 };
    let x = Tensor::zeros([n]).to_device(Device::opencl(number)?)?;
    let seconds = fastest(number, || drop(&x + 1.0))?;
    Ok((2 * n * size_of::<f32>()) as f64 / seconds)
}

/// Multiplications and additions a second, by a product of square matrices.
fn product_rate(number: usize, info: &DeviceInfo) -> Result<f64> {
    let n = if info.kind == DeviceKind::Cpu { 1024 } else { 4096 };
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut matrix = || Tensor::randn([n, n], &mut rng).to_device(Device::opencl(number)?);
    let (a, b) = (matrix()?, matrix()?);
    let seconds = fastest(number, || drop(a.matmul(&b)))?;
    Ok(2.0 * (n as f64).powi(3) / seconds)
}

/// The seconds of the fastest of several calls, each waited for; the first one compiles the kernel.
fn fastest(number: usize, call: impl Fn()) -> Result<f64> {
    call();
    Device::OpenCl(number).synchronize()?;
    let mut fastest = f64::INFINITY;
    let began = Instant::now();
    while fastest.is_infinite() || began.elapsed() < Duration::from_secs(1) {
        let start = Instant::now();
        call();
        Device::OpenCl(number).synchronize()?;
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    Ok(fastest)
}

/// A number of bytes in the unit that leaves it short.
fn bytes(n: usize) -> String {
    match n {
        _ if n >= 1 << 30 => format!("{:.1} GiB", n as f64 / f64::from(1 << 30)),
        _ if n >= 1 << 20 => format!("{} MiB", n >> 20),
        _ => format!("{} KiB", n >> 10),
    }
}
