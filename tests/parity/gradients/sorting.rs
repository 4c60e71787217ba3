use serde_json::json;

use super::{Checks, Real, check};
use crate::arms;

#[test]
fn sorting() {
    let checks: Checks = vec![
        ("sort", json!({"dim": 0, "descending": true}), vec![Real(&[4, 3])]),
        ("topk", json!({"k": 2, "dim": 1, "largest": true}), vec![Real(&[3, 4])]),
        ("kthvalue", json!({"k": 2, "dim": 0, "keepdim": false}), vec![Real(&[4, 3])]),
        ("median", json!({"dim": 1, "keepdim": true}), vec![Real(&[3, 5])]),
        ("quantile", json!({"q": 0.37, "dim": 1, "keepdim": false}), vec![Real(&[3, 5])]),
        ("quantile", json!({"q": 0.8, "dim": null, "keepdim": false}), vec![Real(&[3, 5])]),
        ("cumsum", json!({"dim": 0}), vec![Real(&[3, 4])]),
        ("cumprod", json!({"dim": 1}), vec![Real(&[3, 4])]),
        ("prod", json!({"dim": 1, "keepdim": true}), vec![Real(&[3, 4])]),
        ("prod", json!({"dim": null, "keepdim": false}), vec![Real(&[2, 3])]),
    ];
    check("sorting", arms::sorting::ARMS, checks);
}
