//! Chapter 8 of the book: the product of matrices on the first OpenCL device, by each way from the naive one up.
//!
//! ```console
//! $ cargo run -p minitensor --features opencl --example gpu_matmul
//! $ cargo run -p minitensor --features opencl --example gpu_matmul -- --checks
//! ```
//!
//! The first measures them over growing sizes; the second only checks them and shows how products are cut.

mod chart;

use std::path::Path;
use std::process::ExitCode;

use chart::Line;
use minitensor::device::opencl::{self, DeviceInfo, DeviceKind, Rung, ceiling, fastest, matmul_by, tiling};
use minitensor::{Device, Error, Result, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The number of the device: the first.
const FIRST: usize = 0;
/// Products that take longer than this many seconds are the last ones.
const LONG: f64 = 0.25;

fn main() -> ExitCode {
    let only_checks = std::env::args().any(|argument| argument == "--checks");
    match if only_checks { show_checks().and_then(|()| show_tiles()) } else { measure() } {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the device, and says which it is.
fn opened() -> Result<(Device, DeviceInfo)> {
    let device = Device::opencl(FIRST)?;
    let info = opencl::list()?.swap_remove(FIRST);
    println!("On {device}: {} ({}), driver {}", info.name, info.kind, info.driver);
    if info.kind == DeviceKind::Cpu {
        println!("This is the processor, through OpenCL. Its figures say nothing of a GPU.");
    }
    Ok((device, info))
}

/// Two matrices, (m, k) and (k, n), on the CPU and on the device.
fn operands([m, k, n]: [usize; 3], device: Device) -> Result<([Tensor; 2], [Tensor; 2])> {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let host = [Tensor::randn([m, k], &mut rng), Tensor::randn([k, n], &mut rng)];
    let there = [host[0].to_device(device)?, host[1].to_device(device)?];
    Ok((host, there))
}

// ANCHOR: check
/// Whether a product is the CPU's, but for rounding, which grows with the length of the sums.
fn is_right(product: &Tensor, expected: &Tensor, k: usize) -> bool {
    product.allclose(expected, 1e-4, 1e-5 * (k as f64).sqrt())
}
// ANCHOR_END: check

fn show_checks() -> Result<()> {
    let (device, _) = opened()?;
    println!("\nEvery way, beside the CPU\n");
    println!(
        "   m    k    n   {}",
        Rung::ALL.map(|rung| format!("{:8}", format!("{rung:?}"))).join(" ").trim_end()
    );
    for size in [[1, 1, 1], [16, 16, 16], [17, 33, 65], [100, 300, 50], [256, 256, 256], [5, 3000, 7]] {
        let (host, there) = operands(size, device)?;
        let expected = host[0].matmul(&host[1]);
        let check = |rung| -> Result<String> {
            let right = is_right(&matmul_by(rung, &there[0], &there[1])?, &expected, size[1]);
            Ok(format!("{:8}", if right { "right" } else { "WRONG" }))
        };
        let checks = Rung::ALL.into_iter().map(check).collect::<Result<Vec<_>>>()?;
        let [m, k, n] = size;
        println!("{m:4} {k:4} {n:4}   {}", checks.join(" ").trim_end());
    }
    Ok(())
}

fn show_tiles() -> Result<()> {
    println!("\nHow products are cut on this device\n");
    println!("   m    k    n   tile        a work-item's   work-items   parts of k");
    for [m, k, n] in [[64, 64, 64], [256, 256, 256], [4096, 4096, 4096], [128, 64, 10], [16, 8192, 144]] {
        let cut = tiling(FIRST, [m, n], k)?;
        let by = |[rows, columns]: [usize; 2]| format!("{rows} x {columns}");
        let (tile, work) = (by(cut.tile), by(cut.work));
        println!("{m:4} {k:4} {n:4}   {tile:11} {work:15} {:10} {:12}", cut.items, cut.parts);
    }
    Ok(())
}

fn measure() -> Result<()> {
    let (device, info) = opened()?;
    let ceiling = ceiling(FIRST)?;
    println!("Its ceiling, measured: {:.0} GFLOP/s of multiply-adds in registers\n", ceiling / 1e9);
    println!("    n   way       right   GFLOP/s   of the ceiling");
    let mut lines = Rung::ALL.map(|rung| Line { name: format!("{rung:?}"), points: Vec::new() });
    let largest = if info.kind == DeviceKind::Cpu { 512 } else { 4096 };
    for n in std::iter::successors(Some(64), |n| Some(2 * n)).take_while(|n| *n <= largest) {
        let (host, there) = operands([n, n, n], device)?;
        let expected = host[0].matmul(&host[1]);
        let mut longest = 0.0_f64;
        for (rung, line) in Rung::ALL.into_iter().zip(&mut lines) {
            let right = is_right(&matmul_by(rung, &there[0], &there[1])?, &expected, n);
            // ANCHOR: rate
            let seconds = fastest(FIRST, || drop(matmul_by(rung, &there[0], &there[1])))?;
            let rate = 2.0 * (n as f64).powi(3) / seconds; // n³ multiplications, and as many additions
            // ANCHOR_END: rate
            let (part, right) = (rate / ceiling, if right { "yes" } else { "NO" });
            println!("{n:5}   {:8}  {right:5} {:9.1} {:13.1} %", line.name, rate / 1e9, 100.0 * part);
            line.points.push((n as f64, part));
            longest = longest.max(seconds);
        }
        if longest > LONG {
            break;
        }
    }
    let title = format!("{}, part of {:.0} GFLOP/s", info.name, ceiling / 1e9);
    save(&chart::svg(&title, info.kind == DeviceKind::Cpu, &lines))
}

fn save(picture: &str) -> Result<()> {
    let folder = Path::new("runs/minitensor-gpu_matmul");
    let path = folder.join("rates.svg");
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, picture));
    written.map_err(|error| Error::Device {
        device: path.display().to_string(),
        message: format!("cannot write it: {error}"),
    })?;
    println!("\n{}", path.display());
    Ok(())
}
