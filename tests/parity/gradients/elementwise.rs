use serde_json::json;

use super::{Checks, Expanded, Positive, Real, check};
use crate::arms;

#[test]
fn elementwise() {
    let mut checks: Checks = Vec::new();
    for op in [
        "neg",
        "exp",
        "tanh",
        "sigmoid",
        "relu",
        "gelu",
        "gelu_tanh",
        "silu",
        "softplus",
        "abs",
        "sin",
        "erf",
        "sign",
        "cos",
        "square",
        "mul_self",
        "diamond",
    ] {
        checks.push((op, json!({}), vec![Real(&[3, 4])]));
        checks.push((op, json!({}), vec![Expanded(&[3, 1], &[2, 3, 2])]));
    }
    for op in ["ln", "sqrt", "recip"] {
        checks.push((op, json!({}), vec![Positive(&[3, 4])]));
    }
    for op in ["add_number", "sub_number", "number_sub", "mul_number", "div_number", "number_div"] {
        checks.push((op, json!({"number": 1.7}), vec![Positive(&[2, 3, 2])]));
    }
    for op in ["add", "sub", "mul", "div", "maximum", "minimum"] {
        checks.push((op, json!({}), vec![Real(&[3, 4]), Positive(&[3, 4])]));
        checks.push((op, json!({}), vec![Real(&[3, 1, 2]), Positive(&[4, 1])]));
        checks.push((op, json!({}), vec![Real(&[]), Expanded(&[3, 1], &[3, 2])].into_iter().rev().collect()));
    }
    checks.push(("pow_tensor", json!({}), vec![Positive(&[3, 4]), Real(&[3, 4])]));
    checks.push(("pow_tensor", json!({}), vec![Positive(&[3, 1]), Real(&[2, 1, 4])]));
    checks.push(("pow", json!({"exponent": 2.5}), vec![Positive(&[3, 4])]));
    checks.push(("pow", json!({"exponent": 3.0}), vec![Real(&[3, 4])]));
    checks.push(("leaky_relu", json!({"negative_slope": 0.2}), vec![Real(&[3, 4])]));
    checks.push(("clamp", json!({"min": -0.7, "max": 0.9}), vec![Real(&[4, 5])]));
    check("elementwise", arms::elementwise::ARMS, checks);
}
