//! Elements dropped by chance, which keeps a network from leaning on any one of them.

use rand::{Rng, RngExt};

use crate::autograd::edge;
use crate::device::{DropoutKernels, Dropping};
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: dropout
    /// Each element set to 0 with probability `p`, and multiplied by 1 / (1 − p) otherwise, so that its expected value
    /// stays (Srivastava et al., 2014). This is what is done in training; in evaluation, do nothing.
    ///
    /// # Panics
    /// Unless 0 ≤ p ≤ 1, or if the dtype is not a floating-point one.
    #[track_caller]
    pub fn dropout(&self, p: f64, rng: &mut impl Rng) -> Tensor {
        self.dropout_rule("dropout", p).or_panic();
        self.drop_some("dropout", Dropping { scale: 1.0 / (1.0 - p), ..nothing_dropped(p, rng) })
    }
    // ANCHOR_END: dropout

    /// [`Tensor::dropout`] of whole channels: neighbouring pixels are so alike that one would make up for another
    /// (Tompson et al., 2015).
    ///
    /// # Shapes
    /// x (N, C) or (N, C, …) → the same
    ///
    /// # Panics
    /// As [`Tensor::dropout`], or if there are no channels.
    #[track_caller]
    pub fn feature_dropout(&self, p: f64, rng: &mut impl Rng) -> Tensor {
        self.dropout_rule("feature_dropout", p).or_panic();
        if self.rank() < 2 {
            let message = format!("the input must be (N, C) or (N, C, …), but has shape {:?}", self.shape());
            Err(Error::shape("feature_dropout", message)).or_panic()
        }
        let run = self.shape()[2..].iter().product();
        self.drop_some("feature_dropout", Dropping { scale: 1.0 / (1.0 - p), run, ..nothing_dropped(p, rng) })
    }

    /// Dropout for nets of [`Tensor::selu`]: a dropped element becomes what selu gives far below 0, and all are then
    /// brought back to the mean and the deviation that they had (Klambauer et al., 2017, section 3).
    ///
    /// # Panics
    /// As [`Tensor::dropout`].
    #[track_caller]
    pub fn alpha_dropout(&self, p: f64, rng: &mut impl Rng) -> Tensor {
        self.dropout_rule("alpha_dropout", p).or_panic();
        // λα of selu; a and b make mean 0 and variance 1 stay: y = a (x or −λα) + b
        let saturated = 1.758_099_340_847_376_6;
        let a = 1.0 / ((1.0 - p) * (1.0 + p * saturated * saturated)).sqrt();
        let b = a * p * saturated;
        let dropping = Dropping { scale: a, shift: b, dropped: b - a * saturated, ..nothing_dropped(p, rng) };
        self.drop_some("alpha_dropout", dropping)
    }

    fn drop_some(&self, name: &'static str, dropping: Dropping) -> Tensor {
        if dropping.p == 0.0 {
            return self.clone();
        }
        if dropping.p == 1.0 {
            return self.mul_scalar(0.0);
        }
        let y = Tensor::contiguous_of(self.packed().dropout(&dropping), self.shape());
        // dy/dx is the scale where x was kept, and 0 where it was dropped: the same key drops the same again
        let slope = Dropping { shift: 0.0, dropped: 0.0, ..dropping };
        let own = self.shape().clone();
        let to_x = move |grad: &Tensor| Tensor::contiguous_of(grad.packed().dropout(&slope), &own);
        y.record(name, [edge(self, to_x)])
    }

    fn dropout_rule(&self, op: &'static str, p: f64) -> Result<()> {
        self.needs_float(op)?;
        match (0.0..=1.0).contains(&p) {
            true => Ok(()),
            false => Err(Error::argument(op, format!("the probability must be from 0 to 1, but it is {p}"))),
        }
    }
}

/// A draw for each element, which changes nothing yet.
fn nothing_dropped(p: f64, rng: &mut impl Rng) -> Dropping {
    Dropping { key: rng.random(), p, run: 1, scale: 1.0, shift: 0.0, dropped: 0.0 }
}
