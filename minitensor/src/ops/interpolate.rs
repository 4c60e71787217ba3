//! Images of another size: every new pixel taken from, or blended of, the nearest old ones.

use crate::device::Device;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

/// How a pixel between the pixels gets its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterpolateMode {
    /// The pixel at `floor(i · scale)`: each repeated, where the factor is whole.
    Nearest,
    /// The pixel whose centre is nearest, at `floor((i + ½) scale)`.
    NearestExact,
    /// The neighbours on both sides, weighted by how near they are: PyTorch's `linear`, `bilinear` and `trilinear`.
    Linear {
        /// Whether the first and last pixels keep their places, or the outer edges of the image do.
        align_corners: bool,
    },
}

/// One dimension on its way to another size.
struct Axis {
    dim: usize,
    from: usize,
    to: usize,
    /// Old steps a new step, where the edges of the image stay in place.
    scale: f64,
}

impl Tensor {
    // ANCHOR: interpolate
    /// The image at another size, one dimension after the other.
    ///
    /// # Shapes
    /// (N, C, …) → (N, C, size…), for any number of dimensions after the channels
    ///
    /// # Panics
    /// If there is not one size for each dimension after the channels, or one of them is 0.
    #[track_caller]
    pub fn interpolate(&self, size: &[usize], mode: InterpolateMode) -> Tensor {
        let axes = axes_of_sizes(self, size).or_panic();
        self.resized(axes, mode)
    }

    /// [`Tensor::interpolate`] to `floor(old size · factor)`.
    ///
    /// Pixels are placed by the factor, as PyTorch does it, even where the size was rounded.
    ///
    /// # Panics
    /// As [`Tensor::interpolate`], or if a factor is not a number above 0.
    #[track_caller]
    pub fn interpolate_by(&self, factor: &[f64], mode: InterpolateMode) -> Tensor {
        let axes = axes_of_factors(self, factor).or_panic();
        self.resized(axes, mode)
    }

    fn resized(&self, axes: Vec<Axis>, mode: InterpolateMode) -> Tensor {
        match mode {
            InterpolateMode::Nearest | InterpolateMode::NearestExact if axes.iter().all(Axis::is_whole) => {
                self.repeated(&axes)
            }
            InterpolateMode::Nearest => self.picked(&axes, 0.0),
            InterpolateMode::NearestExact => self.picked(&axes, 0.5),
            InterpolateMode::Linear { align_corners } => {
                axes.iter().fold(self.clone(), |x, axis| axis.blended(&x, align_corners))
            }
        }
    }
    // ANCHOR_END: interpolate

    /// Each pixel as a block: (…, H, W) seen as (…, H, 1, W, 1), expanded, and copied once.
    fn repeated(&self, axes: &[Axis]) -> Tensor {
        let mut apart = self.shape()[..2].to_vec();
        let (mut expanded, mut joined) = (apart.clone(), apart.clone());
        for axis in axes {
            apart.extend([axis.from, 1]);
            expanded.extend([axis.from, axis.to / axis.from]);
            joined.push(axis.to);
        }
        self.reshape(apart).expand(expanded).reshape(joined)
    }

    /// For each new pixel the old one at `floor((i + offset) scale)`, which PyTorch computes in F32.
    fn picked(&self, axes: &[Axis], offset: f32) -> Tensor {
        axes.iter().fold(self.clone(), |x, axis| {
            let source = |i: usize| ((i as f32 + offset) * axis.scale as f32).floor() as usize;
            axis.selected(&x, (0..axis.to).map(|i| source(i).min(axis.from - 1)))
        })
    }
}

impl Axis {
    /// Whether every old pixel becomes equally many new ones.
    fn is_whole(&self) -> bool {
        self.to.is_multiple_of(self.from) && self.scale == self.from as f64 / self.to as f64
    }

    fn selected(&self, x: &Tensor, sources: impl Iterator<Item = usize>) -> Tensor {
        let sources = Tensor::index_on(x.device(), sources.map(|source| source as i64).collect());
        x.index_select(self.dim as isize, &sources)
    }

    /// `(1 − share) · lower neighbour + share · upper neighbour`.
    fn blended(&self, x: &Tensor, align_corners: bool) -> Tensor {
        let places: Vec<f64> = (0..self.to).map(|i| self.source(i, align_corners)).collect();
        let low: Vec<usize> = places.iter().map(|place| (*place as usize).min(self.from - 1)).collect();
        let share: Vec<f64> =
            places.iter().zip(&low).map(|(place, &low)| (place - low as f64).min(1.0)).collect();
        let mut shape = vec![1; x.rank()];
        shape[self.dim] = self.to;
        let share = Device::Cpu.scope(|| Tensor::from_vec(share, shape)).to_dtype(x.dtype()).to(x.device());
        let rest = 1.0 - &share;
        let high = low.iter().map(|&low| (low + 1).min(self.from - 1));
        let (below, above) = (self.selected(x, low.iter().copied()), self.selected(x, high));
        below.mul(&rest).add(&above.mul(&share))
    }

    /// Where new pixel `i` lies among the old ones.
    fn source(&self, i: usize, align_corners: bool) -> f64 {
        match (align_corners, self.to) {
            (true, 1) => 0.0,
            (true, to) => i as f64 * (self.from - 1) as f64 / (to - 1) as f64,
            // centres of pixels lie at halves
            (false, _) => ((i as f64 + 0.5) * self.scale - 0.5).max(0.0),
        }
    }
}

fn axes_of_sizes(x: &Tensor, sizes: &[usize]) -> Result<Vec<Axis>> {
    check_count(x, sizes.len())?;
    let axis = |(i, &to): (usize, &usize)| {
        let (dim, from) = (i + 2, x.shape()[i + 2]);
        Axis { dim, from, to, scale: from as f64 / to as f64 }
    };
    checked(x, sizes.iter().enumerate().map(axis).collect())
}

fn axes_of_factors(x: &Tensor, factors: &[f64]) -> Result<Vec<Axis>> {
    check_count(x, factors.len())?;
    if let Some(factor) = factors.iter().find(|factor| !(factor.is_finite() && **factor > 0.0)) {
        let message = format!("a factor must be a number above 0, not {factor}");
        return Err(Error::argument("interpolate", message));
    }
    let axis = |(i, &factor): (usize, &f64)| {
        let (dim, from) = (i + 2, x.shape()[i + 2]);
        Axis { dim, from, to: (from as f64 * factor) as usize, scale: 1.0 / factor }
    };
    checked(x, factors.iter().enumerate().map(axis).collect())
}

fn check_count(x: &Tensor, count: usize) -> Result<()> {
    x.needs_float("interpolate")?;
    if count > 0 && x.rank() == count + 2 {
        return Ok(());
    }
    let message = format!(
        "one size or factor is needed for each dimension after (N, C), but there are {count} for shape {:?}",
        x.shape()
    );
    Err(Error::shape("interpolate", message))
}

fn checked(x: &Tensor, axes: Vec<Axis>) -> Result<Vec<Axis>> {
    match axes.iter().find(|axis| axis.from == 0 || axis.to == 0) {
        None => Ok(axes),
        Some(Axis { dim, from, to, .. }) => {
            let message = format!(
                "dimension {dim} of {:?} cannot go from {from} to {to} pixels: both must be at least 1",
                x.shape()
            );
            Err(Error::shape("interpolate", message))
        }
    }
}
