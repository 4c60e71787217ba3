use minitensor::{DType, Device, Tensor};

use super::{Arm, one};
use crate::runner::dtype_named;

pub(crate) const ARMS: &[Arm] = &[
    ("arange_step", |_, args| {
        let (start, end, step) = (args.f64("start"), args.f64("end"), args.f64("step"));
        one(match dtype_named(args.str("dtype")) {
            DType::I64 => Tensor::arange_step(start as i64, end as i64, step as i64),
            DType::F32 => Tensor::arange_step(start as f32, end as f32, step as f32),
            _ => Tensor::arange_step(start, end, step),
        })
    }),
    ("linspace", |_, args| {
        let (start, end, n) = (args.f64("start"), args.f64("end"), args.usize("n"));
        one(match dtype_named(args.str("dtype")) {
            DType::F32 => Tensor::linspace(start, end, n),
            _ => Tensor::linspace_of::<f64>(start, end, n),
        })
    }),
    ("eye", |_, args| {
        let n = args.usize("n");
        one(match dtype_named(args.str("dtype")) {
            DType::F32 => Tensor::eye(n),
            DType::F64 => Tensor::eye_of::<f64>(n),
            DType::I64 => Tensor::eye_of::<i64>(n),
            DType::U8 => Tensor::eye_of::<u8>(n),
        })
    }),
    ("full", |_, args| {
        let shape: Vec<usize> = args.dims("shape").iter().map(|&size| size as usize).collect();
        one(Tensor::full_on(shape, args.f64("value"), dtype_named(args.str("dtype")), Device::Cpu))
    }),
];
