"""Attention with heads, and the transformer's encoder, with given weights: what they answer, and every gradient of it.

The inputs of a case are those of the layer (three for attention), the weights by their names (in `names`), and a weight
for each number of the answer, whose weighted sum is followed back. The outputs are the answer, then the gradients of the
inputs, then those of the weights.
"""

import torch
from torch import nn

from inputs import Input, indices, normal

MASKS = ("key_padding_mask", "attn_mask")


def masks_of(masks, given):
    """The masks by name; whole numbers are yes or no."""
    return {name: mask.bool() if not mask.is_floating_point() else mask for name, mask in zip(masks, given)}


def multihead(*tensors, names, masks, weights, causal, **make):
    model = nn.MultiheadAttention(**make).double()
    inputs, state, given, up = parts(tensors, 3, names, masks)
    options = masks_of(masks, given)
    if causal:
        t, s = (x.size(1 if make.get("batch_first") else 0) for x in inputs[:2])
        options["attn_mask"] = torch.ones(t, s).triu(1).bool()
    call = lambda parameters: torch.func.functional_call(model, parameters, tuple(inputs), {**options, "need_weights": weights})
    return answer(call, inputs, names, state, up, weights)


def encoder(*tensors, names, masks, depth, final_norm, gelu=False, **make):
    # Without gradients PyTorch takes another path; here it cannot.
    layer = nn.TransformerEncoderLayer(**make, dropout=0.0, activation="gelu" if gelu else "relu")
    norm = nn.LayerNorm(make["d_model"]) if final_norm else None
    model = nn.TransformerEncoder(layer, depth, norm, enable_nested_tensor=False)
    inputs, state, given, up = parts(tensors, 1, names, masks)
    options = {{"attn_mask": "mask", "key_padding_mask": "src_key_padding_mask"}[k]: v for k, v in masks_of(masks, given).items()}
    call = lambda parameters: (torch.func.functional_call(model, parameters, tuple(inputs), options),)
    return answer(call, inputs, names, state, up, False)


def parts(tensors, count, names, masks):
    inputs = [x.clone().requires_grad_() for x in tensors[:count]]
    at = count + len(names)
    state = [p.clone().requires_grad_() for p in tensors[count:at]]
    return inputs, state, tensors[at:at + len(masks)], tensors[-1]


def answer(call, inputs, names, state, up, weights):
    outputs = [y for y in call(dict(zip(names, state))) if y is not None]
    (outputs[0] * up).sum().backward()
    seen = [y.detach() for y in outputs] if weights else [outputs[0].detach()]
    return [*seen, *[x.grad for x in inputs], *[p.grad for p in state]]


OPS = {"multihead": multihead, "encoder": encoder}


def state_of(model):
    """Weights of the usual scale, 1 / sqrt(fan in)."""
    def drawn(shape):
        fan = shape[-1] if len(shape) > 1 else 4
        return Input(lambda g: torch.randn(shape, generator=g, dtype=torch.float64) / fan**0.5, grad=False)
    state = {name: drawn(p.shape) for name, p in model.named_parameters()}
    return list(state), list(state.values())


def padding(n, s):
    """The last n keys of text n are padding."""
    return indices([[int(key >= s - text) for key in range(s)] for text in range(n)])


def cases(f):
    multiheads = {
        "self": (dict(embed_dim=6, num_heads=2), (5, 2), {}),
        "batch_first": (dict(embed_dim=6, num_heads=3, batch_first=True), (4, 5), {}),
        "no_bias": (dict(embed_dim=4, num_heads=1, bias=False), (3, 7), {}),
        "other_widths": (dict(embed_dim=6, num_heads=2, kdim=3, vdim=5), (5, 4), {}),
        "padded": (dict(embed_dim=6, num_heads=2), (5, 4), {"key_padding_mask": padding(3, 4)}),
        "masked": (dict(embed_dim=6, num_heads=2), (3, 4), {"attn_mask": indices([[0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0]])}),
        "added": (dict(embed_dim=4, num_heads=2), (3, 4), {"attn_mask": normal(6, 3, 4).constant()}),
        "both": (dict(embed_dim=4, num_heads=2, batch_first=True), (3, 4), {"key_padding_mask": padding(3, 4), "attn_mask": indices([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])}),
    }
    for label, (make, (t, s), masks) in multiheads.items():
        names, state = state_of(nn.MultiheadAttention(**make))
        c = make["embed_dim"]
        shape = lambda length, width: normal(*((3, length) if make.get("batch_first") else (length, 3)), width).constant()
        inputs = [shape(t, c), shape(s, make.get("kdim", c)), shape(s, make.get("vdim", c))]
        for weights in (False, True):
            name = f"{label}_weights" if weights else label
            f(name, "multihead", [*inputs, *state, *masks.values(), shape(t, c)], dtypes=("f32",),
              names=names, masks=list(masks), **make, weights=weights, causal=label == "self")
    encoders = {
        "post": (dict(d_model=6, nhead=2, dim_feedforward=5), 2, {}),
        "pre": (dict(d_model=6, nhead=3, dim_feedforward=7, norm_first=True, batch_first=True), 2, {}),
        "masked": (dict(d_model=4, nhead=1, dim_feedforward=4), 1, {"attn_mask": indices([[0, 1, 1], [0, 0, 1], [0, 0, 0]]), "key_padding_mask": padding(2, 3)}),
    }
    for label, (make, depth, masks) in encoders.items():
        final = label == "pre"
        layer = nn.TransformerEncoderLayer(**make)
        names, state = state_of(nn.TransformerEncoder(layer, depth, nn.LayerNorm(make["d_model"]) if final else None, enable_nested_tensor=False))
        x = lambda: normal(*((2, 3) if make.get("batch_first") else (3, 2)), make["d_model"]).constant()
        f(label, "encoder", [x(), *state, *masks.values(), x()], dtypes=("f32",),
          names=names, masks=list(masks), **make, depth=depth, final_norm=final, gelu=final)
