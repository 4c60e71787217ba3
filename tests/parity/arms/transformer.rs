use minitensor::nn::{
    AttentionMasks, EncoderOptions, LayerNorm, Module, MultiheadAttention, StateDict, TransformerEncoder,
};
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::Arm;
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[
    ("multihead", |x, args| {
        let attention = multihead(args);
        let case = Case::of(&attention, 3, x, args);
        let [query, key, value] = &case.inputs[..] else { unreachable!() };
        let masks = AttentionMasks { causal: args.bool("causal"), ..case.masks.clone() };
        let outputs = match args.bool("weights") {
            true => {
                let (y, weights) = attention.attend_with_weights(query, key, value, &masks);
                vec![y, weights]
            }
            false => vec![attention.attend(query, key, value, &masks)],
        };
        case.answer(&attention, outputs, args)
    }),
    ("encoder", |x, args| {
        let options = EncoderOptions {
            feedforward: args.usize("dim_feedforward"),
            dropout: 0.0,
            activation: if args.bool("gelu") { Tensor::gelu } else { Tensor::relu },
            norm_first: args.bool("norm_first"),
            batch_first: args.bool("batch_first"),
        };
        let (depth, width) = (args.usize("depth"), args.usize("d_model"));
        let rng = &mut ChaCha8Rng::seed_from_u64(0);
        let mut encoder = TransformerEncoder::new(depth, width, args.usize("nhead"), options, rng);
        if args.bool("final_norm") {
            encoder = encoder.norm(LayerNorm::new([width]));
        }
        let case = Case::of(&encoder, 1, x, args);
        let y = encoder.encode(&case.inputs[0], &case.masks);
        case.answer(&encoder, vec![y], args)
    }),
];

fn multihead(args: &Args) -> MultiheadAttention {
    let (width, heads) = (args.usize("embed_dim"), args.usize("num_heads"));
    let rng = &mut ChaCha8Rng::seed_from_u64(0);
    let mut attention = match args.has("kdim") {
        true => MultiheadAttention::with_dims(width, heads, args.usize("kdim"), args.usize("vdim"), rng),
        false => MultiheadAttention::new(width, heads, rng),
    };
    if args.bool("batch_first") {
        attention = attention.batch_first();
    }
    if args.has("bias") && !args.bool("bias") { attention.without_bias() } else { attention }
}

/// The tensors of a case, as topics/transformer.py orders them.
struct Case {
    inputs: Vec<Tensor>,
    masks: AttentionMasks,
    up: Tensor,
}

impl Case {
    /// Puts the weights into the model, and takes the rest apart.
    fn of(model: &impl Module, count: usize, x: &[Tensor], args: &Args) -> Case {
        let names = args.strings("names");
        let (inputs, rest) = x.split_at(count);
        let (state, rest) = rest.split_at(names.len());
        let state: StateDict = names.into_iter().zip(state.iter().cloned()).collect();
        model.load_state_dict(&state).unwrap_or_else(|error| panic!("{error}"));
        let mask = |name: &str| {
            let at = args.strings("masks").iter().position(|known| known == name)?;
            let mask = &rest[at];
            Some(if mask.dtype() == DType::I64 { mask.to_dtype(DType::U8) } else { mask.clone() })
        };
        Case {
            inputs: inputs.iter().map(|input| input.detach().requires_grad_()).collect(),
            masks: AttentionMasks {
                key_padding_mask: mask("key_padding_mask"),
                attn_mask: mask("attn_mask"),
                causal: false,
            },
            up: rest[rest.len() - 1].clone(),
        }
    }

    /// The outputs; the gradients of the inputs; those of the weights.
    fn answer(&self, model: &impl Module, outputs: Vec<Tensor>, args: &Args) -> Vec<Tensor> {
        (&outputs[0] * &self.up).sum().backward();
        let parameters: StateDict = model.named_parameters().into_iter().collect();
        let of_weights = args.strings("names").into_iter().map(|name| parameters[&name].grad());
        let gradients = self.inputs.iter().map(Tensor::grad).chain(of_weights);
        let gradients = gradients.map(|grad| grad.expect("every input and weight has a gradient"));
        outputs.iter().map(Tensor::detach).chain(gradients).collect()
    }
}
