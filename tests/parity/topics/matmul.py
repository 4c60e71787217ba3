"""Products of matrices: batched, broadcast, strided, and with vectors."""

import torch

from inputs import layouts, normal

OPS = {"matmul": torch.matmul}


def cases(f):
    shapes = {
        "square": ((4, 4), (4, 4)),
        "odd": ((3, 7), (7, 5)),
        "row": ((1, 7), (7, 5)),
        "column": ((5, 7), (7, 1)),
        "inner1": ((3, 1), (1, 4)),
        "dot": ((7,), (7,)),
        "vector_matrix": ((7,), (7, 4)),
        "matrix_vector": ((3, 7), (7,)),
        "batched": ((2, 3, 4), (2, 4, 5)),
        "batch_of_rows": ((3, 1, 5), (3, 5, 4)),
        "heads": ((2, 3, 4, 5), (2, 3, 5, 4)),
        "broadcast_right": ((2, 3, 4), (4, 5)),
        "broadcast_left": ((3, 4), (2, 4, 5)),
        "broadcast_batch1": ((2, 3, 4), (1, 4, 5)),
        "broadcast_both": ((2, 1, 3, 4), (3, 4, 2)),
        "batched_vector": ((2, 3, 4), (4,)),
        "vector_batched": ((3,), (2, 3, 4)),
        "larger": ((33, 17), (17, 21)),
        "no_rows": ((0, 3), (3, 4)),
        "no_inner": ((2, 0), (0, 3)),
        "no_batch": ((0, 2, 3), (0, 3, 4)),
    }
    for label, (a, b) in shapes.items():
        f(label, "matmul", [normal(*a), normal(*b)])
    for label, x in layouts(normal, 4, 6)[1:]:
        f(f"left_{label}", "matmul", [x, normal(6, 5)])
    for label, x in layouts(normal, 6, 5)[1:]:
        f(f"right_{label}", "matmul", [normal(4, 6), x])
    f("both_transposed", "matmul", [normal(6, 4).transpose(0, 1), normal(5, 6).transpose(0, 1)])
    f("attention", "matmul", [normal(2, 5, 3, 4).transpose(1, 2), normal(2, 5, 3, 4).permute(0, 2, 3, 1)])
    f("expanded_batch", "matmul", [normal(1, 3, 4).expand(2, 3, 4), normal(2, 4, 5)])
    f("stepped_batch", "matmul", [normal(4, 3, 4).reshape(2, 2, 3, 4).select(1, 1), normal(2, 4, 5)])
    f("expanded_vector", "matmul", [normal(3, 4), normal(1).expand(4)])
    f("summed", "matmul", [normal(3, 4), normal(4, 5)], upstream="ones")
    f("constant_right", "matmul", [normal(3, 4), normal(4, 5).constant()])
    f("constant_left", "matmul", [normal(3, 4).constant(), normal(4, 5)])
