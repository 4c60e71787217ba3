use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn movement() {
    let checks = vec![
        ("reshape", json!({"shape": [6, 4]}), vec![Real(&[2, 3, 4])]),
        ("permute", json!({"dims": [2, 0, 1]}), vec![Real(&[2, 3, 4])]),
        ("transpose", json!({"dim0": 0, "dim1": -1}), vec![Real(&[2, 3, 4])]),
        ("t", json!({}), vec![Real(&[3, 4])]),
        ("expand", json!({"shape": [2, 3, 4]}), vec![Real(&[3, 1])]),
        ("narrow", json!({"dim": 1, "start": 1, "length": 2}), vec![Real(&[3, 4])]),
        ("select", json!({"dim": 0, "index": 2}), vec![Real(&[3, 4])]),
        ("squeeze", json!({"dim": 1}), vec![Real(&[3, 1, 4])]),
        ("unsqueeze", json!({"dim": 1}), vec![Real(&[3, 4])]),
        ("flatten", json!({"start": 1, "end": -1}), vec![Real(&[2, 3, 4])]),
        ("flip", json!({"dims": [0, 1]}), vec![Real(&[3, 4])]),
        ("cat", json!({"dim": 1}), vec![Real(&[3, 4]), Real(&[3, 1]), Expanded(&[3, 1], &[3, 2])]),
        ("stack", json!({"dim": 1}), vec![Real(&[3, 4]), Real(&[3, 4])]),
        ("contiguous", json!({}), vec![Real(&[3, 4])]),
        ("split", json!({"length": 2, "dim": 1}), vec![Real(&[3, 4])]),
        ("step", json!({"dim": 1, "step": 2}), vec![Real(&[3, 5])]),
        ("to_dtype", json!({"dtype": "f64"}), vec![Real(&[3, 4])]),
    ];
    check("movement", arms::movement::ARMS, checks);
}
