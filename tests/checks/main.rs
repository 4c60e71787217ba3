//! `cargo test`: every solution is right, every draft is still to do, and every recorded mistake is told.

use tests::solved_chapter as chapter;

mod ch01_derivatives;
mod ch02_value;
mod ch03_neurons;
mod ch05_tensors;
mod ch06_autograd;
mod ch07_matmul;
#[cfg(feature = "opencl")]
mod ch08_gpu;
#[path = "../solutions/mod.rs"]
mod solutions;

/// The solutions with `todo!` for answers, as readers get them.
#[allow(dead_code, unused, unreachable_pub, clippy::todo, reason = "nothing is done yet")]
mod drafts {
    include!(concat!(env!("OUT_DIR"), "/drafts.rs"));
}

fn main() {
    tests::exercise::prove::main(vec![
        ch01_derivatives::chapter(),
        ch02_value::chapter(),
        ch03_neurons::chapter(),
        ch05_tensors::chapter(),
        ch06_autograd::chapter(),
        ch07_matmul::chapter(),
        #[cfg(feature = "opencl")]
        ch08_gpu::chapter(),
    ]);
}
