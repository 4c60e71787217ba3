"""Tensors out of nothing."""

import torch

NUMBERS = {"f32": torch.float32, "f64": torch.float64, "i64": torch.int64, "u8": torch.uint8}

OPS = {
    "arange_step": lambda start, end, step, dtype: torch.arange(start, end, step, dtype=NUMBERS[dtype]),
    "linspace": lambda start, end, n, dtype: torch.linspace(start, end, n, dtype=NUMBERS[dtype]),
    "eye": lambda n, dtype: torch.eye(n, dtype=NUMBERS[dtype]),
    "full": lambda shape, value, dtype: torch.full(shape, value, dtype=NUMBERS[dtype]),
}


def cases(f):
    for label, ends in {"up": (1, 10, 3), "to_end": (0, 9, 3), "down": (5, -5, -4), "none": (2, 2, 1)}.items():
        for dtype in ("i64", "f32", "f64"):
            f(f"{label}_{dtype}", "arange_step", dtypes=("f32",), start=ends[0], end=ends[1], step=ends[2], dtype=dtype)
    f("tenths", "arange_step", dtypes=("f32",), start=0.0, end=1.0, step=0.1, dtype="f64")
    for n in (0, 1, 2, 5, 8):
        for dtype in ("f32", "f64"):
            f(f"{n}_{dtype}", "linspace", dtypes=("f32",), start=-9.42, end=3.3, n=n, dtype=dtype)
    for dtype in NUMBERS:
        f(dtype, "eye", dtypes=("f32",), n=3, dtype=dtype)
        f(dtype, "full", dtypes=("f32",), shape=[2, 0, 3] if dtype == "u8" else [2, 3], value=7, dtype=dtype)
