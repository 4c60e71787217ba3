"""Small GPTs with given weights: the loss and every gradient of one batch, and twenty steps of AdamW on it.

The model is nanoGPT's (Karpathy, 2022), whose names are those of GPT-2.
"""

import torch
from torch import nn
from torch.nn import functional as F

from inputs import integers
from training import draw, train


class Attention(nn.Module):
    def __init__(self, width, heads, bias):
        super().__init__()
        self.heads = heads
        self.c_attn, self.c_proj = nn.Linear(width, 3 * width, bias=bias), nn.Linear(width, width, bias=bias)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (part.view(b, t, self.heads, -1).transpose(1, 2) for part in self.c_attn(x).split(c, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(b, t, c))


class MLP(nn.Module):
    def __init__(self, width, bias, tanh):
        super().__init__()
        self.c_fc, self.c_proj = nn.Linear(width, 4 * width, bias=bias), nn.Linear(4 * width, width, bias=bias)
        self.gelu = nn.GELU(approximate="tanh" if tanh else "none")

    def forward(self, x):
        return self.c_proj(self.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, width, heads, bias, tanh):
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(width, bias=bias), Attention(width, heads, bias)
        self.ln_2, self.mlp = nn.LayerNorm(width, bias=bias), MLP(width, bias, tanh)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self, vocab, context, layers, heads, width, bias, tied, tanh):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, width), nn.Embedding(context, width)
        self.h = nn.ModuleList(Block(width, heads, bias, tanh) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width, bias=bias)
        self.lm_head = nn.Linear(width, vocab, bias=False)
        if tied:
            self.lm_head.weight = self.wte.weight

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.size(1)))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


def gpt(ids, after, *state, names, lr, weight_decay, eps, **sizes):
    model = GPT(**sizes).to(state[0].dtype)
    model.load_state_dict(dict(zip(names, state)))
    decayed = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=lr, eps=eps)
    loss = lambda: F.cross_entropy(model(ids).flatten(0, 1), after.flatten())
    return train(model, optimiser, loss, lambda: model(ids))


OPS = {"gpt": gpt}


def cases(f):
    plain = {"vocab": 11, "context": 7, "layers": 2, "heads": 2, "width": 8, "bias": True, "tied": True, "tanh": True}
    designs = {
        "gpt2": plain,
        "exact": {**plain, "tanh": False},
        "untied": {**plain, "tied": False, "tanh": False},
        "no_bias": {**plain, "bias": False, "heads": 3, "width": 6, "layers": 1},
        "untied_no_bias": {**plain, "tied": False, "bias": False, "heads": 1, "width": 6, "layers": 1},
    }
    for label, sizes in designs.items():
        # A tied weight has two names here, of which the later is read last on both sides.
        shapes = GPT(**sizes).state_dict()
        state = [draw(name, tensor) for name, tensor in shapes.items()]
        inputs = [integers(11, 3, 6), integers(11, 3, 6), *state]
        # A key's bias has no gradient but rounding, which Adam would blow up: eps is above it.
        options = {"lr": 0.01, "weight_decay": 0.1, "eps": 1e-3}
        # a model of ours computes in F32
        f(label, "gpt", inputs, dtypes=("f32",), names=list(shapes), **options, **sizes)
