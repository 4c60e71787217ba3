//! Pooling of signals: that of images which are one pixel high.

use crate::tensor::Tensor;

use super::pool::Pool2dOptions;

/// Window, stride and padding of a pooling op over signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool1dOptions {
    /// Size of the window.
    pub kernel: usize,
    /// Steps between neighbouring windows; PyTorch's default is the size of the window.
    pub stride: usize,
    /// Numbers outside the signal, at most half of the window. Max pooling never chooses them.
    pub padding: usize,
    /// Whether average pooling counts the padding as zeros.
    pub count_include_pad: bool,
    /// Whether what is left over at the end gets a window as well.
    pub ceil_mode: bool,
}

impl Pool1dOptions {
    /// Windows side by side, without padding.
    pub fn new(kernel: usize) -> Pool1dOptions {
        Pool1dOptions { kernel, stride: kernel, padding: 0, count_include_pad: true, ceil_mode: false }
    }

    /// The same with another stride.
    pub fn stride(self, stride: usize) -> Pool1dOptions {
        Pool1dOptions { stride, ..self }
    }

    /// The same with padding.
    pub fn padding(self, padding: usize) -> Pool1dOptions {
        Pool1dOptions { padding, ..self }
    }

    fn in_one_row(self) -> Pool2dOptions {
        Pool2dOptions {
            kernel: [1, self.kernel],
            stride: [1, self.stride],
            padding: [0, self.padding],
            count_include_pad: self.count_include_pad,
            ceil_mode: self.ceil_mode,
        }
    }
}

impl Tensor {
    /// Max pooling along one dimension.
    ///
    /// # Shapes
    /// (…, L) → (…, OL)
    ///
    /// # Panics
    /// As [`Tensor::max_pool2d`].
    #[track_caller]
    pub fn max_pool1d(&self, options: Pool1dOptions) -> Tensor {
        self.max_pool1d_with_positions(options).0
    }

    /// [`Tensor::max_pool1d`], and where in its signal each number stood (`I64`).
    #[track_caller]
    pub fn max_pool1d_with_positions(&self, options: Pool1dOptions) -> (Tensor, Tensor) {
        in_a_row(self.unsqueeze(-2).max_pool2d_with_positions(options.in_one_row()))
    }

    /// Average pooling along one dimension.
    ///
    /// # Shapes
    /// (…, L) → (…, OL)
    ///
    /// # Panics
    /// As [`Tensor::max_pool2d`].
    #[track_caller]
    pub fn avg_pool1d(&self, options: Pool1dOptions) -> Tensor {
        self.unsqueeze(-2).avg_pool2d(options.in_one_row()).squeeze(-2)
    }

    /// As many means as asked for; see [`Tensor::adaptive_avg_pool2d`].
    ///
    /// # Shapes
    /// (…, L) → (…, output)
    #[track_caller]
    pub fn adaptive_avg_pool1d(&self, output: usize) -> Tensor {
        self.unsqueeze(-2).adaptive_avg_pool2d([1, output]).squeeze(-2)
    }

    /// As many largest numbers as asked for, and where each stood; see [`Tensor::adaptive_max_pool2d`].
    ///
    /// # Shapes
    /// (…, L) → (…, output), twice
    #[track_caller]
    pub fn adaptive_max_pool1d(&self, output: usize) -> (Tensor, Tensor) {
        in_a_row(self.unsqueeze(-2).adaptive_max_pool2d([1, output]))
    }
}

/// In one row, the place in the plane is the place in the row.
fn in_a_row((values, positions): (Tensor, Tensor)) -> (Tensor, Tensor) {
    (values.squeeze(-2), positions.squeeze(-2))
}
