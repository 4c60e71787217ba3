//! What every rung is given.

/// A product of matrices: (m × k) times (k × n) gives (m × n). All three lie row by row in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) m: usize,
    pub(crate) k: usize,
    pub(crate) n: usize,
}

/// A rung of the ladder: c = a · b.
pub(crate) type Multiply = fn(Size, &[f32], &[f32], &mut [f32]);

impl Size {
    /// Of matrices with as many rows as columns.
    pub(crate) fn square(n: usize) -> Size {
        Size { m: n, k: n, n }
    }

    // ANCHOR: counts
    /// Each of the m · n sums has k products and k additions.
    pub(crate) fn flops(self) -> f64 {
        2.0 * (self.m * self.k * self.n) as f64
    }

    /// What has to move at the very least: both matrices in, and the result out, each number once.
    pub(crate) fn bytes(self) -> f64 {
        4.0 * (self.m * self.k + self.k * self.n + self.m * self.n) as f64
    }
    // ANCHOR_END: counts
}
