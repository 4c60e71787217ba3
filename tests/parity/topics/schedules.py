"""The learning rate at each of forty epochs: what the epoch trains with, before its `scheduler.step()`."""

import torch
from torch import nn
from torch.optim import lr_scheduler

EPOCHS = 40


def rates(make):
    def run(*, lr, **options):
        optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=lr)
        schedule = make(optimiser, **options)
        seen = []
        for _ in range(EPOCHS):
            seen.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            schedule.step()
        return torch.tensor(seen, dtype=torch.float64)
    return run


OPS = {
    "step_lr": rates(lr_scheduler.StepLR),
    "exponential_lr": rates(lr_scheduler.ExponentialLR),
    "cosine_annealing_lr": rates(lr_scheduler.CosineAnnealingLR),
}


def cases(f):
    def case(label, op, **options):
        f(label, op, dtypes=("f64",), **options)

    case("ten", "step_lr", lr=0.1, step_size=10, gamma=0.1)
    case("odd", "step_lr", lr=0.3, step_size=7, gamma=0.5)
    case("plain", "exponential_lr", lr=0.2, gamma=0.9)
    case("whole", "cosine_annealing_lr", lr=0.1, T_max=40)
    case("floor", "cosine_annealing_lr", lr=0.1, T_max=40, eta_min=0.001)
    # The wave goes on to its end, and the rate stays there; PyTorch's would climb again after T_max.
    case("short", "cosine_annealing_lr", lr=0.1, T_max=EPOCHS - 1, eta_min=0.01)
