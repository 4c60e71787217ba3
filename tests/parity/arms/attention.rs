use minitensor::ops::AttentionOptions;
use minitensor::{DType, Tensor};

use super::{Arm, one};
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[
    ("attention", |x, args| one(x[0].scaled_dot_product_attention(&x[1], &x[2], &options(x.get(3), args)))),
    ("attention_weights", |x, args| one(x[0].attention_weights(&x[1], &x[1], &options(None, args)))),
];

/// A mask of whole numbers says which keys are seen.
fn options(mask: Option<&Tensor>, args: &Args) -> AttentionOptions {
    let mask = mask.map(|mask| match mask.dtype() {
        DType::I64 => mask.to_dtype(DType::U8),
        _ => mask.clone(),
    });
    AttentionOptions {
        mask,
        causal: args.bool("is_causal"),
        scale: args.has("scale").then(|| args.f64("scale")),
    }
}
