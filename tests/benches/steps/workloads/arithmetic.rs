//! Ops on their own: square products, and passes over four million numbers.

use minitensor::Shape;

use super::{Setup, Step};

/// Rows and columns of what the passes read.
const SHAPE: [usize; 2] = [4096, 1024];

pub(crate) fn matmul(n: usize, setup: &mut Setup) -> Step {
    let (a, b) = (setup.randn([n, n]), setup.randn([n, n]));
    Step::op(move || a.matmul(&b))
}

pub(super) fn softmax(setup: &mut Setup) -> Step {
    let a = setup.randn(SHAPE);
    Step::op(move || a.softmax(-1))
}

pub(super) fn gelu(setup: &mut Setup) -> Step {
    let a = setup.randn(SHAPE);
    Step::op(move || a.gelu())
}

pub(super) fn add(setup: &mut Setup) -> Step {
    sum(SHAPE, setup)
}

pub(crate) fn sum(shape: impl Into<Shape> + Copy, setup: &mut Setup) -> Step {
    let (a, b) = (setup.randn(shape), setup.randn(shape));
    Step::op(move || &a + &b)
}
