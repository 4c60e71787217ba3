use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn fold() {
    let windows =
        json!({"kernel": [2, 3], "stride": [1, 2], "padding": [1, 0], "dilation": [2, 1], "image": [3, 5]});
    let conv = json!({"stride": [2, 1], "padding": 1, "dilation": 1, "groups": 2});
    let checks = vec![
        ("unfold2d", windows.clone(), vec![Expanded(&[1, 2, 3, 5], &[2, 2, 3, 5])]),
        ("fold2d", windows, vec![Real(&[2, 6, 6])]),
        ("conv2d_plain", conv, vec![Real(&[1, 4, 4, 3]), Real(&[2, 2, 3, 2]), Real(&[2])]),
    ];
    check("fold", arms::fold::ARMS, checks);
}
