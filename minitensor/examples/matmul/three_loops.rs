//! Rung 1: the definition.

use crate::size::Size;

// ANCHOR: three_loops
/// c[i][j] = Σₚ a[i][p] · b[p][j]
pub(crate) fn multiply(Size { m, k, n }: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    for i in 0..m {
        for j in 0..n {
            let mut sum = 0.0;
            for p in 0..k {
                sum += a[i * k + p] * b[p * n + j];
            }
            c[i * n + j] = sum;
        }
    }
}
// ANCHOR_END: three_loops
