use super::{Arm, one};
use crate::runner::dtype_named;
use minitensor::Tensor;

pub(crate) const ARMS: &[Arm] = &[
    ("reshape", |x, args| one(x[0].reshape(args.dims("shape")))),
    ("permute", |x, args| one(x[0].permute(args.dims("dims")))),
    ("transpose", |x, args| one(x[0].transpose(args.isize("dim0"), args.isize("dim1")))),
    ("t", |x, _| one(x[0].t())),
    ("expand", |x, args| one(x[0].expand(args.dims("shape")))),
    ("narrow", |x, args| one(x[0].narrow(args.isize("dim"), args.usize("start"), args.usize("length")))),
    ("select", |x, args| one(x[0].select(args.isize("dim"), args.usize("index")))),
    ("squeeze", |x, args| one(x[0].squeeze(args.isize("dim")))),
    ("unsqueeze", |x, args| one(x[0].unsqueeze(args.isize("dim")))),
    ("flatten", |x, args| one(x[0].flatten(args.isize("start"), args.isize("end")))),
    ("flip", |x, args| one(x[0].flip(&args.dims("dims")[..]))),
    ("cat", |x, args| one(Tensor::cat(&x.iter().collect::<Vec<_>>(), args.isize("dim")))),
    ("stack", |x, args| one(Tensor::stack(&x.iter().collect::<Vec<_>>(), args.isize("dim")))),
    ("contiguous", |x, _| one(x[0].contiguous())),
    ("split", |x, args| x[0].split(args.usize("length"), args.isize("dim"))),
    ("step", |x, args| one(x[0].step(args.isize("dim"), args.usize("step")))),
    ("to_dtype", |x, args| one(x[0].to_dtype(dtype_named(args.str("dtype"))))),
];
