use serde_json::json;

use super::{Checks, Constant, Real, check};
use crate::arms;

#[test]
fn norm() {
    let mode = |training: bool| json!({"training": training, "momentum": 0.1, "eps": 1e-5});
    let parts = |x: &'static [usize]| vec![Real(x), Constant(&[3]), Constant(&[3]), Real(&[3]), Real(&[3])];
    let mut checks: Checks = Vec::new();
    for training in [true, false] {
        for x in [&[5, 3][..], &[2, 3, 4], &[2, 3, 2, 2]] {
            checks.push(("batch_norm", mode(training), parts(x)));
        }
        checks.push(("instance_norm", mode(training), parts(&[2, 3, 4])));
        checks.push(("instance_norm", mode(training), parts(&[2, 3, 2, 3])));
    }
    checks.push(("batch_norm_untracked", mode(true), vec![Real(&[2, 3, 4]), Real(&[3]), Real(&[3])]));
    checks.push((
        "instance_norm_untracked",
        json!({"eps": 1e-5}),
        vec![Real(&[2, 3, 4]), Real(&[3]), Real(&[3])],
    ));
    checks.push(("weight_norm", json!({"dim": 0}), vec![Real(&[3, 2, 4]), Real(&[3, 1, 1])]));
    checks.push(("weight_norm", json!({"dim": -1}), vec![Real(&[3, 4]), Real(&[1, 4])]));
    check("norm", arms::norm::ARMS, checks);
}
