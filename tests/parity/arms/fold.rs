use super::{Arm, one};
use crate::fixture::Args;
use minitensor::device::Conv2dOptions;
use minitensor::ops::FoldOptions;

pub(crate) const ARMS: &[Arm] = &[
    ("unfold2d", |x, args| one(x[0].unfold2d(windows(args)))),
    ("fold2d", |x, args| one(x[0].fold2d(args.pair("image"), windows(args)))),
    ("conv2d_plain", |x, args| {
        let options = Conv2dOptions {
            stride: args.pair("stride"),
            padding: args.pair("padding"),
            dilation: args.pair("dilation"),
            groups: args.usize("groups"),
        };
        one(x[0].conv2d_plain(&x[1], x.get(2), options))
    }),
];

fn windows(args: &Args) -> FoldOptions {
    FoldOptions {
        kernel: args.pair("kernel"),
        stride: args.pair("stride"),
        padding: args.pair("padding"),
        dilation: args.pair("dilation"),
    }
}
