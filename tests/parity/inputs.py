"""What goes into a case: a base tensor, and the views that lead from it to what the op sees.

A base is drawn in F64 from a generator that is seeded by the name of its case, so that adding a case changes no other.
The F32 run of a case rounds that same base. Each step of a view is written down as `[name, arguments]`, and Rust takes
the same steps from the same base: strides, offsets and zero strides agree on both sides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch
from torch import Generator, Tensor

Draw = Callable[[Generator], Tensor]


@dataclass(frozen=True)
class Input:
    """A base tensor, how it is viewed, and whether its gradient belongs to the case."""

    draw: Draw
    grad: bool = True
    view: list = field(default_factory=list)

    def step(self, name: str, *arguments) -> "Input":
        return replace(self, view=[*self.view, [name, list(arguments)]])

    def transpose(self, a: int, b: int) -> "Input":
        return self.step("transpose", a, b)

    def permute(self, *dims: int) -> "Input":
        return self.step("permute", *dims)

    def narrow(self, dim: int, start: int, length: int) -> "Input":
        return self.step("narrow", dim, start, length)

    def select(self, dim: int, index: int) -> "Input":
        return self.step("select", dim, index)

    def reshape(self, *shape: int) -> "Input":
        return self.step("reshape", *shape)

    def expand(self, *shape: int) -> "Input":
        return self.step("expand", *shape)

    def constant(self) -> "Input":
        return replace(self, grad=False)


def view(base: Tensor, steps: list) -> Tensor:
    """Takes the steps of a view; each is a method of `Tensor`."""
    for name, arguments in steps:
        base = getattr(base, name)(*arguments)
    return base


# Draws. Values are full F64, so that a kernel which passes through F32 on its way is found out.

def normal(*shape: int) -> Input:
    return Input(lambda g: torch.randn(shape, generator=g, dtype=torch.float64))


def uniform(low: float, high: float, *shape: int) -> Input:
    return Input(lambda g: low + (high - low) * torch.rand(shape, generator=g, dtype=torch.float64))


def positive(*shape: int) -> Input:
    return uniform(0.2, 3.0, *shape)


def values(data, *shape: int) -> Input:
    """These very numbers; `shape` if they are not flat."""
    return Input(lambda _: torch.tensor(data, dtype=torch.float64).reshape(shape or -1))


def ties(*shape: int) -> Input:
    """Small whole numbers: many equal ones, so that who wins a tie is seen."""
    return Input(lambda g: torch.randint(-2, 3, shape, generator=g).double())


def integers(high: int, *shape: int) -> Input:
    """I64 in `0..high`."""
    return Input(lambda g: torch.randint(0, max(high, 1), shape, generator=g), grad=False)


def indices(data, *shape: int) -> Input:
    """These very I64; `shape` if they do not have it yet."""
    tensor = torch.tensor(data, dtype=torch.int64)
    return Input(lambda _: tensor.reshape(shape) if shape else tensor, grad=False)


def mask(*shape: int) -> Input:
    return Input(lambda g: torch.randint(0, 2, shape, generator=g).bool(), grad=False)


# Ways to lie in memory. Each yields (label, input) for a wanted shape of rank 2, so that an op is tried over all of them.

def layouts(draw: Callable[..., Input], rows: int, columns: int) -> list[tuple[str, Input]]:
    return [
        ("plain", draw(rows, columns)),
        ("transposed", draw(columns, rows).transpose(0, 1)),
        ("narrowed", draw(rows + 2, columns + 3).narrow(0, 1, rows).narrow(1, 2, columns)),
        # Every second column: a stride of 2 in the innermost dimension.
        ("stepped", draw(rows, 2 * columns).reshape(rows, columns, 2).select(2, 1)),
        ("expanded", draw(rows, 1).expand(rows, columns)),
    ]
