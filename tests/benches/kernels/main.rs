//! How long each kernel takes by itself, at the shapes that the models have. An item is a floating-point operation where
//! there are products, and otherwise a number of the larger tensor.
//!
//!     cargo bench -p tests --bench kernels                                  # all of them
//!     cargo bench -p tests --bench kernels -- norm                          # those with `norm` in their name
//!     RAYON_NUM_THREADS=1 cargo bench -p tests --bench kernels -- matmul    # on one thread

mod attention;
mod conv;
mod elementwise;
mod gather;
mod matmul;
mod optimizer;
mod pass;
mod recurrence;
mod rows;

fn main() {
    divan::main();
}
