use serde_json::json;

use super::{Checks, Positive, Real, check};
use crate::arms;

#[test]
fn activations() {
    let mut checks: Checks = Vec::new();
    for op in [
        "selu",
        "mish",
        "logsigmoid",
        "relu6",
        "hardsigmoid",
        "hardswish",
        "softsign",
        "gelu_plain",
        "gelu_tanh_plain",
        "silu_plain",
        "mish_plain",
        "logsigmoid_plain",
        "hardswish_plain",
    ] {
        checks.push((op, json!({}), vec![Real(&[3, 4])]));
    }
    checks.push(("elu", json!({"alpha": 1.3}), vec![Real(&[3, 4])]));
    checks.push(("elu_plain", json!({"alpha": 1.3}), vec![Real(&[3, 4])]));
    checks.push(("leaky_relu_plain", json!({"negative_slope": 0.2}), vec![Real(&[3, 4])]));
    checks.push(("celu", json!({"alpha": 0.7}), vec![Real(&[3, 4])]));
    checks.push(("hardtanh", json!({"min": -0.6, "max": 1.1}), vec![Real(&[3, 4])]));
    checks.push(("prelu", json!({}), vec![Real(&[2, 3, 2]), Positive(&[3])]));
    check("activations", arms::activations::ARMS, checks);
}
