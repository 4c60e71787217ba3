//! The same numbers as another dtype or on another device.

use crate::autograd::edge;
use crate::device::{Device, Kernels, Storage};
use crate::dtype::DType;
use crate::error::Result;
use crate::shape::Layout;
use crate::tensor::Tensor;

impl Tensor {
    /// The elements as another dtype; to integers, the fraction is dropped.
    ///
    /// Gradients flow between floating-point types and come back in this tensor's.
    pub fn to_dtype(&self, dtype: DType) -> Tensor {
        if dtype == self.dtype() {
            return self.clone();
        }
        let y = Tensor::new(self.storage().cast(self.layout(), dtype), Layout::contiguous(self.shape()));
        let own = self.dtype();
        match dtype.is_float() {
            true => y.record("to_dtype", [edge(self, move |grad| grad.to_dtype(own))]),
            false => y,
        }
    }

    /// The same numbers on another device.
    ///
    /// # Errors
    /// If the device cannot be opened.
    pub fn to_device(&self, device: Device) -> Result<Tensor> {
        let own = self.device();
        if device == own {
            return Ok(self.clone());
        }
        let host = self.contiguous().storage().to_host().into_owned();
        let y = Tensor::new(Storage::from_host(host, device)?, Layout::contiguous(self.shape()));
        let back = move |grad: &Tensor| match grad.to_device(own) {
            Ok(grad) => grad,
            Err(error) => panic!("to_device: the gradient cannot go back: {error}"),
        };
        Ok(y.record("to_device", [edge(self, back)]))
    }

    /// The same numbers on another device, where a computation goes on: [`to_device`](Tensor::to_device) for the middle of a
    /// model. PyTorch's `to`.
    ///
    /// # Panics
    /// With the device's error if it cannot be opened, as any op does whose device fails.
    pub fn to(&self, device: Device) -> Tensor {
        self.to_device(device).unwrap_or_else(|error| std::panic::panic_any(error))
    }

    /// The same elements, one after the other in row-major order: this tensor itself if they are so already.
    pub fn contiguous(&self) -> Tensor {
        if self.is_contiguous() && self.layout().offset == 0 && self.storage().numel() == self.numel() {
            return self.clone();
        }
        let y = Tensor::new(self.storage().contiguous(self.layout()), Layout::contiguous(self.shape()));
        y.record("contiguous", [edge(self, |grad| grad.clone())])
    }
}
