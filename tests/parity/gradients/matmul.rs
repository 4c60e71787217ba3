use serde_json::json;

use super::{Real, check};
use crate::arms;

#[test]
fn matmul() {
    let pairs: [[&'static [usize]; 2]; 12] = [
        [&[3, 4], &[4, 5]],
        [&[1, 4], &[4, 1]],
        [&[4], &[4]],
        [&[4], &[4, 3]],
        [&[3, 4], &[4]],
        [&[2, 3, 4], &[2, 4, 2]],
        [&[2, 3, 4], &[4, 2]],
        [&[3, 4], &[2, 4, 2]],
        [&[2, 1, 3, 2], &[3, 2, 2]],
        [&[3, 2], &[2, 2, 2, 3]],
        [&[2], &[2, 2, 3]],
        [&[2, 1, 2, 3], &[3]],
    ];
    let checks = pairs.map(|[a, b]| ("matmul", json!({}), vec![Real(a), Real(b)]));
    check("matmul", arms::matmul::ARMS, checks.into());
}
