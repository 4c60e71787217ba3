//! Is every op held to PyTorch? An arm runs an op's forward and backward, and fails where PyTorch has a gradient and we have
//! none; so an op without an arm is the only one whose gradient could stop without a word.

use std::collections::BTreeMap;
use std::path::Path;

/// Ops that no arm calls, and where they are tested instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("add", "`+` in arms/elementwise.rs"),
    ("sub", "`-` in arms/elementwise.rs"),
    ("mul", "`*` in arms/elementwise.rs"),
    ("div", "`/` in arms/elementwise.rs"),
    ("neg", "`-` in arms/elementwise.rs"),
    ("add_scalar", "`+` with a number in arms/elementwise.rs"),
    ("mul_scalar", "`*` with a number in arms/elementwise.rs"),
    ("permute", "arms/movement.rs by way of runner.rs"),
    ("to_device", "there is one device so far"),
    ("to", "to_device, and a panic"),
    ("dropout", "by chance, so minitensor/tests/dropout.rs counts"),
    ("attention_with_dropout", "by chance, so minitensor/tests/attention.rs counts"),
    ("feature_dropout", "minitensor/tests/dropout.rs"),
    ("alpha_dropout", "minitensor/tests/dropout.rs"),
    ("norm_except_dim", "a part of weight_norm"),
    ("binary_cross_entropy", "binary_cross_entropy_with and its defaults"),
    ("binary_cross_entropy_with_logits", "binary_cross_entropy_with_logits_with and its defaults"),
    ("cross_entropy", "arms/layers.rs, and cross_entropy_with"),
    ("nll_loss", "nll_loss_with and its defaults"),
    ("mse_loss", "mse_loss_with and its defaults"),
    ("l1_loss", "l1_loss_with and its defaults"),
    ("multi_margin_loss", "multi_margin_loss_with and its defaults"),
];

#[test]
fn every_op_has_an_arm() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arms: String = sources(&root.join("parity/arms")).into_values().collect();
    let mut missing = Vec::new();
    let mut ops = Vec::new();
    for (file, text) in sources(&root.join("../minitensor/src/ops")) {
        for name in text.lines().filter_map(method) {
            let called = arms.contains(&format!(".{name}(")) || arms.contains(&format!("Tensor::{name}"));
            // a plain twin is what its fused op is compared with
            let known = name.ends_with("_plain") || ELSEWHERE.iter().any(|(op, _)| *op == name);
            if !called && !known {
                missing.push(format!("{name} ({file})"));
            }
            ops.push(name.to_string());
        }
    }
    assert!(ops.len() > 100, "only {} ops were found: {ops:?}", ops.len());
    assert!(missing.is_empty(), "ops that no arm calls:\n  {}", missing.join("\n  "));
    let gone: Vec<_> = ELSEWHERE.iter().filter(|(op, _)| !ops.iter().any(|known| known == op)).collect();
    assert!(gone.is_empty(), "there are no such ops: {gone:?}");
}

/// The name of the public method of a tensor that this line declares.
fn method(line: &str) -> Option<&str> {
    let (name, arguments) = line.strip_prefix("    pub fn ")?.split_once(['(', '<'])?;
    let takes_a_tensor = arguments.is_empty() || arguments.contains("self") || arguments.contains("Tensor");
    takes_a_tensor.then_some(name)
}

/// The text of each Rust file below a folder.
fn sources(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder is in this repository").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("it is text");
            found.insert(path.display().to_string(), text);
        }
    }
    found
}
