use super::{Arm, one};

pub(crate) const ARMS: &[Arm] = &[
    ("selu", |x, _| one(x[0].selu())),
    ("mish", |x, _| one(x[0].mish())),
    ("logsigmoid", |x, _| one(x[0].logsigmoid())),
    ("relu6", |x, _| one(x[0].relu6())),
    ("hardsigmoid", |x, _| one(x[0].hardsigmoid())),
    ("hardswish", |x, _| one(x[0].hardswish())),
    ("softsign", |x, _| one(x[0].softsign())),
    ("elu", |x, args| one(x[0].elu(args.f64("alpha")))),
    ("celu", |x, args| one(x[0].celu(args.f64("alpha")))),
    ("hardtanh", |x, args| one(x[0].hardtanh(args.f64("min"), args.f64("max")))),
    ("prelu", |x, _| one(x[0].prelu(&x[1]))),
    ("gelu_plain", |x, _| one(x[0].gelu_plain())),
    ("gelu_tanh_plain", |x, _| one(x[0].gelu_tanh_plain())),
    ("silu_plain", |x, _| one(x[0].silu_plain())),
    ("mish_plain", |x, _| one(x[0].mish_plain())),
    ("leaky_relu_plain", |x, args| one(x[0].leaky_relu_plain(args.f64("negative_slope")))),
    ("elu_plain", |x, args| one(x[0].elu_plain(args.f64("alpha")))),
    ("hardswish_plain", |x, _| one(x[0].hardswish_plain())),
    ("logsigmoid_plain", |x, _| one(x[0].logsigmoid_plain())),
];
