//! Pooling: every window of an image made one number.

use crate::autograd::edge;
use crate::device::{PoolGeometry, PoolKernels};
use crate::error::OrPanic;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// Window, stride and padding of a pooling op, each as `[height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool2dOptions {
    /// Size of the window.
    pub kernel: [usize; 2],
    /// Steps between neighbouring windows; PyTorch's default is the size of the window.
    pub stride: [usize; 2],
    /// Rows and columns outside the image, at most half of the window. Max pooling never chooses them.
    pub padding: [usize; 2],
    /// Whether average pooling counts the padding as zeros.
    pub count_include_pad: bool,
    /// Whether what is left over at the end of a row or column gets a window as well.
    pub ceil_mode: bool,
}

impl Pool2dOptions {
    /// Square windows side by side, without padding.
    pub fn square(kernel: usize) -> Pool2dOptions {
        Pool2dOptions {
            kernel: [kernel; 2],
            stride: [kernel; 2],
            padding: [0; 2],
            count_include_pad: true,
            ceil_mode: false,
        }
    }

    /// The same with another stride.
    pub fn stride(self, stride: usize) -> Pool2dOptions {
        Pool2dOptions { stride: [stride; 2], ..self }
    }

    /// The same with padding.
    pub fn padding(self, padding: usize) -> Pool2dOptions {
        Pool2dOptions { padding: [padding; 2], ..self }
    }

    fn geometry(&self, op: &'static str, input: &Shape) -> crate::Result<PoolGeometry> {
        let geometry = PoolGeometry::new(op, input, self.kernel, self.stride, self.padding, self.ceil_mode)?;
        Ok(PoolGeometry { count_include_pad: self.count_include_pad, ..geometry })
    }
}

impl Tensor {
    // ANCHOR: max_pool2d
    /// The largest number of each window; of equals, the first gets the gradient.
    ///
    /// # Shapes
    /// (…, H, W) → (…, OH, OW) with OH = floor((H + 2 padding − kernel) / stride) + 1
    ///
    /// # Panics
    /// If a window is larger than the padded image, or the padding larger than half a window.
    #[track_caller]
    pub fn max_pool2d(&self, options: Pool2dOptions) -> Tensor {
        self.max_pool2d_with_positions(options).0
    }

    /// [`Tensor::max_pool2d`], and where in its plane each number stood (`I64`, `y * W + x`).
    #[track_caller]
    pub fn max_pool2d_with_positions(&self, options: Pool2dOptions) -> (Tensor, Tensor) {
        self.largest_of_windows("max_pool2d", options.geometry("max_pool2d", self.shape()).or_panic())
    }

    /// The largest numbers of as many windows as asked for, as even as they can be, and where in its plane each stood.
    ///
    /// # Shapes
    /// `(…, H, W) → (…, output[0], output[1])`, twice
    ///
    /// # Panics
    /// If a size is 0.
    #[track_caller]
    pub fn adaptive_max_pool2d(&self, output: [usize; 2]) -> (Tensor, Tensor) {
        let geometry = PoolGeometry::adaptive("adaptive_max_pool2d", self.shape(), output).or_panic();
        self.largest_of_windows("adaptive_max_pool2d", geometry)
    }

    #[track_caller]
    fn largest_of_windows(&self, name: &'static str, geometry: PoolGeometry) -> (Tensor, Tensor) {
        self.needs_float(name).or_panic();
        let (own, pooled) = (self.shape().clone(), pooled_shape(self.shape(), &geometry));
        let (values, positions) = self.packed().max_pool2d(&geometry);
        let positions = Tensor::contiguous_of(positions, &pooled);
        let saved = positions.storage();
        // only the winner of a window moved the result
        let to_winners = move |grad: &Tensor| {
            Tensor::contiguous_of(grad.packed().max_pool2d_grad(&geometry, &saved), &own)
        };
        let values = Tensor::contiguous_of(values, &pooled);
        (values.record(name, [edge(self, to_winners)]), positions)
    }
    // ANCHOR_END: max_pool2d

    /// The mean of each window.
    ///
    /// # Shapes
    /// (…, H, W) → (…, OH, OW) with OH = floor((H + 2 padding − kernel) / stride) + 1
    ///
    /// # Panics
    /// As [`Tensor::max_pool2d`].
    #[track_caller]
    pub fn avg_pool2d(&self, options: Pool2dOptions) -> Tensor {
        self.mean_of_windows("avg_pool2d", options.geometry("avg_pool2d", self.shape()).or_panic())
    }

    /// The mean of as many windows as asked for, as even as they can be: `[1, 1]` is the mean of the image.
    ///
    /// # Shapes
    /// `(…, H, W) → (…, output[0], output[1])`
    ///
    /// # Panics
    /// If a size is 0.
    #[track_caller]
    pub fn adaptive_avg_pool2d(&self, output: [usize; 2]) -> Tensor {
        let geometry = PoolGeometry::adaptive("adaptive_avg_pool2d", self.shape(), output).or_panic();
        self.mean_of_windows("adaptive_avg_pool2d", geometry)
    }

    #[track_caller]
    fn mean_of_windows(&self, name: &'static str, geometry: PoolGeometry) -> Tensor {
        self.needs_float(name).or_panic();
        let own = self.shape().clone();
        let y = Tensor::contiguous_of(self.packed().avg_pool2d(&geometry), pooled_shape(&own, &geometry));
        // every pixel of a window moved its mean alike
        let spread =
            move |grad: &Tensor| Tensor::contiguous_of(grad.packed().avg_pool2d_grad(&geometry), &own);
        y.record(name, [edge(self, spread)])
    }
}

fn pooled_shape(input: &Shape, geometry: &PoolGeometry) -> Shape {
    Shape::from([&input[..input.len() - 2], &geometry.output()].concat())
}
