use serde_json::json;

use super::{Checks, Index, Mask, Real, check};
use crate::arms;

#[test]
fn picking() {
    let part = json!({"parts": [[1, 3, null], "new", [null, null, 2]]});
    let checks: Checks = vec![
        ("i", part, vec![Real(&[4, 3])]),
        ("i", json!({"parts": ["...", "tensor"]}), vec![Real(&[2, 3, 4]), Index(4, &[2, 3])]),
        (
            "i",
            json!({"parts": ["tensor", [0, 2, null], "tensor"]}),
            vec![Real(&[2, 3, 4]), Index(2, &[5]), Index(4, &[5])],
        ),
        ("i", json!({"parts": ["tensor"]}), vec![Real(&[3, 4]), Mask(&[3, 4])]),
        ("slice_assign", json!({"parts": [[1, 3, null], -1]}), vec![Real(&[4, 3]), Real(&[2])]),
        (
            "index_put",
            json!({"parts": ["tensor", "tensor"], "accumulate": true}),
            vec![Real(&[3, 4]), Real(&[2, 5]), Index(3, &[5]), Index(4, &[2, 1])],
        ),
        (
            "index_put",
            json!({"parts": ["...", "tensor"], "accumulate": false}),
            vec![Real(&[2, 3, 4]), Real(&[3, 1]), Index(4, &[1])],
        ),
        ("scatter", json!({"dim": 0}), vec![Real(&[4, 3]), Index(4, &[1, 3]), Real(&[1, 3])]),
        ("index_add", json!({"dim": 1}), vec![Real(&[3, 4]), Index(4, &[6]), Real(&[3, 6])]),
        ("take_along_dim", json!({"dim": 1}), vec![Real(&[3, 4]), Index(4, &[1, 2])]),
        ("masked_select", json!({}), vec![Real(&[3, 4]), Mask(&[4])]),
        ("tril", json!({"diagonal": 1}), vec![Real(&[2, 3, 4])]),
        ("triu", json!({"diagonal": 0}), vec![Real(&[4, 3])]),
    ];
    check("picking", arms::picking::ARMS, checks);
}
