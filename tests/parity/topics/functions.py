"""More functions of one number and of two: logarithms, rounding, angles, truth."""

import torch

from inputs import indices, integers, mask, normal, positive, ties, values
from topics.elementwise import EDGES, INF, NAN, strided

UNARY = {
    "expm1": torch.expm1,
    "log1p": torch.log1p,
    "log2": torch.log2,
    "log10": torch.log10,
    "rsqrt": torch.rsqrt,
    "tan": torch.tan,
    "floor": torch.floor,
    "ceil": torch.ceil,
    "round": torch.round,
    "trunc": torch.trunc,
    "frac": torch.frac,
}
LOGIC = {"logical_and": torch.logical_and, "logical_or": torch.logical_or, "logical_xor": torch.logical_xor}
ASK = {"isnan": torch.isnan, "isinf": torch.isinf, "isfinite": torch.isfinite, "logical_not": torch.logical_not}
OPS = UNARY | LOGIC | ASK | {
    "clamp_min": lambda x, min: x.clamp(min=min),
    "clamp_max": lambda x, max: x.clamp(max=max),
    "remainder": torch.remainder,
    "atan2": torch.atan2,
    "lerp": lambda a, b, weight: torch.lerp(a, b, weight),
}


def cases(f):
    for op in UNARY:
        draw = positive if op in ("log1p", "log2", "log10", "rsqrt") else normal
        f("plain", op, [draw(3, 7)])
        f("strided", op, [strided(draw)])
        f("expanded", op, [draw(4, 1).expand(4, 5)])
        f("scalar", op, [draw()])
        f("empty", op, [draw(0, 3)])
        # The tangent of 1e30 depends on every digit of π.
        f("edges", op, [values([x for x in EDGES if op != "tan" or not abs(x) > 30.0])])
    # Halves go to the even number; those in between show who rounds how.
    for op in ("floor", "ceil", "round", "trunc", "frac"):
        f("halves", op, [values([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, -2.75, 2.25, 1e10, -0.0])])
    f("powers", "log2", [values([1.0, 2.0, 8.0, 1024.0, 0.125])])
    f("powers", "log10", [values([1.0, 10.0, 1000.0, 1e6, 0.01])])
    f("small", "log1p", [values([1e-10, -1e-10, 1e-4, -0.5, -1.0, 0.0])])
    f("small", "expm1", [values([1e-10, -1e-10, 1e-4, -0.5, 0.0])])
    for op, bound in (("clamp_min", {"min": -0.25}), ("clamp_max", {"max": 0.5})):
        f("plain", op, [normal(3, 7)], **bound)
        f("strided", op, [strided(normal)], **bound)
        f("edges", op, [values([*EDGES, -0.25, 0.5])], **bound)
    f("plain", "remainder", [normal(3, 5), positive(3, 5)])
    f("broadcast", "remainder", [normal(3, 1), values([2.0, -0.75, 0.5])])
    f("signs", "remainder", [values([5.5, -5.5, 5.5, -5.5, 4.0, -4.0]), values([2.0, 2.0, -2.0, -2.0, 2.0, 2.0])])
    f("whole", "remainder", [integers(9, 2, 5), indices([2, 3, -3, 1, 4])])
    f("plain", "atan2", [normal(3, 5), normal(3, 5)])
    f("strided", "atan2", [strided(normal), strided(normal)])
    f("broadcast", "atan2", [normal(3, 1), normal(4)])
    f("axes", "atan2", [values([1.0, -1.0, 0.0, 0.0, INF, NAN]), values([0.0, 0.0, 1.0, -1.0, 1.0, 1.0])])
    for weight in (0.0, 0.3, 0.5, 0.9, 1.0, 1.5):
        f(f"by_{weight}", "lerp", [normal(3, 4), normal(3, 4)], weight=weight)
    f("broadcast", "lerp", [normal(3, 1), normal(4)], weight=0.25)
    for op in LOGIC:
        f("masks", op, [mask(3, 5), mask(3, 5)])
        f("numbers", op, [ties(3, 1), ties(5)])
        f("edges", op, [values([NAN, 0.0, -0.0, INF]), values([1.0, 0.0, 1.0, 0.0])])
    for op in ASK:
        f("edges", op, [values(EDGES)])
        f("strided", op, [strided(normal)])
        f("whole", op, [integers(3, 7)])
