"""The same numbers seen otherwise, put side by side, or turned round."""

import torch

from inputs import normal, values

OPS = {
    "reshape": lambda x, shape: x.reshape(shape),
    "permute": lambda x, dims: x.permute(dims),
    "transpose": lambda x, dim0, dim1: x.transpose(dim0, dim1),
    "t": lambda x: x.t(),
    "expand": lambda x, shape: x.expand(shape),
    "narrow": lambda x, dim, start, length: x.narrow(dim, start, length),
    "select": lambda x, dim, index: x.select(dim, index),
    "squeeze": lambda x, dim: x.squeeze(dim),
    "unsqueeze": lambda x, dim: x.unsqueeze(dim),
    "flatten": lambda x, start, end: x.flatten(start, end),
    "flip": lambda x, dims: x.flip(dims),
    "cat": lambda *xs, dim: torch.cat(xs, dim),
    "stack": lambda *xs, dim: torch.stack(xs, dim),
    "contiguous": lambda x: x.contiguous(),
    "split": lambda x, length, dim: x.split(length, dim),
    "step": lambda x, dim, step: x[(slice(None),) * dim + (slice(None, None, step),)],
    "to_dtype": lambda x, dtype: x.to({"f32": torch.float32, "f64": torch.float64, "i64": torch.int64}[dtype]),
}


def cases(f):
    f("merge", "reshape", [normal(2, 3, 4)], shape=[6, 4])
    f("split", "reshape", [normal(6, 4)], shape=[2, 3, 2, 2])
    f("infer", "reshape", [normal(2, 3, 4)], shape=[-1, 6])
    f("of_transposed", "reshape", [normal(3, 4).transpose(0, 1)], shape=[2, 6])
    f("of_narrowed", "reshape", [normal(4, 5).narrow(1, 1, 3)], shape=[6, 2])
    f("of_expanded", "reshape", [normal(3, 1).expand(3, 4)], shape=[12])
    f("of_permuted", "reshape", [normal(2, 3, 4).permute(1, 0, 2)], shape=[6, 4])
    f("to_scalar", "reshape", [normal(1, 1)], shape=[])
    f("from_scalar", "reshape", [normal()], shape=[1, 1])
    f("empty", "reshape", [normal(0, 4)], shape=[2, 0, 3])
    f("rank3", "permute", [normal(2, 3, 4)], dims=[2, 0, 1])
    f("rank4", "permute", [normal(2, 3, 2, 5)], dims=[0, 2, 3, 1])
    f("negative", "permute", [normal(2, 3, 4)], dims=[-1, 0, -2])
    f("of_stepped", "permute", [normal(3, 8).reshape(3, 4, 2).select(2, 0)], dims=[1, 0])
    f("plain", "transpose", [normal(2, 3, 4)], dim0=0, dim1=2)
    f("negative", "transpose", [normal(2, 3, 4)], dim0=-2, dim1=-1)
    f("plain", "t", [normal(3, 5)])
    f("row", "expand", [normal(1, 4)], shape=[3, 4])
    f("new_dims", "expand", [normal(4)], shape=[2, 3, 4])
    f("keep", "expand", [normal(3, 1)], shape=[2, -1, 4])
    f("scalar", "expand", [normal()], shape=[2, 2])
    f("to_empty", "expand", [normal(1, 3)], shape=[0, 3])
    f("twice", "expand", [normal(1, 1, 3).expand(1, 2, 3)], shape=[4, 2, 3])
    for label, x in {"plain": normal(4, 5), "transposed": normal(5, 4).transpose(0, 1)}.items():
        f(f"{label}_rows", "narrow", [x], dim=0, start=1, length=2)
        f(f"{label}_columns", "narrow", [x], dim=-1, start=2, length=3)
        f(f"{label}_nothing", "narrow", [x], dim=1, start=5, length=0)
        f(f"{label}_row", "select", [x], dim=0, index=2)
        f(f"{label}_column", "select", [x], dim=-1, index=4)
        f(f"{label}_rows", "flip", [x], dims=[0])
        f(f"{label}_both", "flip", [x], dims=[0, -1])
    f("of_empty", "narrow", [normal(0, 3)], dim=1, start=1, length=2)
    f("of_empty", "select", [normal(0, 3)], dim=1, index=2)
    f("expanded", "flip", [normal(3, 1).expand(3, 4)], dims=[0, 1])
    f("empty", "flip", [normal(0, 3)], dims=[0])
    f("one", "squeeze", [normal(3, 1, 4)], dim=1)
    f("not_one", "squeeze", [normal(3, 1, 4)], dim=0)
    f("last", "squeeze", [normal(3, 4, 1)], dim=-1)
    f("front", "unsqueeze", [normal(3, 4)], dim=0)
    f("back", "unsqueeze", [normal(3, 4)], dim=-1)
    f("middle", "unsqueeze", [normal(4, 3).transpose(0, 1)], dim=1)
    f("all", "flatten", [normal(2, 3, 4)], start=0, end=-1)
    f("from1", "flatten", [normal(2, 3, 4)], start=1, end=-1)
    f("permuted", "flatten", [normal(2, 3, 4).permute(2, 0, 1)], start=1, end=2)
    f("scalar", "flatten", [normal()], start=0, end=-1)
    f("rows", "cat", [normal(2, 3), normal(1, 3), normal(4, 3)], dim=0)
    f("columns", "cat", [normal(2, 3), normal(2, 1), normal(2, 4)], dim=-1)
    f("channels", "cat", [normal(2, 3, 2, 2), normal(2, 1, 2, 2)], dim=1)
    f("one", "cat", [normal(2, 3)], dim=0)
    f("strided", "cat", [normal(3, 2).transpose(0, 1), normal(2, 1).expand(2, 3), normal(2, 6).reshape(2, 3, 2).select(2, 1)], dim=1)
    f("with_empty", "cat", [normal(2, 3), normal(0, 3), normal(1, 3)], dim=0)
    f("constant", "cat", [normal(2, 3), normal(1, 3).constant()], dim=0)
    f("summed", "cat", [normal(2, 3), normal(1, 3)], upstream="ones", dim=0)
    f("front", "stack", [normal(2, 3), normal(2, 3)], dim=0)
    f("back", "stack", [normal(2, 3), normal(2, 3), normal(2, 3)], dim=-1)
    f("middle", "stack", [normal(3, 2).transpose(0, 1), normal(2, 3)], dim=1)
    f("scalars", "stack", [normal(), normal()], dim=0)
    f("transposed", "contiguous", [normal(3, 4).transpose(0, 1)])
    f("expanded", "contiguous", [normal(3, 1).expand(3, 4)])
    f("even", "split", [normal(6, 3)], length=2, dim=0)
    f("rest", "split", [normal(5, 3).transpose(0, 1)], length=2, dim=1)
    f("rows", "step", [normal(5, 3)], dim=0, step=2)
    f("transposed_columns", "step", [normal(7, 3).transpose(0, 1)], dim=1, step=3)
    f("beyond", "step", [normal(3, 4)], dim=1, step=5)
    for dtype in ("f32", "f64"):
        f(dtype, "to_dtype", [normal(3, 5).transpose(0, 1)], dtype=dtype)
    # Towards zero, not down.
    f("i64", "to_dtype", [values([1.5, -1.5, 0.0, -0.2, 2.9, 1e9])], dtype="i64")
