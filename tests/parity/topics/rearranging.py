"""Views and copies beyond the first ones: windows, diagonals, padding, repetition."""

import torch
import torch.nn.functional as F

from inputs import normal

OPS = {
    "flip_dims": lambda x, dims: x.flip(dims),
    "roll": lambda x, shift, dim: x.roll(shift, dim),
    "repeat": lambda x, times: x.repeat(times),
    "tile": lambda x, times: x.tile(times),
    "repeat_interleave": lambda x, times, dim: x.repeat_interleave(times, dim),
    "pad": lambda x, amounts, mode, value: F.pad(x, amounts, mode=mode, value=value if mode == "constant" else None),
    "split_with_sizes": lambda x, sizes, dim: x.split(sizes, dim),
    "chunk": lambda x, n, dim: x.chunk(n, dim),
    "unbind": lambda x, dim: x.unbind(dim),
    "unfold": lambda x, dim, size, step: x.unfold(dim, size, step),
    "diagonal": lambda x, offset, dim1, dim2: x.diagonal(offset, dim1, dim2),
    "movedim": lambda x, source, to: x.movedim(source, to),
    "unflatten": lambda x, dim, sizes: x.unflatten(dim, sizes),
    "broadcast_to": lambda x, shape: x.broadcast_to(shape),
}


def cases(f):
    views = {"plain": normal(4, 5), "transposed": normal(5, 4).transpose(0, 1), "expanded": normal(4, 1).expand(4, 5), "narrowed": normal(6, 8).narrow(0, 1, 4).narrow(1, 2, 5)}
    for label, x in views.items():
        f(label, "flip_dims", [x], dims=[0, 1])
        f(f"{label}_on", "roll", [x], shift=2, dim=1)
        f(f"{label}_back", "roll", [x], shift=-1, dim=0)
        f(label, "repeat", [x], times=[2, 3])
        f(label, "repeat_interleave", [x], times=3, dim=0)
        f(f"{label}_last", "repeat_interleave", [x], times=2, dim=-1)
        f(f"{label}_constant", "pad", [x], amounts=[1, 2, 0, 3], mode="constant", value=-1.5)
        f(f"{label}_cut", "pad", [x], amounts=[-1, 2, 1, -2], mode="constant", value=0.5)
        f(f"{label}_overlapping", "unfold", [x], dim=1, size=3, step=1)
        f(f"{label}_stepped", "unfold", [x], dim=0, size=2, step=2)
        f(label, "diagonal", [x], offset=0, dim1=0, dim2=1)
        f(f"{label}_right", "diagonal", [x], offset=2, dim1=0, dim2=1)
        f(f"{label}_below", "diagonal", [x], offset=-1, dim1=0, dim2=1)
        f(label, "chunk", [x], n=2, dim=0)
        f(label, "unbind", [x], dim=1)
    for mode in ("reflect", "replicate", "circular"):
        f(mode, "pad", [normal(1, 2, 4)], amounts=[2, 1], mode=mode, value=None)
        f(f"{mode}_image", "pad", [normal(1, 2, 3, 4)], amounts=[1, 2, 2, 1], mode=mode, value=None)
        f(f"{mode}_volume", "pad", [normal(1, 1, 2, 3, 4)], amounts=[0, 1, 1, 0, 1, 1], mode=mode, value=None)
        f(f"{mode}_strided", "pad", [normal(1, 4, 5, 2).permute(0, 3, 1, 2)], amounts=[1, 1, 1, 1], mode=mode, value=None)
    f("far", "pad", [normal(1, 1, 3)], amounts=[5, 7], mode="replicate", value=None)
    f("nothing", "pad", [normal(3)], amounts=[], mode="constant", value=0.0)
    f("empty", "pad", [normal(0, 3)], amounts=[1, 1, 2, 0], mode="constant", value=1.0)
    f("all_cut", "pad", [normal(3)], amounts=[-1, -2], mode="constant", value=0.0)
    f("new_dims", "repeat", [normal(3)], times=[2, 1, 2])
    f("none", "repeat", [normal(2, 3)], times=[0, 2])
    f("scalar", "repeat", [normal()], times=[3])
    f("fewer", "tile", [normal(2, 3)], times=[2])
    f("more", "tile", [normal(3)], times=[2, 2])
    f("whole_turn", "roll", [normal(3, 4)], shift=8, dim=1)
    f("far", "roll", [normal(3, 4)], shift=-7, dim=1)
    f("empty", "roll", [normal(0, 4)], shift=1, dim=0)
    f("zero", "repeat_interleave", [normal(3)], times=0, dim=0)
    f("sizes", "split_with_sizes", [normal(6, 3)], sizes=[1, 0, 3, 2], dim=0)
    f("columns", "split_with_sizes", [normal(5, 3).transpose(0, 1)], sizes=[2, 3], dim=-1)
    f("fewer", "chunk", [normal(5, 2)], n=4, dim=0)
    f("more", "chunk", [normal(2, 3)], n=4, dim=0)
    f("empty", "chunk", [normal(0, 3)], n=2, dim=0)
    f("rank3", "unfold", [normal(2, 7, 3)], dim=1, size=3, step=2)
    f("gaps", "unfold", [normal(9)], dim=0, size=2, step=4)
    f("whole", "unfold", [normal(2, 4)], dim=1, size=4, step=3)
    f("ones", "unfold", [normal(4)], dim=0, size=1, step=1)
    f("none", "unfold", [normal(4)], dim=0, size=0, step=1)
    f("summed", "unfold", [normal(3, 5)], upstream="ones", dim=1, size=3, step=1)
    f("batch", "diagonal", [normal(2, 3, 4)], offset=1, dim1=-2, dim2=-1)
    f("outer", "diagonal", [normal(3, 2, 4)], offset=0, dim1=2, dim2=0)
    f("outside", "diagonal", [normal(3, 4)], offset=7, dim1=0, dim2=1)
    f("front", "movedim", [normal(2, 3, 4)], source=2, to=0)
    f("back", "movedim", [normal(2, 3, 4)], source=0, to=-1)
    f("inferred", "unflatten", [normal(2, 6)], dim=1, sizes=[-1, 2])
    f("strided", "unflatten", [normal(6, 2).transpose(0, 1)], dim=-1, sizes=[2, 3])
    f("row", "broadcast_to", [normal(4)], shape=[3, 4])
