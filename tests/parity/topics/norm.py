"""Batch and instance normalisation: the batch's own statistics in training, the running ones in evaluation.

The outputs are y and the two running statistics after the call; the running variance is the unbiased one.
"""

import torch
import torch.nn.functional as F

from inputs import normal, positive, uniform, values


def batch_norm(x, mean, var, weight=None, bias=None, *, training, momentum, eps):
    mean, var = mean.clone(), var.clone()
    y = F.batch_norm(x, mean, var, weight, bias, training, momentum, eps)
    return y, mean, var


def instance_norm(x, mean, var, weight=None, bias=None, *, training, momentum, eps):
    mean, var = mean.clone(), var.clone()
    y = F.instance_norm(x, mean, var, weight, bias, training, momentum, eps)
    return y, mean, var


OPS = {
    "weight_norm": lambda v, g, dim: torch._weight_norm(v, g, dim),
    "instance_norm": instance_norm,
    "instance_norm_untracked": lambda x, weight=None, bias=None, *, eps: F.instance_norm(x, None, None, weight, bias, True, 0.0, eps),
    "batch_norm": batch_norm,
    # Without running statistics, the batch's own are used.
    "batch_norm_untracked": lambda x, weight, bias, training, eps: F.batch_norm(x, None, None, weight, bias, training=training, eps=eps),
}


def cases(f):
    inputs = {
        "rows": normal(6, 4),
        "signals": normal(3, 4, 5),
        "images": normal(2, 4, 3, 2),
        "one_image": normal(1, 3, 4, 4),
        "two_rows": normal(2, 3),
        "transposed": normal(4, 7).transpose(0, 1),
        "channels_last": normal(2, 2, 3, 4).permute(0, 3, 1, 2),
        "narrowed": normal(2, 5, 3, 4).narrow(1, 2, 3).narrow(3, 1, 2),
        "expanded": normal(2, 4, 1, 2).expand(2, 4, 3, 2),
        "wide": normal(37, 3),
        "constant_channel": values([0.0] * 8, 4, 2),
    }
    channels = {"rows": 4, "signals": 4, "images": 4, "transposed": 4, "channels_last": 4, "expanded": 4, "constant_channel": 2}
    for label, x in inputs.items():
        c = channels.get(label, 3)
        running = [normal(c).constant(), positive(c).constant()]
        for training in (True, False):
            mode = "train" if training else "eval"
            f(f"{label}_{mode}", "batch_norm", [x, *running, normal(c), normal(c)], training=training, momentum=0.1, eps=1e-5)
    running = [normal(3).constant(), positive(3).constant()]
    for training in (True, False):
        mode = "train" if training else "eval"
        f(f"not_affine_{mode}", "batch_norm", [normal(5, 3), *running], training=training, momentum=0.1, eps=1e-5)
        f(f"options_{mode}", "batch_norm", [normal(5, 3), *running, normal(3), normal(3)], training=training, momentum=0.3, eps=1e-2)
    # Not farther than that: the mean is rounded, and what it loses is divided by a small deviation, there as here.
    f("far_from_zero", "batch_norm", [uniform(4.0, 5.0, 8, 3), *running, normal(3), normal(3)], training=True, momentum=0.1, eps=1e-5)
    f("summed", "batch_norm", [normal(5, 3), *running, normal(3), normal(3)], upstream="ones", training=False, momentum=0.1, eps=1e-5)
    f("images", "batch_norm_untracked", [normal(2, 3, 2, 2), normal(3), normal(3)], training=True, eps=1e-5)
    f("no_rows", "batch_norm", [normal(0, 3), *running, normal(3), normal(3)], training=True, momentum=0.1, eps=1e-5)
    f("no_images", "batch_norm_untracked", [normal(0, 3, 2), normal(3), normal(3)], training=True, eps=1e-5)

    inputs = {
        "signals": normal(3, 3, 5),
        "images": normal(2, 3, 3, 2),
        "volumes": normal(2, 3, 2, 2, 3),
        "one_image": normal(1, 3, 4, 4),
        "channels_last": normal(2, 2, 3, 3).permute(0, 3, 1, 2),
        "expanded": normal(2, 3, 3, 1).expand(2, 3, 3, 2),
    }
    for label, x in inputs.items():
        f(label, "instance_norm_untracked", [x, normal(3), normal(3)], eps=1e-5)
        for training in (True, False):
            mode = "train" if training else "eval"
            f(f"{label}_{mode}", "instance_norm", [x, *running, normal(3), normal(3)], training=training, momentum=0.3, eps=1e-5)
    f("not_affine", "instance_norm_untracked", [normal(2, 3, 4)], eps=1e-3)
    f("not_affine", "instance_norm", [normal(2, 3, 4), *running], training=True, momentum=0.1, eps=1e-3)

    f("linear", "weight_norm", [normal(4, 5), positive(4, 1)], dim=0)
    f("convolution", "weight_norm", [normal(3, 2, 3, 2), normal(3, 1, 1, 1)], dim=0)
    f("transposed", "weight_norm", [normal(5, 4).transpose(0, 1), normal(4, 1)], dim=0)
    f("columns", "weight_norm", [normal(4, 5), normal(1, 5)], dim=1)
    f("volumes", "weight_norm", [normal(2, 3, 2, 1, 2), normal(1, 1, 1, 1, 2)], dim=4)
    f("one_row", "weight_norm", [normal(1, 5), normal(1, 1)], dim=0)
