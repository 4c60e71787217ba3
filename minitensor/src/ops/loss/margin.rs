//! Losses that are content with a margin: what is right by enough costs nothing.

use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::Reduction;

/// How [`Tensor::multi_margin_loss_with`] measures.
#[derive(Clone)]
pub struct MultiMarginOptions {
    /// 1 or 2: the power of what is missing from the margin.
    pub p: u32,
    /// By how much the label's score should exceed every other.
    pub margin: f64,
    /// How much each class counts, (C).
    pub weight: Option<Tensor>,
    /// Mean, sum, or neither.
    pub reduction: Reduction,
}

impl Default for MultiMarginOptions {
    fn default() -> MultiMarginOptions {
        MultiMarginOptions { p: 1, margin: 1.0, weight: None, reduction: Reduction::Mean }
    }
}

impl Tensor {
    /// The mean over rows of Σ max(0, margin − x\[label\] + x\[c\]) / C over the classes c other than the label, with a
    /// margin of 1: the hinge loss of many classes (Crammer and Singer, 2001).
    ///
    /// # Shapes
    /// scores (N, C), labels (N) in `I64`; or (C) and () → ()
    ///
    /// # Panics
    /// If the shapes do not fit, or a label is not a class.
    #[track_caller]
    pub fn multi_margin_loss(&self, labels: &Tensor) -> Tensor {
        self.multi_margin_loss_with(labels, &MultiMarginOptions::default())
    }

    /// [`Tensor::multi_margin_loss`] with another margin or power, class weights, or another reduction.
    #[track_caller]
    pub fn multi_margin_loss_with(&self, labels: &Tensor, options: &MultiMarginOptions) -> Tensor {
        self.multi_margin_rule(labels, options).or_panic();
        let (dim, classes) = (self.class_dim(), self.size(-1));
        let label = labels.unsqueeze(dim); // (N, 1)
        let missing = self.sub(&self.gather(dim, &label)).add_scalar(options.margin).relu();
        let missing = if options.p == 1 { missing } else { missing.square() };
        let is_label = Tensor::arange(classes).eq(&label); // (N, C)
        let others = missing.masked_fill(&is_label, 0.0);
        let losses = others.sum_dim(dim, false).mul_scalar(1.0 / classes as f64);
        let weights = options.weight.as_ref().map(|weight| weight.embed_labels(labels));
        weights.map_or(losses.clone(), |weights| losses.mul(&weights)).reduced(options.reduction)
    }

    /// x where the target is 1, max(0, margin − x) where it is −1: for x that are distances, of pairs that should lie close
    /// together or far apart. PyTorch's default margin is 1.
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn hinge_embedding_loss(&self, target: &Tensor, margin: f64, reduction: Reduction) -> Tensor {
        self.same_shape("hinge_embedding_loss", target).or_panic();
        let apart = self.neg().add_scalar(margin).relu();
        let losses = self.masked_fill(&target.eq_scalar(-1.0), 0.0);
        losses.add(&apart.masked_fill(&target.eq_scalar(1.0), 0.0)).reduced(reduction)
    }

    /// The cosine of the angle between vectors along `dim`: a · b / |a| |b|, where a length counts as `eps` at least.
    /// Below that the gradient takes the length as constant.
    /// PyTorch's defaults are `dim` 1 and `eps` 1e-8.
    ///
    /// # Panics
    /// If the shapes do not broadcast, or there is no such dimension.
    #[track_caller]
    pub fn cosine_similarity(&self, other: &Tensor, dim: isize, eps: f64) -> Tensor {
        self.needs_float("cosine_similarity").or_panic();
        let length = |x: &Tensor| x.square().sum_dim(dim, false).clamp(eps * eps, f64::INFINITY).sqrt();
        let product = self.mul(other);
        let [a, b] = [self, other].map(|x| length(&x.expand(product.shape())));
        product.sum_dim(dim, false).div(&a.mul(&b))
    }

    /// 1 − cos of the angle between vectors whose target is 1, max(0, cos − margin) where it is −1: what belongs together
    /// should point the same way. PyTorch's default margin is 0.
    ///
    /// # Shapes
    /// both (N, C), target (N); or (C) and ()
    ///
    /// # Panics
    /// If the shapes do not fit.
    #[track_caller]
    pub fn cosine_embedding_loss(
        &self,
        other: &Tensor,
        target: &Tensor,
        margin: f64,
        reduction: Reduction,
    ) -> Tensor {
        self.cosine_rule(other, target).or_panic();
        // PyTorch's own form: 1e-12 is added to the squared lengths
        let squared = |x: &Tensor| x.square().sum_dim(-1, false).add_scalar(1e-12);
        let cosine = self.mul(other).sum_dim(-1, false).div(&squared(self).mul(&squared(other)).sqrt());
        let together = cosine.neg().add_scalar(1.0).masked_fill(&target.ne_scalar(1.0), 0.0);
        let apart = cosine.add_scalar(-margin).relu().masked_fill(&target.ne_scalar(-1.0), 0.0);
        together.add(&apart).reduced(reduction)
    }

    fn multi_margin_rule(&self, labels: &Tensor, options: &MultiMarginOptions) -> Result<()> {
        let op = "multi_margin_loss";
        self.label_rule(op, labels, options.weight.as_ref())?;
        if self.rank() > 2 {
            let message = format!("the scores must be (N, C) or (C), but have shape {:?}", self.shape());
            return Err(Error::shape(op, message));
        }
        if !matches!(options.p, 1 | 2) {
            return Err(Error::argument(op, format!("p must be 1 or 2, but it is {}", options.p)));
        }
        labels.known_labels(op, self.size(-1), None)
    }

    fn cosine_rule(&self, other: &Tensor, target: &Tensor) -> Result<()> {
        let op = "cosine_embedding_loss";
        self.same_shape(op, other)?;
        let (rank, shape) = (self.rank(), self.shape());
        if !matches!(rank, 1 | 2) || target.shape()[..] != shape[..rank - 1] {
            let message = format!(
                "vectors (N, C) need targets (N), and a vector (C) a single one; these have shapes {shape:?} and {:?}",
                target.shape()
            );
            return Err(Error::shape(op, message));
        }
        Ok(())
    }
}
