use serde_json::json;

use super::{Checks, Constant, Expanded, Real, check};
use crate::arms;

#[test]
fn attention() {
    let (all, causal) = (json!({}), json!({"is_causal": true, "scale": 0.7}));
    let mut checks: Checks = vec![
        ("attention", all.clone(), vec![Real(&[2, 3, 4, 2]), Real(&[2, 3, 5, 2]), Real(&[2, 3, 5, 3])]),
        ("attention", all.clone(), vec![Real(&[3, 2]), Expanded(&[1, 4, 2], &[2, 4, 2]), Real(&[2, 4, 1])]),
        ("attention", all.clone(), vec![Real(&[4, 3]), Real(&[5, 3]), Real(&[5, 2]), Real(&[4, 5])]),
        ("attention", all, vec![Real(&[4, 3]), Real(&[5, 3]), Real(&[5, 2]), Constant(&[4, 5])]),
    ];
    // one query, one key, a square, and more than one tile either way
    let shapes: [[&'static [usize]; 2]; 5] = [
        [&[1, 3], &[3, 3]],
        [&[3, 3], &[1, 3]],
        [&[4, 3], &[4, 3]],
        [&[67, 1], &[2, 1]],
        [&[2, 1], &[131, 1]],
    ];
    for [q, k] in shapes {
        checks.push(("attention", causal.clone(), vec![Real(q), Real(k), Real(k)]));
    }
    for causal in [false, true] {
        checks.push((
            "attention_weights",
            json!({"is_causal": causal}),
            vec![Real(&[2, 4, 3]), Real(&[2, 5, 3])],
        ));
    }
    check("attention", arms::attention::ARMS, checks);
}
