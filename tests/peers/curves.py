#!/usr/bin/env python3
"""PyTorch's side of `cargo bench -p tests --bench curves`: the same steps at the same sizes.

    python tests/peers/curves.py                           # a table
    python tests/peers/curves.py --json --only matmul      # a line of JSON a point

`compare_curves.py` runs both sides in turn, and draws them.
"""

import sys

import torch

import models
from measure import Plan, Step, load_everything, options, outcome, print_head, print_line, timed


def resnet20(batch: int, device) -> Step:
    return models.resnet20_training(device, batch, 3, 32, 1e-4)


def gpt(length: int, device) -> Step:
    return models.gpt_training(device, 4, length, 4, 4, 128)


def matmul(n: int, device) -> Step:
    a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
    return Step(lambda: a @ b)


def add(n: int, device) -> Step:
    a, b = torch.randn(n, device=device), torch.randn(n, device=device)
    return Step(lambda: a + b)


def micrograd(ops: int, device) -> Step:
    """A neuron with half as many inputs as there are operations, each number a tensor of its own."""

    def run():
        single = lambda x: torch.tensor(x, dtype=torch.float64, device=device, requires_grad=True)
        weights, total = [single(i / 16) for i in range(16)], single(0.0)
        for i in range(ops // 2):
            total = total + weights[i % 16] * weights[(i + 1) % 16]
        total.backward()

    return Step(run)


# At which sizes each is measured, and how it is built.
CURVES = {
    "resnet20": ([1 << i for i in range(9)], resnet20),
    "gpt": ([32 << i for i in range(6)], gpt),
    "matmul": ([16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048], matmul),
    "add": ([1 << i for i in range(8, 27, 2)], add),
    "micrograd": ([10**i for i in range(2, 7)], micrograd),
}


def main() -> int:
    given = options("Times steps of growing size in PyTorch", list(CURVES), reps=20)
    print_head(given)
    load_everything(given.device)
    for name in given.only:
        sizes, build = CURVES[name]
        for size in sizes:
            torch.manual_seed(0)
            times = timed(build(size, given.device).run, Plan(2, given.reps, 2.0, 3), given.device)
            print_line(outcome(name, times, at=size), given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
