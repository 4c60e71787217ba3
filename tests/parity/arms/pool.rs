use super::{Arm, one};
use crate::fixture::Args;
use minitensor::ops::{Pool1dOptions, Pool2dOptions};

pub(crate) const ARMS: &[Arm] = &[
    ("max_pool2d", |x, args| one(x[0].max_pool2d(window(args)))),
    ("max_pool2d_positions", |x, args| {
        let (values, positions) = x[0].max_pool2d_with_positions(window(args));
        vec![values, positions]
    }),
    ("avg_pool2d", |x, args| one(x[0].avg_pool2d(window(args)))),
    ("adaptive_avg_pool2d", |x, args| one(x[0].adaptive_avg_pool2d(args.pair("size")))),
    ("max_pool1d", |x, args| one(x[0].max_pool1d(line(args)))),
    ("avg_pool1d", |x, args| one(x[0].avg_pool1d(line(args)))),
];

pub(super) fn window(args: &Args) -> Pool2dOptions {
    Pool2dOptions {
        kernel: args.pair("kernel"),
        stride: args.pair("stride"),
        padding: args.pair("padding"),
        count_include_pad: args.bool("count_include_pad"),
        ceil_mode: args.bool("ceil_mode"),
    }
}

pub(super) fn line(args: &Args) -> Pool1dOptions {
    Pool1dOptions {
        kernel: args.usize("kernel"),
        stride: args.usize("stride"),
        padding: args.usize("padding"),
        count_include_pad: !args.has("count_include_pad") || args.bool("count_include_pad"),
        ceil_mode: args.bool("ceil_mode"),
    }
}
