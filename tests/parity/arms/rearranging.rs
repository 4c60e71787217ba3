use minitensor::ops::PadMode;

use super::{Arm, one};

pub(crate) const ARMS: &[Arm] = &[
    ("flip_dims", |x, args| one(x[0].flip(&args.dims("dims")[..]))),
    ("roll", |x, args| one(x[0].roll(args.isize("shift"), args.isize("dim")))),
    ("repeat", |x, args| one(x[0].repeat(args.dims("times")))),
    ("tile", |x, args| one(x[0].tile(args.dims("times")))),
    ("repeat_interleave", |x, args| one(x[0].repeat_interleave(args.usize("times"), args.isize("dim")))),
    ("pad", |x, args| {
        let mode = match args.str("mode") {
            "constant" => PadMode::Constant(args.f64("value")),
            "reflect" => PadMode::Reflect,
            "replicate" => PadMode::Replicate,
            "circular" => PadMode::Circular,
            other => panic!("no way to pad is called {other}"),
        };
        one(x[0].pad(&args.dims("amounts"), mode))
    }),
    ("split_with_sizes", |x, args| {
        let sizes: Vec<usize> = args.dims("sizes").iter().map(|&size| size as usize).collect();
        x[0].split_with_sizes(&sizes, args.isize("dim"))
    }),
    ("chunk", |x, args| x[0].chunk(args.usize("n"), args.isize("dim"))),
    ("unbind", |x, args| x[0].unbind(args.isize("dim"))),
    ("unfold", |x, args| one(x[0].unfold(args.isize("dim"), args.usize("size"), args.usize("step")))),
    ("diagonal", |x, args| one(x[0].diagonal(args.isize("offset"), args.isize("dim1"), args.isize("dim2")))),
    ("movedim", |x, args| one(x[0].movedim(args.isize("source"), args.isize("to")))),
    ("unflatten", |x, args| one(x[0].unflatten(args.isize("dim"), args.dims("sizes")))),
    ("broadcast_to", |x, args| one(x[0].broadcast_to(args.dims("shape")))),
];
