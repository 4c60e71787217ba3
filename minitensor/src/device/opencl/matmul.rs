//! Products of matrices.

use super::tile::{Pieces, Tiles};
use super::{Grid, OpenClStorage, Source};
use crate::dtype::DType;
use crate::shape::Layout;

const MATMUL: Source = Source {
    name: "matmul",
    text: concat!(include_str!("kernels/tile.cl"), include_str!("kernels/matmul.cl")),
};

/// The side of the squares of `matmul_tiled`.
const SIDE: usize = 16;
/// Fewer products are done before a better way has begun.
const FEW_PRODUCTS: usize = 1 << 15;
/// How many rows of tiles `Grouped` goes down before it goes on to the next column.
const BAND: usize = 8;
/// The longest sum that is left to one work-item.
const SHORT: usize = 256;

/// The ways of `kernels/matmul.cl`, each faster than the one before, for large matrices: the rungs of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// A work-item for each number of the result.
    Naive,
    /// A work-group for each square of 16 × 16, whose rows and columns it shares in local memory.
    Tiled,
    /// Larger tiles, of which each work-item keeps a block in registers.
    Blocked,
    /// The same, with tiles that are computed together lying close together, so that they find in the cache what
    /// others fetched.
    Grouped,
}

impl Rung {
    /// All of them, from the slowest.
    pub const ALL: [Rung; 4] = [Rung::Naive, Rung::Tiled, Rung::Blocked, Rung::Grouped];

    /// How large the work-groups must be that a device allows.
    pub(super) fn work_items(self) -> usize {
        if self == Rung::Naive { 1 } else { SIDE * SIDE }
    }
}

/// (…, m, k) · (…, k, n) → (…, m, n), plus `bias` in every row.
pub(super) fn matmul(
    x: (&OpenClStorage, &Layout),
    y: (&OpenClStorage, &Layout),
    bias: Option<&OpenClStorage>,
) -> OpenClStorage {
    matmul_by(Product::new(x, y, bias).rung(), x, y, bias)
}

/// The same by a given way. Integers know only the first two.
pub(super) fn matmul_by(
    rung: Rung,
    x: (&OpenClStorage, &Layout),
    y: (&OpenClStorage, &Layout),
    bias: Option<&OpenClStorage>,
) -> OpenClStorage {
    let product = Product::new(x, y, bias);
    match rung {
        Rung::Naive => product.naive(),
        Rung::Tiled => product.tiled(),
        Rung::Blocked => product.blocked(1),
        Rung::Grouped => product.blocked(BAND),
    }
}

/// A product that is to be computed.
struct Product<'a> {
    x: &'a OpenClStorage,
    y: &'a OpenClStorage,
    bias: Option<&'a OpenClStorage>,
    /// Where the matrices of x and of y start, and how many there are.
    batch: Grid,
    batches: usize,
    m: usize,
    n: usize,
    k: usize,
    /// How far apart rows and columns of x lie, then those of y.
    strides: [usize; 4],
    pieces: [Pieces; 2],
}

impl<'a> Product<'a> {
    fn new(
        (x, xl): (&'a OpenClStorage, &Layout),
        (y, yl): (&'a OpenClStorage, &Layout),
        bias: Option<&'a OpenClStorage>,
    ) -> Product<'a> {
        let (row, column) = (xl.shape.len() - 2, xl.shape.len() - 1);
        let lead = |layout: &Layout| Layout {
            shape: layout.shape[..row].into(),
            strides: layout.strides[..row].into(),
            offset: layout.offset,
        };
        let (x_batch, y_batch) = (lead(xl), lead(yl));
        Product {
            x,
            y,
            bias,
            batch: Grid::new([&x_batch, &y_batch]),
            batches: x_batch.numel(),
            m: xl.shape[row],
            n: yl.shape[column],
            k: xl.shape[column],
            strides: [xl.strides[row], xl.strides[column], yl.strides[row], yl.strides[column]],
            pieces: [Pieces::of(xl, column, row), Pieces::of(yl, row, column)],
        }
    }

    /// The way that suits it.
    fn rung(&self) -> Rung {
        let (info, floating) = (&self.x.runtime.info, matches!(self.x.dtype, DType::F32 | DType::F64));
        let small = self.m.max(self.n) <= SIDE || self.numel() * self.k < FEW_PRODUCTS;
        match floating {
            true if small && self.k <= SHORT => Rung::Naive,
            true if info.max_group >= SIDE * SIDE => Rung::Blocked,
            false if !small && info.max_group >= SIDE * SIDE => Rung::Tiled,
            _ => Rung::Naive,
        }
    }

    fn numel(&self) -> usize {
        self.batches * self.m * self.n
    }

    // ANCHOR: launch_naive
    fn naive(&self) -> OpenClStorage {
        let out = self.x.like(self.numel());
        let launch = self.x.kernel(&MATMUL, "matmul_naive").size(out.numel);
        let launch = launch.size(self.m).size(self.n).size(self.k).grid(&self.batch).sizes(self.strides);
        launch.buffer(self.x).buffer(self.y).maybe(self.bias).buffer(&out).over(out.numel);
        out
    }
    // ANCHOR_END: launch_naive

    fn tiled(&self) -> OpenClStorage {
        let out = self.x.like(self.numel());
        let launch = self.x.kernel(&MATMUL, "matmul_tiled");
        let launch = launch.size(self.m).size(self.n).size(self.k).grid(&self.batch).sizes(self.strides);
        let launch = launch.buffer(self.x).buffer(self.y).maybe(self.bias).buffer(&out);
        let groups = self.batches * self.m.div_ceil(SIDE) * self.n.div_ceil(SIDE);
        launch.groups([groups, 1, 1], [SIDE, SIDE, 1]);
        out
    }

    /// In bands of so many rows of tiles.
    fn blocked(&self, band: usize) -> OpenClStorage {
        let (info, size) = (&self.x.runtime.info, [self.m, self.n]);
        let tiles = Tiles::choose(info, self.x.dtype, size, self.k, self.batches);
        let groups = tiles.groups(size) * self.batches;
        let parts = tiles.parts(info, groups, self.numel(), self.k);
        let out = self.x.like(parts.count * self.numel());
        let launch = tiles.compile(self.x.kernel(&MATMUL, "matmul_blocked"), self.pieces);
        let launch = launch.define("BAND", band);
        let launch = launch.size(self.m).size(self.n).size(self.k).size(parts.length).size(self.batches);
        let launch = launch.grid(&self.batch).sizes(self.strides).buffer(self.x).buffer(self.y);
        // the bias belongs to the whole sum, so it is added to that
        let launch = launch.maybe(self.bias.filter(|_| parts.count == 1)).buffer(&out);
        launch.groups([groups * parts.count, 1, 1], [tiles.items(), 1, 1]);
        match parts.count {
            1 => out,
            count => add_parts(&out, count, self.n, self.bias),
        }
    }
}

/// The sum of `count` equal parts of a storage, always in the same order, plus `bias` in every row of `n`
/// numbers.
pub(super) fn add_parts(
    parts: &OpenClStorage,
    count: usize,
    n: usize,
    bias: Option<&OpenClStorage>,
) -> OpenClStorage {
    let out = parts.like(parts.numel / count);
    let launch = parts.kernel(&MATMUL, "add_parts").size(out.numel).size(count).size(n);
    launch.buffer(parts).maybe(bias).buffer(&out).over(out.numel);
    out
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::device::CpuStorage;

    /// Numbers of either sign, on the device and in a layout.
    fn matrix(shape: [usize; 3], turned: bool, rng: &mut ChaCha8Rng) -> (OpenClStorage, Layout) {
        let runtime = super::super::open(0).expect("these tests need an OpenCL device");
        let numbers = (0..shape.iter().product()).map(|_| rng.random_range(-1.0f32..1.0)).collect::<Vec<_>>();
        let storage =
            OpenClStorage::from_host(runtime, &CpuStorage::from_vec(numbers)).expect("there is room");
        match turned {
            false => (storage, Layout::contiguous(shape)),
            true => {
                let [batch, rows, columns] = shape;
                (storage, Layout::contiguous([batch, columns, rows]).permute(&[0, 2, 1]))
            }
        }
    }

    #[test]
    fn all_rungs_give_the_same_product() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for (batch, m, k, n) in
            [(1, 1, 1, 1), (2, 17, 33, 5), (3, 64, 64, 64), (1, 130, 600, 70), (1, 5, 0, 7)]
        {
            for turned in [[false, false], [true, false], [false, true], [true, true]] {
                let (x, xl) = matrix([batch, m, k], turned[0], &mut rng);
                let (y, yl) = matrix([batch, k, n], turned[1], &mut rng);
                let (bias, _) = matrix([1, 1, n], false, &mut rng);
                let by = |rung| match matmul_by(rung, (&x, &xl), (&y, &yl), Some(&bias)).to_host() {
                    CpuStorage::F32(ref numbers) => numbers.to_vec(),
                    other => panic!("a product of f32 is {}", other.dtype()),
                };
                let naive = by(Rung::Naive);
                for rung in [Rung::Tiled, Rung::Blocked] {
                    let close = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-6 * (k as f32 + 1.0);
                    let product = by(rung);
                    assert!(
                        naive.iter().zip(&product).all(close),
                        "{rung:?} of {batch}x{m}x{k}x{n} {turned:?}"
                    );
                }
            }
        }
    }
}
