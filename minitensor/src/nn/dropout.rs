//! Dropout layers.

use crate::tensor::Tensor;

use super::module::{Mode, Module, RngCell, Visitor};

macro_rules! dropout {
    ($(#[$doc:meta])* $name:ident, $method:ident) => {
        $(#[$doc])*
        pub struct $name {
            p: f64,
            mode: Mode,
            rng: RngCell,
        }

        impl $name {
            /// A layer with its own random numbers.
            ///
            /// # Panics
            /// Unless 0 ≤ p ≤ 1.
            #[track_caller]
            pub fn new(p: f64, seed: u64) -> $name {
                assert!(
                    (0.0..=1.0).contains(&p),
                    concat!(stringify!($method), ": the probability must be from 0 to 1, but it is {}"),
                    p
                );
                $name { p, mode: Mode::default(), rng: RngCell::new(seed) }
            }
        }

        impl Module for $name {
            fn forward(&self, x: &Tensor) -> Tensor {
                match self.mode.is_training() && self.p > 0.0 {
                    true => x.$method(self.p, &mut *self.rng.lock()),
                    false => x.clone(),
                }
            }

            fn visit(&self, visitor: &mut Visitor<'_>) {
                visitor.mode(&self.mode);
                visitor.rng(&self.rng);
            }
        }
    };
}

dropout!(
    /// Sets each element to 0 with probability `p` while training, and multiplies the others by 1/(1 − p), so that their
    /// expected sum stays (Srivastava et al., 2014). In evaluation mode everything passes.
    Dropout,
    dropout
);
dropout!(
    /// [`Dropout`] of whole channels; see [`Tensor::feature_dropout`].
    ///
    /// # Shapes
    /// x (N, C) or (N, C, …) → the same: signals, images and volumes alike
    FeatureDropout,
    feature_dropout
);
dropout!(
    /// Dropout for nets of selu, which keeps mean and deviation; see [`Tensor::alpha_dropout`].
    AlphaDropout,
    alpha_dropout
);

/// Dropout of the channels of signals (N, C, L), by PyTorch's name.
pub type Dropout1d = FeatureDropout;
/// Dropout of the channels of images (N, C, H, W), by PyTorch's name.
pub type Dropout2d = FeatureDropout;
/// Dropout of the channels of volumes (N, C, D, H, W), by PyTorch's name.
pub type Dropout3d = FeatureDropout;
