//! More room around a tensor.

use crate::autograd::edge;
use crate::device::Kernels;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

/// What is put into the new room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PadMode {
    /// The same number everywhere.
    Constant(f64),
    /// The tensor mirrored at its first and last element, which are not repeated: `c b [a b c] b a`.
    Reflect,
    /// The first and the last element: `a a [a b c] c c`.
    Replicate,
    /// The tensor from its other end: `b c [a b c] a b`.
    Circular,
}

impl Tensor {
    /// The tensor with room around it: `[before, after]` of the last dimension, then of the one before it, and so on.
    ///
    /// Negative amounts of [`PadMode::Constant`] cut off.
    ///
    /// ```
    /// # use minitensor::{Tensor, ops::PadMode};
    /// let x = Tensor::from([1.0f32, 2.0, 3.0]);
    /// assert_eq!(x.pad(&[2, 1], PadMode::Constant(0.0)).to_vec::<f32>(), [0.0, 0.0, 1.0, 2.0, 3.0, 0.0]);
    /// assert_eq!(x.pad(&[2, 1], PadMode::Reflect).to_vec::<f32>(), [3.0, 2.0, 1.0, 2.0, 3.0, 2.0]);
    /// ```
    ///
    /// # Panics
    /// If `amounts` are not pairs, or more than there are dimensions; if a reflection is longer than what it mirrors.
    #[track_caller]
    pub fn pad(&self, amounts: &[isize], mode: PadMode) -> Tensor {
        let sides = pad_rule(self, amounts, mode).or_panic();
        match mode {
            PadMode::Constant(value) => self.pad_constant(&sides, value),
            mode => sides.iter().enumerate().fold(self.clone(), |x, (d, &[before, after])| {
                match (before, after) {
                    (0, 0) => x,
                    _ => {
                        let sources = sources(x.shape()[d], before, after, mode);
                        x.index_select(d as isize, &Tensor::index_on(x.device(), sources))
                    }
                }
            }),
        }
    }

    /// Padding with one number: the tensor, less what is cut off, written into the middle of a larger one.
    fn pad_constant(&self, sides: &[[isize; 2]], value: f64) -> Tensor {
        let kept = sides.iter().enumerate().fold(self.clone(), |x, (d, &[before, after])| {
            let cut = |amount: isize| amount.min(0).unsigned_abs();
            match (cut(before), cut(after)) {
                (0, 0) => x,
                (first, last) => x.narrow(d as isize, first, x.shape()[d] - first - last),
            }
        });
        let added: Vec<[usize; 2]> = sides.iter().map(|side| side.map(|n| n.max(0) as usize)).collect();
        let shape: Vec<usize> =
            kept.shape().iter().zip(&added).map(|(size, [before, after])| before + size + after).collect();
        let y = Tensor::full_on(shape, value, self.dtype(), self.device());
        let inner = kept.shape().clone();
        let middle = move |x: &Tensor| {
            (0..inner.len()).fold(x.clone(), |x, d| x.narrow(d as isize, added[d][0], inner[d]))
        };
        let to = middle(&y).layout().clone();
        y.update(|storage| storage.write(&to, &kept.storage(), kept.layout()));
        y.record("pad", [edge(&kept, middle)])
    }
}

/// Before and after for each dimension, in the order of the shape.
fn pad_rule(x: &Tensor, amounts: &[isize], mode: PadMode) -> Result<Vec<[isize; 2]>> {
    let (pairs, rest) = amounts.as_chunks::<2>();
    if !rest.is_empty() || pairs.len() > x.rank() {
        let message = format!(
            "{amounts:?} must be pairs of before and after, at most one for each dimension of {:?}, the last first",
            x.shape()
        );
        return Err(Error::shape("pad", message));
    }
    let mut sides = vec![[0, 0]; x.rank()];
    for (d, &pair) in (0..x.rank()).rev().zip(pairs) {
        let size = x.shape()[d] as isize;
        let fits = match mode {
            PadMode::Constant(_) => pair[0].min(0) + size + pair[1].min(0) >= 0,
            PadMode::Reflect => pair.iter().all(|n| (0..size.max(1)).contains(n)),
            PadMode::Replicate => pair.iter().all(|&n| n >= 0) && (size > 0 || pair == [0, 0]),
            PadMode::Circular => pair.iter().all(|n| (0..=size).contains(n)),
        };
        if !fits {
            let message = format!("{pair:?} is too much for dimension {d} of {:?} with {mode:?}", x.shape());
            return Err(Error::shape("pad", message));
        }
        sides[d] = pair;
    }
    Ok(sides)
}

/// For each place of a padded dimension, the element that is shown there.
fn sources(size: usize, before: isize, after: isize, mode: PadMode) -> Vec<i64> {
    let last = size as i64 - 1;
    let places = -(before as i64)..=last + after as i64;
    let source = |i: i64| match mode {
        PadMode::Reflect if i < 0 => -i,
        PadMode::Reflect if i > last => 2 * last - i,
        PadMode::Circular => i.rem_euclid(last + 1),
        _ => i.clamp(0, last),
    };
    places.map(source).collect()
}
