"""One case: run an op on its inputs in F32 and F64, and keep what came out.

In the fixture, a case NAME has
    NAME/in0, in1, …           the base tensors (F64; I64 and U8 as they are)
    NAME/up0, …                the upstream gradient of each differentiable output (F64)
    NAME/f32/out0, grad0, …    outputs, and gradients of the bases that want one; NAME/f64/… likewise
and the one metadata entry, `parity`, is JSON: the versions, and for each case its op, arguments and views.
"""

import json
import math
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import safetensors
import torch
from safetensors.torch import save_file
from torch import Tensor

from inputs import Input, view

FORMAT = 1
FLOATS = {"f32": torch.float32, "f64": torch.float64}
# How far a fixture made on another processor may lie from this one, relative to the largest number of a tensor.
STALE = {torch.float32: 1e-4, torch.float64: 1e-11}


class Fixture:
    """The cases of one topic. Call it to add one."""

    def __init__(self, topic: str, ops: dict[str, Callable]):
        self.topic, self.ops = topic, ops
        self.cases: dict[str, dict] = {}
        self.tensors: dict[str, Tensor] = {}

    def __call__(self, name: str, op: str, inputs: list[Input] = (), *, upstream="random", dtypes=("f32", "f64"), **arguments):
        """Adds the case `op/name`. `upstream="ones"` asks for the gradient of a plain sum, which reaches the op as an
        expanded scalar: a tensor whose strides are all zero."""
        name = f"{op}/{name}"
        assert name not in self.cases, f"two cases are called {name}"
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        bases = [i.draw(generator) for i in inputs]
        for index, base in enumerate(bases):
            self.keep(f"{name}/in{index}", base)

        ups: dict[int, Tensor] = {}
        for label in dtypes:
            leaves = [cast(b, FLOATS[label]).requires_grad_(i.grad) for b, i in zip(bases, inputs)]
            outputs = self.run(op, [view(leaf, i.view) for leaf, i in zip(leaves, inputs)], arguments)
            for index, output in enumerate(outputs):
                self.keep(f"{name}/{label}/out{index}", output.detach())
                if output.requires_grad and index not in ups:
                    draw = torch.ones if upstream == "ones" else lambda s, dtype: torch.randn(s, generator=generator, dtype=dtype)
                    ups[index] = draw(output.shape, dtype=torch.float64)
            torch.autograd.backward([outputs[i] for i in ups], [ups[i].to(outputs[i].dtype) for i in ups])
            for index, leaf in enumerate(leaves):
                if leaf.requires_grad:
                    # An input that the output does not depend on has a gradient of zero.
                    self.keep(f"{name}/{label}/grad{index}", torch.zeros_like(leaf) if leaf.grad is None else leaf.grad)
        if upstream == "random":
            for index, up in ups.items():
                self.keep(f"{name}/up{index}", up)

        self.cases[name] = {
            "op": op,
            "args": {k: str(v) if v in (math.inf, -math.inf) else v for k, v in arguments.items()},  # JSON has no infinity
            "inputs": [{"view": i.view, "grad": i.grad} for i in inputs],
            "outputs": len(outputs),
            "differentiable": sorted(ups),
            "ones": upstream == "ones",
            "dtypes": dtypes,
        }

    def run(self, op: str, inputs: list[Tensor], arguments: dict) -> tuple[Tensor, ...]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the variance of one number, a target that broadcasts: cases on purpose
            outputs = self.ops[op](*inputs, **arguments)
        return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)

    def keep(self, name: str, tensor: Tensor):
        self.tensors[name] = (tensor.byte() if tensor.dtype == torch.bool else tensor).contiguous().clone()

    def description(self) -> str:
        # A single entry: safetensors writes several in no particular order.
        version = torch.__version__.split("+")[0]
        return json.dumps({"format": FORMAT, "torch": version, "cases": self.cases}, separators=(",", ":"))

    def write(self, path: Path):
        save_file(self.tensors, path, metadata={"parity": self.description()})

    def differences(self, path: Path) -> list[str]:
        """Why a committed fixture is not what would be written now; nothing if it is."""
        if not path.exists():
            return ["is missing"]
        with safetensors.safe_open(path, framework="pt") as file:
            if file.metadata().get("parity") != self.description():
                return ["its list of cases or its version of PyTorch is another"]
            return [f"{n} differs" for n, t in self.tensors.items() if not alike(t, file.get_tensor(n))]


def cast(base: Tensor, dtype: torch.dtype) -> Tensor:
    """Floats in the dtype of the run; whole numbers and masks as they are."""
    return base.to(dtype).clone() if base.is_floating_point() else base


def alike(a: Tensor, b: Tensor) -> bool:
    if a.dtype not in STALE:
        return torch.equal(a, b)
    finite = a[a.isfinite()].abs()
    scale = finite.max().item() if finite.numel() else 1.0
    return a.shape == b.shape and torch.allclose(a, b, rtol=0.0, atol=STALE[a.dtype] * scale, equal_nan=True)
