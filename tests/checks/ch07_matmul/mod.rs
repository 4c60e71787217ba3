//! Checks of chapter 7. How a matrix is walked is judged by the places that are read, one after the other.

mod at_most;
mod block;
mod pack;
mod product_by_rows;
mod strided_product;
mod tiled_product;

use std::cell::RefCell;

#[allow(unused_imports, reason = "`../main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../../mine/ch07_matmul.rs"]
    ch07_matmul: product_by_rows, tiled_product, at_most, block, pack, strided_product
}

/// So many small whole numbers, of which all sums are exact.
fn wave(count: usize, pace: usize) -> Vec<f32> {
    (0..count).map(|i| (i * pace % 11) as f32 - 5.0).collect()
}

/// What the product is, by its definition, read through strides.
fn product([m, k, n]: [usize; 3], a: (&[f32], [usize; 2]), b: (&[f32], [usize; 2])) -> Vec<f32> {
    let at = |(numbers, strides): (&[f32], [usize; 2]), row: usize, column: usize| {
        numbers[row * strides[0] + column * strides[1]]
    };
    let sum = |i: usize, j: usize| (0..k).map(|p| at(a, i, p) * at(b, p, j)).sum();
    (0..m * n).map(|place| sum(place / n, place % n)).collect()
}

/// The numbers of a matrix, row by row.
fn rows(numbers: &[f32], columns: usize) -> Vec<Vec<f32>> {
    numbers.chunks(columns).map(<[f32]>::to_vec).collect()
}

/// Reads numbers, and remembers where.
struct Reads<'a> {
    numbers: &'a [f32],
    places: RefCell<Vec<usize>>,
}

impl<'a> Reads<'a> {
    fn of(numbers: &'a [f32]) -> Self {
        Self { numbers, places: RefCell::default() }
    }

    fn read(&self, place: usize) -> f32 {
        self.places.borrow_mut().push(place);
        self.numbers[place]
    }

    /// How often a read was in another part than the one before it.
    fn changes(&self, part: impl Fn(usize) -> usize) -> usize {
        let places = self.places.borrow();
        let parts = places.iter().map(|&place| part(place)).collect::<Vec<_>>();
        parts.chunk_by(|one, next| one == next).count()
    }
}
