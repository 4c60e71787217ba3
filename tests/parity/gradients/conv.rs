use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn conv() {
    let options = |stride: usize, padding: usize, dilation: usize, groups: usize| json!({"stride": stride, "padding": padding, "dilation": dilation, "groups": groups});
    let checks = vec![
        ("conv2d", options(1, 0, 1, 1), vec![Real(&[2, 3, 4, 5]), Real(&[2, 3, 3, 2]), Real(&[2])]),
        ("conv2d", options(2, 1, 1, 1), vec![Real(&[2, 2, 5, 4]), Real(&[3, 2, 3, 3]), Real(&[3])]),
        ("conv2d", options(1, 2, 2, 1), vec![Real(&[1, 2, 5, 5]), Real(&[2, 2, 3, 3])]),
        ("conv2d", options(1, 1, 1, 2), vec![Real(&[1, 4, 4, 4]), Real(&[4, 2, 3, 3]), Real(&[4])]),
        ("conv2d", options(1, 1, 1, 3), vec![Expanded(&[1, 3, 1, 4], &[2, 3, 4, 4]), Real(&[3, 1, 3, 3])]),
        ("conv1d", options(1, 1, 1, 1), vec![Real(&[2, 3, 6]), Real(&[2, 3, 3]), Real(&[2])]),
        ("conv1d", options(2, 2, 2, 2), vec![Real(&[1, 4, 7]), Real(&[2, 2, 3])]),
    ];
    check("conv", arms::conv::ARMS, checks);
}
