//! How our engine is called for each op of the fixtures, one topic a file.

use minitensor::Tensor;

use crate::runner::Arm;

pub(crate) mod conv;
pub(crate) mod elementwise;
pub(crate) mod indexing;
pub(crate) mod layers;
pub(crate) mod losses;
pub(crate) mod matmul;
pub(crate) mod movement;
pub(crate) mod norm;
pub(crate) mod optim;
pub(crate) mod pool;
pub(crate) mod reductions;
pub(crate) mod row_norm;
pub(crate) mod schedules;

/// An op with one output, as the list that arms return.
fn one(y: Tensor) -> Vec<Tensor> {
    vec![y]
}
