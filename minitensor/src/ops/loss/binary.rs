//! Yes or no: the cross-entropy of two classes.

use crate::autograd::edge;
use crate::device::Device;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::Reduction;

/// How yes-or-no answers count.
#[derive(Clone, Default)]
pub struct BceOptions {
    /// How much each answer counts; it broadcasts to the answers' shape.
    pub weight: Option<Tensor>,
    /// How much a yes counts compared with a no; it broadcasts to the answers' shape. Only for logits.
    pub pos_weight: Option<Tensor>,
    /// Mean, sum, or neither.
    pub reduction: Reduction,
}

impl Tensor {
    // ANCHOR: bce_with_logits
    /// The mean cross-entropy of yes-or-no answers, −t ln σ(x) − (1 − t) ln (1 − σ(x)), of scores x (the logits).
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn binary_cross_entropy_with_logits(&self, target: &Tensor) -> Tensor {
        self.binary_cross_entropy_with_logits_with(target, &BceOptions::default())
    }

    /// [`Tensor::binary_cross_entropy_with_logits`] with weights or another reduction.
    #[track_caller]
    pub fn binary_cross_entropy_with_logits_with(&self, target: &Tensor, options: &BceOptions) -> Tensor {
        let op = "binary_cross_entropy_with_logits";
        self.bce_rule(op, target, options).or_panic();
        // −ln σ(x) = softplus(−x) and −ln (1 − σ(x)) = softplus(x) = x + softplus(−x): nothing overflows
        let losses = match &options.pos_weight {
            None => self.softplus().sub(&self.mul(target)),
            Some(weight) => {
                let yes = target.mul(weight);
                let no = target.neg().add_scalar(1.0);
                self.neg().softplus().mul(&yes.add(&no)).add(&no.mul(self))
            }
        };
        losses.weighted(options)
    }
    // ANCHOR_END: bce_with_logits

    /// The mean of −t ln x − (1 − t) ln (1 − x), for x that are probabilities already.
    ///
    /// As in PyTorch a logarithm counts as −100 at least, so that a probability of 0 or 1 does not cost infinitely much.
    /// [`Tensor::binary_cross_entropy_with_logits`] is more exact.
    ///
    /// # Panics
    /// If the shapes differ, or an x is not from 0 to 1.
    #[track_caller]
    pub fn binary_cross_entropy(&self, target: &Tensor) -> Tensor {
        self.binary_cross_entropy_with(target, &BceOptions::default())
    }

    /// [`Tensor::binary_cross_entropy`] with weights or another reduction.
    ///
    /// # Panics
    /// As without, or if there is a `pos_weight`.
    #[track_caller]
    pub fn binary_cross_entropy_with(&self, target: &Tensor, options: &BceOptions) -> Tensor {
        let op = "binary_cross_entropy";
        self.bce_rule(op, target, options).or_panic();
        self.probability_rule(op, options).or_panic();
        let (x, t) = (self.detach(), target.detach());
        let (ln_yes, ln_no) = (x.ln(), x.neg().add_scalar(1.0).ln());
        let [yes, no] = [&ln_yes, &ln_no].map(|ln| ln.clamp(-100.0, 0.0));
        let losses = t.mul(&no.sub(&yes)).sub(&no);
        // ∂/∂x = (x − t) / x (1 − x), kept finite at the ends; ∂/∂t = ln (1 − x) − ln x
        let to_x = move |grad: &Tensor| {
            let slope = x.sub(&x.square()).clamp(1e-12, f64::INFINITY);
            grad.mul(&x.sub(&t)).div(&slope)
        };
        let to_target = move |grad: &Tensor| grad.mul(&ln_no.sub(&ln_yes));
        losses.record(op, [edge(self, to_x), edge(target, to_target)]).weighted(options)
    }

    fn weighted(&self, options: &BceOptions) -> Tensor {
        let losses = options.weight.as_ref().map_or(self.clone(), |weight| self.mul(weight));
        losses.reduced(options.reduction)
    }

    fn bce_rule(&self, op: &'static str, target: &Tensor, options: &BceOptions) -> Result<()> {
        self.same_shape(op, target)?;
        for (weight, name) in [(&options.weight, "weight"), (&options.pos_weight, "pos_weight")] {
            let Some(weight) = weight else { continue };
            self.same_dtype(op, weight)?;
            if weight.layout().expand(op, self.shape()).is_err() {
                let message = format!(
                    "a {name} of shape {:?} does not broadcast to the answers' shape {:?}",
                    weight.shape(),
                    self.shape()
                );
                return Err(Error::shape(op, message));
            }
        }
        Ok(())
    }

    fn probability_rule(&self, op: &'static str, options: &BceOptions) -> Result<()> {
        if options.pos_weight.is_some() {
            let message = "pos_weight goes with logits; use `binary_cross_entropy_with_logits`";
            return Err(Error::argument(op, message));
        }
        if self.device() != Device::Cpu {
            return Ok(()); // to look would mean to wait for the device
        }
        let x = self.detach();
        let inside = x.ge_scalar(0.0).mul(&x.le_scalar(1.0));
        if inside.sum().item() < self.numel() as f64 {
            let message =
                "the probabilities must be from 0 to 1; scores go to `binary_cross_entropy_with_logits`";
            return Err(Error::argument(op, message));
        }
        Ok(())
    }
}
