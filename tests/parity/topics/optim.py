"""Twenty steps of an optimiser on a small regression, every parameter after every step; and gradient clipping."""

import math

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

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


def grouped(make):
    """The same with W and b in groups of their own: b at a multiple of the rate, and with another decay."""
    def groups(parameters, *, lr, scale, decays, **options):
        w, b = ({"params": [p], "weight_decay": d} for p, d in zip(parameters, decays))
        return make([{**w, "lr": lr}, {**b, "lr": lr * scale}], **options)
    return trajectory(groups)


class Weights(nn.Module):
    def __init__(self, w, b):
        super().__init__()
        self.w, self.b = nn.Parameter(w.clone()), nn.Parameter(b.clone())


def ema(x, y, w, b, *, decay, warmup):
    """The averages of W and b after each step of SGD."""
    model = Weights(w, b)
    # n counts the copy at the start, too
    part = lambda n: min(decay, (1 + n - 1) / (10 + n - 1)) if warmup else decay
    average = AveragedModel(model, avg_fn=lambda a, p, n: part(n.item()) * a + (1 - part(n.item())) * p)
    average.update_parameters(model)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.2)
    ws, bs = [], []
    for _ in range(STEPS):
        optimiser.zero_grad()
        (((x @ model.w + model.b).tanh() - y) ** 2).mean().backward()
        optimiser.step()
        average.update_parameters(model)
        ws.append(average.module.w.detach().clone())
        bs.append(average.module.b.detach().clone())
    return torch.stack(ws), torch.stack(bs)


def clip_grad_norm(*gradients, max_norm, norm_type=2.0):
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
    for p, g in zip(parameters, gradients):
        p.grad = g.clone()
    total = nn.utils.clip_grad_norm_(parameters, max_norm, norm_type)
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
    "rmsprop": trajectory(torch.optim.RMSprop),
    "adagrad": trajectory(torch.optim.Adagrad),
    "adadelta": trajectory(torch.optim.Adadelta),
    "sgd_groups": grouped(torch.optim.SGD),
    "adamw_groups": grouped(torch.optim.AdamW),
    "ema": ema,
    "clip_grad_norm": clip_grad_norm,
    "clip_grad_value": clip_grad_value,
}


OPTIONS = {
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
        "amsgrad": {"lr": 0.05, "betas": [0.8, 0.7], "amsgrad": True, "weight_decay": 0.1},
    },
    "adamw": {
        "plain": {"lr": 0.05},
        "decay": {"lr": 0.05, "weight_decay": 0.2},
        "options": {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-4, "weight_decay": 0.05},
        "amsgrad": {"lr": 0.05, "betas": [0.8, 0.7], "amsgrad": True},
    },
    "rmsprop": {
        "plain": {"lr": 0.01},
        "options": {"lr": 0.01, "alpha": 0.9, "eps": 1e-4},
        "decay": {"lr": 0.01, "weight_decay": 0.1},
        "momentum": {"lr": 0.01, "momentum": 0.9},
        "centered": {"lr": 0.01, "alpha": 0.9, "eps": 1e-3, "centered": True},
        "all": {"lr": 0.01, "alpha": 0.9, "eps": 1e-3, "momentum": 0.8, "centered": True, "weight_decay": 0.1},
    },
    "adagrad": {
        "plain": {"lr": 0.1},
        "lr_decay": {"lr": 0.1, "lr_decay": 0.2},
        "start": {"lr": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-4},
        "all": {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.1},
    },
    "adadelta": {
        "plain": {"lr": 1.0},
        "options": {"lr": 0.5, "rho": 0.8, "eps": 1e-3},
        "decay": {"lr": 1.0, "eps": 1e-4, "weight_decay": 0.1},
    },
}


def cases(f):
    problem = [normal(8, 3).constant(), normal(8, 2).constant(), normal(3, 2).constant(), normal(2).constant()]
    # W and b lie in memory as views of larger or turned tensors do.
    strided = [
        normal(7, 5).constant(),
        normal(7, 1).constant(),
        normal(3, 5).transpose(0, 1).narrow(1, 1, 1).constant(),
        normal(4).narrow(0, 2, 1).constant(),
    ]
    for op, each in OPTIONS.items():
        for label, options in each.items():
            f(label, op, problem, **options)
        f("strided", op, strided, **each[list(each)[-1]])
    for op, lr in [("sgd_groups", 0.1), ("adamw_groups", 0.05)]:
        options = {"momentum": 0.9} if op == "sgd_groups" else {}
        f("two", op, problem, lr=lr, scale=2.0, decays=[0.1, 0.0], **options)
    f("plain", "ema", problem, decay=0.8, warmup=False)
    f("warmup", "ema", problem, decay=0.5, warmup=True)
    clipped = [normal(3, 4).constant(), normal(4, 5).transpose(0, 1).constant(), normal(5).constant()]
    f("clipped", "clip_grad_norm", clipped, max_norm=0.5)
    f("within", "clip_grad_norm", clipped, max_norm=100.0)
    f("zero", "clip_grad_norm", [values([0.0, 0.0]).constant()], max_norm=1.0)
    f("largest", "clip_grad_norm", clipped, max_norm=0.5, norm_type=math.inf)
    f("one", "clip_grad_norm", clipped, max_norm=0.5, norm_type=1.0)
    f("three", "clip_grad_norm", clipped, max_norm=0.5, norm_type=3.0)
    f("clipped", "clip_grad_value", clipped, max_value=0.5)
