#!/usr/bin/env python3
"""Where the time of our training steps goes: the share of each kind of work, on one thread.

    python tests/peers/shares.py                               # a table
    python tests/peers/shares.py --only gpt_baby,lstm_b64
    python tests/peers/shares.py --write                       # and keep it for the book's appendix

Linux's perf stops the bench some hundred times a second, and notes which function runs and who called it. KINDS says
what that is a part of. A share is a part of the stops, so a machine that is slow for a while changes little.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from alternate import APPENDIX, machine, output, sides
from compare import plain
from measure import among
from steps import WORKLOADS

SHOWN = ["mlp_fashion", "resnet20_b128", "gpt_nano_cpu", "gpt_baby", "unet28_b64", "lstm_b64"]

# A stop is of the first kind whose pattern is found in the function that ran or in one of its callers. The innermost
# loops of matrix products are assembly that hides its caller, so they count by themselves, whoever needs the product.
KINDS = [
    ("preparation", r"randn|randint|nn::init|model::\w+::\w+::new|_dl_"),
    ("copies and memory", r"page_fault|SYSCALL"),
    ("matrix products", r"gemm|faer|cpu::matmul"),
    ("copies and memory", r"cpu::(buffer|shelf|index)|Kernels>::(contiguous|cast)|packed"),
    ("convolution", r"cpu::conv"),
    ("attention", r"cpu::attention"),
    ("gates of the LSTM", r"cpu::rnn"),
    ("norms", r"cpu::(row_norm|batch_norm|moments)"),
    ("softmax and loss", r"cpu::(softmax|cross_entropy)|ops::loss"),
    ("optimiser", r"cpu::optim|optim::descent"),
    ("activations and sums", r"cpu::(activation|arithmetic|reduce|map::zip|pool)|Kernels>::(unary|binary|reduce)"),
    ("copies and memory", r"cpu::map|Tensor>::(placed|full)|memmove|memcpy|memset|malloc|calloc|realloc|free"),
    ("graph and the rest", r"\bmain\b"),
    ("unknown", r""),
]
# In the order of the table.
ROWS = [
    "matrix products",
    "convolution",
    "attention",
    "gates of the LSTM",
    "norms",
    "activations and sums",
    "softmax and loss",
    "optimiser",
    "copies and memory",
    "graph and the rest",
    "unknown",
]
MOST_UNKNOWN = 5  # percent

NO_PERF = (
    "error: this needs perf, Linux's profiler, and there is none here; install it with `apt install linux-perf` "
    "on Debian, `apt install linux-tools-generic` on Ubuntu, `dnf install perf` on Fedora"
)


def main() -> int:
    given = options()
    if shutil.which("perf") is None:
        sys.exit(NO_PERF)
    [bench] = sides("steps")["ours"]
    columns = [shares(name, stops(bench, name), given.verbose) for name in given.only]
    rows = [[kind, *(written(column[kind]) for column in columns)] for kind in ROWS]
    print(plain([["", *given.only], *rows]))
    if given.write:
        head = ["kind of work, %", *(f"`{name}`" for name in given.only)]
        lines = [head, ["---", *["--:"] * len(given.only)], *rows]
        table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
        page = APPENDIX / "speed-profile.md"
        page.write_text(f"Measured on: {machine()}; 1 thread.\n\n{table}")
        print(f"\nwrote {page}")
    return 0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=among(list(WORKLOADS)), default=SHOWN, metavar="NAMES", help="names of workloads")
    parser.add_argument("--verbose", action="store_true", help="say which functions make up each kind")
    parser.add_argument("--write", action="store_true", help="keep the table for the book's appendix")
    return parser.parse_args()


def stops(bench: str, name: str) -> list[list[str]]:
    """The functions on the stack at each stop, the one that ran first."""
    print(f"\r\033[K{name}", end="", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "perf.data")
        step = [bench, "--json", "--only", name, "--threads", "1", "--reps", "1000000"]
        output(["perf", "record", "--quiet", "--freq", "499", "--call-graph", "dwarf", "--output", data, "--", *step])
        text = output(["perf", "script", "--input", data, "--no-inline", "--fields", "ip,sym"])
    print("\r\033[K", end="", file=sys.stderr, flush=True)
    stacks = (re.findall(r"^\s*[0-9a-f]+ (.*)$", stack, re.MULTILINE) for stack in re.split(r"\n\s*\n", text))
    return [stack for stack in stacks if stack]


def shares(name: str, stacks: list[list[str]], verbose: bool) -> dict[str, float]:
    """How many percent of the stops are of each kind, what was before the first step left out."""
    functions = Counter((kind_of(stack), " < ".join(short(frame) for frame in stack[:3])) for stack in stacks)
    found = Counter()
    for (kind, _), count in functions.items():
        found[kind] += count
    del found["preparation"]
    if verbose:
        for (kind, function), count in functions.most_common(60):
            print(f"{count:6} {kind:20} {function}")
    percent = {kind: 100 * found[kind] / found.total() for kind in ROWS}
    assert abs(sum(percent.values()) - 100) < 1e-6, f"{name}: a kind is missing among the rows"
    if percent["unknown"] > MOST_UNKNOWN:
        sys.exit(f"error: {name}: {percent['unknown']:.0f} % of the time is in functions that KINDS does not know")
    return percent


def kind_of(stack: list[str]) -> str:
    text = "\n".join(stack)
    return next(kind for kind, pattern in KINDS if re.search(pattern, text))


def short(frame: str) -> str:
    return frame.replace("minitensor::device::cpu::", "")


def written(percent: float) -> str:
    return "–" if percent == 0 else "< 1" if percent < 0.5 else f"{percent:.0f}"


if __name__ == "__main__":
    sys.exit(main())
