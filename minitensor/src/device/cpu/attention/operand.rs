//! What the products of a head read again and again, laid out once: row by row, without steps that share places in the cache.

use super::super::matmul::Matrix;
use crate::dtype::Float;

/// Numbers in a line of the cache, or, of `f64`, in two.
pub(super) const LINE: usize = 16;

/// How far apart the rows of a laid-out matrix begin: an odd number of lines of the cache. A column of a matrix
/// whose rows are a power of two apart falls on the same few places of the cache.
pub(super) fn pitch(columns: usize) -> usize {
    (columns.div_ceil(LINE) | 1) * LINE
}

/// The part of a buffer that begins where a line of the cache does: a vector that lies in two takes twice as long. It is at
/// most [`LINE`] numbers shorter.
pub(super) fn aligned<T>(numbers: &mut [T]) -> &mut [T] {
    let skipped = numbers.as_ptr().align_offset(64);
    &mut numbers[skipped.min(LINE)..]
}

/// Copies a matrix to `to`, which has room for its rows.
pub(super) fn lay_out<'a, T: Float>(matrix: Matrix<'_, T>, columns: usize, to: &'a mut [T]) -> Matrix<'a, T> {
    match matrix.strides.1 {
        1 => {
            for (row, to) in to.chunks_exact_mut(pitch(columns)).enumerate() {
                to[..columns].copy_from_slice(&matrix.at(row, 0).elements[..columns]);
            }
        }
        _ => transpose(matrix, columns, to),
    }
    laid_out(to, columns)
}

/// What [`lay_out`] wrote, as a matrix.
pub(super) fn laid_out<T>(numbers: &[T], columns: usize) -> Matrix<'_, T> {
    Matrix { elements: numbers, strides: (pitch(columns), 1) }
}

/// Copies square by square, so that neither reading nor writing takes a line of the cache for one number.
fn transpose<T: Float>(Matrix { elements, strides }: Matrix<'_, T>, columns: usize, to: &mut [T]) {
    const SIDE: usize = 8;
    let pitch = pitch(columns);
    for (band, rows) in to.chunks_mut(SIDE * pitch).enumerate() {
        for first in (0..columns).step_by(SIDE) {
            for column in first..columns.min(first + SIDE) {
                let mut at = band * SIDE * strides.0 + column * strides.1;
                for row in rows.chunks_exact_mut(pitch) {
                    row[column] = elements[at];
                    at += strides.0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_where_the_matrix_has_it() {
        let elements: Vec<f32> = (0..4000u16).map(f32::from).collect();
        for [rows, columns] in [[1, 1], [5, 3], [8, 8], [9, 16], [17, 33], [3, 0], [0, 3]] {
            for strides in [(columns + 2, 1), (1, rows + 1), (2, 2 * rows + 1), (0, 1)] {
                let from = Matrix { elements: &elements, strides };
                let mut to = vec![-1.0; rows * pitch(columns)];
                let laid_out = lay_out(from, columns, &mut to);
                for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
                    let at = |matrix: Matrix<'_, f32>| matrix.at(i, j).elements[0];
                    assert_eq!(at(laid_out), at(from), "{rows} x {columns}, {strides:?}: {i}, {j}");
                }
            }
        }
    }
}
