"""Scaled dot-product attention."""

import torch
import torch.nn.functional as F

from inputs import indices, normal


def attention(q, k, v, mask=None, *, is_causal=False, scale=None):
    if mask is not None and not mask.is_floating_point():
        mask = mask.bool()
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=is_causal, scale=scale)


def weights(q, k, *, is_causal=False):
    """What attention makes of each key: what it reads where the values are the identity."""
    return attention(q, k, torch.eye(k.size(-2), dtype=k.dtype).expand(*k.shape[:-1], k.size(-2)), is_causal=is_causal)


OPS = {"attention": attention, "attention_weights": weights}


def hides(*shape: int, blind=()):
    """1 for each key that a query may see, by a fixed pattern; the queries in `blind` see none."""
    allowed = (torch.arange(torch.Size(shape).numel()) * 7 % 5 > 1).reshape(shape)
    allowed[..., 0] = True
    for query in blind:
        allowed[..., query, :] = False
    return indices(allowed.long().tolist(), *shape)


def cases(f):
    shapes = {
        "plain": ((2, 3, 5, 4), 5, 4),
        "one_query": ((2, 2, 1, 4), 7, 4),
        "one_key": ((2, 2, 5, 4), 1, 4),
        "odd_width": ((1, 2, 6, 3), 9, 3),
        "wide_values": ((2, 4, 3), 6, 5),
        "no_heads": ((5, 4), 3, 4),
        "more_queries": ((1, 1, 9, 2), 4, 3),
        "five_dims": ((2, 1, 2, 3, 4), 3, 4),
        "tiles": ((1, 1, 67, 3), 133, 3),
    }
    for label, ((*lead, t, e), s, ev) in shapes.items():
        inputs = [normal(*lead, t, e), normal(*lead, s, e), normal(*lead, s, ev)]
        f(label, "attention", inputs)
        f(f"{label}_causal", "attention", inputs, is_causal=True)
    # As they come out of one linear layer: (B, T, 3C), cut in three, and heads before tokens.
    heads = [normal(2, 6, 24).narrow(2, 8 * i, 8).reshape(2, 6, 2, 4).transpose(1, 2) for i in range(3)]
    f("heads", "attention", heads, is_causal=True)
    f("turned", "attention", [normal(2, 4, 5).transpose(1, 2), normal(2, 4, 7).transpose(1, 2), normal(2, 3, 7).transpose(1, 2)])
    f("expanded_keys", "attention", [normal(2, 4, 5, 3), normal(2, 1, 6, 3).expand(2, 4, 6, 3), normal(2, 1, 6, 3).expand(2, 4, 6, 3)])
    f("scaled", "attention", [normal(2, 5, 4), normal(2, 6, 4), normal(2, 6, 4)], scale=0.3)
    f("summed", "attention", [normal(2, 5, 4), normal(2, 6, 4), normal(2, 6, 4)], upstream="ones")
    masked = [normal(2, 2, 5, 4), normal(2, 2, 7, 4), normal(2, 2, 7, 3)]
    f("hidden", "attention", [*masked, hides(5, 7)])
    f("hidden_keys", "attention", [*masked, hides(2, 1, 1, 7)])
    f("blind_query", "attention", [*masked, hides(2, 2, 5, 7, blind=[3])])
    f("added", "attention", [*masked, normal(5, 7).constant()])
    f("added_heads", "attention", [*masked, normal(1, 2, 7, 5).transpose(2, 3).constant()])
    f("learned_mask", "attention", [*masked, normal(2, 1, 5, 7)])
    for label, causal in [("plain", False), ("causal", True)]:
        f(label, "attention_weights", [normal(2, 5, 4), normal(2, 6, 4)], is_causal=causal)
