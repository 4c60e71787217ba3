//! How fast a device is: the ways of a matrix product one by one, and the ceiling over all of them.

use std::time::{Duration, Instant};

use super::launch::GROUP;
use super::matmul::{self, Rung};
use super::program::{Source, source};
use super::runtime::open;
use super::tile::Tiles;
use super::{DeviceKind, OpenClStorage};
use crate::device::Storage;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

const CEILING: Source = source!("ceiling");
/// How many multiply-adds a work-item of `multiply_adds` does in a round.
const NUMBERS: usize = 6 * 16;
/// How many rounds it does.
const ROUNDS: usize = 4096;

// ANCHOR: ceiling
/// How many operations on `F32` a device can do in a second, where a multiply-add counts as two: the ceiling that no
/// kernel breaks through. It is measured, by a kernel that multiplies and adds in registers and needs no memory.
///
/// # Errors
/// If there is no such device, or it fails.
pub fn ceiling(number: usize) -> Result<f64> {
    let runtime = open(number)?;
    let busy = if runtime.info.kind == DeviceKind::Cpu { GROUP } else { 8 * GROUP };
    let items = (runtime.info.compute_units * busy).next_multiple_of(GROUP);
    let out = OpenClStorage::full(runtime, items * 16, 0.0, DType::F32)?;
    let seconds = fastest(number, || {
        let launch = out.kernel(&CEILING, "multiply_adds").size(ROUNDS);
        launch.real(0.999).real(0.001).buffer(&out).over(items);
    })?;
    Ok((2 * NUMBERS * ROUNDS * items) as f64 / seconds)
}
// ANCHOR_END: ceiling

// ANCHOR: fastest
/// The seconds of the fastest of several calls. Each is waited for, since a call that only asks for work takes no time;
/// one goes ahead, since the first call compiles the kernel.
///
/// # Errors
/// If there is no such device, or it fails.
pub fn fastest(number: usize, call: impl Fn()) -> Result<f64> {
    let runtime = open(number)?;
    call();
    runtime.finish()?;
    let (mut fastest, mut calls) = (f64::INFINITY, 0);
    let began = Instant::now();
    while calls < 3 || (calls < 1000 && began.elapsed() < Duration::from_millis(200)) {
        let start = Instant::now();
        call();
        runtime.finish()?;
        fastest = fastest.min(start.elapsed().as_secs_f64());
        calls += 1;
    }
    Ok(fastest)
}
// ANCHOR_END: fastest

/// The product of two matrices, (m, k) · (k, n) → (m, n), by a given way. `Tensor::matmul` chooses one itself.
///
/// ```no_run
/// use minitensor::device::opencl::{Rung, matmul_by};
/// use minitensor::{Device, Result, Tensor};
///
/// let x = Tensor::ones([100, 100]).to_device(Device::opencl(0)?)?;
/// let y = matmul_by(Rung::Tiled, &x, &x)?;
/// assert!(y.allclose(&x.matmul(&x), 1e-5, 1e-5));
/// # Result::Ok(())
/// ```
///
/// # Errors
/// If they are not two matrices of floating-point numbers on one OpenCL device that fit together, or if the device's
/// work-groups are too small for this way.
pub fn matmul_by(rung: Rung, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    const OP: &str = "matmul_by";
    a.same_dtype(OP, b)?;
    a.needs_float(OP)?;
    let (&[m, k], &[k2, n]) = (&a.shape()[..], &b.shape()[..]) else {
        return Err(Error::shape(
            OP,
            format!("shapes {:?} and {:?} are not two matrices", a.shape(), b.shape()),
        ));
    };
    if k != k2 {
        let message = format!(
            "shapes {:?} and {:?}: the rows of the first have {k} elements, but the columns of the second {k2}",
            a.shape(),
            b.shape()
        );
        return Err(Error::shape(OP, message));
    }
    let (x, y) = (a.storage(), b.storage());
    let (Storage::OpenCl(x), Storage::OpenCl(y)) = (&*x, &*y) else {
        return Err(Error::argument(
            OP,
            "the matrices are not on an OpenCL device; move them with `to_device`",
        ));
    };
    let (most, needed) = (x.runtime.info.max_group, rung.work_items());
    if most < needed {
        let message = format!("{rung:?} needs work-groups of {needed}, but the device has at most {most}");
        return Err(Error::argument(OP, message));
    }
    let out = matmul::matmul_by(rung, (x, a.layout()), (y, b.layout()), None);
    Ok(Tensor::contiguous_of(Storage::from(out), [m, n]))
}

/// How [`Rung::Blocked`] cuts a product into pieces of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tiling {
    /// Rows and columns of the result that a work-group computes.
    pub tile: [usize; 2],
    /// Those of them that one work-item computes.
    pub work: [usize; 2],
    /// How many work-items a group has.
    pub items: usize,
    /// How many parts the sum over k is cut into, each by groups of its own.
    pub parts: usize,
}

/// How a device would cut (m, k) · (k, n) in `F32`, with `size` the m and n.
///
/// # Errors
/// If there is no such device.
pub fn tiling(number: usize, size: [usize; 2], k: usize) -> Result<Tiling> {
    let info = &open(number)?.info;
    let tiles = Tiles::choose(info, DType::F32, size, k, 1);
    let parts = tiles.parts(info, tiles.groups(size), size[0] * size[1], k).count;
    Ok(Tiling { tile: tiles.tile(), work: tiles.work(), items: tiles.items(), parts })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::ChaCha8Rng;

    use super::*;
    use crate::Device;

    fn device() -> Device {
        Device::opencl(0).unwrap_or_else(|error| panic!("this test needs a device: {error}"))
    }

    #[test]
    fn every_way_gives_the_product_of_the_cpu() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for (m, k, n) in [(1, 1, 1), (0, 3, 2), (3, 0, 2), (17, 33, 65), (300, 20, 700)] {
            let (a, b) = (Tensor::randn([m, k], &mut rng), Tensor::randn([n, k], &mut rng).t());
            let there = [&a, &b].map(|x| x.to_device(device()).unwrap());
            for rung in Rung::ALL {
                let product = matmul_by(rung, &there[0], &there[1]).unwrap();
                assert!(product.allclose(&a.matmul(&b), 1e-4, 1e-4), "{rung:?}: {m} x {k} x {n}");
            }
        }
    }

    #[test]
    fn what_is_no_product_on_a_device_is_refused() {
        let (x, there) = (Tensor::ones([2, 3]), Tensor::ones([2, 3]).to_device(device()).unwrap());
        let said = |a: &Tensor, b: &Tensor| matmul_by(Rung::Naive, a, b).unwrap_err().to_string();
        assert!(said(&x, &x.t()).contains("to_device"));
        assert!(said(&there, &there).contains("the rows of the first have 3 elements"));
        assert!(said(&there, &there.select(0, 0)).contains("two matrices"));
    }

    #[test]
    fn the_ceiling_is_above_zero_and_below_what_there_can_be() {
        let ceiling = ceiling(0).unwrap();
        assert!(ceiling > 1e7 && ceiling < 1e16, "{ceiling}");
    }
}
