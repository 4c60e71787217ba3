//! Running totals, and the product whose gradient they give.

use crate::autograd::edge;
use crate::device::{Kernels, OrderKernels, ReduceOp, ScanOp};
use crate::dtype::DType;
use crate::error::OrPanic;
use crate::shape::{Dims, IntoDims, Layout};
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: cumsum
    /// The sum of each element and all before it along `dim`. Bytes are summed as `I64`.
    #[track_caller]
    pub fn cumsum(&self, dim: isize) -> Tensor {
        let y = self.scan("cumsum", ScanOp::Sum, dim, false);
        // an element is in its own sum and in all later ones
        let from_later = move |grad: &Tensor| grad.scan("cumsum", ScanOp::Sum, dim, true);
        y.record("cumsum", [edge(self, from_later)])
    }
    // ANCHOR_END: cumsum

    /// The product of each element and all before it along `dim`. Bytes are multiplied as `I64`.
    #[track_caller]
    pub fn cumprod(&self, dim: isize) -> Tensor {
        let x = self.detach();
        let y = self.scan("cumprod", ScanOp::Prod, dim, false);
        y.record("cumprod", [edge(self, move |grad| cumprod_grad(grad, &x, dim))])
    }

    /// The product of all elements, of shape `[]`. Bytes are multiplied as `I64`.
    pub fn prod(&self) -> Tensor {
        self.flatten(0, -1).product_along(0, false)
    }

    /// The product along some dimensions, which become 1 (`keepdim`) or are left out.
    #[track_caller]
    pub fn prod_dim(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        let dims = dims.into_dims("prod", self.shape()).or_panic();
        // one dimension after the other, the last first, so that the numbers of the rest stay
        dims.iter().rev().fold(self.clone(), |x, &d| x.product_along(d, keepdim))
    }

    fn product_along(&self, dim: usize, keepdim: bool) -> Tensor {
        if self.dtype() == DType::U8 {
            return self.to_dtype(DType::I64).product_along(dim, keepdim);
        }
        let storage = self.storage().reduce(ReduceOp::Prod, self.layout(), &[dim]);
        let (x, d, kept) = (self.detach(), dim as isize, self.shape().reduced(&[dim], true));
        let y = Tensor::new(storage, Layout::contiguous(self.shape().reduced(&[dim], keepdim)));
        // The product of all others, also where one is 0: those before times those after.
        let to_x = move |grad: &Tensor| {
            let before = x.without_own(d, false);
            grad.reshape(&kept).mul(&before.mul(&x.without_own(d, true)))
        };
        y.record("prod", [edge(self, to_x)])
    }

    /// The product of all elements before each (after each, if `reverse`), without its own.
    fn without_own(&self, dim: isize, reverse: bool) -> Tensor {
        let Some(rest) = self.size(dim).checked_sub(1) else { return self.clone() };
        let one = self.narrow(dim, 0, 1).ones_like();
        let others = self.narrow(dim, usize::from(reverse), rest).scan("prod", ScanOp::Prod, dim, reverse);
        match reverse {
            false => Tensor::cat(&[&one, &others], dim),
            true => Tensor::cat(&[&others, &one], dim),
        }
    }

    /// A running total along `dim`, not yet in the graph.
    #[track_caller]
    fn scan(&self, name: &'static str, op: ScanOp, dim: isize, reverse: bool) -> Tensor {
        if self.dtype() == DType::U8 {
            return self.to_dtype(DType::I64).scan(name, op, dim, reverse);
        }
        if self.rank() == 0 {
            return self.detach();
        }
        // the kernel goes along the last dimension
        let mut order: Dims = (0..self.rank()).collect();
        order.swap(self.dim(name, dim), self.rank() - 1);
        let layout = self.layout().permute(&order);
        let y = Tensor::new(self.storage().scan(op, &layout, reverse), Layout::contiguous(layout.shape));
        let back = y.layout().permute(&order);
        y.view(back)
    }
}

/// With yⱼ = x₀ ⋯ xⱼ: ∂L/∂xᵢ = x₀ ⋯ xᵢ₋₁ · sᵢ, where sᵢ = gᵢ + xᵢ₊₁ sᵢ₊₁ runs from the end. Nothing is divided, so
/// that an x of 0 is a number like another.
fn cumprod_grad(grad: &Tensor, x: &Tensor, dim: isize) -> Tensor {
    let n = if x.rank() == 0 { 0 } else { x.size(dim) };
    if n == 0 {
        return grad.clone();
    }
    let mut sums = vec![grad.select(dim, n - 1)];
    for i in (0..n - 1).rev() {
        let next = x.select(dim, i + 1).mul(&sums[sums.len() - 1]);
        sums.push(grad.select(dim, i).add(&next));
    }
    sums.reverse();
    Tensor::stack(&sums.iter().collect::<Vec<_>>(), dim).mul(&x.without_own(dim, false))
}
