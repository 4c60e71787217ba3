"""What PyTorch's side of the comparisons shares: options, timing, memory, and what is printed.

It does what tests/benches/steps/ does, in the same order and with the same numbers of steps.
"""

import argparse
import json
import statistics
import time
from dataclasses import dataclass
from typing import Callable

import torch

PEER = "torch " + torch.__version__


@dataclass
class Plan:
    """How often a step is timed."""

    # Steps ahead of the first that counts.
    warmup: int
    # Steps that count, if they are short.
    reps: int
    # After so many seconds, `enough` of them are enough.
    budget: float
    enough: int


@dataclass
class Step:
    """What is timed, and how many numbers it learns."""

    run: Callable[[], object]
    parameters: int = 0


def training(model, optimiser, loss) -> Step:
    """A step of training: forward, loss, backward, and the optimiser's change."""

    def run():
        optimiser.zero_grad(set_to_none=True)
        value = loss(model)
        value.backward()
        optimiser.step()

    return Step(run, sum(p.numel() for p in model.parameters()))


def options(description: str, names: list[str], reps: int) -> argparse.Namespace:
    """The options of our bench."""

    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one line of JSON each instead of a table")
    parser.add_argument("--only", type=among(names), default=names, metavar="NAMES", help="which, separated by commas")
    parser.add_argument("--threads", type=within(1, 256), metavar="N", help="threads to compute with, from 1 to 256")
    parser.add_argument("--device", default="cpu", help="where to compute: cpu, cuda, mps")
    parser.add_argument("--reps", type=within(1, 10**6), default=reps, metavar="N", help="time at most so many steps")
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    # a graphics card computes in full float32, as ours does
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    return given


def among(names: list[str]):
    """Reads some of these names, separated by commas."""

    def chosen(text: str) -> list[str]:
        if unknown := [name for name in text.split(",") if name not in names]:
            raise argparse.ArgumentTypeError(f"no {', '.join(map(repr, unknown))}; there are {', '.join(names)}")
        return text.split(",")

    return chosen


def thread_counts(text: str) -> list[int]:
    """Numbers of threads, separated by commas."""
    return [within(1, 256)(part) for part in text.split(",")]


def within(low: int, high: int):
    """Reads a whole number."""

    def number(text: str) -> int:
        try:
            n = int(text)
        except ValueError:
            n = low - 1
        if not low <= n <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return n

    return number


def timed(step: Callable[[], object], plan: Plan, device: str) -> list[float]:
    """How long each of several steps took, in milliseconds."""
    for _ in range(plan.warmup):
        step()
    times, start = [], time.perf_counter()
    while len(times) < plan.reps and (len(times) < plan.enough or time.perf_counter() - start <= plan.budget):
        synchronise(device)
        before = time.perf_counter()
        step()
        synchronise(device)
        times.append((time.perf_counter() - before) * 1e3)
    return times


def load_everything(device: str):
    """A step of something tiny: what PyTorch loads on first use is its libraries' memory, not a model's."""
    tiny = torch.nn.Sequential(torch.nn.Conv2d(1, 8, 3), torch.nn.Flatten(), torch.nn.Linear(8, 8)).to(device)
    x = torch.ones(2, 1, 3, 3, device=device)
    training(tiny, torch.optim.Adam(tiny.parameters()), lambda model: model(x).square().mean()).run()


def synchronise(device: str):
    """Waits for what the device still computes."""
    if device != "cpu":
        getattr(torch, device.split(":")[0]).synchronize()


def mebibytes(name: str) -> float | None:
    """A line of /proc/self/status; only Linux has it."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))
    except (OSError, StopIteration):
        return None


def outcome(name: str, times: list[float], **more) -> dict:
    """What a line of JSON holds."""
    low, middle, high = statistics.quantiles(times, n=4, method="inclusive") if len(times) > 1 else times * 3
    numbers = {"ms": middle, "min": min(times), "q1": low, "q3": high, "max": max(times)}
    numbers = {key: round(value, 6) for key, value in numbers.items()}
    return {"workload": name, **numbers, "reps": len(times), "threads": torch.get_num_threads(), **more, "peer": PEER}


def print_line(line: dict, as_json: bool):
    """A line of JSON, or a row of a table."""
    if as_json:
        print(json.dumps(line), flush=True)
    else:
        name = " ".join(str(line[key]) for key in ("workload", "at") if key in line)
        print(f"{name:20} {line['ms']:9.4f} {line['min']:9.4f} {line['max']:9.4f}", flush=True)


def print_head(given: argparse.Namespace):
    if not given.json:
        engine = f"{PEER} on {given.device} with {torch.get_num_threads()} threads"
        print(f"A step in milliseconds, {engine}:\n")
        print(f"{'workload':20} {'median':>9} {'fastest':>9} {'slowest':>9}")
