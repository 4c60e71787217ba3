"""Pooling. Ties go to the first of a window, row by row."""

import math

import torch.nn.functional as F

from inputs import normal, ties, values

NAN, INF = math.nan, math.inf
OPS = {
    "max_pool2d": lambda x, kernel, stride, padding: F.max_pool2d(x, kernel, stride, padding),
    "max_pool2d_positions": lambda x, kernel, stride, padding: F.max_pool2d(x, kernel, stride, padding, return_indices=True),
    "max_pool1d": lambda x, kernel, stride, padding: F.max_pool1d(x, kernel, stride, padding),
    "avg_pool1d": lambda x, kernel, stride, padding: F.avg_pool1d(x, kernel, stride, padding),
    "avg_pool2d": lambda x, kernel, stride, padding, count_include_pad: F.avg_pool2d(
        x, kernel, stride, padding, count_include_pad=count_include_pad
    ),
    "adaptive_avg_pool2d": lambda x, size: F.adaptive_avg_pool2d(x, size),
}


def cases(f):
    windows = {
        "plain": ((2, 2, 4, 4), 2, 2, 0),
        "rest": ((1, 2, 7, 5), 2, 2, 0),
        "overlap": ((1, 2, 4, 5), 3, 1, 0),
        "overlap_padded": ((1, 2, 7, 6), 3, 2, 1),
        "gaps": ((1, 1, 8, 7), 2, 3, 0),
        "one": ((1, 2, 3, 3), 1, 1, 0),
        "image": ((2, 2, 4, 4), 4, 4, 0),
        "rectangle": ((1, 2, 4, 6), [2, 3], [1, 2], [1, 0]),
        "empty": ((0, 2, 4, 4), 2, 2, 0),
    }
    for label, (shape, kernel, stride, padding) in windows.items():
        f(label, "max_pool2d", [normal(*shape)], kernel=kernel, stride=stride, padding=padding)
        f(f"ties_{label}", "max_pool2d", [ties(*shape)], kernel=kernel, stride=stride, padding=padding)
        f(label, "avg_pool2d", [normal(*shape)], kernel=kernel, stride=stride, padding=padding, count_include_pad=True)
        if padding:
            f(f"{label}_inside", "avg_pool2d", [normal(*shape)], kernel=kernel, stride=stride, padding=padding, count_include_pad=False)
    strided = {
        "transposed": normal(1, 3, 6, 5).transpose(2, 3),
        "channels_last": normal(2, 5, 4, 3).permute(0, 3, 1, 2),
        "narrowed": normal(1, 4, 5, 8).narrow(1, 1, 2).narrow(3, 2, 5),
        "expanded": normal(1, 2, 6, 1).expand(2, 2, 6, 6),
    }
    for label, x in strided.items():
        f(label, "max_pool2d", [x], kernel=3, stride=2, padding=1)
        f(label, "avg_pool2d", [x], kernel=3, stride=2, padding=1, count_include_pad=True)
        f(label, "adaptive_avg_pool2d", [x], size=[2, 3])
    f("all_negative_padded", "max_pool2d", [values([-1.0, -2.0, -3.0, -4.0], 1, 1, 2, 2)], kernel=3, stride=1, padding=1)
    f("nan", "max_pool2d", [values([1.0, NAN, 3.0, 4.0, 0.0, 1.0, -INF, -INF], 1, 2, 2, 2)], kernel=2, stride=2, padding=0)
    f("nan_overlap", "max_pool2d", [values([1.0, 2.0, NAN, 4.0, 5.0, 6.0, NAN, 8.0, 9.0], 1, 1, 3, 3)], kernel=2, stride=1, padding=0)
    f("summed", "max_pool2d", [normal(1, 2, 4, 4)], upstream="ones", kernel=2, stride=2, padding=0)
    f("summed", "avg_pool2d", [normal(1, 2, 4, 4)], upstream="ones", kernel=2, stride=2, padding=0, count_include_pad=True)
    f("ties", "max_pool2d_positions", [ties(1, 2, 5, 6)], kernel=3, stride=2, padding=1)
    f("transposed", "max_pool2d_positions", [ties(1, 2, 6, 5).transpose(2, 3)], kernel=2, stride=2, padding=0)
    for op in ("max_pool1d", "avg_pool1d"):
        f("plain", op, [normal(2, 3, 8)], kernel=2, stride=2, padding=0)
        f("overlap_padded", op, [normal(5, 2, 2).transpose(0, 2)], kernel=3, stride=1, padding=1)
    for label, shape, size in [
        ("global", (2, 2, 5, 4), [1, 1]),
        ("whole", (1, 2, 3, 3), [3, 3]),
        ("even", (1, 2, 6, 8), [3, 2]),
        ("uneven", (1, 2, 7, 5), [3, 2]),
        ("larger", (1, 2, 3, 2), [5, 4]),
        ("empty", (0, 2, 4, 4), [2, 2]),
    ]:
        f(label, "adaptive_avg_pool2d", [normal(*shape)], size=size)
