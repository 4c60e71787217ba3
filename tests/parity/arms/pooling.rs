use super::pool::{line, window};
use super::{Arm, one};
use crate::fixture::Args;
use minitensor::Tensor;
use minitensor::ops::Pool3dOptions;

pub(crate) const ARMS: &[Arm] = &[
    ("max_pool1d", |x, args| both(x[0].max_pool1d_with_positions(line(args)))),
    ("avg_pool1d", |x, args| one(x[0].avg_pool1d(line(args)))),
    ("max_pool2d", |x, args| both(x[0].max_pool2d_with_positions(window(args)))),
    ("avg_pool2d", |x, args| one(x[0].avg_pool2d(window(args)))),
    ("max_pool3d", |x, args| one(x[0].max_pool3d(cube(args)))),
    ("max_pool3d_positions", |x, args| both(x[0].max_pool3d_with_positions(cube(args)))),
    ("avg_pool3d", |x, args| one(x[0].avg_pool3d(cube(args)))),
    ("adaptive_avg_pool1d", |x, args| one(x[0].adaptive_avg_pool1d(args.usize("size")))),
    ("adaptive_avg_pool3d", |x, args| one(x[0].adaptive_avg_pool3d(args.axes("size")))),
    ("adaptive_max_pool1d", |x, args| both(x[0].adaptive_max_pool1d(args.usize("size")))),
    ("adaptive_max_pool2d", |x, args| both(x[0].adaptive_max_pool2d(args.pair("size")))),
    ("adaptive_max_pool3d", |x, args| both(x[0].adaptive_max_pool3d(args.axes("size")))),
    ("max_unpool1d", |x, args| {
        let (values, positions) = x[0].max_pool1d_with_positions(line(args));
        one(values.max_unpool1d(&positions, x[0].size(-1)))
    }),
    ("max_unpool2d", |x, args| {
        let (values, positions) = x[0].max_pool2d_with_positions(window(args));
        one(values.max_unpool2d(&positions, [x[0].size(-2), x[0].size(-1)]))
    }),
    ("max_unpool3d", |x, args| {
        let (values, positions) = x[0].max_pool3d_with_positions(cube(args));
        one(values.max_unpool3d(&positions, [x[0].size(-3), x[0].size(-2), x[0].size(-1)]))
    }),
];

fn both((values, positions): (Tensor, Tensor)) -> Vec<Tensor> {
    vec![values, positions]
}

fn cube(args: &Args) -> Pool3dOptions {
    Pool3dOptions {
        kernel: args.axes("kernel"),
        stride: args.axes("stride"),
        padding: args.axes("padding"),
        count_include_pad: !args.has("count_include_pad") || args.bool("count_include_pad"),
        ceil_mode: args.bool("ceil_mode"),
    }
}
