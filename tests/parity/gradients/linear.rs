use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn linear() {
    let mut checks = Vec::new();
    for op in ["linear", "linear_plain"] {
        checks.push((op, json!({}), vec![Real(&[3, 4]), Real(&[2, 4]), Real(&[2])]));
        checks.push((op, json!({}), vec![Real(&[2, 3, 4]), Real(&[5, 4])]));
        checks.push((op, json!({}), vec![Expanded(&[1, 4], &[3, 4]), Real(&[2, 4]), Real(&[2])]));
    }
    check("linear", arms::linear::ARMS, checks);
}
