//! Convolution of volumes, built on that of images: a window of depth is a pile of images, and a pile of images is an image
//! with more channels.

use crate::device::{Conv2dGeometry, Conv2dOptions};
use crate::error::{Error, OrPanic, Result};
use crate::observe::as_one;
use crate::tensor::Tensor;

use super::conv_transpose::ConvTransposeOptions;
use super::pad::PadMode;

/// Stride, padding, dilation and groups of a 3-D convolution, along depth, height and width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv3dOptions {
    /// Steps between neighbouring outputs.
    pub stride: [usize; 3],
    /// Zeros on each side.
    pub padding: [usize; 3],
    /// Distance between neighbouring elements of the kernel.
    pub dilation: [usize; 3],
    /// The channels are cut into this many groups that do not see each other.
    pub groups: usize,
}

impl Default for Conv3dOptions {
    fn default() -> Conv3dOptions {
        Conv3dOptions { stride: [1; 3], padding: [0; 3], dilation: [1; 3], groups: 1 }
    }
}

impl Conv3dOptions {
    /// What is left of them for each image of the volume.
    fn of_images(&self) -> Conv2dOptions {
        let plane = |[_, height, width]: [usize; 3]| [height, width];
        Conv2dOptions {
            stride: plane(self.stride),
            padding: plane(self.padding),
            dilation: plane(self.dilation),
            groups: self.groups,
        }
    }
}

impl Tensor {
    // ANCHOR: conv3d
    /// Convolution of volumes; see [`Tensor::conv2d`].
    ///
    /// # Shapes
    /// input (N, C, D, H, W), weight (O, C / groups, KD, KH, KW), bias (O) → (N, O, OD, OH, OW)
    ///
    /// # Panics
    /// If shapes or dtypes do not fit, or the kernel is larger than the padded input.
    #[track_caller]
    pub fn conv3d(&self, weight: &Tensor, bias: Option<&Tensor>, options: Conv3dOptions) -> Tensor {
        self.conv3d_rule(weight, bias, &options).or_panic();
        as_one("conv3d", &[self, weight], || self.convolve_piles(weight, bias, options))
    }

    /// The images under each place of the filter along the depth, piled up as channels of one image.
    #[track_caller]
    fn convolve_piles(&self, weight: &Tensor, bias: Option<&Tensor>, options: Conv3dOptions) -> Tensor {
        let ([n, c, _, h, w], [o, inputs, kd, kh, kw]) = (self.dims(), weight.dims());
        let ([stride, ..], [dilation, ..]) = (options.stride, options.dilation);
        let padding = options.padding[0] as isize;
        let padded = self.pad(&[0, 0, 0, 0, padding, padding], PadMode::Constant(0.0));
        let windows = padded.unfold(2, dilation * (kd - 1) + 1, stride).step(-1, dilation); // (N, C, OD, H, W, KD)
        let od = windows.size(2);
        let piles = windows.permute([0, 2, 1, 5, 3, 4]).reshape([n * od, c * kd, h, w]);
        let filters = weight.reshape([o, inputs * kd, kh, kw]);
        let y = piles.conv2d(&filters, bias, options.of_images()); // (N·OD, O, OH, OW)
        let [_, _, oh, ow] = y.dims();
        y.reshape([n, od, o, oh, ow]).transpose(1, 2)
    }
    // ANCHOR_END: conv3d

    // ANCHOR: conv_transpose3d
    /// Transposed convolution of volumes; see [`Tensor::conv_transpose2d`].
    ///
    /// # Shapes
    /// input (N, C, D, H, W), weight (C, O / groups, KD, KH, KW), bias (O) → (N, O, OD, OH, OW)
    ///
    /// # Panics
    /// As [`Tensor::conv_transpose2d`].
    #[track_caller]
    pub fn conv_transpose3d(
        &self,
        weight: &Tensor,
        bias: Option<&Tensor>,
        options: ConvTransposeOptions<3>,
    ) -> Tensor {
        let [depth, oh, ow] = self.transposed_rule("conv_transpose3d", weight, bias, &options).or_panic();
        as_one("conv_transpose3d", &[self, weight], || {
            let y = self.lay_volumes(weight, depth, [oh, ow], &options);
            bias.map_or(y.clone(), |bias| y.add(&bias.reshape([bias.numel(), 1, 1, 1])))
        })
    }

    /// The images that the filter lays for each depth of the input, added up where they come to lie.
    #[track_caller]
    fn lay_volumes(
        &self,
        weight: &Tensor,
        depth: usize,
        [oh, ow]: [usize; 2],
        options: &ConvTransposeOptions<3>,
    ) -> Tensor {
        let ([n, c, d, h, w], [_, outputs, kd, kh, kw]) = (self.dims(), weight.dims());
        let o = outputs * options.groups;
        let images = self.transpose(1, 2).reshape([n * d, c, h, w]);
        let filters = weight.reshape([c, outputs * kd, kh, kw]);
        let laid = images.conv_transpose2d(&filters, None, of_images(options)); // (N·D, O·KD, OH, OW)
        let laid = laid.reshape([n, d, o, kd, oh, ow]).permute([0, 2, 1, 3, 4, 5]);

        // Image k of the filter that lies at depth i comes to lie at i · stride + k · dilation.
        let ([stride, ..], [dilation, ..], [cut, ..]) = (options.stride, options.dilation, options.padding);
        let places = (0..d).flat_map(|i| (0..kd).map(move |k| (i * stride + k * dilation) as i64));
        let places = Tensor::index_on(self.device(), places.collect());
        let room = Tensor::full_on([n, o, cut + depth + cut, oh, ow], 0.0, self.dtype(), self.device());
        let whole = room.index_add(2, &places, &laid.reshape([n, o, d * kd, oh, ow]));
        whole.narrow(2, cut, depth)
    }
    // ANCHOR_END: conv_transpose3d

    fn conv3d_rule(&self, weight: &Tensor, bias: Option<&Tensor>, options: &Conv3dOptions) -> Result<()> {
        const OP: &str = "conv3d";
        self.needs_float(OP)?;
        for other in [Some(weight), bias].into_iter().flatten() {
            self.same_dtype(OP, other)?;
        }
        let ([n, c, d, h, w], [o, inputs, kd, kh, kw]) = (&self.shape()[..], &weight.shape()[..]) else {
            let message = format!(
                "volumes are (N, C, D, H, W) and their filters (O, C / groups, KD, KH, KW), but input {:?} and weight {:?} \
                 have {} and {} dimensions",
                self.shape(),
                weight.shape(),
                self.rank(),
                weight.rank()
            );
            return Err(Error::shape(OP, message));
        };
        let (image, filter) = ([*n, *c, *h, *w], [*o, *inputs, *kh, *kw]);
        Conv2dGeometry::new(OP, &image, &filter, bias.map(|bias| &bias.shape()[..]), options.of_images())?;
        let ([stride, ..], [padding, ..], [dilation, ..]) =
            (options.stride, options.padding, options.dilation);
        if stride == 0 || dilation == 0 || *kd == 0 {
            let message = format!(
                "along the depth, stride {stride}, dilation {dilation} and kernel {kd} must each be at least 1"
            );
            return Err(Error::shape(OP, message));
        }
        let (reach, room) = (dilation * (kd - 1) + 1, d + 2 * padding);
        if reach > room {
            let message = format!(
                "a kernel of depth {kd} and dilation {dilation} reaches over {reach} images, but the padded input has {room}; \
                 use a smaller kernel or more padding"
            );
            return Err(Error::shape(OP, message));
        }
        Ok(())
    }
}

/// What is left for each image of the volume; what is cut off in depth is cut off afterwards.
fn of_images(options: &ConvTransposeOptions<3>) -> ConvTransposeOptions<2> {
    let plane = |[_, height, width]: [usize; 3]| [height, width];
    ConvTransposeOptions {
        stride: plane(options.stride),
        padding: plane(options.padding),
        output_padding: plane(options.output_padding),
        dilation: plane(options.dilation),
        groups: options.groups,
    }
}
