"""Parts of tensors by indices, masks and positions; putting them back; tensors of zeros and ones."""

import torch
import torch.nn.functional as F

from inputs import indices, integers, mask, normal, ties, values


def key(parts, tensors):
    """An index as it is written in a case: a number, [start, end, step], "new", "..." or "tensor"."""
    tensors = iter(tensors)
    named = {"new": lambda: None, "...": lambda: Ellipsis, "tensor": lambda: next(tensors)}
    return tuple(named[p]() if isinstance(p, str) else slice(*p) if isinstance(p, list) else p for p in parts)


def assign(x, value, parts):
    y = x.clone()
    y[key(parts, [])] = value
    return y


def put(x, value, *tensors, parts, accumulate):
    # Only this form takes whole dimensions (None) before the tensors.
    tensors = iter(tensors)
    index = [next(tensors) if part == "tensor" else None for part in parts]
    return torch.ops.aten.index_put(x, index, value, accumulate)


OPS = {
    "i": lambda x, *tensors, parts: x[key(parts, tensors)],
    "slice_assign": assign,
    "slice_assign_": assign,
    "index_put": put,
    "scatter": lambda x, index, source, dim: x.scatter(dim, index, source),
    "index_add": lambda x, index, source, dim: x.index_add(dim, index, source),
    "take_along_dim": lambda x, index, dim: torch.take_along_dim(x, index, dim),
    "masked_select": lambda x, where: x.masked_select(where.bool()),
    "nonzero": torch.nonzero,
    "one_hot": lambda x, classes: F.one_hot(x, classes),
    "tril": lambda x, diagonal: x.tril(diagonal),
    "triu": lambda x, diagonal: x.triu(diagonal),
    "histc": lambda x, bins, min, max: torch.histc(x, bins, min, max),
    "bincount": lambda x, minlength: torch.bincount(x, minlength=minlength),
}
ALL = [None, None, None]


def cases(f):
    x = normal(4, 5, 6)
    basic = {
        "number": [2], "last": [-1], "numbers": [1, -2, 0], "range": [[1, 3, None]], "from": [ALL, [2, None, None]],
        "to": [ALL, ALL, [None, -2, None]], "step": [ALL, [1, None, 2]], "clamped": [[2, 99, None]], "negative": [[-3, -1, None], -1],
        "none": [[3, 1, None]], "new": ["new", ALL, "new", 0], "ellipsis": ["...", 1], "middle": [0, "...", [0, 2, None]],
        "all": [], "nothing_left": ["...", ALL, ALL, 3], "new_last": ["...", "new"],
    }
    for label, parts in basic.items():
        f(label, "i", [x], parts=parts)
        f(f"{label}_strided", "i", [normal(6, 4, 5).permute(1, 2, 0)], parts=parts)
    rows, columns = indices([0, 2, -1]), indices([1, 1, -5])
    f("rows", "i", [x, indices([3, 0, 0, -2])], parts=["tensor"])
    f("middle_tensor", "i", [x, integers(5, 2, 3)], parts=[ALL, "tensor"])
    f("scalar_tensor", "i", [x, indices([2]).select(0, 0)], parts=["tensor"])
    f("pairs", "i", [x, rows, columns], parts=["tensor", "tensor"])
    f("outer", "i", [x, indices([0, 2], 2, 1), columns], parts=["tensor", "tensor"])
    f("apart", "i", [x, rows, columns], parts=["tensor", ALL, "tensor"])
    f("mixed", "i", [x, rows], parts=[0, [1, 4, None], "tensor"])
    f("no_index", "i", [x, indices([], 0)], parts=["tensor"])
    f("labels", "i", [normal(4, 3), indices([0, 1, 2, 3]), integers(3, 4)], parts=["tensor", "tensor"])
    f("mask", "i", [normal(4, 5), mask(4, 5)], parts=["tensor"])
    f("mask_of_rows", "i", [normal(4, 5), mask(4)], parts=["tensor", [1, 3, None]])
    f("mask_of_columns", "i", [normal(4, 5), mask(5)], parts=[ALL, "tensor"])
    for label, parts in {"row": [1], "block": [[1, 3, None], [None, None, 2]], "last": ["...", -1]}.items():
        f(label, "slice_assign", [normal(4, 5), normal()], parts=parts)
    f("broadcast", "slice_assign", [normal(5, 4).transpose(0, 1), normal(1, 2)], parts=[[1, 4, None], [0, 4, 2]])
    f("block", "slice_assign_", [normal(4, 5).constant(), normal(2, 1).constant()], parts=[[1, 3, None], [None, None, 2]])
    f("whole", "slice_assign_", [integers(9, 4, 3), integers(9, 3)], parts=["..."])
    # Added to several times; replaced only once, for PyTorch does not say by which of several.
    twice, once = [indices([0, 2, -1, 2]), indices([1, 1, -5, 1])], [indices([0, 2, -1]), indices([1, 1, -5])]
    for accumulate, pairs in ((True, twice), (False, once)):
        name, n = ("add", 4) if accumulate else ("replace", 3)
        same = {"accumulate": accumulate}
        f(f"{name}_rows", "index_put", [normal(4, 5), normal(n, 5), pairs[0]], parts=["tensor"], **same)
        f(f"{name}_pairs", "index_put", [normal(4, 5), normal(n), *pairs], parts=["tensor", "tensor"], **same)
        f(f"{name}_one", "index_put", [normal(4, 5), normal(), *pairs], parts=["tensor", "tensor"], **same)
        f(f"{name}_middle", "index_put", [normal(2, 5, 3), normal(n, 3), pairs[1]], parts=[ALL, "tensor"], **same)
        f(f"{name}_apart", "index_put", [normal(4, 3, 5), normal(3), *pairs], parts=["tensor", ALL, "tensor"], **same)
        f(f"{name}_outer", "index_put", [normal(4, 5), normal(2, 1), indices([0, 2], 2, 1), indices([4, 0, 1])], parts=["tensor", "tensor"], **same)
        f(f"{name}_mask", "index_put", [normal(4, 5), normal(), mask(4, 5)], parts=["tensor"], **same)
        f(f"{name}_none", "index_put", [normal(4, 5), normal(0, 5), indices([], 0)], parts=["tensor"], **same)
        f(f"{name}_strided", "index_put", [normal(5, 4).transpose(0, 1), normal(1).expand(n), *pairs], parts=["tensor", "tensor"], **same)
        f(f"{name}_expanded", "index_put", [normal(4, 1).expand(4, 5), normal(5, n).transpose(0, 1), pairs[0]], parts=["tensor"], **same)
        f(f"{name}_whole", "index_put", [integers(9, 4, 5), integers(9, n), *pairs], parts=["tensor", "tensor"], **same)
    f("rows", "scatter", [normal(4, 5), indices([3, 0, 1, 2, 0, 2, 1, 0, 3, 1], 2, 5), normal(2, 5)], dim=0)
    f("columns", "scatter", [normal(4, 3).transpose(0, 1), indices([0, 2, 1, 3, 2, 0], 3, 2), normal(3, 2)], dim=1)
    f("expanded", "scatter", [normal(3, 1).expand(3, 4), indices([1, 0, 3], 3, 1), normal(3, 1)], dim=-1)
    f("rows", "index_add", [normal(4, 3), indices([1, 1, 3]), normal(3, 3)], dim=0)
    f("columns", "index_add", [normal(3, 4).transpose(0, 1), indices([0, 2, 2, 2]), normal(4, 1).expand(4, 4)], dim=1)
    f("same", "take_along_dim", [normal(3, 4), integers(4, 3, 2)], dim=1)
    f("broadcast", "take_along_dim", [normal(3, 4), integers(3, 1, 4).narrow(0, 0, 1)], dim=0)
    f("row_index", "take_along_dim", [normal(3, 4), integers(4, 1, 2)], dim=1)
    f("same", "masked_select", [normal(3, 5), mask(3, 5)])
    f("strided", "masked_select", [normal(5, 3).transpose(0, 1), mask(5)])
    f("broadcast", "masked_select", [normal(3, 1), mask(3, 4)])
    f("none", "masked_select", [normal(0), mask(0)])
    f("ties", "nonzero", [ties(3, 4)])
    f("strided", "nonzero", [ties(4, 3, 2).permute(2, 0, 1)])
    f("scalar", "nonzero", [values([2.0]).select(0, 0)])
    f("empty", "nonzero", [normal(0, 3)])
    f("ids", "one_hot", [integers(4, 2, 3)], classes=4)
    f("more", "one_hot", [integers(3, 5)], classes=6)
    f("scalar", "one_hot", [indices([1]).select(0, 0)], classes=3)
    for op in ("tril", "triu"):
        for diagonal in (0, 1, -2, 9):
            f(f"by_{diagonal}", op, [normal(3, 5)], diagonal=diagonal)
        f("batch", op, [normal(2, 3, 4, 4)], diagonal=-1)
        f("strided", op, [normal(5, 3).transpose(0, 1)], diagonal=0)
        f("whole", op, [integers(9, 4, 3)], diagonal=0)
    f("ids", "bincount", [integers(5, 20)], minlength=0)
    f("longer", "bincount", [integers(3, 6)], minlength=8)
    f("none", "bincount", [integers(3, 0)], minlength=0)
    for label, bins, low, high in [("range", 4, -1.0, 1.0), ("of_elements", 5, 0.0, 0.0), ("one_bin", 1, -0.5, 2.0), ("outside", 3, 7.0, 9.0)]:
        f(label, "histc", [normal(5, 7).constant()], bins=bins, min=low, max=high)
    # On the seams between bins: the upper one has it, but the last keeps its end.
    f("seams", "histc", [values([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, -0.1]).constant()], bins=10, min=0.0, max=1.0)
    f("shifted_seams", "histc", [values([0.1 * k for k in range(-9, 10)]).constant()], bins=6, min=-0.3, max=0.9)
    f("strided", "histc", [normal(6, 4).transpose(0, 1).narrow(1, 1, 3).constant()], bins=4, min=-1.5, max=1.5)
    f("expanded", "histc", [normal(3, 1).expand(3, 4).constant()], bins=4, min=-2.0, max=2.0)
    f("nan", "histc", [values([1.0, float("nan"), float("inf"), -float("inf"), 0.3]).constant()], bins=4, min=0.0, max=2.0)
    f("equal", "histc", [values([2.0, 2.0, 2.0]).constant()], bins=4, min=0.0, max=0.0)
    f("point", "histc", [values([1.0, 2.0, 4.0]).constant()], bins=3, min=2.0, max=2.0)
    f("empty", "histc", [normal(0).constant()], bins=3, min=0.0, max=0.0)
    f("scalar", "histc", [normal().constant()], bins=3, min=-3.0, max=3.0)
