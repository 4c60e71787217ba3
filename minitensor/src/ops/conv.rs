//! Convolution: the same few weights at every place of a signal or an image.

use crate::device::{Conv2dGeometry, Conv2dOptions, ConvKernels};
use crate::error::{OrPanic, Result};
use crate::observe::as_one;
use crate::tensor::Tensor;

/// Stride, padding, dilation and groups of a 1-D convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv1dOptions {
    /// Steps between neighbouring outputs.
    pub stride: usize,
    /// Zeros on each side.
    pub padding: usize,
    /// Distance between neighbouring elements of the kernel.
    pub dilation: usize,
    /// The channels are cut into this many groups that do not see each other.
    pub groups: usize,
}

impl Default for Conv1dOptions {
    fn default() -> Conv1dOptions {
        Conv1dOptions { stride: 1, padding: 0, dilation: 1, groups: 1 }
    }
}

impl From<Conv1dOptions> for Conv2dOptions {
    fn from(options: Conv1dOptions) -> Conv2dOptions {
        Conv2dOptions {
            stride: [1, options.stride],
            padding: [0, options.padding],
            dilation: [1, options.dilation],
            groups: options.groups,
        }
    }
}

impl Tensor {
    // ANCHOR: conv2d
    /// The cross-correlation that deep learning calls convolution:
    /// `out[n, o, y, x] = bias[o] + sum over c, i, j of weight[o, c, i, j] * input[n, c, y * stride + i, x * stride + j]`.
    ///
    /// # Shapes
    /// input (N, C, H, W), weight (O, C / groups, KH, KW), bias (O) → (N, O, OH, OW) with
    /// OH = floor((H + 2 padding − dilation (KH − 1) − 1) / stride) + 1
    ///
    /// # Panics
    /// If shapes or dtypes do not fit, or the kernel is larger than the padded input.
    #[track_caller]
    pub fn conv2d(&self, weight: &Tensor, bias: Option<&Tensor>, options: Conv2dOptions) -> Tensor {
        let geometry = self.conv_rule("conv2d", weight, bias, options).or_panic();
        let (x, w) = (self.packed(), weight.packed());
        let y = x.conv2d(&geometry, &w, bias.map(Tensor::packed).as_deref());
        let y = Tensor::contiguous_of(y, geometry.output_shape());
        y.record_joint("conv2d", [Some(self), Some(weight), bias], move |grad, needed| {
            let (g, [of_x, of_w, of_bias]) = (grad.packed(), needed);
            // Each output sends its gradient back along the products that made it.
            let to_x = || Tensor::contiguous_of(g.conv2d_grad_input(&geometry, &w), geometry.input_shape());
            let to_w = || Tensor::contiguous_of(g.conv2d_grad_weight(&geometry, &x), geometry.weight_shape());
            [of_x.then(to_x), of_w.then(to_w), of_bias.then(|| grad.sum_dim([0, 2, 3], false))]
        })
    }
    // ANCHOR_END: conv2d

    /// Convolution along one dimension: a 2-D one of height 1.
    ///
    /// # Shapes
    /// input (N, C, L), weight (O, C / groups, K), bias (O) → (N, O, OL)
    ///
    /// # Panics
    /// As [`Tensor::conv2d`].
    #[track_caller]
    pub fn conv1d(&self, weight: &Tensor, bias: Option<&Tensor>, options: Conv1dOptions) -> Tensor {
        self.conv_rule("conv1d", weight, bias, options.into()).or_panic();
        as_one("conv1d", &[self, weight], || {
            self.unsqueeze(2).conv2d(&weight.unsqueeze(2), bias, options.into()).squeeze(2)
        })
    }

    fn conv_rule(
        &self,
        op: &'static str,
        weight: &Tensor,
        bias: Option<&Tensor>,
        options: Conv2dOptions,
    ) -> Result<Conv2dGeometry> {
        self.needs_float(op)?;
        for other in [Some(weight), bias].into_iter().flatten() {
            self.same_dtype(op, other)?;
        }
        Conv2dGeometry::new(op, self.shape(), weight.shape(), bias.map(|bias| &bias.shape()[..]), options)
    }
}
