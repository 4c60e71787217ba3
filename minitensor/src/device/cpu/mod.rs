//! The CPU: numbers in a [`Buffer`], kernels in plain Rust, matrix products by `faer`.
//!
//! This file chooses the element type; the kernels, one topic a file, are generic over it.

mod activation;
mod arithmetic;
mod attention;
mod batch_norm;
mod buffer;
mod conv;
mod cross_entropy;
mod dropout;
mod index;
mod lanes;
#[cfg(test)]
mod layer_tests;
mod map;
mod math;
mod matmul;
mod moments;
mod optim;
mod order;
mod parallel;
mod pool;
mod reduce;
mod rnn;
mod row_norm;
mod rows;
mod shelf;
mod softmax;
mod stream;
mod sums;
mod tasks;
mod typed;

pub(crate) use buffer::Buffer;
pub(super) use buffer::empty_cache;

use crate::dtype::{DType, Element};
use crate::error::Result;
use crate::shape::Layout;

use super::kernels::{ArgOp, BinaryOp, CompareOp, Kernels, ReduceOp, UnaryOp};

/// A flat buffer in this machine's memory.
#[derive(Debug, Clone, PartialEq)]
pub enum CpuStorage {
    /// 32-bit floating point.
    F32(Buffer<f32>),
    /// 64-bit floating point.
    F64(Buffer<f64>),
    /// 64-bit integers.
    I64(Buffer<i64>),
    /// Bytes.
    U8(Buffer<u8>),
}

/// Runs `$body` with `$slice` bound to the storage's elements, whatever their type.
macro_rules! each_dtype {
    ($storage:expr, $slice:ident => $body:expr) => {
        match $storage {
            CpuStorage::F32($slice) => $body,
            CpuStorage::F64($slice) => $body,
            CpuStorage::I64($slice) => $body,
            CpuStorage::U8($slice) => $body,
        }
    };
}

/// The same for two storages of one dtype; a caller that mixes them has skipped a check.
macro_rules! each_pair {
    ($a:expr, $b:expr, ($x:ident, $y:ident) => $body:expr) => {
        match ($a, $b) {
            (CpuStorage::F32($x), CpuStorage::F32($y)) => $body,
            (CpuStorage::F64($x), CpuStorage::F64($y)) => $body,
            (CpuStorage::I64($x), CpuStorage::I64($y)) => $body,
            (CpuStorage::U8($x), CpuStorage::U8($y)) => $body,
            (a, b) => unreachable!("an op let dtypes {} and {} meet", a.dtype(), b.dtype()),
        }
    };
}

impl CpuStorage {
    /// What kind of number it holds.
    pub fn dtype(&self) -> DType {
        match self {
            CpuStorage::F32(_) => DType::F32,
            CpuStorage::F64(_) => DType::F64,
            CpuStorage::I64(_) => DType::I64,
            CpuStorage::U8(_) => DType::U8,
        }
    }

    /// How many numbers it holds.
    pub fn numel(&self) -> usize {
        each_dtype!(self, x => x.len())
    }

    /// `numel` times the same value.
    pub fn full(numel: usize, value: f64, dtype: DType) -> CpuStorage {
        match dtype {
            DType::F32 => CpuStorage::F32(buffer::full(numel, value as f32)),
            DType::F64 => CpuStorage::F64(buffer::full(numel, value)),
            DType::I64 => CpuStorage::I64(buffer::full(numel, value as i64)),
            DType::U8 => CpuStorage::U8(buffer::full(numel, value as u8)),
        }
    }

    /// Numbers that will be overwritten, every one: what they are at first is left over from earlier use.
    pub(super) fn stale(numel: usize, dtype: DType) -> CpuStorage {
        match dtype {
            DType::F32 => CpuStorage::F32(buffer::stale(numel)),
            DType::F64 => CpuStorage::F64(buffer::stale(numel)),
            DType::I64 => CpuStorage::I64(buffer::stale(numel)),
            DType::U8 => CpuStorage::U8(buffer::stale(numel)),
        }
    }

    /// The elements of a vector, or of a buffer.
    pub fn from_vec<T: Element>(vec: impl Into<Buffer<T>>) -> CpuStorage {
        let vec: Box<dyn std::any::Any> = Box::new(vec.into());
        let vec = match vec.downcast::<Buffer<f32>>() {
            Ok(vec) => return CpuStorage::F32(*vec),
            Err(vec) => vec,
        };
        let vec = match vec.downcast::<Buffer<f64>>() {
            Ok(vec) => return CpuStorage::F64(*vec),
            Err(vec) => vec,
        };
        let vec = match vec.downcast::<Buffer<i64>>() {
            Ok(vec) => return CpuStorage::I64(*vec),
            Err(vec) => vec,
        };
        match vec.downcast::<Buffer<u8>>() {
            Ok(vec) => CpuStorage::U8(*vec),
            Err(_) => unreachable!("{} is not an element type", T::DTYPE),
        }
    }

    /// The elements, if they are of type `T`.
    pub fn as_slice<T: Element>(&self) -> Option<&[T]> {
        let vec: &dyn std::any::Any = each_dtype!(self, vec => vec);
        vec.downcast_ref::<Buffer<T>>().map(|buffer| &**buffer)
    }

    /// The elements to write to, if they are of type `T`.
    pub fn as_mut_slice<T: Element>(&mut self) -> Option<&mut [T]> {
        let vec: &mut dyn std::any::Any = each_dtype!(self, vec => vec);
        vec.downcast_mut::<Buffer<T>>().map(|buffer| &mut **buffer)
    }
}

/// Its memory goes to the next storage that needs as much.
impl Drop for CpuStorage {
    fn drop(&mut self) {
        each_dtype!(self, x => buffer::give_back(std::mem::take(x)));
    }
}

/// The integers of an index storage; the ops have checked its dtype.
fn indices(index: &CpuStorage) -> &[i64] {
    index.as_slice().unwrap_or_else(|| unreachable!("an op let a {} index through", index.dtype()))
}

impl Kernels for CpuStorage {
    fn cast(&self, layout: &Layout, dtype: DType) -> CpuStorage {
        each_dtype!(self, x => match dtype {
            DType::F32 => CpuStorage::F32(map::map_plain(x, layout, |v| v.to_f64() as f32)),
            DType::F64 => CpuStorage::F64(map::map_plain(x, layout, |v| v.to_f64())),
            DType::I64 => CpuStorage::I64(map::map_plain(x, layout, |v| num_traits::cast(v).unwrap_or_default())),
            DType::U8 => CpuStorage::U8(map::map_plain(x, layout, |v| v.to_f64() as u8)),
        })
    }

    fn contiguous(&self, layout: &Layout) -> CpuStorage {
        each_dtype!(self, x => CpuStorage::from_vec(map::map(x, layout, |v| v)))
    }

    fn write(&mut self, to: &Layout, source: &CpuStorage, from: &Layout) {
        each_pair!(self, source, (y, x) => index::write(y, to, x, from));
    }

    fn unary(&self, op: UnaryOp, layout: &Layout) -> CpuStorage {
        match self {
            CpuStorage::F32(x) => CpuStorage::F32(arithmetic::unary_float(op, x, layout)),
            CpuStorage::F64(x) => CpuStorage::F64(arithmetic::unary_float(op, x, layout)),
            CpuStorage::I64(x) => CpuStorage::I64(arithmetic::unary_integer(op, x, layout)),
            CpuStorage::U8(x) => CpuStorage::U8(arithmetic::unary_integer(op, x, layout)),
        }
    }

    fn binary(&self, op: BinaryOp, layout: &Layout, rhs: &CpuStorage, rhs_layout: &Layout) -> CpuStorage {
        if let BinaryOp::ActivationGrad(f) = op {
            return typed::with_float!(self, T => {
                CpuStorage::from_vec(activation::grad::<T>(f, typed::of(self), layout, typed::of(rhs), rhs_layout))
            });
        }
        each_pair!(self, rhs, (x, y) => CpuStorage::from_vec(arithmetic::binary(op, x, layout, y, rhs_layout)))
    }

    fn compare(&self, op: CompareOp, layout: &Layout, rhs: &CpuStorage, rhs_layout: &Layout) -> CpuStorage {
        each_pair!(self, rhs, (x, y) => CpuStorage::U8(arithmetic::compare(op, x, layout, y, rhs_layout)))
    }

    fn where_cond(
        &self,
        layout: &Layout,
        a: &CpuStorage,
        a_layout: &Layout,
        b: &CpuStorage,
        b_layout: &Layout,
    ) -> CpuStorage {
        let CpuStorage::U8(mask) = self else { unreachable!("an op let a {} mask through", self.dtype()) };
        each_pair!(a, b, (x, y) => {
            CpuStorage::from_vec(map::where_cond(mask, layout, x, a_layout, y, b_layout))
        })
    }

    fn reduce(&self, op: ReduceOp, layout: &Layout, dims: &[usize]) -> CpuStorage {
        each_dtype!(self, x => CpuStorage::from_vec(reduce::reduce(op, x, layout, dims)))
    }

    fn arg_reduce(&self, op: ArgOp, layout: &Layout, dim: usize) -> CpuStorage {
        each_dtype!(self, x => CpuStorage::I64(reduce::arg_reduce(op, x, layout, dim)))
    }

    fn matmul(
        &self,
        layout: &Layout,
        rhs: &CpuStorage,
        rhs_layout: &Layout,
        bias: Option<&CpuStorage>,
    ) -> CpuStorage {
        if self.dtype().is_float() {
            return typed::with_float!(self, T => CpuStorage::from_vec(matmul::float::<T>(
                typed::of(self), layout, typed::of(rhs), rhs_layout, bias.map(typed::of),
            )));
        }
        assert!(bias.is_none(), "an op let a bias of {} through", self.dtype());
        each_pair!(self, rhs, (x, y) => CpuStorage::from_vec(matmul::plain(x, layout, y, rhs_layout)))
    }

    fn gather(
        &self,
        layout: &Layout,
        dim: usize,
        index: &CpuStorage,
        index_layout: &Layout,
    ) -> Result<CpuStorage> {
        each_dtype!(self, x => {
            Ok(CpuStorage::from_vec(index::gather(x, layout, dim, indices(index), index_layout)?))
        })
    }

    fn scatter(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &CpuStorage,
        index_layout: &Layout,
        source: &CpuStorage,
        source_layout: &Layout,
    ) -> Result<()> {
        each_pair!(self, source, (y, x) => {
            index::scatter(y, layout, dim, indices(index), index_layout, x, source_layout)
        })
    }

    fn scatter_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &CpuStorage,
        index_layout: &Layout,
        source: &CpuStorage,
        source_layout: &Layout,
    ) -> Result<()> {
        each_pair!(self, source, (y, x) => {
            index::scatter_add(y, layout, dim, indices(index), index_layout, x, source_layout)
        })
    }

    fn index_select(
        &self,
        layout: &Layout,
        dim: usize,
        index: &CpuStorage,
        at: &Layout,
    ) -> Result<CpuStorage> {
        each_dtype!(self, x => Ok(CpuStorage::from_vec(index::index_select(x, layout, dim, indices(index), at)?)))
    }

    fn index_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &CpuStorage,
        index_layout: &Layout,
        source: &CpuStorage,
        source_layout: &Layout,
    ) -> Result<()> {
        each_pair!(self, source, (y, x) => {
            index::index_add(y, layout, dim, indices(index), index_layout, x, source_layout)
        })
    }
}
