use serde_json::json;

use super::{Checks, Expanded, Real, check};
use crate::arms;

#[test]
fn reductions() {
    let mut checks: Checks = Vec::new();
    for op in ["sum", "mean", "var", "std", "max", "min"] {
        for dim in [json!(null), json!(0), json!(-1)] {
            checks.push((op, json!({"dim": dim, "keepdim": true, "unbiased": true}), vec![Real(&[3, 4])]));
        }
    }
    for op in ["sum", "mean", "var", "std", "amax", "amin", "logsumexp"] {
        checks.push((op, json!({"dim": [0, 2], "keepdim": false}), vec![Real(&[2, 3, 4])]));
    }
    checks.push(("logsumexp", json!({"dim": 1, "keepdim": true}), vec![Expanded(&[3, 1], &[3, 4])]));
    check("reductions", arms::reductions::ARMS, checks);
}
