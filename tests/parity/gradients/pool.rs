use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn pool() {
    let window = |kernel: usize, stride: usize, padding: usize, inside: bool| json!({"kernel": kernel, "stride": stride, "padding": padding, "count_include_pad": !inside});
    let checks = vec![
        ("max_pool2d", window(2, 2, 0, false), vec![Real(&[2, 2, 4, 5])]),
        ("max_pool2d", window(3, 2, 1, false), vec![Real(&[1, 2, 5, 5])]),
        ("max_pool2d_positions", window(2, 1, 0, false), vec![Real(&[2, 2, 4, 3])]),
        ("max_pool1d", window(3, 2, 1, false), vec![Real(&[2, 2, 7])]),
        ("avg_pool1d", window(3, 2, 1, false), vec![Real(&[2, 2, 7])]),
        ("avg_pool2d", window(2, 2, 0, false), vec![Real(&[2, 2, 4, 5])]),
        ("avg_pool2d", window(3, 2, 1, false), vec![Real(&[1, 2, 5, 5])]),
        ("avg_pool2d", window(3, 1, 1, true), vec![Expanded(&[1, 1, 4, 4], &[1, 2, 4, 4])]),
        ("adaptive_avg_pool2d", json!({"size": [1, 1]}), vec![Real(&[2, 2, 4, 3])]),
        ("adaptive_avg_pool2d", json!({"size": [3, 2]}), vec![Real(&[1, 2, 4, 5])]),
    ];
    check("pool", arms::pool::ARMS, checks);
}
