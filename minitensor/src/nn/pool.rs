//! Pooling layers.

use crate::ops::{Pool1dOptions, Pool2dOptions, Pool3dOptions};
use crate::tensor::Tensor;

use super::module::Module;

macro_rules! pool {
    ($(#[$doc:meta])* $name:ident($options:ty), |$x:ident, $o:ident| $body:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name(pub $options);

        impl Module for $name {
            fn forward(&self, $x: &Tensor) -> Tensor {
                let $o = self.0;
                $body
            }
        }
    };
}

pool!(
    /// The largest number of each window of a signal; see [`Tensor::max_pool1d`].
    MaxPool1d(Pool1dOptions), |x, options| x.max_pool1d(options)
);
pool!(
    /// The largest number of each window of an image; see [`Tensor::max_pool2d`].
    MaxPool2d(Pool2dOptions), |x, options| x.max_pool2d(options)
);
pool!(
    /// The largest number of each window of a volume; see [`Tensor::max_pool3d`].
    MaxPool3d(Pool3dOptions), |x, options| x.max_pool3d(options)
);
pool!(
    /// The mean of each window of a signal; see [`Tensor::avg_pool1d`].
    AvgPool1d(Pool1dOptions), |x, options| x.avg_pool1d(options)
);
pool!(
    /// The mean of each window of an image; see [`Tensor::avg_pool2d`].
    AvgPool2d(Pool2dOptions), |x, options| x.avg_pool2d(options)
);
pool!(
    /// The mean of each window of a volume; see [`Tensor::avg_pool3d`].
    AvgPool3d(Pool3dOptions), |x, options| x.avg_pool3d(options)
);
pool!(
    /// As many means as the output is to have, whatever the length of the signal; see [`Tensor::adaptive_avg_pool1d`].
    AdaptiveAvgPool1d(usize), |x, output| x.adaptive_avg_pool1d(output)
);
pool!(
    /// As many means as the output is to have, whatever the size of the image; see [`Tensor::adaptive_avg_pool2d`].
    AdaptiveAvgPool2d([usize; 2]), |x, output| x.adaptive_avg_pool2d(output)
);
pool!(
    /// As many means as the output is to have, whatever the size of the volume; see [`Tensor::adaptive_avg_pool3d`].
    AdaptiveAvgPool3d([usize; 3]), |x, output| x.adaptive_avg_pool3d(output)
);
pool!(
    /// As many largest numbers as the output is to have; see [`Tensor::adaptive_max_pool1d`].
    AdaptiveMaxPool1d(usize), |x, output| x.adaptive_max_pool1d(output).0
);
pool!(
    /// As many largest numbers as the output is to have; see [`Tensor::adaptive_max_pool2d`].
    AdaptiveMaxPool2d([usize; 2]), |x, output| x.adaptive_max_pool2d(output).0
);
pool!(
    /// As many largest numbers as the output is to have; see [`Tensor::adaptive_max_pool3d`].
    AdaptiveMaxPool3d([usize; 3]), |x, output| x.adaptive_max_pool3d(output).0
);
