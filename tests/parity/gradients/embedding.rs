use serde_json::json;

use super::{Expanded, Index, Real, check};
use crate::arms;

#[test]
fn embedding() {
    let checks = vec![
        ("embedding_with", json!({}), vec![Real(&[5, 3]), Index(5, &[2, 4])]),
        ("embedding_with", json!({}), vec![Expanded(&[1, 3], &[5, 3]), Index(5, &[7])]),
    ];
    check("embedding", arms::embedding::ARMS, checks);
}
