use serde_json::json;

use super::{Checks, Expanded, Real, check};
use crate::arms;

#[test]
fn row_norm() {
    let of = |shape: &[usize]| json!({"shape": shape, "eps": 1e-5});
    let groups = |groups: usize| json!({"groups": groups, "eps": 1e-5});
    let mut checks: Checks = vec![
        ("layer_norm", of(&[4]), vec![Real(&[3, 4]), Real(&[4]), Real(&[4])]),
        ("layer_norm", of(&[3, 4]), vec![Real(&[2, 3, 4]), Real(&[3, 4]), Real(&[3, 4])]),
        ("layer_norm", of(&[5]), vec![Expanded(&[1, 5], &[3, 5])]),
        ("layer_norm", of(&[17]), vec![Real(&[2, 17]), Real(&[17])]),
        ("layer_norm_no_weight", of(&[4]), vec![Real(&[3, 4]), Real(&[4])]),
        ("rms_norm", of(&[4]), vec![Real(&[2, 3, 4]), Real(&[4])]),
        ("rms_norm", json!({"shape": [4], "eps": null}), vec![Real(&[3, 4])]),
        ("group_norm", groups(2), vec![Expanded(&[1, 4, 1], &[2, 4, 3])]),
    ];
    for shape in [&[3, 4][..], &[2, 4, 3], &[2, 4, 2, 2]] {
        for n in [1, 2, 4] {
            // a group of one number has no slope but that of rounding
            if shape.len() > 2 || n < 4 {
                let shape: &'static [usize] = shape;
                checks.push(("group_norm", groups(n), vec![Real(shape), Real(&[4]), Real(&[4])]));
            }
        }
    }
    check("row_norm", arms::row_norm::ARMS, checks);
}
