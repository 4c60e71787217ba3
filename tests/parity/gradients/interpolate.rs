use minitensor::Tensor;
use minitensor::ops::InterpolateMode;
use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn interpolate() {
    let bilinear =
        |align_corners: bool| json!({"size": [5, 2], "mode": "bilinear", "align_corners": align_corners});
    let checks = vec![
        ("interpolate", json!({"size": [6, 8], "mode": "nearest"}), vec![Real(&[2, 2, 3, 4])]),
        ("interpolate", json!({"size": [5, 2], "mode": "nearest"}), vec![Real(&[1, 2, 3, 4])]),
        ("interpolate", json!({"size": [4, 3], "mode": "nearest-exact"}), vec![Real(&[1, 2, 3, 5])]),
        ("interpolate", bilinear(false), vec![Real(&[1, 2, 3, 4])]),
        ("interpolate", bilinear(true), vec![Expanded(&[1, 1, 3, 4], &[2, 2, 3, 4])]),
        ("interpolate", json!({"size": [7], "mode": "linear"}), vec![Real(&[2, 2, 3])]),
        ("interpolate", json!({"size": [3, 1, 5], "mode": "trilinear"}), vec![Real(&[1, 1, 2, 3, 3])]),
        ("interpolate_by", json!({"factor": [2.0, 3.0], "mode": "nearest"}), vec![Real(&[1, 2, 2, 3])]),
        ("interpolate_by", json!({"factor": [1.5, 0.7], "mode": "bilinear"}), vec![Real(&[1, 2, 3, 5])]),
        ("pixel_shuffle", json!({"factor": 2}), vec![Real(&[1, 8, 2, 3])]),
        ("pixel_unshuffle", json!({"factor": 3}), vec![Real(&[1, 2, 3, 6])]),
    ];
    check("interpolate", arms::interpolate::ARMS, checks);
}

#[test]
fn an_upsampled_tensor_used_twice_accumulates_both_gradients() {
    for mode in [
        InterpolateMode::Nearest,
        InterpolateMode::NearestExact,
        InterpolateMode::Linear { align_corners: false },
        InterpolateMode::Linear { align_corners: true },
    ] {
        let x = Tensor::from_vec(vec![1.0f64, -2.0, 3.0, 0.5], [1, 1, 2, 2]).requires_grad_();
        let up = x.interpolate(&[4, 4], mode);
        // The weights of the pixels of one row and column add up to 2 for each old one, so each use sends 4, times 3 and 5.
        (up.mul_scalar(3.0).sum() + up.mul_scalar(5.0).sum()).backward();
        let grad = x.grad().expect("both uses lead to x").to_vec::<f64>();
        assert!(grad.iter().all(|g| (g - 32.0).abs() < 1e-12), "{mode:?}: {grad:?}");
    }
}
