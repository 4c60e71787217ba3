//! Rung 7: what others have written.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use crate::size::Size;

// ANCHOR: library
pub(crate) fn multiply(Size { m, k, n }: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    let a = MatRef::from_row_major_slice(a, m, k);
    let b = MatRef::from_row_major_slice(b, k, n);
    let c = MatMut::from_row_major_slice_mut(c, m, n);
    matmul(c, Accum::Replace, a, b, 1.0, Par::Seq);
}
// ANCHOR_END: library
