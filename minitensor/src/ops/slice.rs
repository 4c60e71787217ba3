//! Parts of a tensor by their indices: `x.i((.., 3..5, -1))`, as Python writes `x[:, 3:5, -1]`.

use crate::autograd::edge;
use crate::device::{Device, Kernels};
use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::indices::{Index, IntoIndices, resolved, wrapped};
use crate::shape::{Shape, broadcast_shapes};
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: i
    /// A part of the tensor: for each dimension from the first an integer, a range or a tensor; the rest is kept whole.
    ///
    /// Negative numbers count from the end, and ranges end with the dimension, as in Python. A part is a view unless a
    /// tensor chooses: integers `x.i((&rows, &columns))` pair up (they broadcast), and a mask takes what is not 0. Their
    /// dimensions stand where those that they chose from stood, or first if these were not neighbours.
    ///
    /// ```
    /// use minitensor::{Ellipsis, NewAxis, Tensor, stepped, tensor};
    ///
    /// let x = Tensor::arange(24).reshape([2, 3, 4]);
    /// assert_eq!(x.i((0, -1)).to_vec::<i64>(), [8, 9, 10, 11]);
    /// assert_eq!(x.i((.., 1.., ..2)).dims(), [2, 2, 2]);
    /// assert_eq!(x.i((Ellipsis, 0, NewAxis)).dims(), [2, 3, 1]);
    /// assert_eq!(x.i((1, 0, stepped(.., 2))).to_vec::<i64>(), [12, 14]);
    /// assert_eq!(x.i((&tensor![0, 1], &tensor![2, -3], 0)).to_vec::<i64>(), [8, 12]);
    /// assert_eq!(x.i(&x.ge_scalar(22.0)).to_vec::<i64>(), [22, 23]);
    /// ```
    ///
    /// # Panics
    /// If there are more indices than dimensions, or one is out of range.
    #[track_caller]
    pub fn i(&self, index: impl IntoIndices) -> Tensor {
        let indices = resolved(self.shape(), index.into_indices()).or_panic();
        let (mut x, mut d, mut chosen) = (self.clone(), 0, Vec::new());
        for index in indices {
            match index {
                Index::At(at) => {
                    x = x.select(d, at as usize);
                    continue;
                }
                Index::Range { start, end, step } => {
                    let (start, end) = (start.unwrap_or(0) as usize, end.unwrap_or(0) as usize);
                    if (start, end) != (0, x.size(d)) {
                        x = x.narrow(d, start, end - start);
                    }
                    x = if step == 1 { x } else { x.step(d, step) };
                }
                Index::NewAxis => x = x.unsqueeze(d),
                Index::Tensor(index) => chosen.push((d as usize, index)),
                Index::Ellipsis => unreachable!("written out by `resolved`"),
            }
            d += 1;
        }
        if chosen.is_empty() { x } else { x.choose_along(&chosen).or_panic() }
    }
    // ANCHOR_END: i

    /// A copy of this tensor with `value`, which broadcasts, in the place of the elements `self.i(index)`, or added to them
    /// if `accumulate`; here tensors may choose.
    ///
    /// An element that is named twice is added to twice; without `accumulate` the last value stays.
    ///
    /// ```
    /// # use minitensor::{Tensor, tensor};
    /// let x = Tensor::zeros([2, 3]);
    /// let y = x.index_put((&tensor![0, 1, 1], &tensor![2, 0, 0]), &tensor![1.0f32, 2.0, 3.0], true);
    /// assert_eq!(y.to_vec::<f32>(), [0.0, 0.0, 1.0, 5.0, 0.0, 0.0]);
    /// ```
    ///
    /// # Panics
    /// As [`Tensor::i`]; also if `value` does not fit.
    #[track_caller]
    pub fn index_put(&self, index: impl IntoIndices, value: &Tensor, accumulate: bool) -> Tensor {
        self.same_dtype("index_put", value).or_panic();
        // the place in the flattened tensor of each element that the index names
        let places = Tensor::arange(self.numel()).reshape(self.shape()).i(index);
        value.layout().expand("index_put", places.shape()).or_panic();
        let (places, values) = (places.flatten(0, -1), value.expand(places.shape()).flatten(0, -1));
        let flat = self.flatten(0, -1);
        let y = match accumulate {
            true => flat.scatter_add(0, &places, &values),
            false => flat.scatter(0, &places, &values),
        };
        y.reshape(self.shape())
    }

    /// A copy of this tensor with `value`, which broadcasts, in the place of the part `self.i(index)`.
    ///
    /// # Panics
    /// As [`Tensor::i`]; also if the index holds a tensor (see [`Tensor::index_put`]), or `value` does not fit.
    #[track_caller]
    pub fn slice_assign(&self, index: impl IntoIndices, value: &Tensor) -> Tensor {
        let index = index.into_indices();
        let y = self.detach().add_scalar(0.0);
        y.write_part("slice_assign", &index, value);
        let (i, i2) = (index.clone(), index);
        let to_rest = move |grad: &Tensor| {
            grad.slice_assign(i.clone(), &Tensor::full_on([], 0.0, grad.dtype(), grad.device()))
        };
        y.record("slice_assign", [edge(self, to_rest), edge(value, move |grad| grad.i(i2.clone()))])
    }

    /// Overwrites the part `self.i(index)` of a buffer with `value`, which broadcasts.
    ///
    /// # Panics
    /// As [`Tensor::slice_assign`] and [`Tensor::copy_`].
    #[track_caller]
    pub fn slice_assign_(&self, index: impl IntoIndices, value: &Tensor) {
        self.check_in_place("slice_assign_");
        self.write_part("slice_assign_", &index.into_indices(), value);
    }

    #[track_caller]
    fn write_part(&self, op: &'static str, index: &[Index], value: &Tensor) {
        if index.iter().any(|index| matches!(index, Index::Tensor(_))) {
            let message = "the index holds a tensor; use `index_put` to write where tensors say";
            Err(Error::shape(op, message)).or_panic()
        }
        self.same_dtype(op, value).or_panic();
        let part = self.detach().i(index.to_vec());
        let from = value.layout().expand(op, part.shape()).or_panic();
        let source = value.storage();
        self.update(|storage| storage.write(part.layout(), &source, &from));
    }

    /// The elements that several index tensors, broadcast to one shape, name along the dimensions beside them.
    fn choose_along(&self, chosen: &[(usize, Tensor)]) -> Result<Tensor> {
        let mut shape = Shape::default();
        for (_, index) in chosen {
            shape = broadcast_shapes("i", &shape, index.shape())?;
        }
        let (first, count) = (chosen[0].0, chosen.len());
        let neighbours = chosen.iter().enumerate().all(|(k, (d, _))| *d == first + k);
        let (x, first) = match neighbours {
            true => (self.clone(), first),
            false => (
                chosen
                    .iter()
                    .enumerate()
                    .fold(self.clone(), |x, (k, (d, _))| x.movedim(*d as isize, k as isize)),
                0,
            ),
        };
        // the dimensions as one, and in it the place of each index
        let indices = chosen.iter().map(|(_, index)| index.expand(&shape));
        let indices = indices.zip(x.shape()[first..first + count].iter().copied());
        let places = match self.device() {
            Device::Cpu => places_of(indices, shape.numel())?,
            device => places_on(device, indices, shape.numel()),
        };
        let result = [&x.shape()[..first], &shape, &x.shape()[first + count..]].concat();
        let flat = match count {
            1 => x,
            _ => x.flatten(first as isize, (first + count) as isize - 1),
        };
        Ok(flat.index_select(first as isize, &places).reshape(result))
    }
}

/// For indices along neighbouring dimensions, with those dimensions' sizes, the places along all of them as one.
fn places_of(indices: impl Iterator<Item = (Tensor, usize)>, n: usize) -> Result<Tensor> {
    let mut places = vec![0i64; n];
    for (index, size) in indices {
        for (place, at) in places.iter_mut().zip(index.to_vec::<i64>()) {
            *place = *place * size as i64 + wrapped(at as isize, size)? as i64;
        }
    }
    Ok(Tensor::index_on(Device::Cpu, places))
}

/// The same without reading the indices: a wrong one leads to a place below 0, which the kernel that looks there notes.
fn places_on(device: Device, indices: impl Iterator<Item = (Tensor, usize)>, n: usize) -> Tensor {
    const FAR_BELOW: f64 = -(1i64 << 40) as f64;
    let zeros = Tensor::full_on([n], 0.0, DType::I64, device);
    indices.fold(zeros, |places, (index, size)| {
        let (index, size) = (index.to(device).reshape([n]), size as f64);
        let from_the_end = index.lt_scalar(0.0).to_dtype(DType::I64).mul_scalar(size);
        let index = index.add(&from_the_end);
        let wrong = index.lt_scalar(0.0).logical_or(&index.ge_scalar(size));
        places.mul_scalar(size).add(&index.masked_fill(&wrong, FAR_BELOW))
    })
}
