use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn pooling() {
    let window = |kernel: usize, stride: usize, padding: usize| json!({"kernel": kernel, "stride": stride, "padding": padding});
    let rest = json!({"kernel": 2, "stride": 2, "padding": 1, "ceil_mode": true, "count_include_pad": false});
    let checks = vec![
        ("max_pool1d", rest.clone(), vec![Real(&[2, 2, 5])]),
        ("avg_pool1d", rest.clone(), vec![Real(&[2, 2, 5])]),
        ("max_pool2d", rest.clone(), vec![Real(&[1, 2, 4, 5])]),
        ("avg_pool2d", rest.clone(), vec![Expanded(&[1, 1, 4, 5], &[1, 2, 4, 5])]),
        ("max_pool3d", window(2, 2, 1), vec![Real(&[1, 2, 3, 4, 3])]),
        ("max_pool3d_positions", rest.clone(), vec![Real(&[1, 1, 3, 4, 3])]),
        ("avg_pool3d", rest, vec![Real(&[1, 2, 3, 4, 3])]),
        ("adaptive_avg_pool1d", json!({"size": 3}), vec![Real(&[2, 2, 5])]),
        ("adaptive_avg_pool3d", json!({"size": [2, 1, 3]}), vec![Real(&[1, 2, 3, 2, 4])]),
        ("adaptive_max_pool1d", json!({"size": 3}), vec![Real(&[2, 2, 5])]),
        ("adaptive_max_pool2d", json!({"size": [2, 3]}), vec![Real(&[1, 2, 5, 4])]),
        ("adaptive_max_pool3d", json!({"size": [2, 1, 3]}), vec![Real(&[1, 2, 3, 2, 4])]),
        // Where windows overlap, PyTorch gives each of two equal numbers at one place the whole gradient; no slope is that.
        ("max_unpool1d", window(2, 3, 0), vec![Real(&[2, 2, 7])]),
        ("max_unpool2d", window(2, 2, 0), vec![Real(&[1, 2, 4, 5])]),
        ("max_unpool3d", window(2, 2, 0), vec![Real(&[1, 1, 4, 3, 5])]),
    ];
    check("pooling", arms::pooling::ARMS, checks);
}
