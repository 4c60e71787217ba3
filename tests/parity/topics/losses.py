"""Softmax, and the losses that stand at the end of a model."""

import math

import torch
import torch.nn.functional as F

from inputs import indices, integers, layouts, normal, positive, uniform, values

INF = math.inf
OPS = {
    "softmax": lambda x, dim: F.softmax(x, dim),
    "log_softmax": lambda x, dim: F.log_softmax(x, dim),
    "cross_entropy": lambda x, target, weight=None, **options: F.cross_entropy(x, target, weight, **options),
    "nll_loss": F.nll_loss,
    "mse_loss": F.mse_loss,
    "l1_loss": F.l1_loss,
    "bce_with_logits": F.binary_cross_entropy_with_logits,
}


def cases(f):
    for op in ("softmax", "log_softmax"):
        for label, x in layouts(normal, 3, 5):
            if label != "expanded":  # rows of equal numbers, whose gradient is zero but for rounding
                f(f"{label}_rows", op, [x], dim=1)
            f(f"{label}_columns", op, [x], dim=0)
        f("middle", op, [normal(2, 5, 3)], dim=1)
        f("attention", op, [normal(2, 3, 4, 2).permute(0, 3, 2, 1)], dim=-1)
        f("large", op, [values([1000.0, 1001.0, -1000.0, 88.0, 89.0, -104.0], 2, 3)], dim=1)
        f("masked", op, [values([0.5, -INF, 1.0, -INF, -INF, 2.0], 2, 3)], dim=1)
        f("one", op, [normal(4, 1)], dim=1)
        f("long", op, [normal(2, 67)], dim=1)
        f("scalar", op, [normal()], dim=0)
        f("empty", op, [normal(0, 3)], dim=1)
    f("summed", "log_softmax", [normal(3, 4)], upstream="ones", dim=1)
    f("far_apart", "log_softmax", [values([0.0, 50.0, -50.0, 200.0], 2, 2)], dim=1)

    for reduction in ("mean", "sum", "none"):
        f(reduction, "cross_entropy", [normal(5, 7), integers(7, 5)], reduction=reduction)
        f(f"weighted_{reduction}", "cross_entropy", [normal(5, 4), integers(4, 5), positive(4).constant()], reduction=reduction)
    f("plain", "nll_loss", [normal(5, 7), integers(7, 5)])
    for label, x in layouts(normal, 5, 4)[1:]:
        f(label, "cross_entropy", [x, integers(4, 5)])
        f(label, "nll_loss", [x, integers(4, 5)])
    f("large", "cross_entropy", [values([1000.0, -1000.0, 0.0, -1000.0, 1000.0, 0.0], 2, 3), indices([1, 1])])
    f("one_row", "cross_entropy", [normal(1, 9), integers(9, 1)])
    f("many", "cross_entropy", [normal(33, 10), integers(10, 33)])
    f("summed", "cross_entropy", [normal(4, 3), integers(3, 4)], upstream="ones")
    f("smoothed", "cross_entropy", [normal(5, 7), integers(7, 5)], label_smoothing=0.1)
    f("smoothed_sum", "cross_entropy", [normal(5, 7), integers(7, 5)], label_smoothing=0.2, reduction="sum")
    f("ignored", "cross_entropy", [normal(5, 4), indices([1, -100, 3, -100, 0])])
    f("ignored_zero", "cross_entropy", [normal(5, 4), indices([1, 0, 3, 0, 0])], ignore_index=0)
    f("ignored_none", "cross_entropy", [normal(4, 3), indices([1, -100, 0, 2])], reduction="none")
    f("ignored_smoothed", "cross_entropy", [normal(4, 3), indices([1, -100, 0, 2])], label_smoothing=0.1)
    f("weighted_ignored_smoothed", "cross_entropy", [normal(4, 3), indices([1, -100, 0, 2]), positive(3).constant()], label_smoothing=0.1)
    f("all_ignored", "cross_entropy", [normal(2, 3), indices([-100, -100])])
    f("one_example", "cross_entropy", [normal(5), indices(3)])
    f("transposed_pixels", "cross_entropy", [normal(2, 4, 2, 3).permute(0, 3, 1, 2), integers(3, 2, 2, 4).transpose(1, 2)])
    f("pixels", "cross_entropy", [normal(2, 3, 4, 2), integers(3, 2, 4, 2)])
    f("empty", "cross_entropy", [normal(0, 3), indices([])])

    for op in ("mse_loss", "l1_loss"):
        f("plain", op, [normal(4, 5), normal(4, 5)])
        f("strided", op, [normal(5, 4).transpose(0, 1), normal(4, 1).expand(4, 5)])
        f("constant", op, [normal(4, 5), normal(4, 5).constant()])
        f("equal", op, [values([1.0, 2.0, 3.0]), values([1.0, 2.0, 4.0])])
        f("empty", op, [normal(0, 5), normal(0, 5)])
    f("plain", "bce_with_logits", [normal(4, 5), uniform(0.0, 1.0, 4, 5).constant()])
    f("hard", "bce_with_logits", [values([200.0, -200.0, 0.0, 200.0]), values([1.0, 0.0, 1.0, 0.0]).constant()])
    f("strided", "bce_with_logits", [normal(5, 4).transpose(0, 1), uniform(0.0, 1.0, 4, 1).expand(4, 5).constant()])
