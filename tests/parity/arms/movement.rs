use super::{Arm, one};
use crate::runner::{dtype_named, permute};
use minitensor::Tensor;

pub(crate) const ARMS: &[Arm] = &[
    ("reshape", |x, args| one(x[0].reshape(inferred(&args.dims("shape"), x[0].numel())))),
    ("permute", |x, args| one(permute(&x[0], &args.dims("dims")))),
    ("transpose", |x, args| one(x[0].transpose(args.isize("dim0"), args.isize("dim1")))),
    ("t", |x, _| one(x[0].t())),
    ("expand", |x, args| one(x[0].expand(kept(&args.dims("shape"), x[0].shape())))),
    ("narrow", |x, args| one(x[0].narrow(args.isize("dim"), args.usize("start"), args.usize("length")))),
    ("select", |x, args| one(x[0].select(args.isize("dim"), args.usize("index")))),
    ("squeeze", |x, args| one(x[0].squeeze(args.isize("dim")))),
    ("unsqueeze", |x, args| one(x[0].unsqueeze(args.isize("dim")))),
    ("flatten", |x, args| one(x[0].flatten(args.isize("start"), args.isize("end")))),
    ("flip", |x, args| one(args.dims("dims").iter().fold(x[0].clone(), |x, &dim| x.flip(dim)))),
    ("cat", |x, args| one(Tensor::cat(&x.iter().collect::<Vec<_>>(), args.isize("dim")))),
    ("stack", |x, args| one(Tensor::stack(&x.iter().collect::<Vec<_>>(), args.isize("dim")))),
    ("contiguous", |x, _| one(x[0].contiguous())),
    ("split", |x, args| x[0].split(args.usize("length"), args.isize("dim"))),
    ("step", |x, args| one(x[0].step(args.isize("dim"), args.usize("step")))),
    ("to_dtype", |x, args| one(x[0].to_dtype(dtype_named(args.str("dtype"))))),
];

/// PyTorch's -1 in `reshape`: whatever is left. Our shapes say it outright.
fn inferred(shape: &[isize], numel: usize) -> Vec<usize> {
    let known: usize = shape.iter().filter(|&&size| size >= 0).map(|&size| size as usize).product();
    shape.iter().map(|&size| if size < 0 { numel / known } else { size as usize }).collect()
}

/// PyTorch's -1 in `expand`: as it was.
fn kept(shape: &[isize], own: &[usize]) -> Vec<usize> {
    let new = shape.len() - own.len();
    shape.iter().enumerate().map(|(d, &size)| if size < 0 { own[d - new] } else { size as usize }).collect()
}
