"""Pooling in one and three dimensions, to a given size, with a rest at the end, and undone."""

import torch
import torch.nn.functional as F

from inputs import normal, ties


def largest(function, positions=True):
    def run(x, *, kernel, stride, padding, ceil_mode=False):
        return function(x, kernel, stride, padding, ceil_mode=ceil_mode, return_indices=positions)
    return run


def mean(function):
    def run(x, *, kernel, stride, padding, ceil_mode=False, count_include_pad=True):
        return function(x, kernel, stride, padding, ceil_mode, count_include_pad)
    return run


def undone(pool, unpool):
    def run(x, *, kernel, stride, padding):
        values, positions = pool(x, kernel, stride, padding, return_indices=True)
        # Overlapping windows lay the same number at the same place, in whatever order.
        torch.use_deterministic_algorithms(False)
        y = unpool(values, positions, kernel, stride, padding, output_size=x.shape)
        torch.use_deterministic_algorithms(True)
        return y
    return run


OPS = {
    "max_pool1d": largest(F.max_pool1d),
    "avg_pool1d": mean(F.avg_pool1d),
    "max_pool2d": largest(F.max_pool2d),
    "avg_pool2d": mean(F.avg_pool2d),
    "max_pool3d": largest(F.max_pool3d, positions=False),
    "max_pool3d_positions": largest(F.max_pool3d),
    "avg_pool3d": mean(F.avg_pool3d),
    "adaptive_avg_pool1d": lambda x, size: F.adaptive_avg_pool1d(x, size),
    "adaptive_avg_pool3d": lambda x, size: F.adaptive_avg_pool3d(x, size),
    "adaptive_max_pool1d": lambda x, size: F.adaptive_max_pool1d(x, size, return_indices=True),
    "adaptive_max_pool2d": lambda x, size: F.adaptive_max_pool2d(x, size, return_indices=True),
    "adaptive_max_pool3d": lambda x, size: F.adaptive_max_pool3d(x, size, return_indices=True),
    "max_unpool1d": undone(F.max_pool1d, F.max_unpool1d),
    "max_unpool2d": undone(F.max_pool2d, F.max_unpool2d),
    "max_unpool3d": undone(F.max_pool3d, F.max_unpool3d),
}


def cases(f):
    # the last window begins inside, in the padding, or just does not
    rests = {
        "rest": ((1, 2, 7), 2, 2, 0),
        "overlap": ((2, 2, 8), 3, 2, 1),
        "gaps": ((1, 1, 9), 2, 4, 0),
        "begins_in_padding": ((1, 2, 5), 2, 2, 1),
        "none": ((1, 2, 6), 2, 2, 0),
    }
    for label, (shape, kernel, stride, padding) in rests.items():
        window = {"kernel": kernel, "stride": stride, "padding": padding}
        for ceil in (False, True):
            name = f"{label}_ceil" if ceil else label
            f(name, "max_pool1d", [ties(*shape)], ceil_mode=ceil, **window)
            f(name, "avg_pool1d", [normal(*shape)], ceil_mode=ceil, count_include_pad=True, **window)
        f(f"{label}_inside_ceil", "avg_pool1d", [normal(*shape)], ceil_mode=True, count_include_pad=False, **window)
    plane = {"kernel": [3, 2], "stride": [2, 3], "padding": [1, 1]}
    f("odd_ceil", "max_pool2d", [ties(1, 2, 6, 7)], ceil_mode=True, **plane)
    f("odd_ceil", "avg_pool2d", [normal(1, 2, 6, 7)], ceil_mode=True, count_include_pad=True, **plane)
    f("odd_inside_ceil", "avg_pool2d", [normal(1, 2, 7, 6)], ceil_mode=True, count_include_pad=False, **plane)

    volumes = {
        "plain": ((2, 2, 4, 4, 2), 2, 2, 0),
        "odd": ((1, 2, 5, 3, 4), 2, 2, 1),
        "overlap": ((1, 1, 4, 4, 5), 3, 1, 0),
        "axes": ((1, 2, 5, 4, 7), [2, 3, 2], [3, 1, 2], [1, 1, 0]),
        "empty": ((0, 2, 4, 4, 4), 2, 2, 0),
    }
    for label, (shape, kernel, stride, padding) in volumes.items():
        window = {"kernel": kernel, "stride": stride, "padding": padding}
        f(label, "max_pool3d", [normal(*shape)], **window)
        f(f"ties_{label}", "max_pool3d_positions", [ties(*shape)], **window)
        f(label, "avg_pool3d", [normal(*shape)], count_include_pad=True, **window)
    rest = {"kernel": 2, "stride": 2, "padding": 1, "ceil_mode": True}
    f("ceil", "max_pool3d_positions", [ties(1, 1, 4, 5, 6)], **rest)
    f("ceil", "avg_pool3d", [normal(1, 1, 4, 5, 6)], count_include_pad=True, **rest)
    f("inside_ceil", "avg_pool3d", [normal(1, 1, 4, 5, 6)], count_include_pad=False, **rest)
    turned = normal(1, 2, 4, 3, 5).transpose(2, 4)
    f("transposed", "max_pool3d", [turned], kernel=2, stride=2, padding=0)
    f("transposed", "avg_pool3d", [turned], kernel=2, stride=2, padding=0, count_include_pad=True)

    for label, shape, size in [("even", (2, 2, 6), 3), ("uneven", (1, 2, 7), 3), ("larger", (1, 2, 3), 5), ("empty", (0, 2, 4), 2)]:
        f(label, "adaptive_avg_pool1d", [normal(*shape)], size=size)
        f(label, "adaptive_max_pool1d", [ties(*shape)], size=size)
    for label, shape, size in [("uneven", (1, 2, 7, 5), [3, 2]), ("global", (2, 2, 3, 4), [1, 1]), ("larger", (1, 1, 2, 3), [4, 4])]:
        f(label, "adaptive_max_pool2d", [ties(*shape)], size=size)
    f("transposed", "adaptive_max_pool2d", [normal(1, 2, 6, 5).transpose(2, 3)], size=[2, 3])
    for label, shape, size in [("uneven", (1, 2, 5, 4, 3), [2, 3, 2]), ("global", (2, 2, 2, 3, 2), [1, 1, 1])]:
        f(label, "adaptive_avg_pool3d", [normal(*shape)], size=size)
        f(label, "adaptive_max_pool3d", [ties(*shape)], size=size)
    f("larger", "adaptive_max_pool3d", [ties(1, 2, 2, 1, 3)], size=[3, 2, 4])
    f("transposed", "adaptive_max_pool3d", [normal(1, 2, 4, 3, 5).transpose(2, 4)], size=[2, 2, 3])

    for label, shape, kernel, stride, padding in [("plain", (2, 2, 6), 2, 2, 0), ("rest", (1, 2, 7), 2, 2, 0), ("overlap", (1, 1, 7), 3, 2, 1)]:
        f(label, "max_unpool1d", [normal(*shape)], kernel=kernel, stride=stride, padding=padding)
    for label, shape, kernel, stride, padding in [
        ("plain", (2, 2, 4, 6), 2, 2, 0),
        ("rest", (1, 2, 5, 7), 2, 2, 0),
        ("overlap", (1, 1, 6, 5), 3, 2, 1),
    ]:
        f(label, "max_unpool2d", [normal(*shape)], kernel=kernel, stride=stride, padding=padding)
    f("transposed", "max_unpool2d", [normal(1, 2, 4, 6).transpose(2, 3)], kernel=2, stride=2, padding=0)
    for label, shape, kernel, stride, padding in [
        ("plain", (1, 2, 4, 2, 4), 2, 2, 0),
        ("rest", (1, 1, 3, 5, 4), 2, 2, 0),
        ("overlap", (1, 1, 4, 3, 5), 3, 2, 1),
    ]:
        f(label, "max_unpool3d", [normal(*shape)], kernel=kernel, stride=stride, padding=padding)
