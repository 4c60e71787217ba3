//! Rung 2: the same three loops in another order.

use crate::size::Size;

// ANCHOR: loop_order
/// Row i of c is a sum of the rows of b, each times a number of row i of a.
pub(crate) fn multiply(Size { m, k, n }: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    c.fill(0.0);
    for i in 0..m {
        let sums = &mut c[i * n..][..n];
        for p in 0..k {
            let factor = a[i * k + p];
            for (sum, b) in sums.iter_mut().zip(&b[p * n..][..n]) {
                *sum += factor * b;
            }
        }
    }
}
// ANCHOR_END: loop_order
