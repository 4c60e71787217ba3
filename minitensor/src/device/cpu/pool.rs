//! Pooling on the CPU: of every window of a plane, the largest number or the mean. (N, C) counts as a list of planes.

use super::buffer;
use super::lanes::Lanes;
use super::parallel::vectorised;
use super::sums::{long_sum, narrow};
use super::tasks::{Disjoint, for_each_task};
use super::typed::{of, with_float, written};
use super::{CpuStorage, indices};
use crate::device::geometry::{PoolGeometry, Window};
use crate::device::pool::PoolKernels;

/// Fewer numbers than this stay on one thread.
const PARALLEL_NUMBERS: usize = 64 * 1024;

impl PoolKernels for CpuStorage {
    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self) {
        with_float!(self, T => {
            let mut positions = buffer::stale(geometry.output_numel());
            let values = written::<T>(geometry.output_numel(), |out| {
                max_pool_forward(geometry, of(self), out, &mut positions);
            });
            (values, CpuStorage::I64(positions))
        })
    }

    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self {
        with_float!(self, T => written::<T>(geometry.input_numel(), |out| {
            max_pool_backward(geometry, indices(positions), of(self), out);
        }))
    }

    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self {
        with_float!(self, T => written::<T>(geometry.output_numel(), |out| {
            avg_pool_forward(geometry, of(self), out);
        }))
    }

    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self {
        with_float!(self, T => written::<T>(geometry.input_numel(), |out| {
            avg_pool_backward(geometry, of(self), out);
        }))
    }
}

// ANCHOR: max_pool
/// The largest number of each window, and where in its plane it stands, as `y * width + x`. Of equal ones the first
/// counts; NaN is larger than everything.
pub(crate) fn max_pool_forward<T: Lanes>(
    geometry: &PoolGeometry,
    input: &[T],
    output: &mut [T],
    positions: &mut [i64],
) {
    let positions = Disjoint::new(positions);
    for_each_plane(
        geometry,
        input,
        output,
        #[inline(always)]
        |plane, input, output| {
            // SAFETY: every plane is visited once.
            let positions = unsafe { positions.part(plane * output.len(), output.len()) };
            let width = geometry.input[1];
            let windows = geometry
                .rows
                .iter()
                .flat_map(|rows| geometry.columns.iter().map(move |columns| (rows, columns)));
            for ((rows, columns), (out, position)) in windows.zip(output.iter_mut().zip(positions)) {
                (*position, *out) = ((rows.start * width + columns.start) as i64, T::neg_infinity());
                for y in rows.range() {
                    for x in columns.range() {
                        let value = input[y * width + x];
                        if value > *out || num_traits::Float::is_nan(value) {
                            (*position, *out) = ((y * width + x) as i64, value);
                        }
                    }
                }
            }
        },
    );
}

/// Sends each output's gradient to the number that won its window.
pub(crate) fn max_pool_backward<T: Lanes>(
    geometry: &PoolGeometry,
    positions: &[i64],
    grad_output: &[T],
    grad_input: &mut [T],
) {
    for_each_plane(
        geometry,
        grad_output,
        grad_input,
        #[inline(always)]
        |plane, grad_output, grad_input| {
            grad_input.fill(T::zero());
            let positions = &positions[plane * grad_output.len()..][..grad_output.len()];
            for (grad, position) in grad_output.iter().zip(positions) {
                grad_input[*position as usize] += *grad;
            }
        },
    );
}
// ANCHOR_END: max_pool

// ANCHOR: avg_pool
/// The mean of each window.
pub(crate) fn avg_pool_forward<T: Lanes>(geometry: &PoolGeometry, input: &[T], output: &mut [T]) {
    let width = geometry.input[1];
    for_each_plane(
        geometry,
        input,
        output,
        #[inline(always)]
        |_, input, output| {
            for (rows, output) in geometry.rows.iter().zip(output.chunks_exact_mut(geometry.columns.len())) {
                for (columns, out) in geometry.columns.iter().zip(output) {
                    // A window as wide as the plane is one piece of it.
                    let sum = if columns.range() == (0..width) {
                        narrow(long_sum(&input[rows.start * width..rows.end * width], |x| x))
                    } else {
                        let mut sum = T::zero();
                        for y in rows.range() {
                            for x in &input[y * width..][columns.range()] {
                                sum += *x;
                            }
                        }
                        sum
                    };
                    *out = sum / area(geometry, rows, columns);
                }
            }
        },
    );
}

/// Spreads each output's gradient evenly over its window.
pub(crate) fn avg_pool_backward<T: Lanes>(geometry: &PoolGeometry, grad_output: &[T], grad_input: &mut [T]) {
    let width = geometry.input[1];
    for_each_plane(
        geometry,
        grad_output,
        grad_input,
        #[inline(always)]
        |_, grad_output, grad_input| {
            grad_input.fill(T::zero());
            for (rows, grad_output) in
                geometry.rows.iter().zip(grad_output.chunks_exact(geometry.columns.len()))
            {
                for (columns, grad) in geometry.columns.iter().zip(grad_output) {
                    let share = *grad / area(geometry, rows, columns);
                    for y in rows.range() {
                        for x in &mut grad_input[y * width..][columns.range()] {
                            *x += share;
                        }
                    }
                }
            }
        },
    );
}
// ANCHOR_END: avg_pool

fn area<T: Lanes>(geometry: &PoolGeometry, rows: &Window, columns: &Window) -> T {
    let area = if geometry.count_include_pad {
        rows.padded_size * columns.padded_size
    } else {
        rows.range().len() * columns.range().len()
    };
    narrow(area as f64)
}

/// Calls `work(number, plane of the source, plane of the target)` for every plane, on all cores.
fn for_each_plane<T: Lanes>(
    geometry: &PoolGeometry,
    source: &[T],
    target: &mut [T],
    work: impl Fn(usize, &[T], &mut [T]) + Sync + Send,
) {
    if source.is_empty() || target.is_empty() {
        return target.fill(T::zero());
    }
    let planes = geometry.planes;
    let (from, to) = (source.len() / planes, target.len() / planes);
    let planes_of_task = (PARALLEL_NUMBERS / 4).div_ceil(from.max(to));
    let parallel = source.len().max(target.len()) >= PARALLEL_NUMBERS;
    let parts = Disjoint::new(target);
    for_each_task(planes.div_ceil(planes_of_task), parallel, |task| {
        vectorised(
            #[inline(always)]
            || {
                for plane in task * planes_of_task..planes.min((task + 1) * planes_of_task) {
                    // SAFETY: every plane belongs to one task.
                    let target = unsafe { parts.part(plane * to, to) };
                    work(plane, &source[plane * from..][..from], target);
                }
            },
        );
    });
}
