//! Max pooling, undone as far as it can be: the largest numbers go back to where they stood, among zeros.

use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: max_unpool2d
    /// A plane of zeros of this size, with each number at its position: the way back from
    /// [`Tensor::max_pool2d_with_positions`] (Zeiler and Fergus, 2014, section 2.1).
    ///
    /// # Shapes
    /// x and positions (…, OH, OW) → (…, H, W)
    ///
    /// # Panics
    /// If there is not one position a number, or one lies outside the plane.
    #[track_caller]
    pub fn max_unpool2d(&self, positions: &Tensor, output: [usize; 2]) -> Tensor {
        unpool_rule("max_unpool2d", 2, self, positions).or_panic();
        let lead = self.rank() - 2;
        let laid = self.flatten(-2, -1).put_back(&positions.flatten(-2, -1), output[0] * output[1]);
        laid.reshape([&self.shape()[..lead], &output].concat())
    }
    // ANCHOR_END: max_unpool2d

    /// The same along one dimension: the way back from [`Tensor::max_pool1d_with_positions`].
    ///
    /// # Shapes
    /// x and positions (…, OL) → (…, L)
    #[track_caller]
    pub fn max_unpool1d(&self, positions: &Tensor, output: usize) -> Tensor {
        unpool_rule("max_unpool1d", 1, self, positions).or_panic();
        self.put_back(positions, output)
    }

    /// The same for volumes: the way back from [`Tensor::max_pool3d_with_positions`].
    ///
    /// # Shapes
    /// x and positions (…, OD, OH, OW) → (…, D, H, W)
    #[track_caller]
    pub fn max_unpool3d(&self, positions: &Tensor, output: [usize; 3]) -> Tensor {
        unpool_rule("max_unpool3d", 3, self, positions).or_panic();
        let lead = self.rank() - 3;
        let laid = self.flatten(-3, -1).put_back(&positions.flatten(-3, -1), output.iter().product());
        laid.reshape([&self.shape()[..lead], &output].concat())
    }

    /// Zeros (…, room) with each number at its place. Where windows overlapped, a place can be named twice, by the same
    /// number: it is laid down and not added.
    #[track_caller]
    fn put_back(&self, positions: &Tensor, room: usize) -> Tensor {
        let mut shape = self.shape().clone();
        let last = shape.len() - 1;
        shape[last] = room;
        Tensor::full_on(shape, 0.0, self.dtype(), self.device()).scatter(-1, positions, self)
    }
}

fn unpool_rule(op: &'static str, rank: usize, x: &Tensor, positions: &Tensor) -> Result<()> {
    x.needs_float(op)?;
    if positions.dtype() != DType::I64 {
        let message =
            format!("the positions must be i64, as pooling gives them, but they are {}", positions.dtype());
        return Err(Error::dtype(op, message));
    }
    if x.rank() < rank || x.shape() != positions.shape() {
        let message = format!(
            "numbers {:?} and positions {:?} must have one shape, of at least {rank} dimensions",
            x.shape(),
            positions.shape()
        );
        return Err(Error::shape(op, message));
    }
    Ok(())
}
