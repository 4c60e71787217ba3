use super::{Arm, one};
use minitensor::device::Conv2dOptions;
use minitensor::ops::Conv1dOptions;

pub(crate) const ARMS: &[Arm] = &[
    ("conv2d", |x, args| {
        let options = Conv2dOptions {
            stride: args.pair("stride"),
            padding: args.pair("padding"),
            dilation: args.pair("dilation"),
            groups: args.usize("groups"),
        };
        one(x[0].conv2d(&x[1], x.get(2), options))
    }),
    ("conv1d", |x, args| {
        let options = Conv1dOptions {
            stride: args.usize("stride"),
            padding: args.usize("padding"),
            dilation: args.usize("dilation"),
            groups: args.usize("groups"),
        };
        one(x[0].conv1d(&x[1], x.get(2), options))
    }),
];
