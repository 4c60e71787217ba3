"""Picking numbers by index or by mask, and putting them back."""

import torch
import torch.nn.functional as F

from inputs import Input, indices, integers, mask, normal

OPS = {
    "index_select": lambda x, index, dim: x.index_select(dim, index),
    "gather": lambda x, index, dim: x.gather(dim, index),
    "embedding": lambda weight, ids: F.embedding(ids, weight),
    "masked_fill": lambda x, where, value: x.masked_fill(where.bool(), value),
    "where": lambda condition, a, b: torch.where(condition.bool(), a, b),
    "scatter_add": lambda x, index, source, dim: x.scatter_add(dim, index, source),
}


def causal(n: int) -> Input:
    """True where a query would look ahead."""
    return Input(lambda _: torch.ones(n, n).triu(1).bool(), grad=False)


def cases(f):
    inputs = {"plain": normal(5, 4), "transposed": normal(4, 5).transpose(0, 1), "expanded": normal(5, 1).expand(5, 4)}
    for label, x in inputs.items():
        # Repeated indices: their gradients add up.
        f(f"{label}_rows", "index_select", [x, indices([4, 0, 0, 2, 4, 4])], dim=0)
        f(f"{label}_columns", "index_select", [x, indices([3, 1, 3])], dim=-1)
        f(f"{label}_rows", "gather", [x, integers(5, 3, 4)], dim=0)
        f(f"{label}_columns", "gather", [x, integers(4, 5, 6)], dim=1)
        f(f"{label}_mask", "masked_fill", [x, mask(5, 4)], value=-1.5)
        f(f"{label}_row", "masked_fill", [x, mask(4)], value=float("-inf"))
    f("middle", "index_select", [normal(2, 5, 3), indices([1, 1, 4])], dim=1)
    f("nothing", "index_select", [normal(5, 3), indices([])], dim=0)
    f("strided_index", "index_select", [normal(5, 3), integers(5, 8).reshape(4, 2).select(1, 1)], dim=0)
    f("classes", "gather", [normal(6, 5), integers(5, 6, 1)], dim=1)
    f("rank3", "gather", [normal(2, 5, 3), integers(5, 2, 4, 3)], dim=1)
    f("transposed_index", "gather", [normal(5, 4), integers(4, 3, 5).transpose(0, 1)], dim=1)
    f("summed", "gather", [normal(4, 5), integers(5, 4, 2)], upstream="ones", dim=1)
    f("tokens", "embedding", [normal(7, 3), integers(7, 2, 5)])
    f("repeated", "embedding", [normal(4, 3), indices([2, 2, 2, 0])])
    f("one", "embedding", [normal(4, 3), indices([1], 1, 1)])
    f("none", "embedding", [normal(4, 3), indices([], 0)])
    f("transposed_weight", "embedding", [normal(3, 7).transpose(0, 1), integers(7, 2, 3)])
    f("transposed_ids", "embedding", [normal(7, 3), integers(7, 4, 2).transpose(0, 1)])
    f("causal", "masked_fill", [normal(2, 3, 4, 4), causal(4)], value=float("-inf"))
    f("broadcast_mask", "masked_fill", [normal(2, 3, 4), mask(2, 1, 4)], value=0.0)
    f("same", "where", [mask(3, 4), normal(3, 4), normal(3, 4)])
    f("broadcast", "where", [mask(3, 1), normal(4), normal(2, 1, 1)])
    f("strided", "where", [mask(4, 3).transpose(0, 1), normal(4, 3).transpose(0, 1), normal(3, 1).expand(3, 4)])
    f("constant", "where", [mask(3, 4), normal(3, 4), normal().constant()])
    f("rows", "scatter_add", [normal(4, 5), integers(4, 3, 5), normal(3, 5)], dim=0)
    f("columns", "scatter_add", [normal(3, 4), integers(4, 3, 6), normal(3, 6)], dim=1)
    f("strided", "scatter_add", [normal(5, 4).transpose(0, 1), integers(4, 5, 3).transpose(0, 1), normal(3, 1).expand(3, 5)], dim=0)
