//! Dropout.

use rand::RngExt;

use crate::tensor::Tensor;

use super::module::{Mode, Module, RngCell, Visitor};

/// Sets each element to 0 with probability `p` while training, and multiplies the others by 1/(1 − p), so that their
/// expected sum stays (Srivastava et al., 2014). In evaluation mode everything passes.
pub struct Dropout {
    p: f64,
    mode: Mode,
    rng: RngCell,
}

impl Dropout {
    /// Dropout with its own random numbers.
    ///
    /// # Panics
    /// Unless 0 ≤ p < 1.
    #[track_caller]
    pub fn new(p: f64, seed: u64) -> Dropout {
        assert!(
            (0.0..1.0).contains(&p),
            "dropout: the probability must be at least 0 and below 1, but it is {p}"
        );
        Dropout { p, mode: Mode::default(), rng: RngCell::new(seed) }
    }
}

impl Module for Dropout {
    fn forward(&self, x: &Tensor) -> Tensor {
        if !self.mode.is_training() || self.p == 0.0 {
            return x.clone();
        }
        let mut rng = self.rng.lock();
        let scale = (1.0 / (1.0 - self.p)) as f32;
        let kept: Vec<f32> =
            (0..x.numel()).map(|_| if rng.random_bool(self.p) { 0.0 } else { scale }).collect();
        let mask = Tensor::from_vec(kept, x.shape()).to_dtype(x.dtype());
        match mask.to_device(x.device()) {
            Ok(mask) => x.mul(&mask),
            Err(error) => panic!("dropout: {error}"),
        }
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.mode(&self.mode);
        visitor.rng(&self.rng);
    }
}
