"""Twenty steps of an optimiser on a small regression, every parameter after every step; and gradient clipping."""

import torch
from torch import nn

from inputs import normal, values

STEPS = 20


def trajectory(make):
    """Minimises mean((tanh(x W + b) − y)²), and returns W and b after each step, stacked."""
    def run(x, y, w, b, **options):
        w, b = nn.Parameter(w.clone()), nn.Parameter(b.clone())
        optimiser = make([w, b], **options)
        ws, bs = [], []
        for _ in range(STEPS):
            optimiser.zero_grad()
            (((x @ w + b).tanh() - y) ** 2).mean().backward()
            optimiser.step()
            ws.append(w.detach().clone())
            bs.append(b.detach().clone())
        return torch.stack(ws), torch.stack(bs)
    return run


def clip_grad_norm(*gradients, max_norm):
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
    for p, g in zip(parameters, gradients):
        p.grad = g.clone()
    total = nn.utils.clip_grad_norm_(parameters, max_norm)
    return total, *[p.grad for p in parameters]


def clip_grad_value(*gradients, max_value):
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
    for p, g in zip(parameters, gradients):
        p.grad = g.clone()
    nn.utils.clip_grad_value_(parameters, max_value)
    return tuple(p.grad for p in parameters)


OPS = {
    "sgd": trajectory(torch.optim.SGD),
    "adam": trajectory(torch.optim.Adam),
    "adamw": trajectory(torch.optim.AdamW),
    "clip_grad_norm": clip_grad_norm,
    "clip_grad_value": clip_grad_value,
}


def cases(f):
    problem = [normal(8, 3).constant(), normal(8, 2).constant(), normal(3, 2).constant(), normal(2).constant()]
    options = {
        "sgd": {
            "plain": {"lr": 0.1},
            "momentum": {"lr": 0.1, "momentum": 0.9},
            "nesterov": {"lr": 0.1, "momentum": 0.9, "nesterov": True},
            "dampening": {"lr": 0.1, "momentum": 0.8, "dampening": 0.3},
            "decay": {"lr": 0.1, "weight_decay": 0.05},
            "momentum_decay": {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05},
            "nesterov_decay": {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05, "nesterov": True},
        },
        "adam": {
            "plain": {"lr": 0.05},
            "options": {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-4},
            "decay": {"lr": 0.05, "weight_decay": 0.1},
        },
        "adamw": {
            "plain": {"lr": 0.05},
            "decay": {"lr": 0.05, "weight_decay": 0.2},
            "options": {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-4, "weight_decay": 0.05},
        },
    }
    for op, each in options.items():
        for label, o in each.items():
            f(label, op, problem, **o)
    f("clipped", "clip_grad_norm", [normal(3, 4).constant(), normal(5).constant()], max_norm=0.5)
    f("within", "clip_grad_norm", [normal(3, 4).constant(), normal(5).constant()], max_norm=100.0)
    f("zero", "clip_grad_norm", [values([0.0, 0.0]).constant()], max_norm=1.0)
    f("clipped", "clip_grad_value", [normal(3, 4).constant(), normal(5).constant()], max_value=0.5)
