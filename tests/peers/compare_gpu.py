#!/usr/bin/env python3
"""Our training steps through OpenCL and PyTorch's through CUDA or ROCm, side by side on one graphics card.

    python tests/peers/compare_gpu.py
    python tests/peers/compare_gpu.py --only gpt_baby --rounds 3

As in compare.py, either side runs in a process of its own, in turn, and ratios are those of one round. Both compute in
full float32: PyTorch's TF32, which rounds products to 10 bits, is off. It says nothing on a machine without such a card.
"""

import statistics
import sys

import torch

from alternate import arguments, output, rounds, sides
from compare import Measured, check_parameters, milliseconds, plain, spread

# The ratio of times, ours over PyTorch's, that a workload must not be above.
TARGETS = {
    "matmul_4096": 1.43,  # 0.7 of its rate
    "resnet20_b128": 1.5,
    "gpt_baby": 1.5,
    "unet28_b64": 1.5,
}
HEAD = ["workload", "ours, ms", "PyTorch, ms", "ratio", "must", "target"]


def main() -> int:
    given = arguments(__doc__, list(TARGETS), rounds=5, threads=False)
    if not torch.cuda.is_available():
        sys.exit("error: PyTorch finds no graphics card here, so there is nothing to compare with")
    commands = sides("steps", features="opencl")
    commands["ours"] += ["--device", "opencl"]
    commands["theirs"] += ["--device", "cuda"]
    print(f"{torch.cuda.get_device_name(0)}; PyTorch {torch.__version__}")
    print(output(["cargo", "run", "-q", "-p", "minitensor", "--features", "opencl", "--example", "devices"]))

    measured = {name: Measured() for name in given.only}
    for name, side, line in rounds(commands, given.only, None, given.rounds):
        getattr(measured[name], side).append(line)
    check_parameters(measured)
    print(plain([HEAD, *(row(name, measured[name]) for name in given.only)]))
    return 0


def row(name: str, measured: Measured) -> list[str]:
    ratios, must = measured.ratios(), TARGETS[name]
    verdict = "missed" if statistics.median(ratios) > must else "met"
    times = [spread([line["ms"] for line in side], milliseconds) for side in (measured.ours, measured.theirs)]
    return [name, *times, spread(ratios, "{:.2f}".format), f"{must:g}", verdict]


if __name__ == "__main__":
    sys.exit(main())
