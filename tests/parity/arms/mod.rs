//! How our engine is called for each op of the fixtures, one topic a file.

use minitensor::Tensor;

use crate::runner::Arm;

pub(crate) mod activations;
pub(crate) mod attention;
pub(crate) mod conv;
pub(crate) mod conv3d;
pub(crate) mod conv_layers;
pub(crate) mod conv_transpose;
pub(crate) mod creation;
pub(crate) mod elementwise;
pub(crate) mod embedding;
pub(crate) mod fold;
pub(crate) mod functions;
pub(crate) mod indexing;
pub(crate) mod interpolate;
pub(crate) mod layers;
pub(crate) mod linear;
pub(crate) mod losses;
pub(crate) mod matmul;
pub(crate) mod measures;
pub(crate) mod models_gpt;
pub(crate) mod models_resnet;
pub(crate) mod models_unet;
pub(crate) mod movement;
pub(crate) mod norm;
pub(crate) mod optim;
pub(crate) mod picking;
pub(crate) mod pool;
pub(crate) mod pooling;
pub(crate) mod rearranging;
pub(crate) mod reductions;
pub(crate) mod rnn;
pub(crate) mod row_norm;
pub(crate) mod schedules;
pub(crate) mod sorting;
pub(crate) mod transformer;

/// An op that gives values and their positions, say, as that list.
fn both((first, second): (Tensor, Tensor)) -> Vec<Tensor> {
    vec![first, second]
}

/// An op with one output, as the list that arms return.
fn one(y: Tensor) -> Vec<Tensor> {
    vec![y]
}
