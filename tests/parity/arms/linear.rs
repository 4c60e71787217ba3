use super::{Arm, one};

pub(crate) const ARMS: &[Arm] = &[
    ("linear", |x, _| one(x[0].linear(&x[1], x.get(2)))),
    ("linear_plain", |x, _| one(x[0].linear_plain(&x[1], x.get(2)))),
];
