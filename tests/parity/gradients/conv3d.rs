use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn conv3d() {
    let down = json!({"stride": [2, 1, 2], "padding": 1, "dilation": [1, 2, 1], "groups": 1});
    let grouped = json!({"stride": 1, "padding": 0, "dilation": 1, "groups": 2});
    let up = json!({"stride": [2, 1, 2], "padding": [1, 0, 0], "output_padding": [1, 0, 1], "dilation": 1, "groups": 1});
    let checks = vec![
        ("conv3d", down, vec![Real(&[1, 2, 3, 3, 3]), Real(&[2, 2, 2, 2, 3]), Real(&[2])]),
        ("conv3d", grouped, vec![Expanded(&[1, 2, 1, 2, 2], &[1, 2, 2, 2, 2]), Real(&[2, 1, 2, 2, 1])]),
        ("conv_transpose3d", up, vec![Real(&[1, 2, 2, 2, 2]), Real(&[2, 2, 3, 2, 2]), Real(&[2])]),
    ];
    check("conv3d", arms::conv3d::ARMS, checks);
}
