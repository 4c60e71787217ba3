#!/usr/bin/env python3
"""Checkpoints between this project and PyTorch, both ways.

    python tests/peers/checkpoints.py             # every model
    python tests/peers/checkpoints.py resnet18    # only this one

For each model: weights written here are loaded by PyTorch with `load_state_dict(strict=True)`, weights written by PyTorch
are loaded here, which is as strict, and the same input must give the same output on both sides. It needs the packages of
tests/parity/requirements.txt. Where torchvision is installed, its own models stand for ResNet-18 and ResNet-50.

To add a model, add a line to `MODELS`, and one to `model` in tests/examples/checkpoint.rs.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "parity"))

from topics.models_gpt import GPT  # noqa: E402
from topics.models_resnet import ResNet  # noqa: E402
from topics.models_unet import UNet  # noqa: E402

RUST = ["cargo", "run", "--quiet", "-p", "tests", "--example", "checkpoint", "--"]
# How far outputs may be apart, as a part of the largest.
TOLERANCE = 2e-5


def small(family, pre=False):
    return lambda: ResNet(family, "small", 16, [3, 3, 3], 3, 10, pre)


def imagenet(name, family, blocks):
    try:
        import torchvision
        return getattr(torchvision.models, name)
    except ImportError:
        return lambda: ResNet(family, "imagenet", 64, blocks, 3, 1000)


class AtStepThree(UNet):
    """The U-Net where every picture is three steps from clean, so that it is a module of one input."""

    def forward(self, x):
        return super().forward(x, torch.full((len(x),), 3))


# PyTorch's side of each model, and an input for it.
MODELS = {
    "plain20": (small("plain"), lambda: torch.randn(4, 3, 32, 32)),
    "resnet20": (small("basic"), lambda: torch.randn(4, 3, 32, 32)),
    "bottleneck29": (small("bottleneck"), lambda: torch.randn(4, 3, 32, 32)),
    "preresnet20": (small("basic", pre=True), lambda: torch.randn(4, 3, 32, 32)),
    "resnet18": (imagenet("resnet18", "basic", [2, 2, 2, 2]), lambda: torch.randn(2, 3, 64, 64)),
    "resnet50": (imagenet("resnet50", "bottleneck", [3, 4, 6, 3]), lambda: torch.randn(2, 3, 64, 64)),
    "gpt": (lambda: GPT(65, 64, 4, 4, 128, bias=True, tied=True, tanh=True), lambda: torch.randint(65, (2, 64))),
    "unet": (lambda: AtStepThree(1, 32, 2, 128), lambda: torch.randn(2, 1, 28, 28)),
}


def main() -> int:
    names = sys.argv[1:] or list(MODELS)
    if unknown := [name for name in names if name not in MODELS]:
        sys.exit(f"no model {', '.join(unknown)}; there are {', '.join(MODELS)}")
    wrong = 0
    print(f"{'model':14} {'tensors':>7} {'parameters':>11}  {'ours in PyTorch':>16} {'PyTorch’s in ours':>18}")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            row, errors = exchange(name, Path(folder))
        wrong += any(not error <= TOLERANCE for error in errors)
        print(f"{row}  {errors[0]:16.1e} {errors[1]:18.1e}", flush=True)
    print("outputs differ by this part of the largest;", f"{wrong} too much" if wrong else "all close enough")
    return 1 if wrong else 0


@torch.no_grad()
def exchange(name: str, folder: Path):
    """A row of the table, and how far the outputs are apart: of our weights, and of PyTorch's."""
    torch.manual_seed(0)
    build, draw = MODELS[name]
    model, x = build(), draw()
    model(x)  # moves the running statistics
    theirs = model.eval()(x)
    save_file({"input": x}, folder / "input.safetensors")
    # a copy of each, since a file has no tied weights
    save_file({name: tensor.clone() for name, tensor in model.state_dict().items()}, folder / "theirs.safetensors")
    subprocess.run([*RUST, name, str(folder)], check=True, cwd=ROOT)
    model.load_state_dict(load_file(folder / "ours.safetensors"), strict=True)
    outputs = load_file(folder / "outputs.safetensors")
    parameters = sum(p.numel() for p in model.parameters())
    row = f"{name:14} {len(model.state_dict()):7} {parameters:11,}"
    return row, [apart(outputs["ours"], model(x)), apart(outputs["theirs"], theirs)]


def apart(a, b) -> float:
    return ((a - b).abs().max() / b.abs().max()).item()


if __name__ == "__main__":
    sys.exit(main())
