#!/usr/bin/env python3
"""Where the time of our training steps goes: the share of each kind of work, on one thread and on two.

    python tests/peers/shares.py                               # a table
    python tests/peers/shares.py --only gpt_baby,lstm_b64
    python tests/peers/shares.py --write                       # and keep it for the book's appendix

Linux's perf stops the bench after every two milliseconds of a core, and notes which function runs and who called it. KINDS
says what that is a part of. A share is a part of the stops, so a machine that is slow for a while changes little. With two
threads, it is a part of the stops that there would have been if both had run all the time.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from alternate import APPENDIX, machine, output, sides
from compare import markdown, plain
from measure import among, thread_counts
from steps import WORKLOADS

SHOWN = ["mlp_fashion", "resnet20_b128", "gpt_nano_cpu", "gpt_baby", "unet28_b64", "lstm_b64"]

# A thread without work looks for some for a while, then sleeps, and is not stopped. Work that it found is called by these,
# too, so only the innermost functions count.
WAITING = r"wait_until|lookout::|sched_yield|crossbeam|registry::WorkerThread|rayon_core::sleep|futex"
INNERMOST = 4

# A stop is of the first kind whose pattern is found in the function that ran or in one of its callers. The innermost
# loops of matrix products are assembly that hides its caller, so they count by themselves, whoever needs the product.
KINDS = [
    ("preparation", r"randn|randint|nn::init|model::\w+::\w+::new|_dl_"),
    ("copies and memory", r"page_fault|SYSCALL"),
    ("matrix products", r"gemm|faer|cpu::matmul|rnn::(panels|tail|weight)"),
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
    "waiting",
    "unknown",
]
PERIOD = 0.002  # seconds
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
    page = f"Measured on: {machine()}.\n"
    for threads in given.threads:
        columns = [shares(name, stops(bench, name, threads), threads, given.verbose) for name in given.only]
        rows = [[kind, *(written(column[kind]) for column in columns)] for kind in ROWS]
        title = f"On {threads} thread{'s' * (threads > 1)}"
        print(plain([[title, *given.only], *rows]), end="\n\n")
        head = ["kind of work, %", *(f"`{name}`" for name in given.only)]
        page += f"\n**{title}**\n\n{markdown([head, *rows])}"
    if given.write:
        path = APPENDIX / "speed-profile.md"
        path.write_text(page)
        print(f"wrote {path}")
    return 0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=among(list(WORKLOADS)), default=SHOWN, metavar="NAMES", help="names of workloads")
    parser.add_argument("--threads", type=thread_counts, default=[1, 2], metavar="N,N", help="numbers of threads [1,2]")
    parser.add_argument("--verbose", action="store_true", help="say which functions make up each kind")
    parser.add_argument("--write", action="store_true", help="keep the table for the book's appendix")
    return parser.parse_args()


def stops(bench: str, name: str, threads: int) -> list[tuple[float, list[str]]]:
    """When each stop was, in seconds, and the functions on the stack, the one that ran first."""
    print(f"\r\033[K{name}", end="", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "perf.data")
        often = ["--event", "cpu-clock", "--count", str(round(PERIOD * 1e9))]
        step = [bench, "--json", "--only", name, "--threads", str(threads), "--reps", "1000000"]
        output(["perf", "record", "--quiet", *often, "--call-graph", "dwarf", "--output", data, "--", *step])
        text = output(["perf", "script", "--input", data, "--no-inline", "--fields", "time,ip,sym"])
    print("\r\033[K", end="", file=sys.stderr, flush=True)
    found = (re.match(r"\s*([0-9.]+):.*\n((?:.*\n?)*)", stop) for stop in re.split(r"\n\s*\n", text))
    found = [(float(stop[1]), re.findall(r"^\s*[0-9a-f]+ (.*)$", stop[2], re.MULTILINE)) for stop in found if stop]
    return [(time, stack) for time, stack in found if stack]


def shares(name: str, stacks: list[tuple[float, list[str]]], threads: int, verbose: bool) -> dict[str, float]:
    """How many percent of the time of all threads each kind took, what was before the first step left out."""
    kinds = [kind_of(stack) for _, stack in stacks]
    functions = Counter(
        (kind, " < ".join(short(frame) for frame in stack[:3])) for kind, (_, stack) in zip(kinds, stacks)
    )
    found = Counter()
    for (kind, _), count in functions.items():
        found[kind] += count
    del found["preparation"]
    if verbose:
        for (kind, function), count in functions.most_common(60):
            print(f"{count:6} {kind:20} {function}")
    if threads > 1:
        # whoever waits for the preparation waits for no step
        times = [time for kind, (time, _) in zip(kinds, stacks) if kind not in ("preparation", "waiting")]
        found["waiting"] += max(0, round(threads * (max(times) - min(times)) / PERIOD) - found.total())
    percent = {kind: 100 * found[kind] / found.total() for kind in ROWS}
    assert abs(sum(percent.values()) - 100) < 1e-6, f"{name}: a kind is missing among the rows"
    if percent["unknown"] > MOST_UNKNOWN:
        sys.exit(f"error: {name}: {percent['unknown']:.0f} % of the time is in functions that KINDS does not know")
    return percent


def kind_of(stack: list[str]) -> str:
    if re.search(WAITING, "\n".join(stack[:INNERMOST])):
        return "waiting"
    text = "\n".join(stack)
    return next(kind for kind, pattern in KINDS if re.search(pattern, text))


def short(frame: str) -> str:
    return frame.replace("minitensor::device::cpu::", "")


def written(percent: float) -> str:
    return "–" if percent == 0 else "< 1" if percent < 0.5 else f"{percent:.0f}"


if __name__ == "__main__":
    sys.exit(main())
