"""Norms, mean with variance, and how many elements are not zero."""

import torch

from inputs import integers, layouts, mask, normal, ties, values
from topics.elementwise import INF, NAN


def over(op):
    """`dim` is a number, a list, or None for all of them."""
    def run(x, dim, keepdim=False, **rest):
        if dim is None:
            return op(x, **rest)
        return op(x, dim=tuple(dim) if isinstance(dim, list) else dim, keepdim=keepdim, **rest)
    return run


OPS = {
    "norm": over(lambda x, p, **k: torch.linalg.vector_norm(x, float(p), **k)),
    "var_mean": over(lambda x, unbiased, **k: torch.var_mean(x, correction=int(unbiased), **k)),
    "any": over(torch.any),
    "all": over(torch.all),
    "count_nonzero": lambda x, dim: torch.count_nonzero(x, dim=dim),
    "flat_std": over(lambda x, unbiased, **k: torch.std(x, correction=int(unbiased), **k)),
}


def cases(f):
    for p in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, INF, -INF):
        for label, x in layouts(normal, 3, 5)[:4]:
            f(f"{label}_{p}", "norm", [x], p=p, dim=1, keepdim=False)
        f(f"all_{p}", "norm", [normal(3, 4)], p=p, dim=None)
        f(f"dims_{p}", "norm", [normal(2, 3, 4).permute(2, 0, 1)], p=p, dim=[0, 2], keepdim=True)
        f(f"expanded_{p}", "norm", [normal(3, 1).expand(3, 4)], p=p, dim=[0, 1])
        # Where a norm is zero it has no slope, and where an element is it may have none.
        f(f"zero_{p}", "norm", [values([0.0, 0.0, 0.0, 3.0, 0.0, -4.0], 2, 3)], p=p, dim=1)
        f(f"ties_{p}", "norm", [ties(3, 6)], p=p, dim=1)
    f("nothing", "norm", [normal(3, 0)], p=2.0, dim=1)
    f("nan", "norm", [values([1.0, NAN, 2.0])], p=2.0, dim=0)
    for label, x in layouts(normal, 3, 5)[:4]:
        f(label, "var_mean", [x], dim=1, keepdim=False, unbiased=True)
        f(f"{label}_all", "var_mean", [x], dim=[0, 1], keepdim=True, unbiased=False)
    # Equal numbers have a deviation of zero, and the gradient there is zero.
    f("equal", "flat_std", [values([2.0] * 6, 2, 3)], dim=1, unbiased=True)
    f("equal_and_not", "flat_std", [values([2.0, 2.0, 2.0, 1.0, 2.0, 4.0], 2, 3)], dim=1, unbiased=False)
    f("all_equal", "flat_std", [values([0.5] * 4)], dim=None, unbiased=True)
    for op in ("any", "all"):
        for label, x in {"ties": ties(4, 3), "mask": mask(3, 4).transpose(0, 1), "whole": integers(2, 4, 3), "nan": values([NAN, 0.0, 0.0, 1.0], 2, 2)}.items():
            f(f"{label}_rows", op, [x], dim=1, keepdim=False)
            f(f"{label}_columns", op, [x], dim=0, keepdim=True)
            f(f"{label}_everywhere", op, [x], dim=None)
        f("everywhere_nothing", op, [normal(0)], dim=None)
        f("all_ones", op, [integers(1, 3)], dim=None)
        f("nothing", op, [normal(3, 0)], dim=1, keepdim=False)
    f("everywhere", "count_nonzero", [ties(4, 6)], dim=None)
    f("ties", "count_nonzero", [ties(4, 6)], dim=1)
    f("dims", "count_nonzero", [ties(2, 3, 4)], dim=[0, 2])
    f("mask", "count_nonzero", [mask(4, 6).transpose(0, 1)], dim=0)
