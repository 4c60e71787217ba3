//! Several tensors made one.

use std::mem::replace;

use crate::device::Kernels;
use crate::error::{Error, OrPanic, Result};
use crate::shape::Shape;
use crate::tensor::Tensor;

impl Tensor {
    /// Tensors laid one after the other along a dimension that they have.
    ///
    /// # Panics
    /// If there is none, or if they differ in dtype or in the size of another dimension.
    #[track_caller]
    pub fn cat(tensors: &[&Tensor], dim: isize) -> Tensor {
        let shape = joined_shape(tensors, dim).or_panic();
        let dim = tensors[0].dim("cat", dim);
        let sizes: Vec<usize> = tensors.iter().map(|tensor| tensor.shape()[dim]).collect();
        let starts: Vec<usize> = sizes.iter().scan(0, |end, size| Some(replace(end, *end + size))).collect();
        let places: Vec<_> = starts.iter().copied().zip(tensors.iter().copied()).collect();
        let y = Tensor::placed_along(&shape, dim, &places);
        // each part gets its part of the gradient
        y.record_many("cat", tensors, move |grad, i| grad.narrow(dim as isize, starts[i], sizes[i]))
    }

    /// A tensor of `shape` that has each of these where it starts along one dimension, and zeros where none is. No two
    /// overlap.
    pub(crate) fn placed_along(shape: &Shape, dim: usize, parts: &[(usize, &Tensor)]) -> Tensor {
        let (dtype, device) = (parts[0].1.dtype(), parts[0].1.device());
        let filled: usize = parts.iter().map(|(_, part)| part.shape()[dim]).sum();
        let y = match filled == shape[dim] {
            true => Tensor::stale_on(shape, dtype, device),
            false => Tensor::full_on(shape, 0.0, dtype, device),
        };
        for (start, part) in parts {
            let to = y.layout().narrow("cat", dim, *start, part.shape()[dim]).or_panic();
            y.update(|storage| storage.write(&to, &part.storage(), part.layout()));
        }
        y
    }

    /// Tensors of one shape laid beside each other along a new dimension.
    #[track_caller]
    pub fn stack(tensors: &[&Tensor], dim: isize) -> Tensor {
        let tensors: Vec<Tensor> = tensors.iter().map(|tensor| tensor.unsqueeze(dim)).collect();
        Tensor::cat(&tensors.iter().collect::<Vec<_>>(), dim)
    }

    /// The tensor cut into pieces of `len` along one dimension, as views; the last may be shorter.
    #[track_caller]
    pub fn split(&self, len: usize, dim: isize) -> Vec<Tensor> {
        assert!(len > 0, "split: pieces of length 0 would never end; use 1 or more");
        let size = self.size(dim);
        (0..size).step_by(len).map(|start| self.narrow(dim, start, len.min(size - start))).collect()
    }

    /// The tensor cut into pieces of these lengths along one dimension, as views.
    ///
    /// # Panics
    /// If the lengths do not add up to its size.
    #[track_caller]
    pub fn split_with_sizes(&self, sizes: &[usize], dim: isize) -> Vec<Tensor> {
        if sizes.iter().sum::<usize>() != self.size(dim) {
            let message =
                format!("{sizes:?} do not add up to the size of dimension {dim} of {:?}", self.shape());
            Err(Error::shape("split_with_sizes", message)).or_panic()
        }
        let mut start = 0;
        let piece = |&len: &usize| {
            start += len;
            self.narrow(dim, start - len, len)
        };
        sizes.iter().map(piece).collect()
    }

    /// The tensor cut into `n` pieces along one dimension, as views: all of one length but the last, which is shorter
    /// where they cannot be. Where that needs fewer pieces, there are fewer.
    #[track_caller]
    pub fn chunk(&self, n: usize, dim: isize) -> Vec<Tensor> {
        assert!(n > 0, "chunk: a tensor cannot be cut into 0 pieces; use 1 or more");
        match self.size(dim) {
            0 => vec![self.clone(); n],
            size => self.split(size.div_ceil(n), dim),
        }
    }

    /// The slices along one dimension, which is left out of them.
    #[track_caller]
    pub fn unbind(&self, dim: isize) -> Vec<Tensor> {
        (0..self.size(dim)).map(|i| self.select(dim, i)).collect()
    }
}

fn joined_shape(tensors: &[&Tensor], dim: isize) -> Result<Shape> {
    let Some((first, rest)) = tensors.split_first() else {
        return Err(Error::shape("cat", "there is nothing to join; give at least one tensor"));
    };
    let d = first.shape().dim("cat", dim)?;
    let mut shape = first.shape().clone();
    for tensor in rest {
        first.same_dtype("cat", tensor)?;
        let fits =
            tensor.rank() == shape.len() && (0..shape.len()).all(|i| i == d || tensor.shape()[i] == shape[i]);
        if !fits {
            let message = format!(
                "shapes {:?} and {:?} differ in more than dimension {d}, along which they are joined",
                first.shape(),
                tensor.shape()
            );
            return Err(Error::shape("cat", message));
        }
        shape[d] += tensor.shape()[d];
    }
    Ok(shape)
}
