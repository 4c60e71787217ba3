//! Forward or backward through an op.

use divan::Bencher;
use minitensor::{Tensor, no_grad};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// Which way an op is timed.
pub(crate) trait Pass {
    /// Times an op of these leaves.
    fn time(bencher: Bencher<'_, '_>, leaves: &[Tensor], op: impl Fn(&[Tensor]) -> Tensor);
}

/// From the leaves to the output, as where nothing is learned.
pub(crate) struct Forward;

/// From a gradient of the output to those of all leaves. It includes one pass over the output, by which that gradient
/// comes in.
pub(crate) struct Backward;

impl Pass for Forward {
    fn time(bencher: Bencher<'_, '_>, leaves: &[Tensor], op: impl Fn(&[Tensor]) -> Tensor) {
        bencher.bench_local(|| no_grad(|| op(leaves)));
    }
}

impl Pass for Backward {
    fn time(bencher: Bencher<'_, '_>, leaves: &[Tensor], op: impl Fn(&[Tensor]) -> Tensor) {
        let leaves: Vec<Tensor> = leaves.iter().map(|leaf| leaf.detach().requires_grad_()).collect();
        let upstream = no_grad(|| op(&leaves)).mul_scalar(0.5);
        let graph = || {
            leaves.iter().for_each(Tensor::zero_grad);
            op(&leaves).mul(&upstream).sum()
        };
        bencher.with_inputs(graph).bench_local_refs(|loss| loss.backward());
    }
}

/// Leaves of these shapes, filled with numbers of a normal distribution.
pub(crate) fn leaves<const N: usize>(shapes: [&[usize]; N]) -> [Tensor; N] {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    shapes.map(|shape| Tensor::randn(shape, &mut rng))
}
