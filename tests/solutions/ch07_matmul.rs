//! Chapter 7: From three loops to faer
//!
//! Put your answers in place of each `todo!`, then run `cargo exercise 7`.
//! Stuck? `cargo exercise hint 7.1` gives a hint, and another when asked again.
//!
//! You may add functions and `use` lines; leave the lines `// === Exercise 7.1 ===` where they are.

// === Exercise 7.1 ===

/// A product of an (m, k) and a (k, n) matrix, in an order of loops that walks along the rows of `b` and never down its
/// columns.
///
/// All matrices lie row by row. `b(place)` reads the number at a place of `b`, and the check counts how often that is in
/// another line of the cache (16 numbers) than the read before.
pub fn product_by_rows(m: usize, k: usize, n: usize, a: &[f32], b: &dyn Fn(usize) -> f32) -> Vec<f32> {
    // TASK: the product of two matrices, with b read along its rows
    // HINT: There are three loops: over the rows `i` of the result, its columns `j`, and the inner size `p`. Which of them
    //       has to be the innermost, so that `b(p * n + j)` goes to the next place each time?
    // HINT: With `j` innermost no sum is ever finished before the others have begun. So the result holds them all: it begins
    //       as zeros, and each step adds `a[i * k + p] * b(p * n + j)` to its place.
    // HINT: `let mut c = vec![0.0; m * n]; for i in 0..m { for p in 0..k { for j in 0..n { c[i * n + j] += ...; } } } c`
    let mut c = vec![0.0; m * n];
    for i in 0..m {
        for p in 0..k {
            for j in 0..n {
                c[i * n + j] += a[i * k + p] * b(p * n + j);
            }
        }
    }
    c
    // END
}

// === Exercise 7.2 ===

/// The same, tile by tile: a part of `tile` rows and as many columns of `b` is read by all rows of `a`, and only then the
/// next tile is begun.
///
/// The tiles at the lower and right edge of `b` are smaller, if `tile` does not divide `k` and `n`. The check counts how
/// often a tile is begun.
pub fn tiled_product(
    m: usize,
    k: usize,
    n: usize,
    tile: usize,
    a: &[f32],
    b: &dyn Fn(usize) -> f32,
) -> Vec<f32> {
    // TASK: the product of two matrices, tile by tile of b
    // HINT: Two more loops, around the three that you have: over the first rows of the tiles, `(0..k).step_by(tile)`, and
    //       over their first columns.
    // HINT: Inside a tile that begins at row `top` and column `left`, `p` goes from `top` to `top + tile`, and `j` from
    //       `left` to `left + tile`, but neither goes beyond the matrix. All rows `i` come inside these two loops.
    // HINT: `for top in (0..k).step_by(tile) { for left in (0..n).step_by(tile) { for i in 0..m { for p in top..k.min(top +
    //       tile) { for j in left..n.min(left + tile) { ... } } } } }`, with the same line in the middle as before.
    let mut c = vec![0.0; m * n];
    for top in (0..k).step_by(tile) {
        for left in (0..n).step_by(tile) {
            for i in 0..m {
                for p in top..k.min(top + tile) {
                    for j in left..n.min(left + tile) {
                        c[i * n + j] += a[i * k + p] * b(p * n + j);
                    }
                }
            }
        }
    }
    c
    // END
}

// === Exercise 7.3 ===

/// What a product of an (m, k) and a (k, n) matrix of `f32` takes, and how fast it can be at most: its floating-point
/// operations; the bytes that have to move, if each number of all three matrices moves once; and the billions of operations
/// a second that a machine can reach, which computes at most `gflops` billion of them and moves at most `gigabytes` billion
/// bytes a second.
pub fn at_most(m: usize, k: usize, n: usize, gflops: f64, gigabytes: f64) -> [f64; 3] {
    // TASK: the operations and bytes of a product, and the rate that the roofline allows
    // HINT: Each of the m times n results is a sum of k products: that many multiplications, and as many additions.
    // HINT: A number is 4 bytes. Operations for each byte, times bytes a second, is operations a second: what memory allows.
    // HINT: `let rate = gflops.min(flops / bytes * gigabytes);`: neither arithmetic nor memory can be beaten, so the lower
    //       roof counts.
    let flops = 2.0 * (m * k * n) as f64;
    let bytes = 4.0 * (m * k + k * n + m * n) as f64;
    [flops, bytes, gflops.min(flops / bytes * gigabytes)]
    // END
}

// === Exercise 7.4 ===

/// A block of 4 x 8 sums: at each step `p`, every number of `a[p]`, a part of a column, meets every number of `b[p]`, a part
/// of a row.
///
/// The result at row `r` and column `c` is the sum over `p` of `a[p][r] * b[p][c]`. As a local array of fixed size, the sums
/// can stay in registers from the first step to the last.
pub fn block(a: &[[f32; 4]], b: &[[f32; 8]]) -> [[f32; 8]; 4] {
    // TASK: the block of sums, all kept until the last step
    // HINT: Begin with `[[0.0; 8]; 4]`, outside all loops. The loop over the steps is the outermost one: what is loaded in a
    //       step serves the whole block.
    // HINT: `a.iter().zip(b)` gives the steps. In each, 4 times 8 products are added, each to its own sum.
    // HINT: `for (a, b) in a.iter().zip(b) { for r in 0..4 { for c in 0..8 { sums[r][c] += a[r] * b[c]; } } }`
    let mut sums = [[0.0; 8]; 4];
    for (a, b) in a.iter().zip(b) {
        for (sums, a) in sums.iter_mut().zip(a) {
            for (sum, b) in sums.iter_mut().zip(b) {
                *sum += a * b;
            }
        }
    }
    sums
    // END
}

// === Exercise 7.5 ===

/// Packs a (k, n) matrix that lies row by row: strips of `width` columns, one after the other, and in each strip row after
/// row, so that a block reads it from its first number to its last.
///
/// Where the last strip has fewer columns, there are zeros in their place.
pub fn pack(k: usize, n: usize, width: usize, b: &[f32]) -> Vec<f32> {
    // TASK: the matrix in strips, the last one filled up with zeros
    // HINT: The first columns of the strips are `(0..n).step_by(width)`. In a strip, go down the rows, and take `width`
    //       numbers of each.
    // HINT: Is column `left + c` still inside the matrix? Then it is `b[p * n + left + c]`, else 0.
    // HINT: `for left in (0..n).step_by(width) { for p in 0..k { for j in left..left + width { packed.push(if j < n { b[p * n
    //       + j] } else { 0.0 }); } } }`
    let mut packed = Vec::new();
    for left in (0..n).step_by(width) {
        for p in 0..k {
            for j in left..left + width {
                packed.push(if j < n { b[p * n + j] } else { 0.0 });
            }
        }
    }
    packed
    // END
}

// === Exercise 7.6 ===

/// A product of an (m, k) and a (k, n) matrix that are read through strides, as chapter 5 has them: `strides[0]` from one row
/// to the next, `strides[1]` from one column to the next. So a transposed matrix need not be copied.
///
/// The result lies row by row.
pub fn strided_product(
    m: usize,
    k: usize,
    n: usize,
    a: &[f32],
    a_strides: [usize; 2],
    b: &[f32],
    b_strides: [usize; 2],
) -> Vec<f32> {
    // TASK: the product of two matrices read through strides
    // HINT: The number at row `i` and column `p` of `a` is `a[i * a_strides[0] + p * a_strides[1]]`.
    // HINT: The result is a matrix of its own, new and row by row, whatever the strides of the other two.
    // HINT: `c[i * n + j] += a[i * a_strides[0] + p * a_strides[1]] * b[p * b_strides[0] + j * b_strides[1]];`
    let mut c = vec![0.0; m * n];
    for i in 0..m {
        for p in 0..k {
            for j in 0..n {
                let (a, b) = (a[i * a_strides[0] + p * a_strides[1]], b[p * b_strides[0] + j * b_strides[1]]);
                c[i * n + j] += a * b;
            }
        }
    }
    c
    // END
}
