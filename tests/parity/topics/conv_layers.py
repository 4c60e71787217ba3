"""Convolution layers: what they lay around their input before the op has it."""

import torch
from torch import nn

from inputs import normal

LAYERS = [nn.Conv1d, nn.Conv2d, nn.Conv3d]


def layer(x, weight, bias=None, *, kernel, padding, mode, stride=1, dilation=1, groups=1):
    outputs, inputs = weight.shape[:2]
    make = LAYERS[len(kernel) - 1]
    net = make(inputs * groups, outputs, kernel, stride, padding, dilation, groups, bias is not None, mode)
    return torch.func.functional_call(net, {"weight": weight} | ({} if bias is None else {"bias": bias}), (x,))


OPS = {"conv_layer": layer}


def cases(f):
    planes = {
        "signal": ((2, 2, 7), (3, 2, 3)),
        "image": ((2, 2, 5, 6), (3, 2, 3, 3)),
        "volume": ((1, 2, 4, 3, 5), (2, 2, 3, 1, 3)),
    }
    for label, (x, weight) in planes.items():
        kernel = weight[2:]
        for mode in ("zeros", "reflect", "replicate", "circular"):
            same = {"kernel": kernel, "padding": "same", "mode": mode}
            f(f"{label}_{mode}", "conv_layer", [normal(*x), normal(*weight), normal(weight[0])], kernel=kernel, padding=[k // 2 for k in kernel], mode=mode)
            # Of an even window the larger half of the padding comes last.
            even = [*weight[:2], *[k + 1 for k in kernel[:-1]], 4]
            f(f"{label}_{mode}_even", "conv_layer", [normal(*x), normal(*even), normal(weight[0])], **same | {"kernel": even[2:]})
            f(f"{label}_{mode}_same", "conv_layer", [normal(*x), normal(*weight)], **same)
    for mode in ("zeros", "circular"):
        f(f"dilated_{mode}", "conv_layer", [normal(1, 2, 8, 7), normal(3, 2, 3, 2)], kernel=[3, 2], padding="same", mode=mode, dilation=[2, 3])
        f(f"groups_{mode}", "conv_layer", [normal(1, 4, 7).transpose(0, 2).narrow(0, 1, 3).reshape(3, 4, 1).expand(3, 4, 6), normal(4, 2, 3)], kernel=[3], padding=[1], mode=mode, groups=2)
    f("stride_reflect", "conv_layer", [normal(1, 2, 7, 8), normal(3, 2, 3, 3), normal(3)], kernel=[3, 3], padding=[2, 1], mode="reflect", stride=[2, 3])
    f("transposed_replicate", "conv_layer", [normal(1, 2, 5, 6).transpose(2, 3), normal(3, 2, 3, 3)], kernel=[3, 3], padding=[1, 1], mode="replicate")
