#!/usr/bin/env python3
"""What a training step asks of a graphics card, whoever makes it: flops, kernels and bytes, and the time these take at least.

    python tests/peers/asked_of_gpu.py            # for a card of 20 TFLOP/s and 500 GB/s
    python tests/peers/asked_of_gpu.py --tflops 67 --gigabytes 3350
    python tests/peers/asked_of_gpu.py --write    # and keep the table for the book's appendix

Kernels and bytes are counted by the `launches` example on whatever OpenCL device is there, PoCL too: they depend on the
program. Flops are counted by PyTorch in its twin of the model.
"""

import argparse

from torch.utils.flop_counter import FlopCounterMode

from alternate import APPENDIX, output
from compare import as_code, markdown, plain
from steps import WORKLOADS

SHOWN = ["resnet20_b128", "resnet20_digits_b64", "unet28_b64", "gpt_baby", "gpt_nano_cpu", "mlp_fashion"]
LAUNCH = 5e-6  # seconds that a processor needs to start a kernel, about
EXAMPLE = ["cargo", "run", "--quiet", "-p", "tests", "--features", "opencl", "--example", "launches"]
HEAD = ["workload", "GFLOP", "kernels", "moved, MiB", "flops, ms", "bytes, ms", "launches, ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflops", type=float, default=20, metavar="N", help="what the card computes in a second [20]")
    parser.add_argument("--gigabytes", type=float, default=500, metavar="N", help="what it moves in a second [500]")
    parser.add_argument("--write", action="store_true", help="keep the table for the book's appendix")
    given = parser.parse_args()
    counted = {line.split()[0]: line.split()[1:] for line in output(EXAMPLE).splitlines() if line.split()[:1]}
    rows = [row(name, counted[name], given) for name in SHOWN]
    print(plain([HEAD, *rows]))
    if given.write:
        about = f"Computed for a card of {given.tflops:g} TFLOP/s and {given.gigabytes:g} GB/s, not measured."
        APPENDIX.joinpath("speed-gpu.md").write_text(f"{about}\n\n{markdown([HEAD, *as_code(rows)])}")


def row(name: str, counted: list[str], given: argparse.Namespace) -> list[str]:
    kernels, moved = int(counted[0]), int(counted[1])
    flops = flops_of(name)
    times = [flops / given.tflops / 1e12, moved * 2**20 / given.gigabytes / 1e9, kernels * LAUNCH]
    return [name, f"{flops / 1e9:.3g}", str(kernels), str(moved), *(f"{1e3 * time:.2g}" for time in times)]


def flops_of(name: str) -> int:
    """Of the products and convolutions, forward and backward."""
    step = WORKLOADS[name][1]("cpu")
    step.run()
    with FlopCounterMode(display=False) as counter:
        step.run()
    return counter.get_total_flops()


if __name__ == "__main__":
    main()
