"""Rows of a table by number, and the gradient that each row gets."""

import torch.nn.functional as F

from inputs import indices, integers, normal

OPS = {"embedding_with": lambda table, ids, *, padding_idx: F.embedding(ids, table, padding_idx)}


def cases(f):
    shapes = {
        "vector": integers(7, 9),
        "matrix": integers(7, 3, 5),
        "cube": integers(7, 2, 3, 2),
        "single": indices(3),
        "none": integers(7, 0),
        "same": indices([2, 2, 2, 2]),
        "ends": indices([0, 6, 0, 6]),
        "transposed": integers(7, 3, 5).transpose(0, 1),
        "narrowed": integers(7, 3, 8).narrow(1, 2, 4),
        "expanded": integers(7, 3, 1).expand(3, 4),
        "many": integers(7, 50),
    }
    for label, ids in shapes.items():
        f(label, "embedding_with", [normal(7, 3), ids], padding_idx=None)
        f(f"{label}_padded", "embedding_with", [normal(7, 2), ids], padding_idx=2)
    tables = {
        "transposed_table": normal(3, 7).transpose(0, 1),
        "narrowed_table": normal(9, 5).narrow(0, 1, 7).narrow(1, 1, 3),
        "expanded_table": normal(1, 3).expand(7, 3),
        "one_column": normal(7, 1),
        "no_columns": normal(7, 0),
    }
    for label, table in tables.items():
        f(label, "embedding_with", [table, integers(7, 2, 6)], padding_idx=2)
    f("one_row", "embedding_with", [normal(1, 4), indices([0, 0])], padding_idx=None)
    f("only_padding", "embedding_with", [normal(1, 4), indices([0, 0])], padding_idx=0)
    f("summed", "embedding_with", [normal(7, 3), integers(7, 9)], upstream="ones", padding_idx=None)
