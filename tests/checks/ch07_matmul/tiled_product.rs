//! Tiles, with edges.

use super::{Reads, product, rows, wave};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer =
    fn(m: usize, k: usize, n: usize, tile: usize, a: &[f32], b: &dyn Fn(usize) -> f32) -> Vec<f32>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    // Tiles that fit; that leave edges; that are larger than the matrix.
    for (m, k, n, tile) in [(2, 4, 4, 2), (3, 5, 4, 3), (2, 3, 5, 8)] {
        let (a, b) = (wave(m * k, 7), wave(k * n, 3));
        let reads = Reads::of(&b);
        let c = answer(m, k, n, tile, &a, &|place| reads.read(place));
        let expected = product([m, k, n], (&a, [k, 1]), (&b, [n, 1]));
        let case = format!("({m}, {k}) times ({k}, {n}), tiles of {tile}");
        sheet.near(case, rows(&c, n), rows(&expected, n));
        let tiles = k.div_ceil(tile) * n.div_ceil(tile);
        let begun = reads.changes(|place| place / n / tile * n + place % n / tile);
        sheet.same("    tiles begun", begun, tiles);
    }
}

/// The product over ranges of p and j, in this order; `keep` says whether a place adds to what it has.
fn over(
    [m, k, n]: [usize; 3],
    tiles: impl IntoIterator<Item = (std::ops::Range<usize>, std::ops::Range<usize>)>,
    keep: bool,
    a: &[f32],
    b: &dyn Fn(usize) -> f32,
) -> Vec<f32> {
    let mut c = vec![0.0; m * n];
    for (ps, js) in tiles {
        for i in 0..m {
            if !keep {
                c[i * n..][js.clone()].fill(0.0);
            }
            for p in ps.clone() {
                for j in js.clone() {
                    c[i * n + j] += a[i * k + p] * b(p * n + j);
                }
            }
        }
    }
    c
}

type Tile = (std::ops::Range<usize>, std::ops::Range<usize>);

fn tiles(k: usize, n: usize, tile: usize) -> Vec<Tile> {
    let column =
        |top: usize| (0..n).step_by(tile).map(move |left| (top..k.min(top + tile), left..n.min(left + tile)));
    (0..k).step_by(tile).flat_map(column).collect()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to forget the edges: `k / tile` tiles are only the whole ones, and what does not fill a tile is left out.",
        |m, k, n, tile, a, b| {
            let whole = |range: &std::ops::Range<usize>| range.len() == tile;
            let whole = tiles(k, n, tile).into_iter().filter(|(ps, js)| whole(ps) && whole(js));
            over([m, k, n], whole, true, a, b)
        },
    ),
    (
        "to let a tile at the right edge run over it. Behind the last column of a row comes the first one of the next, so \
         nothing stops you, and the numbers go where they do not belong.",
        |m, k, n, tile, a, b| {
            let mut c = vec![0.0; m * n];
            for (ps, js) in tiles(k, n, tile) {
                for i in 0..m {
                    for p in ps.clone() {
                        for j in js.start..js.start + tile {
                            let (place, read) = (i * n + j, (p * n + j).min(k * n - 1));
                            if place < m * n {
                                c[place] += a[i * k + p] * b(read);
                            }
                        }
                    }
                }
            }
            c
        },
    ),
    (
        "to put the tiles inside the loop over the rows of a. Each row then begins every tile anew, and nothing has been \
         gained.",
        |m, k, n, tile, a, b| {
            let row = |i: usize| over([1, k, n], tiles(k, n, tile), true, &a[i * k..][..k], b);
            (0..m).flat_map(row).collect()
        },
    ),
    (
        "to begin the sums at zero with every tile. A tile has only some of the p: the next one below goes on with the same \
         sums.",
        |m, k, n, tile, a, b| over([m, k, n], tiles(k, n, tile), false, a, b),
    ),
    (
        "to cut the rows of b only. A tile has `tile` columns as well, so that it does not grow with the matrix.",
        |m, k, n, tile, a, b| {
            let bands = (0..k).step_by(tile).map(|top| (top..k.min(top + tile), 0..n));
            over([m, k, n], bands, true, a, b)
        },
    ),
];
