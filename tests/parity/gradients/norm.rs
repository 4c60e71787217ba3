use serde_json::json;

use super::{Constant, Real, check};
use crate::arms;

#[test]
fn norm() {
    let mode = |training: bool| json!({"training": training, "momentum": 0.1, "eps": 1e-5});
    let parts = |x: &'static [usize]| vec![Real(x), Constant(&[3]), Constant(&[3]), Real(&[3]), Real(&[3])];
    let checks = [true, false].into_iter().flat_map(|training| {
        [&[5, 3][..], &[2, 3, 4], &[2, 3, 2, 2]].map(|x| ("batch_norm", mode(training), parts(x)))
    });
    let untracked = ("batch_norm_untracked", mode(true), vec![Real(&[2, 3, 4]), Real(&[3]), Real(&[3])]);
    check("norm", arms::norm::ARMS, checks.chain([untracked]).collect());
}
