"""Many numbers in, fewer out."""

import math

import torch

from inputs import integers, layouts, mask, normal, ties, values

NAN, INF = math.nan, math.inf


def dims(op):
    """`dim` is a number, a list, or None for all of them."""
    def run(x, dim, keepdim, **rest):
        if dim is None:
            return op(x, **rest)
        return op(x, dim=tuple(dim) if isinstance(dim, list) else dim, keepdim=keepdim, **rest)
    return run


SPREAD = {
    "var": dims(lambda x, unbiased, **k: torch.var(x, correction=int(unbiased), **k)),
    "std": dims(lambda x, unbiased, **k: torch.std(x, correction=int(unbiased), **k)),
}
EXTREME = {
    "max": dims(torch.max),
    "min": dims(torch.min),
    "argmax": dims(torch.argmax),
    "argmin": dims(torch.argmin),
}
OPS = SPREAD | EXTREME | {
    "sum": dims(torch.sum),
    "mean": dims(torch.mean),
    # Unlike max, these share the gradient among equals.
    "amax": lambda x, dim, keepdim: torch.amax(x, dim=dim, keepdim=keepdim),
    "amin": lambda x, dim, keepdim: torch.amin(x, dim=dim, keepdim=keepdim),
    "logsumexp": lambda x, dim, keepdim: torch.logsumexp(x, dim=dim, keepdim=keepdim),
}


def cases(f):
    for op in ("sum", "mean"):
        everywhere(f, op)
        several(f, op)
    for op in SPREAD:
        everywhere(f, op, unbiased=True)
        several(f, op, unbiased=False)
        # Far from zero, sum(x²) − n·mean² loses every digit.
        f("far_from_zero", op, [values([1000.0, 1000.25, 1000.5, 999.0, 1001.0, 1000.0], 2, 3)], dim=1, keepdim=False, unbiased=True)
        f("of_one", op, [normal(3, 1)], dim=1, keepdim=False, unbiased=True)
    for op in ("sum", *EXTREME):
        f("whole_numbers", op, [integers(9, 4, 6)], dim=1, keepdim=False)
        if "arg" not in op:
            f("bytes", op, [mask(6, 4).transpose(0, 1)], dim=0, keepdim=True)
    for op in EXTREME:
        everywhere(f, op)
        f("ties", op, [ties(4, 9)], dim=1, keepdim=False)
        f("ties_of_columns", op, [ties(9, 4)], dim=0, keepdim=True)
        f("ties_of_all", op, [ties(3, 4)], dim=None, keepdim=False)
        f("nan", op, [values([1.0, NAN, 3.0, NAN, 2.0, 1.0, -INF, INF, INF, 0.0, 0.0, 0.0], 4, 3)], dim=1, keepdim=False)
        f("infinite", op, [values([-INF, -INF, INF, INF], 2, 2)], dim=1, keepdim=False)
    for op in ("amax", "amin"):
        f("row", op, [normal(3, 5)], dim=[1], keepdim=False)
        f("image", op, [normal(2, 3, 2, 3).transpose(1, 3)], dim=[2, 3], keepdim=True)
        f("ties", op, [ties(4, 6)], dim=[0], keepdim=False)
        f("ties_of_all", op, [ties(4, 6)], dim=[0, 1], keepdim=False)
    for dim in (0, 1, -1):
        for label, x in layouts(normal, 3, 5):
            f(f"{label}_dim{dim}", "logsumexp", [x], dim=dim, keepdim=dim == 1)
    f("large", "logsumexp", [values([100.0, 99.0, -100.0, -99.0], 2, 2)], dim=1, keepdim=False)
    f("no_weight", "logsumexp", [values([-INF, 0.0, 1.0, INF], 2, 2)], dim=1, keepdim=False)


def everywhere(f, op, **rest):
    """One dimension at a time, and all of them, over every layout."""
    for label, x in layouts(normal, 3, 5):
        for dim in (None, 0, 1) if label in ("plain", "stepped") else (0, 1):
            where = "all" if dim is None else f"dim{dim}"
            if op == "std" and (label, dim) == ("expanded", 1):
                continue  # equal numbers: the slope of √0 times rounding
            f(f"{label}_{where}", op, [x], dim=dim, keepdim=False, **rest)
    f("keepdim_last", op, [normal(2, 3, 4)], dim=-1, keepdim=True, **rest)
    f("middle", op, [normal(3, 2, 4).permute(2, 0, 1)], dim=1, keepdim=True, **rest)
    f("negative", op, [normal(2, 3, 4)], dim=-2, keepdim=False, **rest)
    f("size1", op, [normal(3, 1, 4)], dim=2, keepdim=False, **rest)
    f("no_rows", op, [normal(0, 3)], dim=1, keepdim=False, **rest)
    f("summed", op, [normal(3, 4)], upstream="ones", dim=1, keepdim=False, **rest)
    # Long enough for vector kernels, with a tail.
    f("long", op, [normal(1, 67)], dim=1, keepdim=False, **rest)
    f("long_columns", op, [normal(37, 2)], dim=0, keepdim=False, **rest)
    if "arg" not in op and "m" in op and op not in ("max", "min"):
        f("nothing", op, [normal(3, 0)], dim=1, keepdim=False, **rest)
        f("scalar", op, [normal()], dim=None, keepdim=False, **rest)


def several(f, op, **rest):
    """Several dimensions at once."""
    f("dims02", op, [normal(3, 2, 4)], dim=[0, 2], keepdim=False, **rest)
    f("dims02_keep", op, [normal(3, 2, 4)], dim=[0, 2], keepdim=True, **rest)
    f("dims_permuted", op, [normal(3, 2, 4).permute(1, 2, 0)], dim=[0, -1], keepdim=True, **rest)
    f("channels", op, [normal(2, 3, 2, 3)], dim=[0, 2, 3], keepdim=False, **rest)
    f("all_listed", op, [normal(2, 3)], dim=[0, 1], keepdim=False, **rest)
