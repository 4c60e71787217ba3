use serde_json::{Value, json};

use super::{Checks, Real, check};
use crate::arms;

#[test]
fn measures() {
    let norm = |p: Value| ("norm", json!({"p": p, "dim": [0, 2], "keepdim": true}), vec![Real(&[2, 3, 4])]);
    let mut checks: Checks = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0].map(|p| norm(json!(p))).into();
    checks.extend([norm(json!("inf")), norm(json!("-inf"))]);
    checks.push(("norm", json!({"p": 2.0, "dim": null}), vec![Real(&[3, 4])]));
    let spread = json!({"dim": 1, "keepdim": false, "unbiased": true});
    checks.push(("var_mean", spread.clone(), vec![Real(&[3, 4])]));
    checks.push(("flat_std", spread, vec![Real(&[3, 4])]));
    check("measures", arms::measures::ARMS, checks);
}
