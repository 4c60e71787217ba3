use serde_json::json;

use super::{Checks, Positive, Real, check};
use crate::arms;

#[test]
fn functions() {
    let mut checks: Checks = Vec::new();
    for op in ["expm1", "floor", "ceil", "round", "trunc", "frac"] {
        checks.push((op, json!({}), vec![Real(&[3, 4])]));
    }
    for op in ["log1p", "log2", "log10", "rsqrt"] {
        checks.push((op, json!({}), vec![Positive(&[3, 4])]));
    }
    // away from π/2
    checks.push(("tan", json!({}), vec![Real(&[3, 2])]));
    checks.push(("clamp_min", json!({"min": -0.4}), vec![Real(&[3, 4])]));
    checks.push(("clamp_max", json!({"max": 0.4}), vec![Real(&[3, 4])]));
    checks.push(("remainder", json!({}), vec![Real(&[3, 4]), Positive(&[4])]));
    checks.push(("atan2", json!({}), vec![Real(&[3, 4]), Real(&[3, 1])]));
    checks.push(("lerp", json!({"weight": 0.3}), vec![Real(&[3, 4]), Real(&[4])]));
    check("functions", arms::functions::ARMS, checks);
}
