//! Pooling and its gradients.

use super::{OpenClStorage, Source, source};
use crate::device::{PoolGeometry, PoolKernels};
use crate::dtype::DType;

const POOL: Source = source!("pool");

/// From so many numbers on, a window is given to a work-group.
const LARGE: usize = 64;

impl PoolKernels for OpenClStorage {
    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self) {
        let n = geometry.output_numel();
        if self.numel == 0 {
            let none = self.zeros(n);
            let positions = OpenClStorage::full(self.runtime, n, 0.0, DType::I64);
            return (none, positions.unwrap_or_else(|error| super::give_up(error)));
        }
        let (out, positions) = (self.like(n), self.result(n, DType::I64));
        let numbers = Numbers::of(geometry);
        match self.group_of(geometry) {
            Some(group) => {
                let launch = numbers.give(self, "max_pool_group", None).buffer(self).buffer(&out);
                let launch = launch.buffer(&positions).local(group * self.dtype.size_in_bytes());
                launch.local(group * size_of::<u32>()).groups([n, 1, 1], [group, 1, 1]);
            }
            None => {
                let launch = numbers.give(self, "max_pool", Some(n)).buffer(self).buffer(&out);
                launch.buffer(&positions).over(n);
            }
        }
        (out, positions)
    }

    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self {
        let out = self.like(geometry.input_numel());
        let launch = Numbers::of(geometry).give(self, "max_pool_grad", Some(out.numel));
        launch.buffer(self).buffer(positions).buffer(&out).over(out.numel);
        out
    }

    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self {
        let n = geometry.output_numel();
        if self.numel == 0 {
            return self.zeros(n);
        }
        let (out, numbers) = (self.like(n), Numbers::of(geometry));
        let include_pad = i32::from(geometry.count_include_pad);
        match self.group_of(geometry) {
            Some(group) => {
                let launch = numbers.give(self, "avg_pool_group", None).int(include_pad);
                let launch = launch.buffer(self).buffer(&out).local(group * self.dtype.size_in_bytes());
                launch.groups([n, 1, 1], [group, 1, 1]);
            }
            None => {
                let launch = numbers.give(self, "avg_pool", Some(n)).int(include_pad);
                launch.buffer(self).buffer(&out).over(n);
            }
        }
        out
    }

    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self {
        let out = self.like(geometry.input_numel());
        let launch = Numbers::of(geometry).give(self, "avg_pool_grad", Some(out.numel));
        let launch = launch.int(i32::from(geometry.count_include_pad));
        launch.buffer(self).buffer(&out).over(out.numel);
        out
    }
}

impl OpenClStorage {
    /// How many work-items share a window, where windows are large.
    fn group_of(&self, geometry: &PoolGeometry) -> Option<usize> {
        let longest = [&geometry.rows, &geometry.columns]
            .map(|windows| windows.iter().map(|window| window.range().len()).max().unwrap_or(0));
        let area = longest[0] * longest[1];
        (area >= LARGE).then(|| self.runtime.group(area))
    }
}

/// What `kernels/pool.cl` has to know of the windows.
struct Numbers {
    sizes: [usize; 4],
    rules: [[usize; 4]; 2],
}

impl Numbers {
    fn of(geometry: &PoolGeometry) -> Numbers {
        let ([height, width], [rows, columns]) = (geometry.input, geometry.output());
        Numbers { sizes: [height, width, rows, columns], rules: geometry.rules }
    }

    /// A kernel with its first arguments; `n` is for those with so many work-items.
    fn give<'a>(&self, storage: &OpenClStorage, name: &'static str, n: Option<usize>) -> super::Launch<'a> {
        let launch = storage.kernel(&POOL, name);
        let launch = if self.are_large() { launch.define("COUNT", "ulong") } else { launch };
        let launch = n.into_iter().fold(launch, super::Launch::size);
        launch.sizes(self.sizes).sizes(self.rules[0]).sizes(self.rules[1])
    }

    /// Whether 32 bits are too few to compute where windows lie.
    fn are_large(&self) -> bool {
        let [height, width, rows, columns] = self.sizes;
        [(height, rows), (width, columns)].into_iter().zip(self.rules).any(|((size, count), rule)| {
            let [step, before, after, divisor] = rule;
            let largest = (count * step + after).max((size + 1) * divisor + before + step);
            u32::try_from(largest).is_err()
        })
    }
}
