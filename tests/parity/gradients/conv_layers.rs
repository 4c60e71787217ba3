use serde_json::json;

use super::{Real, check};
use crate::arms;

#[test]
fn conv_layers() {
    let checks = ["zeros", "reflect", "replicate", "circular"].map(|mode| {
        let arguments = json!({"kernel": [3, 2], "padding": "same", "mode": mode});
        ("conv_layer", arguments, vec![Real(&[1, 2, 4, 3]), Real(&[2, 2, 3, 2]), Real(&[2])])
    });
    check("conv_layers", arms::conv_layers::ARMS, checks.into());
}
