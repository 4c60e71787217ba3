//! Convolution as a matrix product: every window of an image as a column (im2col), and the way back.

use crate::device::{Conv2dGeometry, Conv2dOptions};
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::pad::PadMode;

/// Where the windows of an image lie, each as `[height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldOptions {
    /// Size of a window.
    pub kernel: [usize; 2],
    /// Steps between neighbouring windows.
    pub stride: [usize; 2],
    /// Zeros on each side.
    pub padding: [usize; 2],
    /// Distance between neighbouring elements of a window.
    pub dilation: [usize; 2],
}

impl FoldOptions {
    /// Square windows, one step apart, without padding.
    pub fn square(kernel: usize) -> FoldOptions {
        FoldOptions { kernel: [kernel; 2], stride: [1; 2], padding: [0; 2], dilation: [1; 2] }
    }
}

impl Tensor {
    // ANCHOR: unfold2d
    /// Every window of an image as a column: PyTorch's `F.unfold`, also known as im2col.
    ///
    /// # Shapes
    /// (N, C, H, W) → (N, C·KH·KW, OH·OW)
    ///
    /// # Panics
    /// If a window is larger than the padded image.
    #[track_caller]
    pub fn unfold2d(&self, options: FoldOptions) -> Tensor {
        windows_of("unfold2d", self.shape(), &options).or_panic();
        let FoldOptions { kernel: [kh, kw], stride, padding, dilation } = options;
        let [pad_y, pad_x] = padding.map(|p| p as isize);
        let padded = self.pad(&[pad_x, pad_x, pad_y, pad_y], PadMode::Constant(0.0));
        // a view: (N, C, OH, OW, KH, KW)
        let rows = padded.unfold(2, dilation[0] * (kh - 1) + 1, stride[0]).step(-1, dilation[0]);
        let windows = rows.unfold(3, dilation[1] * (kw - 1) + 1, stride[1]).step(-1, dilation[1]);
        let [n, c, oh, ow, ..]: [usize; 6] = windows.dims();
        windows.permute([0, 1, 4, 5, 2, 3]).reshape([n, c * kh * kw, oh * ow])
    }
    // ANCHOR_END: unfold2d

    // ANCHOR: fold2d
    /// Columns laid back over an image, where overlapping windows add up: PyTorch's `F.fold`, also known as col2im, and
    /// the gradient of [`Tensor::unfold2d`].
    ///
    /// # Shapes
    /// (N, C·KH·KW, OH·OW) → (N, C, H, W), where `image` is \[H, W\]
    ///
    /// # Panics
    /// If there are not as many columns as an image of this size has windows.
    #[track_caller]
    pub fn fold2d(&self, image: [usize; 2], options: FoldOptions) -> Tensor {
        let [oh, ow] = self.columns_rule(image, &options).or_panic();
        let FoldOptions { kernel: [kh, kw], stride, padding, dilation } = options;
        let ([height, width], [n, rows, _]) = (image, self.dims());
        let (c, [tall, wide]) = (rows / (kh * kw), [height + 2 * padding[0], width + 2 * padding[1]]);

        // Element (i, j) of the window (y, x) lies at row y · stride + i · dilation, and likewise in its row.
        let place = |y: usize, i: usize, x: usize, j: usize| {
            (y * stride[0] + i * dilation[0]) * wide + x * stride[1] + j * dilation[1]
        };
        let mut places = Vec::with_capacity(kh * kw * oh * ow);
        for (i, j) in (0..kh).flat_map(|i| (0..kw).map(move |j| (i, j))) {
            places.extend((0..oh).flat_map(|y| (0..ow).map(move |x| place(y, i, x, j) as i64)));
        }
        let places = Tensor::index_on(self.device(), places);
        let room = Tensor::full_on([n, c, tall * wide], 0.0, self.dtype(), self.device());
        let laid = room.index_add(2, &places, &self.reshape([n, c, kh * kw * oh * ow]));
        laid.reshape([n, c, tall, wide]).narrow(2, padding[0], height).narrow(3, padding[1], width)
    }
    // ANCHOR_END: fold2d

    // ANCHOR: conv2d_plain
    /// [`Tensor::conv2d`] out of smaller ops: each output is the product of a filter and a window, so all of them are the
    /// product of the matrix of filters and the matrix of windows.
    ///
    /// # Shapes
    /// As [`Tensor::conv2d`].
    #[track_caller]
    pub fn conv2d_plain(&self, weight: &Tensor, bias: Option<&Tensor>, options: Conv2dOptions) -> Tensor {
        let ([n, ..], [o, inputs, kh, kw]): ([usize; 4], _) = (self.dims(), weight.dims());
        let Conv2dOptions { stride, padding, dilation, groups } = options;
        let fold = FoldOptions { kernel: [kh, kw], stride, padding, dilation };
        let [oh, ow] = windows_of("conv2d", self.shape(), &fold).or_panic();
        let columns = self.unfold2d(fold).reshape([n, groups, inputs * kh * kw, oh * ow]);
        let filters = weight.reshape([groups, o / groups, inputs * kh * kw]);
        let y = filters.matmul(&columns).reshape([n, o, oh, ow]); // (N, G, O/G, OH·OW) before
        match bias {
            Some(bias) => y.add(&bias.reshape([o, 1, 1])),
            None => y,
        }
    }
    // ANCHOR_END: conv2d_plain

    /// How many windows the image has along its height and width.
    fn columns_rule(&self, [height, width]: [usize; 2], options: &FoldOptions) -> Result<[usize; 2]> {
        const OP: &str = "fold2d";
        let broken = |message: String| Err(Error::shape(OP, message));
        let [n, rows, columns] = self.shape()[..] else {
            return broken(format!(
                "columns are (N, C·KH·KW, L), but the input has shape {:?}",
                self.shape()
            ));
        };
        let [kh, kw] = options.kernel;
        let [oh, ow] = windows_of(OP, &[n, 1, height, width], options)?;
        if rows % (kh * kw) != 0 {
            return broken(format!(
                "a window of {kh} x {kw} has {} numbers, which do not divide {rows} rows",
                kh * kw
            ));
        }
        if columns != oh * ow {
            return broken(format!(
                "an image of {height} x {width} has {oh} x {ow} = {} such windows, but there are {columns} columns",
                oh * ow
            ));
        }
        Ok([oh, ow])
    }
}

/// How many windows an image (N, C, H, W) has along its height and width: as many as a convolution has outputs.
fn windows_of(op: &'static str, input: &[usize], options: &FoldOptions) -> Result<[usize; 2]> {
    let FoldOptions { kernel: [kh, kw], stride, padding, dilation } = *options;
    let channels = input.get(1).copied().unwrap_or(1);
    let conv = Conv2dOptions { stride, padding, dilation, groups: 1 };
    Ok(Conv2dGeometry::new(op, input, &[1, channels, kh, kw], None, conv)?.output)
}
