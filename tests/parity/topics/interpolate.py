"""Images at another size, and channels as pixels."""

import torch.nn.functional as F

from inputs import normal


def to_size(x, *, size, mode, align_corners=None):
    return F.interpolate(x, size=size, mode=mode, align_corners=align_corners)


def by_factor(x, *, factor, mode, align_corners=None):
    return F.interpolate(x, scale_factor=factor, mode=mode, align_corners=align_corners)


OPS = {
    "interpolate": to_size,
    "interpolate_by": by_factor,
    "pixel_shuffle": lambda x, *, factor: F.pixel_shuffle(x, factor),
    "pixel_unshuffle": lambda x, *, factor: F.pixel_unshuffle(x, factor),
}

LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def modes(axes):
    """Label and arguments of each way to place pixels."""
    linear = LINEAR[axes]
    return [
        ("nearest", {"mode": "nearest"}),
        ("exact", {"mode": "nearest-exact"}),
        (linear, {"mode": linear, "align_corners": False}),
        (f"{linear}_corners", {"mode": linear, "align_corners": True}),
    ]


def cases(f):
    sizes = [
        # label, input, size
        ("double", (1, 2, 3, 4), [6, 8]),
        ("odd_down", (1, 2, 7, 6), [3, 4]),
        ("up_and_down", (2, 1, 3, 7), [5, 3]),
        ("from_one", (1, 2, 1, 1), [3, 2]),
        ("to_one", (1, 2, 5, 4), [1, 1]),
        ("line_up", (2, 3, 4), [9]),
        ("line_down", (1, 2, 7), [3]),
        ("volume_up", (1, 2, 2, 3, 3), [5, 4, 3]),
        ("volume_down", (1, 1, 5, 4, 3), [2, 3, 1]),
    ]
    factors = [
        ("whole", (1, 2, 3, 4), [2.0, 3.0]),
        ("half", (1, 2, 6, 5), [0.5, 0.5]),
        ("rounded", (1, 2, 5, 3), [1.5, 2.5]),
        ("down_rounded", (1, 1, 7, 8), [0.6, 0.4]),
        ("line", (1, 2, 5), [2.3]),
        ("volume", (1, 1, 3, 2, 3), [2.0, 1.5, 0.7]),
    ]
    for label, x, size in sizes:
        for mode, options in modes(len(size)):
            f(f"{label}_{mode}", "interpolate", [normal(*x)], size=size, **options)
    for label, x, factor in factors:
        for mode, options in modes(len(factor))[:3]:  # where corners are aligned, the size alone counts
            f(f"{label}_{mode}", "interpolate_by", [normal(*x)], factor=factor, **options)
    views = [
        ("transposed", normal(1, 2, 5, 3).transpose(2, 3)),
        ("narrowed", normal(1, 3, 4, 7).narrow(1, 1, 2).narrow(2, 1, 3).narrow(3, 2, 5)),
        ("expanded", normal(1, 1, 3, 1).expand(1, 2, 3, 5)),
    ]
    for label, x in views:
        f(f"{label}_nearest", "interpolate", [x], size=[7, 4], mode="nearest")
        f(f"{label}_bilinear", "interpolate", [x], size=[7, 4], mode="bilinear", align_corners=False)
        f(f"{label}_nearest", "interpolate_by", [x], factor=[2.0, 2.0], mode="nearest")

    # PyTorch cannot take the gradient where there are no images.
    f("double", "pixel_shuffle", [normal(2, 8, 3, 2)], factor=2)
    f("triple", "pixel_shuffle", [normal(1, 9, 1, 2)], factor=3)
    f("one", "pixel_shuffle", [normal(1, 3, 2, 2)], factor=1)
    f("transposed", "pixel_shuffle", [normal(1, 3, 4, 2).transpose(1, 2)], factor=2)
    f("no_images", "pixel_shuffle", [normal(0, 4, 2, 3).constant()], factor=2)
    f("double", "pixel_unshuffle", [normal(2, 2, 6, 4)], factor=2)
    f("triple", "pixel_unshuffle", [normal(1, 2, 3, 6)], factor=3)
    f("one", "pixel_unshuffle", [normal(1, 3, 2, 2)], factor=1)
    f("transposed", "pixel_unshuffle", [normal(1, 2, 4, 6).transpose(2, 3)], factor=2)
