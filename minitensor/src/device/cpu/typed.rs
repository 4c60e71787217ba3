//! From storages, whose element type is known at run time, to the slices that kernels are generic over.

use crate::dtype::Element;

use super::CpuStorage;
use super::buffer;

/// Runs `$body` with `$T` the storage's element type, which the ops have checked to be a floating-point one.
macro_rules! with_float {
    ($storage:expr, $T:ident => $body:expr) => {
        match $storage.dtype() {
            $crate::dtype::DType::F32 => {
                type $T = f32;
                $body
            }
            $crate::dtype::DType::F64 => {
                type $T = f64;
                $body
            }
            other => unreachable!("an op let {other} through"),
        }
    };
}

pub(super) use with_float;

/// The elements of an operand; the ops have checked that its dtype is that of the others.
pub(super) fn of<T: Element>(storage: &CpuStorage) -> &[T] {
    storage
        .as_slice()
        .unwrap_or_else(|| unreachable!("an op let dtypes {} and {} meet", storage.dtype(), T::DTYPE))
}

/// The same, to write to.
pub(super) fn of_mut<T: Element>(storage: &mut CpuStorage) -> &mut [T] {
    let dtype = storage.dtype();
    storage.as_mut_slice().unwrap_or_else(|| unreachable!("an op let dtypes {dtype} and {} meet", T::DTYPE))
}

/// A storage of `numel` elements, every one of which `write` overwrites.
pub(super) fn written<T: Element>(numel: usize, write: impl FnOnce(&mut [T])) -> CpuStorage {
    let mut elements = buffer::stale(numel);
    write(&mut elements);
    CpuStorage::from_vec(elements)
}

/// A storage of `numel` zeros, to which `add` adds.
pub(super) fn summed<T: Element>(numel: usize, add: impl FnOnce(&mut [T])) -> CpuStorage {
    let mut elements = buffer::full(numel, T::zero());
    add(&mut elements);
    CpuStorage::from_vec(elements)
}
