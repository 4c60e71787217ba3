#!/usr/bin/env python3
"""Our training steps and PyTorch's, side by side: who is faster, by how much, and who takes how much memory.

    python tests/peers/compare.py                                        # all workloads, on one thread and on two
    python tests/peers/compare.py --only gpt_baby,lstm_b64 --threads 2 --rounds 3
    python tests/peers/compare.py --write                                # and keep the table for the book's appendix

It needs the packages of tests/parity/requirements.txt. In each round either side times each workload in a process of its
own, in turn. A time is the median of the rounds' medians; a ratio is our time over PyTorch's in the same round, so that a
machine that was slow for a while was slow for both, and again the median of these. Memory is the peak of what the process wrote,
less what it held before the model was built: the files of the program and its libraries do not count, and PyTorch has used
each of its libraries once by then.
"""

import statistics
import sys
from dataclasses import dataclass, field

from alternate import APPENDIX, arguments, machine, rounds, sides, warn_if_busy

# The ratio that a workload must not be above, and the one that comes next.
TARGETS = {
    "mlp_sine": (0.2, 0.1),
    "mlp_fashion": (0.8, 0.6),
    "resnet20_b128": (0.65, 0.5),
    "resnet20_digits_b64": (0.5, 0.35),
    "resnet20_infer_b1": (0.5, 0.35),
    "gpt_nano_cpu": (0.7, 0.5),
    "gpt_baby": (0.8, 0.65),
    "unet28_b64": (0.65, 0.5),
    "lstm_b64": (0.4, 0.2),
    "matmul_64": (1.1, 1.0),
    "matmul_256": (1.1, 1.0),
    "matmul_1024": (1.1, 1.0),
    "matmul_2048": (1.1, 1.0),
    "softmax_4096x1024": (1.0, 0.8),
    "gelu_4m": (1.0, 0.8),
    "add_4m": (1.0, 0.8),
}


@dataclass
class Measured:
    """What the rounds said of one workload, a number a round on either side."""

    ours: list = field(default_factory=list)
    theirs: list = field(default_factory=list)

    def ratios(self) -> list[float]:
        return [a["ms"] / b["ms"] for a, b in zip(self.ours, self.theirs)]

    def row(self, name: str) -> list[str]:
        must, after = TARGETS[name]
        ratio = statistics.median(self.ratios())
        verdict = "missed" if ratio > must else "met" if ratio > after else "beyond"
        times = [spread([line["ms"] for line in side], milliseconds) for side in (self.ours, self.theirs)]
        memory = [mebibytes(side) if side[0]["params"] else "–" for side in (self.ours, self.theirs)]
        return [name, *times, spread(self.ratios(), "{:.2f}".format), f"{must:g}", f"{after:g}", verdict, *memory]


HEAD = ["workload", "ours, ms", "PyTorch, ms", "ratio", "must", "after", "target", "ours, MiB", "PyTorch, MiB"]


def main() -> int:
    given = arguments(__doc__, list(TARGETS), rounds=5)
    busy = warn_if_busy()
    commands, about = sides("steps"), machine()
    print(about)
    pages = [f"Measured on: {about}; {given.rounds} rounds.{busy}\n"]
    for threads in given.threads:
        measured = {name: Measured() for name in given.only}
        for name, side, line in rounds(commands, given.only, threads, given.rounds):
            getattr(measured[name], side).append(line)
        check_parameters(measured)
        rows = [measured[name].row(name) for name in given.only]
        title = f"On {threads} thread{'s' * (threads > 1)}"
        print(f"\n{title}\n\n{plain([HEAD, *rows])}", flush=True)
        pages.append(f"**{title}**\n\n{markdown([HEAD, *as_code(rows)])}")
    if given.write:
        APPENDIX.joinpath("speed-steps.md").write_text("\n".join(pages))
        print(f"\nwrote {APPENDIX / 'speed-steps.md'}")
    return 0


def check_parameters(measured: dict):
    for name, each in measured.items():
        learned = {line["params"] for line in each.ours + each.theirs}
        if len(learned) != 1:
            sys.exit(f"error: {name} is not the same model on both sides: it learns {learned} numbers")


def spread(values: list[float], write) -> str:
    """The median, and the smallest and the largest where they are written differently."""
    middle, low, high = (write(of(values)) for of in (statistics.median, min, max))
    return middle if low == high else f"{middle} ({low}–{high})"


def milliseconds(ms: float) -> str:
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.1f}" if ms >= 10 else f"{ms:.2f}" if ms >= 1 else f"{ms:.3g}"


def mebibytes(side: list[dict]) -> str:
    known = [line["peak_mib"] for line in side if line["peak_mib"] is not None]
    return f"{statistics.median(known):.0f}" if known else "?"


def plain(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows)]
    cells = lambda row: [f"{row[0]:{widths[0]}}", *(f"{cell:>{w}}" for cell, w in zip(row[1:], widths[1:]))]
    return "\n".join("  ".join(cells(row)) for row in rows)


def as_code(rows: list[list[str]]) -> list[list[str]]:
    """The rows of a page, whose first column names workloads."""
    return [[f"`{name}`", *rest] for name, *rest in rows]


def markdown(rows: list[list[str]]) -> str:
    head, *body = rows
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
