//! Weights as GPT-2's were published.

use minitensor::nn::StateDict;

/// Matrices that the published files keep as (in, out), where a linear layer has (out, in).
const TRANSPOSED: [&str; 4] =
    ["attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight"];

/// The state of a [`Gpt`](super::Gpt) from the tensors of a published GPT-2.
///
/// There, names may begin with `transformer.`, the matrices of the blocks are transposed, masks are kept beside the
/// weights (`attn.bias`, `attn.masked_bias`), and the tied head may be left out.
pub fn from_published(tensors: &StateDict) -> StateDict {
    let mut state = StateDict::new();
    for (name, tensor) in tensors {
        let name = name.strip_prefix("transformer.").unwrap_or(name);
        if name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") {
            continue;
        }
        let turned = tensor.rank() == 2 && TRANSPOSED.iter().any(|end| name.ends_with(end));
        state.insert(name.to_string(), if turned { tensor.t() } else { tensor.clone() });
    }
    if let (None, Some(table)) = (state.get("lm_head.weight"), state.get("wte.weight").cloned()) {
        state.insert("lm_head.weight".to_string(), table);
    }
    state
}
