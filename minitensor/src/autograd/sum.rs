//! Gradients that come in parts.

use crate::shape::Shape;
use crate::tensor::Tensor;

/// The elements `start..start + len` along one dimension.
#[derive(Clone, Copy)]
pub(crate) struct Slice {
    pub(crate) dim: usize,
    pub(crate) start: usize,
    pub(crate) len: usize,
}

// ANCHOR: sum
/// What a tensor's users have given of its gradient so far.
///
/// A user that read a slice gives the gradient of that slice. All slices are written into one tensor at the end. If each was
/// filled up with zeros instead, and all of them added, then a loop over the T slices of a tensor would cost T² slices.
pub(super) struct Sum {
    shape: Shape,
    whole: Option<Tensor>,
    slices: Vec<(Slice, Tensor)>,
}

impl Sum {
    /// Nothing yet.
    pub(super) fn new(shape: &Shape) -> Sum {
        Sum { shape: shape.clone(), whole: None, slices: Vec::new() }
    }

    /// All there is.
    pub(super) fn of(grad: Tensor) -> Sum {
        Sum { whole: Some(grad.clone()), ..Sum::new(grad.shape()) }
    }

    pub(super) fn add(&mut self, grad: Tensor, slice: Option<Slice>) {
        match slice {
            Some(slice) => self.slices.push((slice, grad)),
            None => {
                self.whole = Some(match self.whole.take() {
                    Some(other) => other.add(&grad),
                    None => grad,
                });
            }
        }
    }

    pub(super) fn total(mut self) -> Tensor {
        self.slices.sort_by_key(|(slice, _)| (slice.dim, slice.start));
        // slices that do not overlap are neighbours now, and go into one tensor
        let together = self.slices.chunk_by(|(a, _), (b, _)| a.dim == b.dim && a.start + a.len <= b.start);
        let placed = together.map(|group| {
            let parts: Vec<_> = group.iter().map(|(slice, grad)| (slice.start, grad)).collect();
            Tensor::placed_along(&self.shape, group[0].0.dim, &parts)
        });
        let sum = self.whole.into_iter().chain(placed).reduce(|a, b| a.add(&b));
        sum.unwrap_or_else(|| unreachable!("a node is entered together with its first gradient"))
    }
}
// ANCHOR_END: sum
