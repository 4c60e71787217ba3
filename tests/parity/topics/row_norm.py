"""Normalisation of each example by itself: layer, group and root-mean-square norm."""

import torch.nn.functional as F

from inputs import layouts, normal, uniform, values

OPS = {
    "layer_norm": lambda x, weight=None, bias=None, *, shape, eps: F.layer_norm(x, shape, weight, bias, eps),
    "layer_norm_no_weight": lambda x, bias, *, shape, eps: F.layer_norm(x, shape, None, bias, eps),
    "rms_norm": lambda x, weight=None, *, shape, eps: F.rms_norm(x, shape, weight, eps),
    "group_norm": lambda x, weight=None, bias=None, *, groups, eps: F.group_norm(x, groups, weight, bias, eps),
}


def cases(f):
    for label, x in layouts(normal, 5, 6):
        if label == "expanded":  # rows of equal numbers have a case of their own
            x = normal(1, 6).expand(5, 6)
        f(label, "layer_norm", [x, normal(6), normal(6)], shape=[6], eps=1e-5)
        f(label, "rms_norm", [x, normal(6)], shape=[6], eps=1e-5)
    strided = {
        "tokens": (normal(2, 3, 7), [7]),
        "two_dims": (normal(3, 4, 5), [4, 5]),
        "all_dims": (normal(3, 4), [3, 4]),
        "heads": (normal(2, 3, 4, 5).permute(0, 2, 1, 3), [5]),
        "narrowed_tokens": (normal(2, 5, 9).narrow(2, 1, 7).narrow(1, 2, 3), [7]),
        "many_rows": (normal(67, 3), [3]),
        "long_row": (normal(2, 133), [133]),
        "constant_rows": (values([3.0] * 8, 2, 4), [4]),
        "no_rows": (normal(0, 4), [4]),
    }
    for label, (x, shape) in strided.items():
        f(label, "layer_norm", [x, normal(*shape), normal(*shape)], shape=shape, eps=1e-5)
        f(label, "rms_norm", [x, normal(*shape)], shape=shape, eps=1e-5)
    # A weight that is itself a view.
    views = [normal(4, 3).transpose(0, 1), normal(3, 8).narrow(1, 2, 4)]
    f("strided_weight", "layer_norm", [normal(2, 3, 4), *views], shape=[3, 4], eps=1e-5)
    f("expanded_weight", "layer_norm", [normal(5, 4), normal(1).expand(4), normal(1).expand(4)], shape=[4], eps=1e-5)
    f("plain", "layer_norm_no_weight", [normal(3, 5), normal(5)], shape=[5], eps=1e-5)
    for op in ("layer_norm", "rms_norm"):
        f("not_affine", op, [normal(3, 5)], shape=[5], eps=1e-5)
        f("weight_only", op, [normal(3, 5), normal(5)], shape=[5], eps=1e-5)
        f("large_eps", op, [normal(3, 5), normal(5)], shape=[5], eps=2.0)
        f("summed", op, [normal(3, 5), normal(5)], upstream="ones", shape=[5], eps=1e-5)
    f("default_eps", "rms_norm", [uniform(-1e-3, 1e-3, 3, 5), normal(5)], shape=[5], eps=None)

    grouped = {
        "images": (normal(2, 6, 3, 4), 3),
        "one_group": (normal(2, 6, 3, 4), 1),
        "each_channel": (normal(2, 3, 3, 4), 3),
        "signals": (normal(3, 4, 5), 2),
        "vectors": (normal(5, 6), 2),
        "one_pixel": (normal(3, 6, 1, 1), 2),
        "one_image": (normal(1, 4, 5, 7), 2),
        "volumes": (normal(2, 4, 2, 3, 2), 2),
        "channels_last": (normal(2, 3, 4, 6).permute(0, 3, 1, 2), 3),
        "narrowed": (normal(2, 7, 3, 5).narrow(1, 2, 4).narrow(3, 1, 3), 2),
        "expanded": (normal(2, 4, 1, 3).expand(2, 4, 2, 3), 2),
        "constant_rows": (values([0.0] * 16, 2, 4, 2), 2),
        "no_images": (normal(0, 4, 3), 2),
        "many_images": (normal(35, 2, 3), 1),
    }
    for label, (x, groups) in grouped.items():
        channels = {"each_channel": 3, "signals": 4, "one_image": 4, "volumes": 4, "narrowed": 4, "expanded": 4, "constant_rows": 4, "no_images": 4, "many_images": 2}.get(label, 6)
        f(label, "group_norm", [x, normal(channels), normal(channels)], groups=groups, eps=1e-5)
    f("not_affine", "group_norm", [normal(2, 4, 3)], groups=2, eps=1e-5)
    f("weight_only", "group_norm", [normal(2, 4, 3), normal(4)], groups=2, eps=1e-5)
    f("large_eps", "group_norm", [normal(2, 4, 3), normal(4), normal(4)], groups=2, eps=0.5)
    f("summed", "group_norm", [normal(2, 4, 3), normal(4), normal(4)], upstream="ones", groups=2, eps=1e-5)
