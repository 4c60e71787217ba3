use super::conv_transpose::options;
use super::{Arm, one};
use minitensor::ops::Conv3dOptions;

pub(crate) const ARMS: &[Arm] = &[
    ("conv3d", |x, args| {
        let options = Conv3dOptions {
            stride: args.axes("stride"),
            padding: args.axes("padding"),
            dilation: args.axes("dilation"),
            groups: args.usize("groups"),
        };
        one(x[0].conv3d(&x[1], x.get(2), options))
    }),
    ("conv_transpose3d", |x, args| one(x[0].conv_transpose3d(&x[1], x.get(2), options(args)))),
];
