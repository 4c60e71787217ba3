//! From conditions to positions, and from positions to tensors of zeros and ones.

use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// The index of each element that is not 0, one a row (`I64`), in row-major order.
    ///
    /// # Shapes
    /// any of rank R → (how many there are, R)
    pub fn nonzero(&self) -> Tensor {
        let positions = self.nonzero_positions();
        let mut strides = self.shape().strides();
        let sizes = self.shape();
        strides.iter_mut().for_each(|stride| *stride = (*stride).max(1));
        let index: Vec<i64> = positions
            .iter()
            .flat_map(|p| strides.iter().zip(sizes.iter()).map(move |(s, size)| (p / s % size) as i64))
            .collect();
        self.device().scope(|| Tensor::from_vec(index, [positions.len(), self.rank()]))
    }

    /// The elements where the mask (`U8`) is not 0, in row-major order; the two broadcast.
    ///
    /// # Shapes
    /// → (how many there are)
    #[track_caller]
    pub fn masked_select(&self, mask: &Tensor) -> Tensor {
        if mask.dtype() != DType::U8 {
            let message = format!("the mask must be u8, but it is {}", mask.dtype());
            Err(Error::dtype("masked_select", message)).or_panic()
        }
        let shape = crate::shape::broadcast_shapes("masked_select", self.shape(), mask.shape()).or_panic();
        let positions: Vec<i64> =
            mask.expand(&shape).nonzero_positions().into_iter().map(|p| p as i64).collect();
        let places = Tensor::index_on(self.device(), positions);
        self.expand(&shape).flatten(0, -1).index_select(0, &places)
    }

    /// For each id (`I64`) a row of zeros with a 1 at its place, in `I64` as in PyTorch.
    ///
    /// # Shapes
    /// ids (…) → (…, classes)
    ///
    /// # Panics
    /// If an id is not in `0..classes`.
    #[track_caller]
    pub fn one_hot(&self, classes: usize) -> Tensor {
        if self.dtype() != DType::I64 {
            let message = format!("ids must be i64, but they are {}; use `to_dtype`", self.dtype());
            Err(Error::dtype("one_hot", message)).or_panic()
        }
        if let Some(&index) = self.to_vec::<i64>().iter().find(|&&id| id < 0 || id >= classes as i64) {
            Err(Error::Index { op: "one_hot", what: "the classes".into(), index, size: classes }).or_panic()
        }
        let each = self.device().scope(|| Tensor::arange(classes));
        self.unsqueeze(-1).eq(&each).to_dtype(DType::I64)
    }

    /// The matrices with 0 above their diagonal number `diagonal`: 0 is the main one, 1 the next to the right.
    ///
    /// # Shapes
    /// (…, R, C) → (…, R, C)
    #[track_caller]
    pub fn tril(&self, diagonal: isize) -> Tensor {
        self.where_in_triangle("tril", |row, column| column <= row + diagonal)
    }

    /// The matrices with 0 below their diagonal number `diagonal`; see [`Tensor::tril`].
    #[track_caller]
    pub fn triu(&self, diagonal: isize) -> Tensor {
        self.where_in_triangle("triu", |row, column| column >= row + diagonal)
    }

    #[track_caller]
    fn where_in_triangle(&self, op: &'static str, keep: impl Fn(isize, isize) -> bool) -> Tensor {
        if self.rank() < 2 {
            let message = format!("shape {:?} has no rows and columns", self.shape());
            Err(Error::shape(op, message)).or_panic()
        }
        let (rows, columns) = (self.size(-2) as isize, self.size(-1) as isize);
        let mask: Vec<u8> = (0..rows)
            .flat_map(|row| (0..columns).map(move |column| (row, column)))
            .map(|(row, column)| u8::from(keep(row, column)))
            .collect();
        let mask = self.device().scope(|| Tensor::from_vec(mask, [rows as usize, columns as usize]));
        let zero = Tensor::full_on([], 0.0, self.dtype(), self.device());
        mask.where_(self, &zero)
    }

    /// How often each of the ids 0, 1, … occurs (`I64`); at least `minlength` numbers.
    ///
    /// # Shapes
    /// ids (N) in `I64` → (the largest id + 1)
    ///
    /// # Panics
    /// If an id is negative.
    #[track_caller]
    pub fn bincount(&self, minlength: usize) -> Tensor {
        let [n] = self.dims();
        let ids = self.to_vec::<i64>();
        if let Some(id) = ids.iter().find(|&&id| id < 0) {
            panic!("bincount: the id {id} is negative, and ids are counted from 0");
        }
        let bins = ids.iter().max().map_or(0, |&id| id as usize + 1).max(minlength);
        let all = |size: usize, value: f64| Tensor::full_on([size], value, DType::I64, self.device());
        all(bins, 0.0).index_add(0, self, &all(n, 1.0))
    }

    /// How many elements lie in each of `bins` equal parts of the range from `min` to `max`, in their dtype: a histogram.
    ///
    /// A number between two parts belongs to the upper one, `max` itself to the last. Numbers outside are left out, and
    /// NaNs. If `min` and `max` are equal, the range is that of the elements.
    ///
    /// # Shapes
    /// any → (bins)
    ///
    /// # Panics
    /// If there are no bins, or the range is not finite or runs backwards.
    #[track_caller]
    pub fn histc(&self, bins: usize, min: f64, max: f64) -> Tensor {
        self.needs_float("histc").or_panic();
        let x = self.detach().flatten(0, -1);
        let [min, max] = histogram_range(&x, bins, min, max).or_panic();
        let inside = x.masked_select(&x.ge_scalar(min).mul(&x.le_scalar(max)));
        let width = inside.full_like(max).add_scalar(-min);
        let bin = inside.add_scalar(-min).mul_scalar(bins as f64).div(&width).to_dtype(DType::I64);
        bin.clamp_max(bins as f64 - 1.0).bincount(bins).to_dtype(self.dtype())
    }

    /// Where elements that are not 0 stand in row-major order.
    fn nonzero_positions(&self) -> Vec<usize> {
        let truth = self.ne_scalar(0.0).to_vec::<u8>();
        truth.iter().enumerate().filter_map(|(i, &t)| (t != 0).then_some(i)).collect()
    }
}

/// The range as asked for, or that of the elements; around a single number, one to each side.
fn histogram_range(x: &Tensor, bins: usize, min: f64, max: f64) -> Result<[f64; 2]> {
    let of_elements = min == max && x.numel() > 0;
    let [min, max] = if of_elements { [x.min().item(), x.max().item()] } else { [min, max] };
    let [min, max] = if min == max { [min - 1.0, max + 1.0] } else { [min, max] };
    if bins > 0 && (max - min).is_finite() && min < max {
        return Ok([min, max]);
    }
    let message = format!("{bins} bins from {min} to {max}: there must be at least one, over a finite range");
    Err(Error::argument("histc", message))
}
