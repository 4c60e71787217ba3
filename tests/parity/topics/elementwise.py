"""One number in, one number out; and two, with broadcasting."""

import math

import torch
import torch.nn.functional as F

from inputs import Input, layouts, mask, normal, positive, ties, uniform, values

UNARY = {
    "neg": torch.neg,
    "exp": torch.exp,
    "ln": torch.log,
    "sqrt": torch.sqrt,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    # By default PyTorch cuts e^-x off above 20, where it still counts in F64.
    "softplus": lambda x: F.softplus(x, threshold=40.0),
    "abs": torch.abs,
    "sin": torch.sin,
    "cos": torch.cos,
    "square": torch.square,
    "recip": torch.reciprocal,
    "erf": torch.erf,
    "sign": torch.sign,
}
BINARY = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
}
COMPARE = {"eq": torch.eq, "ne": torch.ne, "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge}
OPS = UNARY | BINARY | COMPARE | {
    "pow": lambda x, exponent: x**exponent,
    "pow_tensor": torch.pow,
    "leaky_relu": lambda x, negative_slope: F.leaky_relu(x, negative_slope),
    "clamp": lambda x, min, max: x.clamp(min, max),
    "add_number": lambda x, number: x + number,
    "sub_number": lambda x, number: x - number,
    "number_sub": lambda x, number: number - x,
    "mul_number": lambda x, number: x * number,
    "div_number": lambda x, number: x / number,
    "number_div": lambda x, number: number / x,
    # The same tensor on both sides: gradients add up.
    "mul_self": lambda x: x * x,
    "diamond": lambda x: (x.tanh() + x) * x.exp(),
}

NAN, INF = math.nan, math.inf
# Where formulas break: signed zeros, both infinities, not a number, the smallest and the largest, and where exp saturates.
EDGES = [0.0, -0.0, 1.0, -1.0, NAN, INF, -INF, 1e-30, -1e-30, 1e30, -1e30, 20.5, 19.5, 88.0, -88.0, 104.0, -104.0, 0.5, -0.5]


def cases(f):
    for op in UNARY:
        draw = positive if op in ("ln", "sqrt", "recip") else normal
        unary(f, op, draw)
    for exponent in (2.0, 3.0, -1.0, 1.0, 0.0):
        f(f"of_{exponent}", "pow", [normal(2, 5)], exponent=exponent)
        f(f"edges_{exponent}", "pow", [values([0.0, -0.0, 2.0, -2.0, NAN, INF])], exponent=exponent)
    for exponent in (0.5, 2.5, -0.5):
        f(f"of_{exponent}", "pow", [positive(2, 5)], exponent=exponent)
    f("edges_0.5", "pow", [values([0.0, 1.0, NAN, INF, -1.0])], exponent=0.5)
    unary(f, "pow", positive, exponent=1.5)
    f("plain", "pow_tensor", [positive(3, 5), normal(3, 5)])
    f("broadcast", "pow_tensor", [positive(3, 1), normal(2, 1, 4)])
    f("strided", "pow_tensor", [strided(positive), strided(normal)])
    f("edges", "pow_tensor", [values([0.0, 0.0, 0.0, -2.0, -2.0, 1.0, NAN, 2.0]), values([0.0, 2.0, -1.0, 3.0, 0.5, NAN, 0.0, INF])])
    unary(f, "leaky_relu", normal, negative_slope=0.1)
    unary(f, "clamp", normal, min=-0.5, max=0.75)
    f("at_the_bounds", "clamp", [values([-2.0, -1.0, 0.0, 1.0, 2.0, NAN])], min=-1.0, max=1.0)
    for op in [n for n in OPS if "number" in n]:
        f("plain", op, [positive(3, 5)], number=-1.7)
        f("strided", op, [strided(positive)], number=0.3)
    f("plain", "mul_self", [normal(3, 5)])
    f("strided", "mul_self", [strided(normal)])
    f("plain", "diamond", [normal(3, 5)])
    for op in BINARY:
        binary(f, op)
    for op in COMPARE:
        f("ties", op, [ties(3, 5), ties(3, 5)])
        f("broadcast", op, [ties(3, 1), ties(5)])
        f("edges", op, [values([NAN, NAN, INF, -INF, 0.0]), values([NAN, 1.0, INF, INF, -0.0])])


def strided(draw) -> Input:
    """A transposed part of a larger tensor: no stride is 1, the offset is not 0."""
    return draw(7, 4, 2).select(2, 1).narrow(0, 2, 5).transpose(0, 1)


def unary(f, op, draw, skip_edges=False, **arguments):
    f("plain", op, [draw(3, 7)], **arguments)
    f("strided", op, [strided(draw)], **arguments)
    f("expanded", op, [draw(4, 1).expand(4, 5)], **arguments)
    f("scalar", op, [draw()], **arguments)
    f("empty", op, [draw(0, 3)], **arguments)
    if op in ("exp", "relu", "tanh", "softplus"):
        f("summed", op, [draw(2, 3)], upstream="ones", **arguments)
    f("wide", op, [(uniform(0.001, 60.0, 18) if draw is positive else uniform(-20.0, 20.0, 18))], **arguments)
    if op != "pow" and not skip_edges:
        # PyTorch's gelu of an infinity is NaN in F32 and infinity in F64.
        finite = [x for x in EDGES if op != "gelu" or abs(x) != INF]
        f("edges", op, [values(finite)], **arguments)


def binary(f, op):
    draw = normal
    second = positive if op == "div" else normal
    for label, x in layouts(draw, 3, 5):
        f(label, op, [x, second(3, 5)])
    for label, x in layouts(second, 3, 5)[3:]:
        f(f"right_{label}", op, [draw(3, 5), x])
    f("long", op, [draw(35), second(35)])
    broadcasts = {
        "row": ((4, 5), (5,)),
        "column": ((4, 5), (4, 1)),
        "outer": ((4, 1), (5,)),
        "scalar": ((4, 5), ()),
        "scalar_left": ((), (2, 3)),
        "rank": ((3, 1, 2), (2, 1, 2, 1)),
        "middle": ((2, 3, 4), (2, 1, 4)),
        "ones": ((1, 1), ()),
        "channel": ((2, 3, 2, 1), (1, 3, 1, 1)),
        "empty": ((0, 3), (3,)),
    }
    for label, (a, b) in broadcasts.items():
        f(f"broadcast_{label}", op, [draw(*a), second(*b)])
    f("strided", op, [strided(draw), strided(second)])
    f("strided_row", op, [strided(draw), second(10).reshape(5, 2).select(1, 0)])
    f("summed", op, [draw(4, 5), second(5)], upstream="ones")
    f("one_gradient", op, [draw(3, 5), second(5).constant()])
    f("other_gradient", op, [draw(3, 1).constant(), second(3, 5)])
    if op in ("maximum", "minimum"):
        f("ties", op, [ties(5, 7), ties(5, 7)])
        f("nan", op, [values([NAN, 1.0, NAN, INF, -INF]), values([0.0, NAN, NAN, INF, 2.0])])
    else:
        f("edges", op, [values([0.0, 1.0, INF, NAN, 1e30]), values([0.0, 0.0, INF, 1.0, 1e30])])
