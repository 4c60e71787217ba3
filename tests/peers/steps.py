#!/usr/bin/env python3
"""PyTorch's side of `cargo bench -p tests --bench steps`: the same workloads, options and lines of JSON.

    python tests/peers/steps.py                            # a table
    python tests/peers/steps.py --json --only gpt_baby     # a line of JSON a workload

`compare.py` runs both sides in turn. To add a workload, add a line here and one to `WORKLOADS` in
tests/benches/steps/workloads/mod.rs.
"""

import sys

import torch
from torch.nn import functional as F

import models
from measure import Plan, Step, load_everything, mebibytes, options, outcome, print_head, print_line, timed


def of_two(op, *shape):
    def build(device) -> Step:
        a, b = torch.randn(shape, device=device), torch.randn(shape, device=device)
        return Step(lambda: op(a, b))

    return build


def of_one(op, *shape):
    def build(device) -> Step:
        a = torch.randn(shape, device=device)
        return Step(lambda: op(a))

    return build


# How many numbers each learns, which must be as many as ours does, and how it is built on a device.
WORKLOADS = {
    "mlp_sine": (4_353, models.mlp_sine),
    "mlp_fashion": (669_706, models.mlp_fashion),
    "resnet20_b128": (272_474, lambda device: models.resnet20_training(device, 128, 3, 32, 1e-4)),
    "resnet20_digits_b64": (272_186, lambda device: models.resnet20_training(device, 64, 1, 8, 0.0)),
    "resnet20_infer_b1": (272_474, models.resnet20_inference),
    "gpt_nano_cpu": (818_176, lambda device: models.gpt_training(device, 12, 64, 4, 4, 128)),
    "gpt_baby": (10_795_776, lambda device: models.gpt_training(device, 8, 256, 6, 6, 384)),
    "unet28_b64": (339_745, models.unet_training),
    "lstm_b64": (12_757, models.lstm_training),
    "matmul_64": (0, of_two(torch.matmul, 64, 64)),
    "matmul_256": (0, of_two(torch.matmul, 256, 256)),
    "matmul_1024": (0, of_two(torch.matmul, 1024, 1024)),
    "matmul_2048": (0, of_two(torch.matmul, 2048, 2048)),
    "matmul_4096": (0, of_two(torch.matmul, 4096, 4096)),
    "softmax_4096x1024": (0, of_one(lambda a: a.softmax(-1), 4096, 1024)),
    "gelu_4m": (0, of_one(F.gelu, 4096, 1024)),
    "add_4m": (0, of_two(torch.add, 4096, 1024)),
}


def main() -> int:
    given = options("Times a training step of each workload in PyTorch", list(WORKLOADS), reps=30)
    print_head(given)
    load_everything(given.device)
    for name in given.only:
        torch.manual_seed(0)
        floor = mebibytes("RssAnon:")
        parameters, build = WORKLOADS[name]
        step = build(given.device)
        if step.parameters != parameters:
            sys.exit(f"error: {name} learns {step.parameters:,} numbers, and its twin {parameters:,}")
        times = timed(step.run, Plan(5, given.reps, 12.0, 5), given.device)
        # The peak is the process's, so it is a workload's own only where nothing else has run.
        alone = len(given.only) == 1 and floor is not None
        peak = round(mebibytes("VmHWM:") - mebibytes("RssFile:") - floor, 4) if alone else None
        print_line(outcome(name, times, params=parameters, peak_mib=peak), given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
