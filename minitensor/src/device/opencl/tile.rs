//! How products of matrices are cut into tiles, and tiles into work-items; see `kernels/tile.cl`.

use super::info::{DeviceInfo, DeviceKind};
use super::launch::Launch;
use crate::dtype::DType;
use crate::shape::Layout;

/// How far a work-group goes along k at a time.
const TILE_K: usize = 8;
/// A tile's possible sides, and how long they take for the same number of products, in percent: in a large
/// tile, a number that is fetched has more uses.
const SIDES: [(usize, usize); 4] = [(16, 160), (32, 130), (64, 110), (128, 100)];
/// Shorter parts of k are not worth adding up.
const SHORTEST_PART: usize = 256;
/// In longer sums of `F32`, too many digits are lost.
const LONGEST_PART: usize = 2048;
/// How many numbers all parts may have together.
const MOST_NUMBERS: usize = 1 << 26;
/// Work-items that a GPU's compute unit needs to be busy.
const BUSY: usize = 256;

/// The numbers of a result (rows, columns) that a work-group computes, and those that each of its work-items
/// does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tiles {
    tile: [usize; 2],
    work: [usize; 2],
}

/// How k is cut: into `count` parts of `length`, the last one perhaps shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) count: usize,
    pub(super) length: usize,
}

/// How an operand is fetched: so many numbers at a time, and those that lie side by side do so along k or
/// across it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pieces {
    pub(super) width: usize,
    pub(super) along_k: bool,
}

impl Tiles {
    // ANCHOR: choose
    /// The tiles for results of `size`, of which there are `products`: large ones, unless they are too few
    /// for the device. Where `k` is long, it can be cut as well, so tiles need not become as small; it is 0
    /// where it is not to be cut.
    pub(super) fn choose(
        info: &DeviceInfo,
        dtype: DType,
        size: [usize; 2],
        k: usize,
        products: usize,
    ) -> Tiles {
        let largest = match (info.kind, dtype) {
            (DeviceKind::Gpu, DType::F32) if info.max_group >= 256 => 128,
            _ => 64,
        };
        let smallest = if k >= 2 * SHORTEST_PART { 64 } else { 32 };
        let mut tile = size.map(|size| side(size, largest));
        if tile == [16, 16] {
            tile[1] = 32; // 32 work-items
        }
        while groups(tile, size) * products < info.compute_units && tile[0].max(tile[1]) > smallest {
            let longer = usize::from(tile[1] > tile[0]);
            tile[longer] /= 2;
        }
        Tiles::new(tile)
    }
    // ANCHOR_END: choose

    fn new(tile: [usize; 2]) -> Tiles {
        let [m, n] = tile;
        let work = [if m >= 64 && n > 16 { 8 } else { 4 }, if n >= 128 && m >= 64 { 8 } else { 4 }];
        Tiles { tile, work }
    }

    /// Rows and columns of a tile.
    pub(super) fn tile(&self) -> [usize; 2] {
        self.tile
    }

    /// Those that a work-item computes.
    pub(super) fn work(&self) -> [usize; 2] {
        self.work
    }

    /// How many work-items a group has.
    pub(super) fn items(&self) -> usize {
        self.tile[0] / self.work[0] * (self.tile[1] / self.work[1])
    }

    /// How many tiles a result of this size has.
    pub(super) fn groups(&self, size: [usize; 2]) -> usize {
        groups(self.tile, size)
    }

    /// How k is cut where `groups` tiles with `numel` results in all are too few for the device, or k is too
    /// long.
    pub(super) fn parts(&self, info: &DeviceInfo, groups: usize, numel: usize, k: usize) -> Parts {
        let wanted = info.compute_units * BUSY / self.items();
        let for_device = (wanted / groups.max(1)).min(k / SHORTEST_PART);
        let parts = for_device.max(k.div_ceil(LONGEST_PART)).min(MOST_NUMBERS / numel.max(1)).max(1);
        let length = k.div_ceil(parts).next_multiple_of(TILE_K).max(TILE_K);
        Parts { count: k.div_ceil(length).max(1), length }
    }

    /// Compiles a kernel for these tiles, and for operands x and y that are fetched so.
    pub(super) fn compile<'a>(&self, launch: Launch<'a>, [x, y]: [Pieces; 2]) -> Launch<'a> {
        let launch = launch.define("TILE_M", self.tile[0]).define("TILE_N", self.tile[1]);
        let launch = launch.define("TILE_K", TILE_K);
        let launch = launch.define("WORK_M", self.work[0]).define("WORK_N", self.work[1]);
        let launch = launch.define("X_WIDTH", x.width).define("X_ALONG_K", u8::from(x.along_k));
        launch.define("Y_WIDTH", y.width).define("Y_ALONG_K", u8::from(y.along_k))
    }
}

impl Pieces {
    /// Those of a matrix whose dimension `k` is summed over, the other being `other`: four where the layout
    /// allows.
    pub(super) fn of(layout: &Layout, k: usize, other: usize) -> Pieces {
        let along_k = layout.strides[k] < layout.strides[other];
        let side_by_side = if along_k { k } else { other };
        let fits = |d: usize| match d == side_by_side {
            true => layout.strides[d] == 1 && layout.shape[d].is_multiple_of(4),
            false => layout.strides[d].is_multiple_of(4) || layout.shape[d] == 1,
        };
        let four = layout.offset.is_multiple_of(4) && (0..layout.shape.len()).all(fits);
        Pieces { width: if four { 4 } else { 1 }, along_k }
    }
}

/// The side of a tile that takes least time along so many numbers, those beyond the edge included.
fn side(size: usize, largest: usize) -> usize {
    let sides = SIDES.into_iter().filter(|(side, _)| *side <= largest);
    let (side, _) =
        sides.min_by_key(|(side, percent)| size.max(1).next_multiple_of(*side) * percent).unwrap_or(SIDES[0]);
    side
}

fn groups(tile: [usize; 2], size: [usize; 2]) -> usize {
    size[0].div_ceil(tile[0]) * size[1].div_ceil(tile[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h100() -> DeviceInfo {
        DeviceInfo {
            name: "H100".to_owned(),
            driver: "NVIDIA".to_owned(),
            kind: DeviceKind::Gpu,
            compute_units: 132,
            max_group: 1024,
            local_memory: 48 << 10,
            memory: 80 << 30,
            max_buffer: 20 << 30,
            has_f64: true,
        }
    }

    fn chosen(size: [usize; 2], k: usize) -> ([usize; 2], usize) {
        let info = h100();
        let tiles = Tiles::choose(&info, DType::F32, size, k, 1);
        let parts = tiles.parts(&info, tiles.groups(size), size[0] * size[1], k);
        assert!(parts.count * parts.length >= k && parts.length.is_multiple_of(TILE_K));
        (tiles.tile, parts.count)
    }

    #[test]
    fn large_products_get_large_tiles_and_long_sums_are_cut() {
        assert_eq!(chosen([4096, 4096], 2048), ([128, 128], 1));
        assert_eq!(chosen([1024, 1024], 1024), ([64, 64], 1));
        assert_eq!(chosen([128, 10], 64), ([32, 16], 1));
        let (tile, parts) = chosen([144, 16], 131_072); // the gradient of a convolution's weight
        assert!(tile == [32, 16] && parts > 100, "{tile:?} {parts}");
        assert_eq!(chosen([2048, 2048], 8192), ([128, 128], 4));
        assert_eq!(chosen([5, 7], 0), ([16, 32], 1));
    }

    #[test]
    fn every_tile_has_a_whole_number_of_work_items() {
        for m in [16, 32, 64, 128] {
            for n in [16, 32, 64, 128] {
                let tiles = Tiles::new([m, n]);
                assert!([m, n] == [16, 16] || [32, 64, 128, 256].contains(&tiles.items()), "{tiles:?}");
            }
        }
    }

    #[test]
    fn four_numbers_are_fetched_at_once_where_they_lie_together() {
        let rows = Layout::contiguous([8, 12]);
        assert_eq!(Pieces::of(&rows, 1, 0), Pieces { width: 4, along_k: true });
        assert_eq!(Pieces::of(&rows.permute(&[1, 0]), 1, 0), Pieces { width: 4, along_k: false });
        assert_eq!(Pieces::of(&Layout::contiguous([8, 11]), 1, 0), Pieces { width: 1, along_k: true });
        let later = Layout { offset: 2, ..rows };
        assert_eq!(Pieces::of(&later, 1, 0).width, 1);
    }
}
