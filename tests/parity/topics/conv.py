"""Convolutions in one and two dimensions."""

import torch.nn.functional as F

from inputs import normal


def conv(function):
    def run(x, weight, bias=None, *, stride, padding, dilation, groups):
        return function(x, weight, bias, stride, padding, dilation, groups)
    return run


OPS = {"conv1d": conv(F.conv1d), "conv2d": conv(F.conv2d)}


def options(stride=1, padding=0, dilation=1, groups=1):
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


def cases(f):
    plane = [
        # label, input, weight, bias?, options
        ("plain", (2, 3, 6, 5), (4, 3, 3, 3), True, options()),
        ("same", (2, 3, 5, 4), (4, 3, 3, 3), True, options(padding=1)),
        ("no_bias", (1, 2, 5, 4), (3, 2, 3, 3), False, options(padding=1)),
        ("stride2", (2, 2, 7, 6), (3, 2, 3, 3), True, options(stride=2, padding=1)),
        ("stride_leaves_rest", (1, 2, 8, 8), (2, 2, 3, 3), False, options(stride=3)),
        ("pointwise", (2, 4, 3, 5), (3, 4, 1, 1), True, options()),
        ("pointwise_stride2", (2, 4, 5, 5), (3, 4, 1, 1), False, options(stride=2)),
        ("kernel5", (1, 2, 7, 9), (2, 2, 5, 5), True, options(padding=2)),
        ("kernel_1x3", (2, 2, 4, 6), (3, 2, 1, 3), True, options(padding=1)),
        ("kernel_3x2", (1, 2, 5, 4), (2, 2, 3, 2), True, options()),
        ("kernel_is_image", (2, 3, 4, 4), (3, 3, 4, 4), True, options()),
        ("padding_beyond_kernel", (1, 1, 2, 2), (2, 1, 2, 2), True, options(padding=3)),
        ("dilation2", (1, 2, 8, 7), (3, 2, 3, 3), True, options(dilation=2)),
        ("dilation_padding", (2, 2, 6, 6), (2, 2, 3, 3), True, options(padding=2, dilation=2)),
        ("dilation_stride", (1, 2, 9, 9), (2, 2, 3, 3), False, options(stride=2, padding=2, dilation=2)),
        ("groups2", (2, 4, 5, 5), (6, 2, 3, 3), True, options(padding=1, groups=2)),
        ("depthwise", (2, 3, 5, 5), (3, 1, 3, 3), True, options(padding=1, groups=3)),
        ("depth_multiplier", (1, 3, 5, 4), (6, 1, 3, 3), False, options(stride=2, padding=1, groups=3)),
        ("groups_dilated", (1, 4, 7, 7), (4, 2, 3, 3), True, options(padding=1, dilation=2, groups=2)),
        ("one_pixel", (1, 1, 1, 1), (1, 1, 1, 1), True, options()),
        ("one_channel", (3, 1, 6, 6), (2, 1, 3, 3), True, options(padding=1)),
        ("no_images", (0, 2, 5, 5), (3, 2, 3, 3), True, options(padding=1)),
        ("digits", (1, 1, 8, 8), (6, 1, 3, 3), False, options(padding=1)),
        ("wider", (1, 7, 5, 5), (9, 7, 3, 3), False, options(padding=1)),
        ("odd_pair", (1, 2, 9, 7), (3, 2, 3, 2), True, options(stride=[2, 1], padding=[1, 0], dilation=[1, 2])),
    ]
    for label, x, weight, bias, opts in plane:
        f(label, "conv2d", [normal(*x), normal(*weight), *([normal(weight[0])] if bias else [])], **opts)
    f("transposed_image", "conv2d", [normal(2, 3, 6, 5).transpose(2, 3), normal(2, 3, 3, 3)], **options(padding=1))
    f("channels_last", "conv2d", [normal(2, 5, 4, 3).permute(0, 3, 1, 2), normal(4, 3, 3, 3), normal(4)], **options(padding=1))
    f("narrowed_image", "conv2d", [normal(1, 4, 7, 6).narrow(1, 1, 3).narrow(2, 1, 5), normal(2, 3, 3, 3)], **options())
    f("stepped_image", "conv2d", [normal(1, 2, 5, 12).reshape(1, 2, 5, 6, 2).select(4, 0), normal(3, 2, 3, 3)], **options(padding=1))
    f("expanded_image", "conv2d", [normal(1, 1, 5, 5).expand(2, 3, 5, 5), normal(4, 3, 3, 3)], **options(padding=1))
    f("transposed_weight", "conv2d", [normal(1, 3, 5, 5), normal(3, 4, 3, 3).transpose(0, 1)], **options(padding=1))
    f("flipped_weight", "conv2d", [normal(1, 3, 5, 5), normal(3, 3, 3, 4).permute(3, 2, 1, 0)], **options(padding=1))
    f("summed", "conv2d", [normal(2, 2, 5, 5), normal(3, 2, 3, 3), normal(3)], upstream="ones", **options(padding=1))
    f("constant_image", "conv2d", [normal(2, 2, 5, 5).constant(), normal(3, 2, 3, 3), normal(3)], **options(padding=1))
    f("constant_weight", "conv2d", [normal(2, 2, 5, 5), normal(3, 2, 3, 3).constant()], **options(padding=1))

    line = [
        ("plain", (2, 3, 9), (4, 3, 3), True, options()),
        ("same", (2, 3, 7), (4, 3, 5), True, options(padding=2)),
        ("stride2", (2, 2, 10), (3, 2, 3), False, options(stride=2, padding=1)),
        ("causal_dilation", (1, 2, 11), (3, 2, 2), True, options(padding=4, dilation=4)),
        ("groups2", (2, 4, 6), (6, 2, 3), True, options(padding=1, groups=2)),
        ("pointwise", (2, 3, 5), (4, 3, 1), True, options()),
        ("kernel_is_signal", (2, 2, 4), (3, 2, 4), True, options()),
        ("no_signals", (0, 2, 5), (3, 2, 3), True, options()),
    ]
    for label, x, weight, bias, opts in line:
        f(label, "conv1d", [normal(*x), normal(*weight), *([normal(weight[0])] if bias else [])], **opts)
    f("transposed", "conv1d", [normal(2, 9, 3).transpose(1, 2), normal(4, 3, 3), normal(4)], **options(padding=1))
