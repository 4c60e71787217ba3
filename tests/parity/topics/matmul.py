"""Products of matrices: batched, broadcast, strided, and with vectors."""

import torch

from inputs import integers, layouts, normal

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
    broadcast(f)
    empty(f)
    lying(f)
    # Whole numbers have no gradient.
    whole = {"plain": ((3, 4), (4, 5)), "batched": ((2, 1, 3, 4), (3, 4, 2)), "dot": ((4,), (4,)), "vector": ((2, 3, 4), (4,)), "no_inner": ((2, 0), (0, 3))}
    for label, (a, b) in whole.items():
        f(f"whole_{label}", "matmul", [integers(9, *a), integers(9, *b)], dtypes=("f64",))
    f("whole_transposed", "matmul", [integers(9, 4, 3).transpose(0, 1), integers(9, 5, 4).transpose(0, 1).narrow(1, 1, 3)], dtypes=("f64",))


def broadcast(f):
    """The leading dimensions of one side, of the other, and of both at once."""
    shapes = {
        "left_lacks_two": ((3, 4), (2, 3, 4, 2)),
        "right_lacks_two": ((2, 3, 2, 4), (4, 3)),
        "crossed": ((2, 1, 2, 3), (1, 3, 3, 2)),
        "crossed_three": ((2, 1, 2, 2, 3), (3, 1, 3, 2)),
        "left_batch1": ((1, 3, 4), (2, 4, 5)),
        "vector_left_four": ((3,), (2, 2, 3, 4)),
        "vector_right_four": ((2, 2, 3, 4), (4,)),
        "ones": ((1, 1, 1), (1, 1, 1)),
        "one_row_batched": ((2, 1, 4), (4, 1)),
        "one_inner_batched": ((2, 3, 1), (1, 4)),
    }
    for label, (a, b) in shapes.items():
        f(f"broadcast_{label}", "matmul", [normal(*a), normal(*b)])


def empty(f):
    shapes = {
        "columns": ((3, 4), (4, 0)),
        "dot": ((0,), (0,)),
        "vector_matrix": ((0,), (0, 3)),
        "matrix_vector": ((3, 0), (0,)),
        "vector_no_columns": ((3,), (3, 0)),
        "inner_batched": ((2, 3, 0), (0, 4)),
        "batch_left": ((0, 2, 3), (3, 4)),
        "batch_right": ((2, 3), (0, 3, 4)),
        "batch_of_one": ((0, 2, 3), (1, 3, 4)),
        "rows_batched": ((2, 0, 3), (2, 3, 4)),
    }
    for label, (a, b) in shapes.items():
        f(f"empty_{label}", "matmul", [normal(*a), normal(*b)])


def lying(f):
    """Operands as views leave them: a stride for each dimension that is not what it would be by itself."""
    narrowed = normal(3, 5, 6).narrow(0, 1, 2).narrow(1, 1, 3).narrow(2, 2, 4)
    f("both_narrowed", "matmul", [narrowed, normal(2, 6, 4).narrow(1, 1, 4).narrow(2, 1, 2)])
    f("narrowed_times_matrix", "matmul", [narrowed, normal(4, 3)])
    f("batch_transposed", "matmul", [normal(3, 4, 2).permute(2, 0, 1), normal(5, 4, 2).permute(2, 1, 0)])
    f("batch_innermost", "matmul", [normal(3, 4, 2).permute(2, 1, 0), normal(3, 5, 1, 2).permute(3, 2, 0, 1).select(1, 0)])
    f("expanded_both", "matmul", [normal(1, 3, 1).expand(2, 3, 4), normal(4, 1).expand(4, 5)])
    f("expanded_rows", "matmul", [normal(1, 4).expand(3, 4), normal(4, 5)])
    f("expanded_matrix", "matmul", [normal(3, 4), normal(1, 1, 1).expand(2, 4, 5)])
    f("expanded_heads", "matmul", [normal(2, 4, 3, 2), normal(2, 1, 2, 3).expand(2, 4, 2, 3)])
    f("stepped_vectors", "matmul", [normal(5, 2).select(1, 1), normal(2, 5).select(0, 1)])
    f("stepped_vector_matrix", "matmul", [normal(5, 2).select(1, 0), normal(4, 5).transpose(0, 1)])
    f("narrowed_matrix_vector", "matmul", [normal(4, 7).narrow(1, 1, 5), normal(9).narrow(0, 3, 5)])
    f("transposed_vector_batched", "matmul", [normal(4, 3, 2).permute(2, 1, 0), normal(4, 2).select(1, 1)])
    f("one_matrix_for_both", "matmul", [normal(2, 3, 4, 4).select(0, 1), normal(3, 4, 4).transpose(1, 2)], upstream="ones")
