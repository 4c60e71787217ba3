"""Convolutions of volumes, both ways. The weight of a transposed one has its input channels first."""

import torch.nn.functional as F

from inputs import normal


def conv3d(x, weight, bias=None, *, stride, padding, dilation, groups):
    return F.conv3d(x, weight, bias, stride, padding, dilation, groups)


def conv_transpose3d(x, weight, bias=None, *, stride, padding, output_padding, dilation, groups):
    return F.conv_transpose3d(x, weight, bias, stride, padding, output_padding, groups, dilation)


OPS = {"conv3d": conv3d, "conv_transpose3d": conv_transpose3d}


def options(stride=1, padding=0, dilation=1, groups=1):
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


def cases(f):
    down = [
        # label, input, weight, outputs of the bias or 0, options
        ("plain", (2, 2, 3, 4, 3), (3, 2, 2, 3, 2), 3, options()),
        ("same", (1, 2, 4, 3, 3), (2, 2, 3, 3, 3), 0, options(padding=1)),
        ("odd", (1, 2, 5, 5, 4), (2, 2, 3, 2, 3), 2, options(stride=2, padding=1)),
        ("axes", (1, 2, 5, 4, 6), (2, 2, 2, 3, 2), 2, options(stride=[2, 1, 3], padding=[1, 0, 2], dilation=[3, 1, 2])),
        ("groups2", (2, 4, 3, 3, 3), (6, 2, 2, 2, 2), 6, options(groups=2)),
        ("depthwise", (1, 3, 3, 3, 3), (3, 1, 3, 2, 2), 3, options(padding=1, groups=3)),
        ("pointwise", (2, 3, 2, 2, 3), (2, 3, 1, 1, 1), 2, options()),
        ("gaps", (1, 1, 7, 3, 3), (1, 1, 2, 2, 2), 1, options(stride=[4, 1, 1])),
        ("one_voxel", (1, 1, 1, 1, 1), (1, 1, 3, 3, 3), 1, options(padding=1)),
        ("no_volumes", (0, 2, 3, 3, 3), (2, 2, 2, 2, 2), 2, options()),
    ]
    for label, x, weight, bias, opts in down:
        f(label, "conv3d", [normal(*x), normal(*weight), *([normal(bias)] if bias else [])], **opts)
    f("transposed_volume", "conv3d", [normal(2, 2, 4, 3, 3).transpose(2, 4), normal(2, 2, 2, 2, 2)], **options())
    f("expanded_volume", "conv3d", [normal(1, 1, 3, 3, 3).expand(2, 2, 3, 3, 3), normal(2, 2, 2, 2, 2), normal(2)], **options(padding=1))
    f("transposed_weight", "conv3d", [normal(1, 3, 3, 3, 3), normal(3, 2, 2, 2, 2).transpose(0, 1), normal(2)], **options())
    f("summed", "conv3d", [normal(1, 2, 3, 3, 3), normal(2, 2, 2, 2, 2), normal(2)], upstream="ones", **options())

    up = [
        ("plain", (2, 2, 2, 3, 2), (2, 3, 2, 3, 2), 3, options(), 0),
        ("double", (1, 2, 2, 3, 2), (2, 2, 3, 3, 3), 2, options(stride=2, padding=1), 1),
        ("double_k2", (1, 2, 3, 2, 2), (2, 2, 2, 2, 2), 0, options(stride=2), 0),
        ("axes", (1, 2, 3, 2, 2), (2, 2, 2, 3, 2), 2, options(stride=[2, 1, 3], padding=[1, 1, 0], dilation=[2, 1, 1]), [1, 0, 2]),
        ("groups2", (1, 4, 2, 2, 2), (4, 2, 3, 2, 2), 4, options(stride=2, padding=1, groups=2), 0),
        ("gaps", (1, 1, 2, 2, 2), (1, 1, 2, 2, 2), 1, options(stride=3), 0),
        ("no_volumes", (0, 2, 2, 2, 2), (2, 2, 2, 2, 2), 2, options(), 0),
    ]
    for label, x, weight, bias, opts, extra in up:
        inputs = [normal(*x), normal(*weight), *([normal(bias)] if bias else [])]
        f(label, "conv_transpose3d", inputs, output_padding=extra, **opts)
    turned = [normal(1, 2, 2, 3, 2).transpose(2, 3), normal(2, 2, 2, 2, 2), normal(2)]
    f("transposed_volume", "conv_transpose3d", turned, output_padding=0, **options(stride=2))
