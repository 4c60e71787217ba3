//! What a fully connected layer computes.

use crate::autograd::edge;
use crate::device::Kernels;
use crate::error::{Error, OrPanic, Result};
use crate::shape::Layout;
use crate::tensor::Tensor;

impl Tensor {
    /// x·Wᵀ + b: each output is a weighted sum of all inputs.
    ///
    /// # Shapes
    /// x (…, in), weight (out, in), bias (out) → (…, out)
    ///
    /// # Panics
    /// If the shapes or the dtypes do not fit.
    #[track_caller]
    pub fn linear(&self, weight: &Tensor, bias: Option<&Tensor>) -> Tensor {
        self.linear_rule(weight, bias).or_panic();
        let ([outputs, inputs], lead) = (weight.dims(), self.rank() - 1);
        let mut shape = self.shape().clone();
        shape[lead] = outputs;
        let rows: usize = shape[..lead].iter().product();
        let x = self.detach().reshape([rows, inputs]);
        let w = weight.detach();

        let bias_storage = bias.map(Tensor::packed);
        let transposed = w.t();
        let y = x.storage().matmul(x.layout(), &w.storage(), transposed.layout(), bias_storage.as_deref());
        let y = Tensor::new(y, Layout::contiguous(shape));

        // Y = X·Wᵀ + b: ∂L/∂X = ∂L/∂Y · W, ∂L/∂W = (∂L/∂Y)ᵀ · X, and ∂L/∂b is the sum of the rows of ∂L/∂Y
        let to_x = edge(self, move |grad| grad.matmul(&w));
        let to_weight = edge(weight, move |grad| grad.reshape([rows, outputs]).t().matmul(&x));
        match bias {
            None => y.record("linear", [to_x, to_weight]),
            Some(bias) => {
                y.record("linear", [to_x, to_weight, edge(bias, move |grad| grad.reshape([rows, outputs]))])
            }
        }
    }

    // ANCHOR: linear_plain
    /// [`Tensor::linear`] out of smaller ops.
    #[track_caller]
    pub fn linear_plain(&self, weight: &Tensor, bias: Option<&Tensor>) -> Tensor {
        let y = self.matmul(&weight.t()); // (…, in)·(in, out) → (…, out)
        match bias {
            Some(bias) => y.add(bias),
            None => y,
        }
    }
    // ANCHOR_END: linear_plain

    fn linear_rule(&self, weight: &Tensor, bias: Option<&Tensor>) -> Result<()> {
        const OP: &str = "linear";
        self.needs_float(OP)?;
        self.same_dtype(OP, weight)?;
        let [outputs, inputs] = weight.shape()[..] else {
            let message = format!("a weight is (out, in), but this one has shape {:?}", weight.shape());
            return Err(Error::shape(OP, message));
        };
        if self.shape().last() != Some(&inputs) {
            let hint = match self.shape().last() {
                Some(&size) if size == outputs => "; did you mean the transpose of the weight?",
                _ => "",
            };
            let message = format!(
                "a weight of shape {:?} takes rows of {inputs} numbers, but the input has shape {:?}{hint}",
                weight.shape(),
                self.shape()
            );
            return Err(Error::shape(OP, message));
        }
        let Some(bias) = bias else { return Ok(()) };
        self.same_dtype(OP, bias)?;
        if bias.shape()[..] != [outputs] {
            let message = format!(
                "{outputs} outputs need a bias of shape [{outputs}], but it has shape {:?}",
                bias.shape()
            );
            return Err(Error::shape(OP, message));
        }
        Ok(())
    }
}
