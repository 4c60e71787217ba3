//! Pooling of volumes: first every image by itself, then along the depth.

use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::pool::Pool2dOptions;

/// Window, stride and padding of a pooling op over volumes, each as `[depth, height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool3dOptions {
    /// Size of the window.
    pub kernel: [usize; 3],
    /// Steps between neighbouring windows; PyTorch's default is the size of the window.
    pub stride: [usize; 3],
    /// Room outside the volume, at most half of the window. Max pooling never chooses it.
    pub padding: [usize; 3],
    /// Whether average pooling counts the padding as zeros.
    pub count_include_pad: bool,
    /// Whether what is left over at the end gets a window as well.
    pub ceil_mode: bool,
}

impl Pool3dOptions {
    /// Cubes side by side, without padding.
    pub fn cube(kernel: usize) -> Pool3dOptions {
        Pool3dOptions {
            kernel: [kernel; 3],
            stride: [kernel; 3],
            padding: [0; 3],
            count_include_pad: true,
            ceil_mode: false,
        }
    }

    /// The same with another stride.
    pub fn stride(self, stride: usize) -> Pool3dOptions {
        Pool3dOptions { stride: [stride; 3], ..self }
    }

    /// The same with padding.
    pub fn padding(self, padding: usize) -> Pool3dOptions {
        Pool3dOptions { padding: [padding; 3], ..self }
    }

    /// What is left for each image.
    fn of_images(&self) -> Pool2dOptions {
        self.over(|[_, height, width]| [height, width])
    }

    /// What is left for the depth, of a volume whose images are rows.
    fn of_depth(&self) -> Pool2dOptions {
        let Pool3dOptions { kernel: [kernel, ..], stride: [stride, ..], padding: [padding, ..], .. } = *self;
        let (kernel, stride, padding) = ([kernel, 1], [stride, 1], [padding, 0]);
        Pool2dOptions { kernel, stride, padding, ..self.of_images() }
    }

    fn over(&self, plane: fn([usize; 3]) -> [usize; 2]) -> Pool2dOptions {
        let Pool3dOptions { kernel, stride, padding, count_include_pad, ceil_mode } = *self;
        let [kernel, stride, padding] = [kernel, stride, padding].map(plane);
        Pool2dOptions { kernel, stride, padding, count_include_pad, ceil_mode }
    }
}

impl Tensor {
    /// The largest number of each window of a volume; of equals, the first gets the gradient.
    ///
    /// # Shapes
    /// (…, D, H, W) → (…, OD, OH, OW)
    ///
    /// # Panics
    /// As [`Tensor::max_pool2d`].
    #[track_caller]
    pub fn max_pool3d(&self, options: Pool3dOptions) -> Tensor {
        self.max_pool3d_with_positions(options).0
    }

    /// [`Tensor::max_pool3d`], and where in its volume each number stood (`I64`, `(z * H + y) * W + x`).
    #[track_caller]
    pub fn max_pool3d_with_positions(&self, options: Pool3dOptions) -> (Tensor, Tensor) {
        volume_rule("max_pool3d", self).or_panic();
        self.largest_of_volumes(
            |images| images.max_pool2d_with_positions(options.of_images()),
            |rows| rows.max_pool2d_with_positions(options.of_depth()),
        )
    }

    /// As many largest numbers as asked for, and where in its volume each stood; see [`Tensor::adaptive_max_pool2d`].
    ///
    /// # Shapes
    /// `(…, D, H, W) → (…, output[0], output[1], output[2])`, twice
    ///
    /// # Panics
    /// If a size is 0.
    #[track_caller]
    pub fn adaptive_max_pool3d(&self, output: [usize; 3]) -> (Tensor, Tensor) {
        volume_rule("adaptive_max_pool3d", self).or_panic();
        let [depth, height, width] = output;
        self.largest_of_volumes(
            |images| images.adaptive_max_pool2d([height, width]),
            |rows| rows.adaptive_max_pool2d([depth, height * width]),
        )
    }

    /// Pools the images of a volume, then their pixels as rows along the depth; both steps know where each winner stood.
    #[track_caller]
    fn largest_of_volumes(
        &self,
        of_images: impl Fn(&Tensor) -> (Tensor, Tensor),
        of_depth: impl Fn(&Tensor) -> (Tensor, Tensor),
    ) -> (Tensor, Tensor) {
        let image = self.size(-2) * self.size(-1);
        let (images, in_image) = of_images(self); // (…, D, OH, OW)
        let (values, in_rows) = of_depth(&images.flatten(-2, -1)); // (…, OD, OH·OW)
        let width = values.size(-1);
        let columns = self.device().scope(|| Tensor::arange(width));
        let depth = in_rows.sub(&columns).div(&columns.full_like(width.max(1) as f64)); // z of each winner
        let chosen = in_image.flatten(-2, -1).gather(-2, &depth);
        let positions = depth.mul_scalar(image as f64).add(&chosen);
        let shape = [&values.shape()[..values.rank() - 1], &images.shape()[images.rank() - 2..]].concat();
        (values.reshape(&shape[..]), positions.reshape(&shape[..]))
    }

    /// The mean of each window of a volume.
    ///
    /// # Shapes
    /// (…, D, H, W) → (…, OD, OH, OW)
    ///
    /// # Panics
    /// As [`Tensor::max_pool2d`].
    #[track_caller]
    pub fn avg_pool3d(&self, options: Pool3dOptions) -> Tensor {
        volume_rule("avg_pool3d", self).or_panic();
        // The mean over a box is the mean along one side of the means along the others.
        self.avg_pool2d(options.of_images()).along_depth(|rows| rows.avg_pool2d(options.of_depth()))
    }

    /// As many means as asked for; see [`Tensor::adaptive_avg_pool2d`].
    ///
    /// # Shapes
    /// `(…, D, H, W) → (…, output[0], output[1], output[2])`
    #[track_caller]
    pub fn adaptive_avg_pool3d(&self, output: [usize; 3]) -> Tensor {
        volume_rule("adaptive_avg_pool3d", self).or_panic();
        let [depth, height, width] = output;
        let images = self.adaptive_avg_pool2d([height, width]);
        images.along_depth(|rows| rows.adaptive_avg_pool2d([depth, height * width]))
    }

    /// Pools a volume (…, D, H, W) whose images are laid out as rows (…, D, H·W).
    fn along_depth(&self, pool: impl Fn(&Tensor) -> Tensor) -> Tensor {
        let pooled = pool(&self.flatten(-2, -1));
        let shape = [&pooled.shape()[..pooled.rank() - 1], &self.shape()[self.rank() - 2..]].concat();
        pooled.reshape(&shape[..])
    }
}

fn volume_rule(op: &'static str, x: &Tensor) -> Result<()> {
    match x.rank() {
        3.. => Ok(()),
        _ => Err(Error::shape(
            op,
            format!("volumes are (…, D, H, W), but the input has shape {:?}", x.shape()),
        )),
    }
}
