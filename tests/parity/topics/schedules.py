"""The learning rate at each of forty epochs: what the epoch trains with, before its `scheduler.step()`."""

import torch
from torch import nn
from torch.optim import lr_scheduler

from inputs import values

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


def warmup_cosine(*, lr, warmup, T_max, eta_min):
    """A rise to `lr` whose first rate is lr / warmup, then half a cosine wave."""
    def make(optimiser):
        rise = lr_scheduler.LinearLR(optimiser, start_factor=1 / warmup, total_iters=warmup - 1)
        fall = lr_scheduler.CosineAnnealingLR(optimiser, T_max, eta_min)
        return lr_scheduler.SequentialLR(optimiser, [rise, fall], milestones=[warmup])
    return rates(make)(lr=lr)


def plateau(values, *, lr, **options):
    """The rate after each value of a quantity that is watched."""
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=lr)
    schedule = lr_scheduler.ReduceLROnPlateau(optimiser, **options)
    seen = []
    for value in values.tolist():
        schedule.step(value)
        seen.append(optimiser.param_groups[0]["lr"])
    return torch.tensor(seen, dtype=torch.float64)


OPS = {
    "step_lr": rates(lr_scheduler.StepLR),
    "exponential_lr": rates(lr_scheduler.ExponentialLR),
    "cosine_annealing_lr": rates(lr_scheduler.CosineAnnealingLR),
    "multi_step_lr": rates(lr_scheduler.MultiStepLR),
    "linear_lr": rates(lr_scheduler.LinearLR),
    "polynomial_lr": rates(lr_scheduler.PolynomialLR),
    "warm_restarts": rates(lr_scheduler.CosineAnnealingWarmRestarts),
    "one_cycle_lr": rates(lr_scheduler.OneCycleLR),
    "lambda_lr": rates(lambda optimiser: lr_scheduler.LambdaLR(optimiser, lambda t: 1 / (1 + 0.1 * t))),
    "warmup_cosine": warmup_cosine,
    "plateau": plateau,
}


def cases(f):
    def case(label, op, **options):
        f(label, op, dtypes=("f64",), **options)

    case("ten", "step_lr", lr=0.1, step_size=10, gamma=0.1)
    case("odd", "step_lr", lr=0.3, step_size=7, gamma=0.5)
    case("plain", "exponential_lr", lr=0.2, gamma=0.9)
    case("whole", "cosine_annealing_lr", lr=0.1, T_max=40)
    case("floor", "cosine_annealing_lr", lr=0.1, T_max=40, eta_min=0.001)
    case("climbing", "cosine_annealing_lr", lr=0.1, T_max=15, eta_min=0.01)
    case("three", "multi_step_lr", lr=0.1, milestones=[30, 5, 20], gamma=0.3)
    case("twice", "multi_step_lr", lr=0.1, milestones=[10, 10], gamma=0.5)
    case("up", "linear_lr", lr=0.1, start_factor=0.25, end_factor=1.0, total_iters=8)
    case("down", "linear_lr", lr=0.1, start_factor=1.0, end_factor=0.1, total_iters=30)
    case("straight", "polynomial_lr", lr=0.1, total_iters=25, power=1.0)
    case("square", "polynomial_lr", lr=0.1, total_iters=50, power=2.0)
    case("equal", "warm_restarts", lr=0.1, T_0=7, T_mult=1, eta_min=0.0)
    case("longer", "warm_restarts", lr=0.1, T_0=5, T_mult=2, eta_min=0.01)
    case("plain", "one_cycle_lr", lr=0.1, max_lr=0.1, total_steps=EPOCHS)
    case("longer", "one_cycle_lr", lr=0.1, max_lr=0.2, total_steps=55, pct_start=0.45, div_factor=10.0, final_div_factor=100.0)
    case("linear", "one_cycle_lr", lr=0.1, max_lr=0.1, total_steps=EPOCHS, anneal_strategy="linear")
    case("three", "one_cycle_lr", lr=0.1, max_lr=0.1, total_steps=EPOCHS, pct_start=0.35, three_phase=True)
    case("hyperbola", "lambda_lr", lr=0.3)
    case("whole", "warmup_cosine", lr=0.1, warmup=6, T_max=34, eta_min=0.01)
    falling = [1.0, 0.8, 0.7, 0.7, 0.69999, 0.7, 0.71, 0.6, 0.61, 0.62, 0.63, 0.64, 0.65, 0.66, 0.5, 0.51, 0.52, 0.53, 0.54]
    f("plain", "plateau", [values(falling).constant()], dtypes=("f64",), lr=0.1, patience=2)
    f("cooldown", "plateau", [values(falling).constant()], dtypes=("f64",), lr=0.1, patience=1, cooldown=3, factor=0.5)
    f("absolute", "plateau", [values(falling).constant()], dtypes=("f64",), lr=0.1, patience=1, threshold=0.15, threshold_mode="abs")
    f("floor", "plateau", [values(falling).constant()], dtypes=("f64",), lr=0.1, patience=0, factor=0.2, min_lr=0.003)
    f("up", "plateau", [values(falling).constant()], dtypes=("f64",), lr=0.1, patience=2, mode="max", threshold=0.1)
