"""What bends between two linear layers, and the same out of smaller ops."""

import torch.nn.functional as F

from inputs import normal, uniform, values
from topics.elementwise import EDGES, unary

PLAIN = {
    "selu": F.selu,
    "mish": F.mish,
    "logsigmoid": F.logsigmoid,
    "relu6": F.relu6,
    "hardsigmoid": F.hardsigmoid,
    "hardswish": F.hardswish,
    "softsign": F.softsign,
}
# The composed form of each, held to the same answers.
TWINS = {
    "gelu_plain": F.gelu,
    "gelu_tanh_plain": lambda x: F.gelu(x, approximate="tanh"),
    "silu_plain": F.silu,
    "mish_plain": F.mish,
    "logsigmoid_plain": F.logsigmoid,
    "leaky_relu_plain": lambda x, negative_slope=0.01: F.leaky_relu(x, negative_slope),
    "elu_plain": lambda x, alpha=1.0: F.elu(x, alpha),
    "hardswish_plain": F.hardswish,
}
ARGUMENTS = {"leaky_relu_plain": {"negative_slope": 0.2}, "elu_plain": {"alpha": 1.3}}
OPS = PLAIN | TWINS | {
    "elu": lambda x, alpha: F.elu(x, alpha),
    "celu": lambda x, alpha: F.celu(x, alpha),
    "hardtanh": lambda x, min, max: F.hardtanh(x, min, max),
    "prelu": F.prelu,
}


def cases(f):
    for op in PLAIN:
        bent(f, op)
    for op in TWINS:
        f("plain", op, [normal(3, 7)], **ARGUMENTS.get(op, {}))
        f("wide", op, [uniform(-9.0, 9.0, 18)], **ARGUMENTS.get(op, {}))
    # Where the pieces of a twin meet, and where e^x would overflow on the side that is not chosen.
    for op in ("leaky_relu_plain", "elu_plain"):
        f("seams", op, [values([0.0, -0.0, 1e-8, -1e-8, 900.0, -900.0])], **ARGUMENTS[op])
    bent(f, "elu", alpha=1.0)
    bent(f, "celu", alpha=1.5)
    bent(f, "hardtanh", min=-1.0, max=1.0)
    f("steep", "elu", [normal(3, 5)], alpha=2.5)
    f("wider", "hardtanh", [normal(3, 5)], min=-0.3, max=1.2)
    # Where e^x − 1 loses its digits.
    for op, arguments in (("elu", {"alpha": 1.0}), ("selu", {}), ("celu", {"alpha": 0.5})):
        f("near_zero", op, [values([-1e-3, -1e-5, -1e-8, -0.3, -0.35, -0.5, 1e-8, -20.0, -90.0])], **arguments)
    f("channels", "prelu", [normal(2, 3, 2, 2), normal(3)])
    f("one_weight", "prelu", [normal(3, 4), normal(1)])
    f("features", "prelu", [normal(4, 3).transpose(0, 1), normal(4)])


def bent(f, op, **arguments):
    unary(f, op, normal, skip_edges=True, **arguments)
    # PyTorch's slope of these at NaN is NaN in F64 and not in F32.
    finite = [x for x in EDGES if x == x or op not in ("elu", "celu", "selu", "hardswish")]
    f("edges", op, [values(finite)], **arguments)
