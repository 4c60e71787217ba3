//! Dropout: each element kept or dropped by chance.

use super::{Storage, on_device};

/// The kernel of dropout, beside the primitives of [`Kernels`](super::Kernels).
pub trait DropoutKernels: Sized {
    /// Each element as [`Dropping`] says; this storage is contiguous.
    fn dropout(&self, dropping: &Dropping) -> Self;
}

/// What is drawn, and what becomes of the elements.
///
/// The numbers are those of ChaCha8 with this key, so that the same key drops the same elements again: the gradient needs
/// no mask. The elements are cut into stretches; stretch `s` takes its draws from the start of stream `s`, so that any
/// thread can do it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropping {
    /// The key.
    pub key: [u8; 32],
    /// How probable it is that an element is dropped, from 0 to 1.
    pub p: f64,
    /// How many neighbouring elements share one draw.
    pub run: usize,
    /// A kept element x becomes `x * scale + shift`.
    pub scale: f64,
    /// A kept element x becomes `x * scale + shift`.
    pub shift: f64,
    /// What a dropped element becomes.
    pub dropped: f64,
}

impl Dropping {
    /// How many draws a stretch has: about 16,000 elements' worth.
    pub fn draws_of_stretch(&self) -> usize {
        ((1 << 14) / self.run.max(1)).max(1)
    }
}

/// Hands a call to the device that holds `self`.
impl DropoutKernels for Storage {
    fn dropout(&self, dropping: &Dropping) -> Self {
        on_device!(self, x: S => x.dropout(dropping).into())
    }
}
