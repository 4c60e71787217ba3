"""Transposed convolutions. The weight has its input channels first."""

import torch.nn.functional as F

from inputs import normal


def transposed(function):
    def run(x, weight, bias=None, *, stride, padding, output_padding, dilation, groups):
        return function(x, weight, bias, stride, padding, output_padding, groups, dilation)
    return run


OPS = {"conv_transpose1d": transposed(F.conv_transpose1d), "conv_transpose2d": transposed(F.conv_transpose2d)}


def options(stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    return {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation, "groups": groups}


def cases(f):
    plane = [
        # label, input, weight, outputs of the bias or 0, options
        ("plain", (2, 3, 4, 5), (3, 2, 3, 3), 2, options()),
        ("no_bias", (1, 2, 3, 4), (2, 3, 2, 2), 0, options()),
        ("double", (1, 4, 4, 4), (4, 2, 3, 3), 2, options(stride=2, padding=1, output_padding=1)),
        ("double_k2", (2, 2, 3, 5), (2, 3, 2, 2), 3, options(stride=2)),
        ("double_k4", (1, 2, 3, 3), (2, 2, 4, 4), 2, options(stride=2, padding=1)),
        ("gaps", (1, 2, 3, 2), (2, 2, 2, 2), 2, options(stride=3)),
        ("odd", (1, 2, 5, 3), (2, 2, 3, 2), 2, options(stride=2, padding=1)),
        ("pairs", (1, 2, 4, 3), (2, 3, 3, 2), 3, options(stride=[3, 1], padding=[2, 0], output_padding=[2, 1], dilation=[1, 2])),
        ("groups2", (2, 4, 3, 3), (4, 3, 3, 3), 6, options(stride=2, padding=1, groups=2)),
        ("depthwise", (1, 3, 4, 4), (3, 1, 3, 3), 3, options(stride=2, padding=1, output_padding=1, groups=3)),
        ("depthwise_more", (1, 3, 3, 3), (3, 2, 2, 2), 6, options(groups=3)),
        ("dilation2", (1, 2, 4, 3), (2, 2, 3, 3), 2, options(dilation=2)),
        ("dilation_beyond_stride", (1, 2, 3, 3), (2, 2, 2, 2), 2, options(dilation=3, output_padding=2)),
        ("pointwise", (2, 3, 3, 4), (3, 2, 1, 1), 2, options()),
        ("pointwise_larger", (1, 2, 3, 3), (2, 2, 1, 1), 2, options(dilation=2, output_padding=1)),
        ("pointwise_stride2", (1, 2, 3, 3), (2, 2, 1, 1), 2, options(stride=2, output_padding=1)),
        ("one_pixel", (1, 1, 1, 1), (1, 1, 3, 3), 1, options()),
        ("no_images", (0, 2, 3, 3), (2, 3, 3, 3), 3, options(stride=2)),
    ]
    for label, x, weight, bias, opts in plane:
        f(label, "conv_transpose2d", [normal(*x), normal(*weight), *([normal(bias)] if bias else [])], **opts)
    up = options(stride=2, padding=1)
    f("transposed_image", "conv_transpose2d", [normal(2, 3, 5, 4).transpose(2, 3), normal(3, 2, 3, 3)], **up)
    f("narrowed_image", "conv_transpose2d", [normal(1, 4, 5, 4).narrow(1, 1, 2).narrow(2, 1, 3), normal(2, 3, 3, 3)], **up)
    f("expanded_image", "conv_transpose2d", [normal(1, 1, 3, 3).expand(2, 2, 3, 3), normal(2, 2, 3, 3)], **up)
    f("transposed_weight", "conv_transpose2d", [normal(1, 3, 3, 3), normal(2, 3, 3, 3).transpose(0, 1), normal(2)], **up)
    f("summed", "conv_transpose2d", [normal(1, 2, 3, 3), normal(2, 2, 3, 3), normal(2)], upstream="ones", **up)
    f("constant_image", "conv_transpose2d", [normal(1, 2, 3, 3).constant(), normal(2, 2, 3, 3), normal(2)], **up)
    f("constant_weight", "conv_transpose2d", [normal(1, 2, 3, 3), normal(2, 2, 3, 3).constant()], **up)

    line = [
        ("plain", (2, 3, 5), (3, 2, 3), 2, options()),
        ("double", (2, 2, 5), (2, 3, 3), 3, options(stride=2, padding=1, output_padding=1)),
        ("gaps", (1, 2, 4), (2, 2, 2), 0, options(stride=3)),
        ("groups_dilated", (1, 4, 6), (4, 2, 3), 4, options(stride=2, padding=2, dilation=2, groups=2)),
        ("no_signals", (0, 2, 3), (2, 2, 2), 2, options()),
    ]
    for label, x, weight, bias, opts in line:
        f(label, "conv_transpose1d", [normal(*x), normal(*weight), *([normal(bias)] if bias else [])], **opts)
    f("transposed", "conv_transpose1d", [normal(1, 4, 3).transpose(1, 2), normal(3, 2, 3), normal(2)], **up)
