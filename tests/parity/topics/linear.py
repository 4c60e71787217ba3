"""The fully connected layer as one op, and out of smaller ones."""

import torch.nn.functional as F

from inputs import layouts, normal

OPS = {"linear": F.linear, "linear_plain": F.linear}


def cases(f):
    shapes = {
        # label: input, outputs
        "rows": ((3, 4), 5),
        "one_row": ((1, 7), 3),
        "one_output": ((5, 3), 1),
        "one_input": ((4, 1), 3),
        "vector": ((4,), 3),
        "batched": ((2, 3, 4), 5),
        "deep": ((2, 1, 3, 4), 2),
        "larger": ((17, 9), 11),
        "no_rows": ((0, 3), 4),
    }
    for op in OPS:
        for label, (x, outputs) in shapes.items():
            f(label, op, [normal(*x), normal(outputs, x[-1]), normal(outputs)])
            f(f"{label}_no_bias", op, [normal(*x), normal(outputs, x[-1])])
        for label, x in layouts(normal, 4, 6)[1:]:
            f(f"input_{label}", op, [x, normal(5, 6), normal(5)])
        for label, w in layouts(normal, 5, 6)[1:]:
            f(f"weight_{label}", op, [normal(4, 6), w, normal(5)])
        f("batch_transposed", op, [normal(4, 3, 2).transpose(0, 2), normal(5, 4), normal(5)])
        f("expanded_bias", op, [normal(3, 4), normal(5, 4), normal(1).expand(5)])
        f("summed", op, [normal(3, 4), normal(5, 4), normal(5)], upstream="ones")
        f("frozen_weight", op, [normal(3, 4), normal(5, 4).constant(), normal(5)])
