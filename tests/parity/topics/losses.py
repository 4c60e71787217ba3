"""Softmax, and the losses that stand at the end of a model."""

import math

import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence

from inputs import Input, indices, integers, layouts, normal, positive, uniform, values

INF = math.inf


def gaussian_kl(mean, log_variance, reduction):
    one = torch.ones_like(mean)
    model = Normal(mean, (0.5 * log_variance).exp())
    losses = kl_divergence(model, Normal(0 * one, one))
    return {"mean": losses.mean, "sum": losses.sum, "none": losses.clone}[reduction]()


OPS = {
    "softmax": lambda x, dim: F.softmax(x, dim),
    "log_softmax": lambda x, dim: F.log_softmax(x, dim),
    "cross_entropy": lambda x, target, weight=None, **options: F.cross_entropy(x, target, weight, **options),
    # Labels that are probabilities of the classes.
    "soft_cross_entropy": lambda x, target, weight=None, **options: F.cross_entropy(x, target, weight, **options),
    "nll_loss": lambda x, target, weight=None, **options: F.nll_loss(x, target, weight, **options),
    "mse_loss": F.mse_loss,
    "l1_loss": F.l1_loss,
    "smooth_l1_loss": F.smooth_l1_loss,
    "huber_loss": F.huber_loss,
    "bce": lambda x, target, weight=None, **options: F.binary_cross_entropy(x, target, weight, **options),
    "bce_with_logits": lambda x, target, weight=None, pos_weight=None, **options: F.binary_cross_entropy_with_logits(
        x, target, weight, pos_weight=pos_weight, **options
    ),
    "hinge_embedding_loss": F.hinge_embedding_loss,
    "multi_margin_loss": lambda x, target, weight=None, **options: F.multi_margin_loss(x, target, weight=weight, **options),
    "kl_div": F.kl_div,
    "cosine_similarity": F.cosine_similarity,
    "cosine_embedding_loss": F.cosine_embedding_loss,
    "gaussian_kl": gaussian_kl,
}
REDUCTIONS = ("mean", "sum", "none")


def probabilities(*shape):
    """Rows of dimension 1 that add up to 1."""
    return Input(lambda g: torch.rand(shape, generator=g, dtype=torch.float64).add(0.1).log().softmax(1))


def signs(*shape):
    return Input(lambda g: torch.randint(0, 2, shape, generator=g).double() * 2 - 1, grad=False)


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

    for reduction in REDUCTIONS:
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

    for reduction in REDUCTIONS:
        f(reduction, "soft_cross_entropy", [normal(5, 4), probabilities(5, 4)], reduction=reduction)
        weighted = [normal(5, 4), probabilities(5, 4).constant(), positive(4).constant()]
        f(f"weighted_{reduction}", "soft_cross_entropy", weighted, reduction=reduction, label_smoothing=0.2)
        f(f"weighted_{reduction}", "nll_loss", [normal(5, 4), integers(4, 5), positive(4).constant()], reduction=reduction)
        f(f"ignored_{reduction}", "nll_loss", [normal(4, 3), indices([1, -100, 0, 2])], reduction=reduction)
        for op in ("mse_loss", "l1_loss"):
            f(reduction, op, [normal(2, 3), normal(2, 3)], reduction=reduction)
        answers = uniform(0.0, 1.0, 3, 4).constant()
        f(reduction, "bce", [uniform(0.05, 0.95, 3, 4), uniform(0.0, 1.0, 3, 4)], reduction=reduction)
        f(f"weighted_{reduction}", "bce", [uniform(0.05, 0.95, 3, 4), answers, positive(4).constant()], reduction=reduction)
        f(f"weighted_{reduction}", "bce_with_logits", [normal(3, 4), answers, positive(3, 1).constant()], reduction=reduction)
        both = [normal(3, 4), uniform(0.0, 1.0, 3, 4), positive(3, 1).constant(), positive(4).constant()]
        f(f"pos_weighted_{reduction}", "bce_with_logits", both, reduction=reduction)
        f(reduction, "smooth_l1_loss", [normal(3, 4), normal(3, 4)], beta=1.0, reduction=reduction)
        f(reduction, "huber_loss", [normal(3, 4), normal(3, 4)], delta=1.0, reduction=reduction)
        f(reduction, "hinge_embedding_loss", [normal(3, 4), signs(3, 4)], margin=1.0, reduction=reduction)
        f(reduction, "multi_margin_loss", [normal(4, 5), integers(5, 4)], reduction=reduction)
        f(reduction, "kl_div", [normal(3, 4), probabilities(3, 4)], log_target=False, reduction=reduction)
        f(f"log_{reduction}", "kl_div", [normal(3, 4), normal(3, 4)], log_target=True, reduction=reduction)
        f(reduction, "cosine_embedding_loss", [normal(5, 3), normal(5, 3), signs(5)], margin=0.2, reduction=reduction)
        f(reduction, "gaussian_kl", [normal(3, 4), normal(3, 4)], reduction=reduction)

    f("pixels", "soft_cross_entropy", [normal(2, 3, 2, 2).permute(0, 3, 1, 2), probabilities(2, 2, 3, 2)], label_smoothing=0.1)
    f("one_example", "soft_cross_entropy", [normal(5), uniform(0.0, 1.0, 5)])
    f("empty", "soft_cross_entropy", [normal(0, 3), normal(0, 3)])
    f("pixels", "nll_loss", [normal(2, 3, 4, 2), integers(3, 2, 4, 2)])
    f("one_example", "nll_loss", [normal(5), indices(3)])
    f("empty", "nll_loss", [normal(0, 3), indices([])])
    f("all_ignored", "nll_loss", [normal(2, 3), indices([-100, -100])])
    f("ignored_class", "nll_loss", [normal(5, 4), indices([1, 0, 3, 0, 0]), positive(4).constant()], ignore_index=0)

    far = [values([-3.0, -0.4, 0.0, 0.4, 2.0, 9.0]), values([0.0] * 6)]
    for op, bound in (("smooth_l1_loss", "beta"), ("huber_loss", "delta")):
        f("narrow", op, far, **{bound: 0.3})
        f("wide", op, far, **{bound: 2.5})
        f("strided", op, [normal(5, 4).transpose(0, 1), normal(4, 1).expand(4, 5)], **{bound: 0.7})
        f("empty", op, [normal(0, 5), normal(0, 5)], **{bound: 1.0})
    f("no_bound", "smooth_l1_loss", far, beta=0.0)

    f("certain", "bce", [values([0.0, 1.0, 0.0, 1.0, 0.5]).constant(), values([0.0, 1.0, 1.0, 0.0, 1.0])])
    f("nearly_certain", "bce", [values([1e-6, 1.0 - 1e-6, 1e-6]), values([0.0, 1.0, 1.0]).constant()])
    f("strided", "bce", [uniform(0.05, 0.95, 5, 4).transpose(0, 1), uniform(0.0, 1.0, 4, 1).expand(4, 5)])
    f("empty", "bce", [uniform(0.0, 1.0, 0, 4), uniform(0.0, 1.0, 0, 4)])
    f("hard_weighted", "bce_with_logits", [values([200.0, -200.0, 0.0, 200.0]), values([1.0, 0.0, 1.0, 0.0]).constant(), positive(4).constant(), positive(1).constant()])
    f("empty", "bce_with_logits", [normal(0, 4), normal(0, 4)])

    f("wide", "hinge_embedding_loss", [normal(3, 4).transpose(0, 1), signs(4, 3)], margin=2.5)
    for p in (1, 2):
        weighted = [normal(5, 4).transpose(0, 1), integers(5, 4), positive(5).constant()]
        f(f"weighted_{p}", "multi_margin_loss", weighted, p=p, margin=0.7)
        f(f"one_example_{p}", "multi_margin_loss", [normal(5), indices(3)], p=p, margin=1.0)
    f("empty", "multi_margin_loss", [normal(0, 4), indices([])])
    f("never", "kl_div", [normal(2, 3), values([0.0, 0.5, 0.5, 1.0, 0.0, 0.0], 2, 3).constant()], log_target=False, reduction="sum")
    f("strided", "kl_div", [normal(4, 3).transpose(0, 1), normal(3, 1).expand(3, 4)], log_target=True, reduction="none")
    for label, x in layouts(normal, 4, 5)[:-1]:  # an expanded row turns nowhere: its gradient is zero but for rounding
        f(label, "cosine_similarity", [x, normal(4, 5)], dim=1, eps=1e-8)
        f(label, "cosine_embedding_loss", [x, normal(4, 5), signs(4)], margin=-0.3)
    f("middle", "cosine_similarity", [normal(2, 3, 2), normal(2, 3, 2)], dim=1, eps=1e-8)
    f("broadcast", "cosine_similarity", [normal(4, 1, 3), normal(5, 3)], dim=-1, eps=1e-8)
    f("of_nothing", "cosine_similarity", [values([0.0] * 3).constant(), normal(3)], dim=0, eps=1e-8)
    # Without gradients: those of PyTorch go on as if nothing were bounded.
    f("large_eps", "cosine_similarity", [normal(4, 3).constant(), normal(4, 3).constant()], dim=1, eps=100.0)
    f("one_pair", "cosine_embedding_loss", [normal(4), normal(4), signs()], margin=0.0)
