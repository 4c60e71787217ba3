use serde_json::json;

use super::{Checks, Constant, Expanded, Index, Positive, Probability, Real, Sign, check};
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
    for reduction in ["mean", "sum", "none"] {
        let of = |mut arguments: serde_json::Value| {
            arguments["reduction"] = json!(reduction);
            arguments
        };
        let pair = || vec![Real(&[3, 4]), Real(&[3, 4])];
        checks.push(("soft_cross_entropy", of(json!({"label_smoothing": 0.1})), pair()));
        checks.push(("nll_loss", of(json!({})), vec![Real(&[5, 4]), Index(4, &[5]), Constant(&[4])]));
        checks.push(("mse_loss", of(json!({})), pair()));
        checks.push(("l1_loss", of(json!({})), pair()));
        checks.push(("smooth_l1_loss", of(json!({"beta": 0.7})), pair()));
        checks.push(("huber_loss", of(json!({"delta": 0.7})), pair()));
        checks.push(("bce", of(json!({})), vec![Probability(&[3, 4]), Real(&[3, 4]), Real(&[4])]));
        let weighted = vec![Real(&[3, 4]), Real(&[3, 4]), Real(&[3, 1]), Real(&[4])];
        checks.push(("bce_with_logits", of(json!({})), weighted));
        checks.push(("hinge_embedding_loss", of(json!({"margin": 1.0})), vec![Real(&[3, 4]), Sign(&[3, 4])]));
        let margin = vec![Real(&[5, 4]), Index(4, &[5]), Constant(&[4])];
        checks.push(("multi_margin_loss", of(json!({"p": 2, "margin": 0.8})), margin));
        checks.push(("kl_div", of(json!({"log_target": false})), vec![Real(&[3, 4]), Positive(&[3, 4])]));
        checks.push(("kl_div", of(json!({"log_target": true})), pair()));
        let turned = vec![Real(&[5, 3]), Real(&[5, 3]), Sign(&[5])];
        checks.push(("cosine_embedding_loss", of(json!({"margin": 0.2})), turned));
        checks.push(("gaussian_kl", of(json!({})), pair()));
    }
    checks.push(("multi_margin_loss", json!({}), vec![Real(&[5, 4]), Index(4, &[5])]));
    checks.push(("cosine_similarity", json!({"dim": 1, "eps": 100.0}), vec![Real(&[3, 4]), Real(&[3, 4])]));
    let cosine = json!({"dim": -1, "eps": 1e-8});
    checks.push(("cosine_similarity", cosine.clone(), vec![Real(&[3, 4]), Expanded(&[1, 4], &[3, 4])]));
    checks.push(("cosine_similarity", cosine, vec![Real(&[3, 1, 4]), Real(&[2, 4])]));
    check("losses", arms::losses::ARMS, checks);
}
