//! Where the sums of a tile, which are in registers while they are added up, belong in a matrix.

/// The first row and the first vector of a tile, in a matrix whose rows have `vectors`.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) vectors: usize,
    pub(super) row: usize,
    pub(super) column: usize,
}

impl Place {
    /// What is there.
    #[inline(always)]
    pub(super) fn take<V: Copy, const M: usize, const N: usize>(self, matrix: &[V]) -> [[V; N]; M] {
        let mut tile = [self.of_row(matrix); M];
        for (m, row) in tile.iter_mut().enumerate() {
            *row = self.of_row(&matrix[(self.row + m) * self.vectors..]);
        }
        tile
    }

    /// The tile's columns of one row.
    #[inline(always)]
    pub(super) fn of_row<V: Copy, const N: usize>(self, row: &[V]) -> [V; N] {
        let mut columns = [row[self.column]; N];
        columns.copy_from_slice(&row[self.column..][..N]);
        columns
    }

    /// Puts a tile there.
    #[inline(always)]
    pub(super) fn put<V: Copy, const M: usize, const N: usize>(self, tile: [[V; N]; M], matrix: &mut [V]) {
        for (m, row) in tile.iter().enumerate() {
            matrix[(self.row + m) * self.vectors + self.column..][..N].copy_from_slice(row);
        }
    }
}
