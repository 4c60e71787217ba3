//! Every differentiable operation: one topic a file, forward and backward side by side.
//!
//! An op is a method of [`Tensor`](crate::Tensor). It checks its arguments (a rule that returns a `Result`, turned into
//! a panic at the caller's line), lets the device compute the result, and records how gradients flow back. The model to
//! copy is the exponential, in `elementwise.rs`:
//!
//! ```text
//! pub fn exp(&self) -> Tensor {
//!     let y = self.unary("exp", UnaryOp::Exp);
//!     let saved = y.detach();
//!     y.record("exp", [edge(self, move |grad| grad.mul(&saved))]) // d(e^x)/dx = e^x
//! }
//! ```

mod activation;
mod arithmetic;
mod attention;
mod cast;
mod compare;
mod conv;
mod conv3d;
mod conv_transpose;
mod dropout;
mod elementwise;
mod embedding;
mod fold;
mod group_norm;
mod index;
mod interpolate;
mod join;
mod lengths;
mod linear;
mod logic;
mod loss;
mod masks;
mod matmul;
mod movement;
mod norm;
mod pad;
mod pixel_shuffle;
mod pool;
mod pool1d;
mod pool3d;
mod recurrence;
mod reduce;
mod repeat;
mod row_norm;
mod scan;
mod slice;
mod softmax;
mod sort;
mod unpool;
mod weight_norm;

pub use attention::AttentionOptions;
pub use conv::Conv1dOptions;
pub use conv_transpose::ConvTransposeOptions;
pub use conv3d::Conv3dOptions;
pub use fold::FoldOptions;
pub use interpolate::InterpolateMode;
pub use loss::{BceOptions, CrossEntropyOptions, MultiMarginOptions, NllOptions, Reduction};
pub use norm::BatchNormOptions;
pub use pad::PadMode;
pub use pool::Pool2dOptions;
pub use pool1d::Pool1dOptions;
pub use pool3d::Pool3dOptions;
pub(crate) use recurrence::Recurrent;
