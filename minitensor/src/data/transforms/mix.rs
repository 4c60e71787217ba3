//! Batches whose examples are mixed with one another, and their labels alike. `cross_entropy` takes such labels.

use rand::{Rng, RngExt};

use crate::Tensor;
use crate::error::{Error, OrPanic};

// ANCHOR: mixup
/// Each example of a batch blended with another one, λ · x + (1 − λ) · x', and its label blended as much: Zhang et al.
/// 2018, <https://arxiv.org/abs/1710.09412>. λ is drawn once a batch from Beta(`alpha`, `alpha`), so small `alpha`
/// mix little.
///
/// # Shapes
/// images (B, …) of floats, labels (B) in `I64` → images (B, …), probabilities (B, classes) in the images' dtype
///
/// # Panics
/// If the shapes or dtypes are others, a label is not a class, or `alpha` is not above 0.
#[track_caller]
pub fn mixup(
    images: &Tensor,
    labels: &Tensor,
    classes: usize,
    alpha: f64,
    rng: &mut impl Rng,
) -> (Tensor, Tensor) {
    let batch = Batch::new("mixup", images, labels, classes);
    let lambda = draw_beta("mixup", alpha, rng);
    let partners = batch.partners(rng);
    (partners.images.lerp(images, lambda), partners.labels.lerp(&batch.labels, lambda))
}
// ANCHOR_END: mixup

/// Each example of a batch with a rectangle of another one in it, and its label mixed by area: Yun et al. 2019,
/// <https://arxiv.org/abs/1905.04899>. The share λ that stays is drawn once a batch from Beta(`alpha`, `alpha`); where
/// the rectangle is cut off by the border, the labels count the pixels that there are.
///
/// # Shapes
/// images (B, C, H, W) of floats, labels (B) in `I64` → images (B, C, H, W), probabilities (B, classes) in the images' dtype
///
/// # Panics
/// If the shapes or dtypes are others, a label is not a class, or `alpha` is not above 0.
#[track_caller]
pub fn cutmix(
    images: &Tensor,
    labels: &Tensor,
    classes: usize,
    alpha: f64,
    rng: &mut impl Rng,
) -> (Tensor, Tensor) {
    let batch = Batch::new("cutmix", images, labels, classes);
    let &[_, _, h, w] = &images.shape()[..] else {
        let message = format!("images must be (B, C, H, W), but they are {:?}", images.shape());
        Err(Error::shape("cutmix", message)).or_panic()
    };
    let side = (1.0 - draw_beta("cutmix", alpha, rng)).sqrt();
    let partners = batch.partners(rng);
    let [(top, bottom), (left, right)] = [h, w].map(|size| cut(size, side, rng));
    let inside = |place: usize| {
        let (y, x) = (place / w, place % w);
        u8::from((top..bottom).contains(&y) && (left..right).contains(&x))
    };
    let mask = Tensor::from_vec((0..h * w).map(inside).collect(), [h, w]);
    let cut_out = ((bottom - top) * (right - left)) as f64 / (h * w).max(1) as f64;
    (mask.where_(&partners.images, images), batch.labels.lerp(&partners.labels, cut_out))
}

/// Images and their labels as probabilities.
struct Batch {
    images: Tensor,
    labels: Tensor,
}

impl Batch {
    #[track_caller]
    fn new(op: &'static str, images: &Tensor, labels: &Tensor, classes: usize) -> Batch {
        if !images.dtype().is_float() {
            let message =
                format!("images must be floats, but they are {}; normalise them first", images.dtype());
            Err(Error::dtype(op, message)).or_panic()
        }
        if labels.rank() != 1 || images.rank() == 0 || images.size(0) != labels.size(0) {
            let (images, labels) = (images.shape(), labels.shape());
            let message = format!("images (B, …) need labels (B), but they are {images:?} and {labels:?}");
            Err(Error::shape(op, message)).or_panic()
        }
        Batch { images: images.clone(), labels: labels.one_hot(classes).to_dtype(images.dtype()) }
    }

    /// The same examples in a random order.
    fn partners(&self, rng: &mut impl Rng) -> Batch {
        let order = Tensor::randperm(self.images.size(0), rng);
        Batch { images: self.images.index_select(0, &order), labels: self.labels.index_select(0, &order) }
    }
}

/// Along an axis, the part of a rectangle around a random place that lies in the image; its length is `share` of the axis.
fn cut(size: usize, share: f64, rng: &mut impl Rng) -> (usize, usize) {
    // Drawn as u64, so that the numbers are the same where usize has 32 bits.
    let middle = rng.random_range(0..size.max(1) as u64) as usize;
    let half = (size as f64 * share) as usize / 2;
    (middle.saturating_sub(half), (middle + half).min(size))
}

/// A number in 0..=1 from the Beta(α, α) distribution: G / (G + G') for two draws of Gamma(α).
#[track_caller]
fn draw_beta(op: &str, alpha: f64, rng: &mut impl Rng) -> f64 {
    assert!(alpha > 0.0 && alpha.is_finite(), "{op}: alpha must be above 0, but it is {alpha}");
    // In logarithms, because for small α both draws may be too small for a number.
    let [first, second] = std::array::from_fn(|_| draw_log_gamma(alpha, rng));
    1.0 / (1.0 + (second - first).exp())
}

/// The logarithm of a draw from the Gamma(α) distribution (Marsaglia and Tsang, 2000).
fn draw_log_gamma(alpha: f64, rng: &mut impl Rng) -> f64 {
    if alpha < 1.0 {
        // Gamma(α) = Gamma(α + 1) · U^(1/α)
        return draw_log_gamma(alpha + 1.0, rng) + (1.0 - rng.random::<f64>()).ln() / alpha;
    }
    let d = alpha - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = Tensor::randn_of::<f64>([1], rng).item();
        let v = (1.0 + c * x).powi(3);
        let u = 1.0 - rng.random::<f64>();
        if v > 0.0 && u.ln() < 0.5 * x * x + d * (1.0 - v + v.ln()) {
            return d.ln() + v.ln();
        }
    }
}
