"""Order and running totals."""

import torch

from inputs import indices, integers, layouts, mask, normal, positive, ties, values
from topics.elementwise import INF, NAN

OPS = {
    "sort": lambda x, dim, descending: torch.sort(x, dim=dim, descending=descending, stable=True),
    "argsort": lambda x, dim, descending: torch.argsort(x, dim=dim, descending=descending, stable=True),
    "topk": lambda x, k, dim, largest: torch.topk(x, k, dim=dim, largest=largest),
    "kthvalue": lambda x, k, dim, keepdim: torch.kthvalue(x, k, dim=dim, keepdim=keepdim),
    "median": lambda x, dim, keepdim: torch.median(x) if dim is None else torch.median(x, dim=dim, keepdim=keepdim),
    "quantile": lambda x, q, dim, keepdim: torch.quantile(x, q, dim=dim, keepdim=keepdim),
    "searchsorted": lambda rows, x, right: torch.searchsorted(rows, x, right=right),
    "bucketize": lambda x, boundaries, right: torch.bucketize(x, boundaries, right=right),
    "cumsum": lambda x, dim: torch.cumsum(x, dim),
    "cumprod": lambda x, dim: torch.cumprod(x, dim),
    "prod": lambda x, dim, keepdim: torch.prod(x) if dim is None else torch.prod(x, dim=dim, keepdim=keepdim),
}
NANS = [2.0, NAN, -INF, 1.0, INF, NAN, 0.0, -1.0]


def cases(f):
    for label, x in layouts(normal, 3, 7)[:4]:
        for dim in (0, 1):
            f(f"{label}_dim{dim}", "sort", [x], dim=dim, descending=dim == 1)
            f(f"{label}_dim{dim}", "cumsum", [x], dim=dim)
            f(f"{label}_dim{dim}", "cumprod", [x], dim=dim)
            f(f"{label}_dim{dim}", "prod", [x], dim=dim, keepdim=dim == 0)
            f(f"{label}_dim{dim}", "median", [x], dim=dim, keepdim=dim == 0)
            f(f"{label}_dim{dim}", "quantile", [x], q=0.3, dim=dim, keepdim=dim == 0)
    for descending in (False, True):
        name = "descending" if descending else "ascending"
        f(f"ties_{name}", "sort", [ties(4, 9)], dim=1, descending=descending)
        f(f"ties_{name}", "argsort", [ties(9, 4).transpose(0, 1)], dim=-1, descending=descending)
        f(f"nan_{name}", "sort", [values(NANS)], dim=0, descending=descending)
        f(f"whole_{name}", "sort", [integers(5, 3, 6)], dim=1, descending=descending)
        f(f"nothing_{name}", "sort", [normal(0, 3)], dim=0, descending=descending)
        f(f"no_columns_{name}", "argsort", [normal(3, 0)], dim=1, descending=descending)
    f("expanded", "sort", [normal(3, 1).expand(3, 4)], dim=0, descending=False)
    f("rank3", "sort", [normal(2, 5, 3)], dim=1, descending=False)
    f("long", "sort", [normal(1, 333)], dim=1, descending=False)
    for largest in (True, False):
        name = "largest" if largest else "smallest"
        f(f"{name}_columns", "topk", [normal(3, 7)], k=3, dim=1, largest=largest)
        f(f"{name}_rows", "topk", [normal(5, 3).transpose(0, 1)], k=2, dim=0, largest=largest)
        f(f"{name}_all", "topk", [normal(6)], k=6, dim=-1, largest=largest)
        f(f"{name}_none", "topk", [normal(6)], k=0, dim=-1, largest=largest)
    f("nan", "topk", [values([1.0, NAN, 3.0, 2.0])], k=2, dim=0, largest=True)
    for k in (1, 3, 5):
        f(f"number_{k}", "kthvalue", [normal(3, 5)], k=k, dim=1, keepdim=False)
    f("rows", "kthvalue", [normal(5, 3).transpose(0, 1)], k=2, dim=0, keepdim=True)
    f("even", "median", [normal(3, 6)], dim=1, keepdim=False)
    f("one", "median", [normal(3, 1)], dim=1, keepdim=False)
    f("all", "median", [normal(3, 4)], dim=None, keepdim=False)
    f("nan", "median", [values([1.0, NAN, 3.0, 2.0, 0.0, 5.0], 2, 3)], dim=1, keepdim=False)
    for q in (0.0, 0.25, 0.5, 0.8, 1.0):
        f(f"all_{q}", "quantile", [normal(4, 5)], q=q, dim=None, keepdim=False)
        f(f"nan_{q}", "quantile", [values([1.0, NAN, 3.0, 2.0, 0.0, 5.0], 2, 3)], q=q, dim=1, keepdim=False)
    f("infinite", "quantile", [values([1.0, INF, -INF, 2.0])], q=0.5, dim=0, keepdim=False)
    for right in (False, True):
        name = "right" if right else "left"
        f(f"{name}", "searchsorted", [values([-1.0, 0.0, 0.0, 1.5, 2.0]), values([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, NAN], 7)], right=right)
        f(f"{name}_rows", "searchsorted", [values([0.0, 1.0, 2.0, 1.0, 1.0, 3.0], 2, 3), ties(2, 4)], right=right)
        f(f"{name}_whole", "searchsorted", [indices([1, 3, 3, 7]), integers(9, 2, 3)], right=right)
        f(f"{name}", "bucketize", [normal(3, 4), values([-1.0, 0.0, 1.0])], right=right)
    f("whole", "cumsum", [integers(9, 3, 4)], dim=1)
    f("bytes", "cumsum", [mask(9)], dim=0)
    f("expanded", "cumsum", [normal(3, 1).expand(3, 4)], dim=1)
    f("rank3", "cumsum", [normal(2, 5, 3)], dim=1)
    f("nothing", "cumsum", [normal(3, 0)], dim=1)
    f("long", "cumsum", [positive(2, 700)], dim=1)
    f("summed", "cumsum", [normal(3, 4)], upstream="ones", dim=0)
    # Whose gradient divides by x fails at a zero.
    zeros = {"one_zero": [2.0, 0.0, 3.0, -1.0], "two_zeros": [2.0, 0.0, 3.0, 0.0], "first_zero": [0.0, 2.0, 3.0, 4.0]}
    for label, x in zeros.items():
        f(label, "cumprod", [values(x)], dim=0)
        f(label, "prod", [values(x)], dim=0, keepdim=False)
        f(f"{label}_all", "prod", [values(x, 2, 2)], dim=None, keepdim=False)
    f("one", "cumprod", [normal(3, 1)], dim=1)
    f("nothing", "cumprod", [normal(3, 0)], dim=1)
    f("all", "prod", [normal(3, 4)], dim=None, keepdim=False)
    f("scalar", "prod", [normal()], dim=None, keepdim=False)
    f("nothing", "prod", [normal(3, 0)], dim=1, keepdim=False)
    f("whole", "prod", [integers(5, 3, 4)], dim=1, keepdim=False)
