use serde_json::json;

use super::{Checks, Expanded, Real, check};
use crate::arms;

#[test]
fn rearranging() {
    let checks: Checks = vec![
        ("flip_dims", json!({"dims": [0, 1]}), vec![Real(&[3, 4])]),
        ("roll", json!({"shift": -3, "dim": 1}), vec![Real(&[3, 4])]),
        ("repeat", json!({"times": [2, 1, 3]}), vec![Real(&[3, 2])]),
        ("tile", json!({"times": [2]}), vec![Real(&[3, 2])]),
        ("repeat_interleave", json!({"times": 2, "dim": 0}), vec![Real(&[3, 2])]),
        ("pad", json!({"amounts": [1, -1, 2, 0], "mode": "constant", "value": 2.0}), vec![Real(&[3, 4])]),
        ("pad", json!({"amounts": [1, 2, 2, 1], "mode": "reflect"}), vec![Real(&[3, 4])]),
        ("pad", json!({"amounts": [3, 2, 2, 1], "mode": "replicate"}), vec![Expanded(&[3, 1], &[3, 4])]),
        ("pad", json!({"amounts": [3, 2, 2, 1], "mode": "circular"}), vec![Real(&[3, 4])]),
        ("split_with_sizes", json!({"sizes": [3, 1], "dim": 1}), vec![Real(&[3, 4])]),
        ("chunk", json!({"n": 2, "dim": 0}), vec![Real(&[3, 4])]),
        ("unbind", json!({"dim": 1}), vec![Real(&[3, 4])]),
        ("unfold", json!({"dim": 0, "size": 3, "step": 1}), vec![Real(&[5, 2])]),
        ("unfold", json!({"dim": 1, "size": 2, "step": 3}), vec![Real(&[2, 7])]),
        ("diagonal", json!({"offset": 1, "dim1": 0, "dim2": 2}), vec![Real(&[3, 2, 4])]),
        ("movedim", json!({"source": 0, "to": -1}), vec![Real(&[3, 2, 4])]),
        ("unflatten", json!({"dim": 0, "sizes": [2, -1]}), vec![Real(&[6, 2])]),
        ("broadcast_to", json!({"shape": [2, 3, 4]}), vec![Real(&[3, 1])]),
    ];
    check("rearranging", arms::rearranging::ARMS, checks);
}
