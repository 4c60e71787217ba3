use super::{Arm, one};

pub(crate) const ARMS: &[Arm] = &[("embedding_with", |x, args| {
    let padding_idx = args.has("padding_idx").then(|| args.usize("padding_idx"));
    one(x[0].embedding_with(&x[1], padding_idx))
})];
