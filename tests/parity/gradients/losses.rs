use serde_json::json;

use super::{Checks, Constant, Index, Real, check};
use crate::arms;

#[test]
fn losses() {
    let mut checks: Checks = Vec::new();
    for dim in [0, 1, -1] {
        checks.push(("softmax", json!({"dim": dim}), vec![Real(&[3, 4, 2])]));
        checks.push(("log_softmax", json!({"dim": dim}), vec![Real(&[3, 4, 2])]));
    }
    for reduction in ["mean", "sum", "none"] {
        let arguments = json!({"reduction": reduction, "label_smoothing": 0.2});
        checks.push(("cross_entropy", arguments.clone(), vec![Real(&[5, 4]), Index(4, &[5])]));
        checks.push(("cross_entropy", arguments, vec![Real(&[5, 4]), Index(4, &[5]), Constant(&[4])]));
    }
    checks.push(("cross_entropy", json!({}), vec![Real(&[2, 3, 2, 2]), Index(3, &[2, 2, 2])]));
    checks.push(("nll_loss", json!({}), vec![Real(&[5, 4]), Index(4, &[5])]));
    checks.push(("mse_loss", json!({}), vec![Real(&[3, 4]), Real(&[3, 4])]));
    checks.push(("l1_loss", json!({}), vec![Real(&[3, 4]), Real(&[3, 4])]));
    checks.push(("bce_with_logits", json!({}), vec![Real(&[3, 4]), Real(&[3, 4])]));
    checks.push(("cross_entropy", json!({"ignore_index": 2}), vec![Real(&[6, 4]), Index(4, &[6])]));
    check("losses", arms::losses::ARMS, checks);
}
