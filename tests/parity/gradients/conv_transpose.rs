use serde_json::json;

use super::{Expanded, Real, check};
use crate::arms;

#[test]
fn conv_transpose() {
    let options = |stride: usize, padding: usize, output_padding: usize, dilation: usize, groups: usize| json!({"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation, "groups": groups});
    let checks = vec![
        (
            "conv_transpose2d",
            options(1, 0, 0, 1, 1),
            vec![Real(&[2, 3, 3, 2]), Real(&[3, 2, 3, 2]), Real(&[2])],
        ),
        (
            "conv_transpose2d",
            options(2, 1, 1, 1, 1),
            vec![Real(&[1, 2, 3, 3]), Real(&[2, 2, 3, 3]), Real(&[2])],
        ),
        ("conv_transpose2d", options(1, 1, 1, 2, 2), vec![Real(&[1, 4, 3, 3]), Real(&[4, 1, 2, 2])]),
        (
            "conv_transpose2d",
            options(3, 0, 0, 1, 1),
            vec![Expanded(&[1, 2, 1, 2], &[1, 2, 3, 2]), Real(&[2, 1, 2, 2])],
        ),
        ("conv_transpose1d", options(1, 0, 0, 1, 1), vec![Real(&[2, 2, 4]), Real(&[2, 3, 3]), Real(&[3])]),
        ("conv_transpose1d", options(2, 1, 1, 2, 2), vec![Real(&[1, 4, 3]), Real(&[4, 1, 3])]),
    ];
    check("conv_transpose", arms::conv_transpose::ARMS, checks);
}
