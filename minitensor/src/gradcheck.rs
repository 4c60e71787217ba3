//! Does the backward of an op agree with the slope of its forward?

use crate::autograd::no_grad;
use crate::dtype::DType;
use crate::tensor::Tensor;

/// How far an input is moved to either side. The error of a central difference is about `step²` from the curvature and
/// `1e-16 / step` from rounding; both are far below [`TOLERANCE`].
const STEP: f64 = 1e-5;

/// How far the two may lie apart, relative to the larger of 1 and the slope.
const TOLERANCE: f64 = 1e-6;

/// A gradient that is not the slope.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "gradcheck: element {element} of input {input} has the gradient {analytic:e}, but moving it changes the result \
     with the slope {numeric:e}"
)]
pub struct WrongGradient {
    /// Which input.
    pub input: usize,
    /// Which of its elements, in row-major order.
    pub element: usize,
    /// What backward gave.
    pub analytic: f64,
    /// What the central difference gave.
    pub numeric: f64,
}

/// Compares the gradients of `f` at `inputs` with central differences, (f(x + h) − f(x − h)) / 2h.
///
/// The inputs are `F64`, in any layout; those of other dtypes (indices, masks) are passed on as they are. A result of
/// more than one number is weighted with fixed numbers and summed, so that no two elements can make up for each other.
/// Choose inputs away from kinks: at relu's 0 there is no slope to compare with.
///
/// # Errors
/// The first element whose gradient is wrong.
///
/// # Panics
/// If an input is `F32`, whose rounding is too coarse for finite differences, or if `f` gives no floating-point number.
#[track_caller]
pub fn gradcheck(f: impl Fn(&[Tensor]) -> Tensor, inputs: &[Tensor]) -> Result<(), WrongGradient> {
    let leaves: Vec<Tensor> = inputs.iter().map(leaf).collect();
    weighted_sum(&f(&leaves)).backward();
    for (input, leaf) in leaves.iter().enumerate().filter(|(_, leaf)| leaf.dtype() == DType::F64) {
        let gradient = leaf.grad().unwrap_or_else(|| leaf.zeros_like()).to_vec::<f64>();
        let elements = leaf.to_vec::<f64>();
        let mut moved: Vec<Tensor> = inputs.iter().map(Tensor::detach).collect();
        for (element, &analytic) in gradient.iter().enumerate() {
            let mut at = |distance: f64| {
                let mut elements = elements.clone();
                elements[element] += distance;
                moved[input] = Tensor::from_vec(elements, leaf.shape());
                no_grad(|| weighted_sum(&f(&moved)).item())
            };
            let numeric = (at(STEP) - at(-STEP)) / (2.0 * STEP);
            let near = (analytic - numeric).abs() <= TOLERANCE * numeric.abs().max(1.0);
            if !near {
                return Err(WrongGradient { input, element, analytic, numeric });
            }
        }
    }
    Ok(())
}

#[track_caller]
fn leaf(input: &Tensor) -> Tensor {
    match input.dtype() {
        DType::F64 => input.detach().requires_grad_(),
        DType::F32 => {
            panic!("gradcheck: the inputs must be F64; finite differences in F32 are mostly rounding")
        }
        _ => input.detach(),
    }
}

/// Σ wᵢ yᵢ with weights that follow no pattern an op could share.
fn weighted_sum(y: &Tensor) -> Tensor {
    let weights = (0..y.numel()).map(|i| (1.0 + 2.7 * i as f64).sin() + 0.3).collect();
    y.mul(&Tensor::from_vec::<f64>(weights, y.shape())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x() -> Tensor {
        Tensor::from_vec(vec![0.3f64, -1.2, 2.0, 0.7, -0.4, 1.1], [2, 3])
    }

    #[test]
    fn a_right_gradient_passes_in_any_layout() {
        assert_eq!(gradcheck(|x| x[0].tanh().matmul(&x[1]), &[x(), x().transpose(0, 1)]), Ok(()));
    }

    #[test]
    fn a_wrong_gradient_is_named() {
        // The gradient of x² with half of it cut off.
        let wrong = gradcheck(|x| &x[0] * &x[0].detach(), &[x()]).unwrap_err();
        assert_eq!((wrong.input, wrong.element), (0, 0));
        assert!((wrong.numeric - 2.0 * wrong.analytic).abs() < 1e-8, "{wrong}");
    }

    #[test]
    #[should_panic(expected = "must be F64")]
    fn f32_is_refused() {
        let _ = gradcheck(|x| x[0].exp(), &[x().to_dtype(DType::F32)]);
    }
}
