use serde_json::json;

use super::{Index, Mask, Real, check};
use crate::arms;

#[test]
fn indexing() {
    let checks = vec![
        ("index_select", json!({"dim": 1}), vec![Real(&[3, 4]), Index(4, &[6])]),
        ("gather", json!({"dim": 0}), vec![Real(&[3, 4]), Index(3, &[5, 4])]),
        ("embedding", json!({}), vec![Real(&[5, 3]), Index(5, &[2, 4])]),
        ("masked_fill", json!({"value": 0.5}), vec![Real(&[3, 4]), Mask(&[4])]),
        ("where", json!({}), vec![Mask(&[3, 1]), Real(&[3, 4]), Real(&[4])]),
        ("scatter_add", json!({"dim": 1}), vec![Real(&[3, 4]), Index(4, &[3, 6]), Real(&[3, 6])]),
    ];
    check("indexing", arms::indexing::ARMS, checks);
}
