#!/usr/bin/env python3
"""How our times and PyTorch's grow with the size of a step, beside what the machine can do at most.

    python tests/peers/compare_curves.py                                     # all curves, on one thread and on two
    python tests/peers/compare_curves.py --only matmul --threads 2 --rounds 1
    python tests/peers/compare_curves.py --write                             # and draw them for the book's appendix

As in compare.py, either side runs in a process of its own, in turn, and a time is the median of the rounds'. What the
machine can do is the best that any round saw.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections import defaultdict

from alternate import APPENDIX, ROOT, arguments, machine, rounds, run, sides, warn_if_busy
from curves import CURVES

DRAW = ["cargo", "run", "--quiet", "-p", "tests", "--example", "draw_curves", "--"]
# What only the machine sets a limit to.
CEILINGS = ["products", "copies"]


def main() -> int:
    given = arguments(__doc__, list(CURVES), rounds=3)
    busy = warn_if_busy()
    commands = sides("curves")
    lines = [line for threads in given.threads for line in measure(commands, given, threads)]
    about = f"{machine()}; {given.rounds} round{'s' * (given.rounds != 1)}.{busy}"
    print(about)
    for line in lines:
        print(row(line))
    if given.write:
        data = APPENDIX / "speed-curves.jsonl"
        data.write_text("".join(json.dumps(line) + "\n" for line in lines))
        APPENDIX.joinpath("speed-curves.md").write_text(f"Measured on: {about}\n")
        subprocess.run([*DRAW, data, APPENDIX], check=True, cwd=ROOT)
        print(f"wrote {data}, and a picture of each curve beside it")
    return 0


def measure(commands: dict, given: argparse.Namespace, threads: int):
    """A line for each point: our time and PyTorch's, in milliseconds, and how much work either did."""
    points = defaultdict(lambda: {"ours": [], "theirs": []})
    work, best = {}, {}
    # a graph of single numbers is walked by one thread, however many there are
    names = [name for name in given.only if name != "micrograd" or threads == given.threads[0]]
    for name, side, line in rounds(commands, names, threads, given.rounds):
        points[name, line["at"]][side].append(line["ms"])
        if side == "ours":
            work[name, line["at"]] = worked(line)
    for name in CEILINGS * given.rounds:
        for line in run(commands["ours"], name, threads):
            best[name] = min(best.get(name, line), line, key=lambda line: line["min"])
    for (name, at), side in points.items():
        times = {key: round(statistics.median(side[key]), 6) for key in ("ours", "theirs")}
        yield {"curve": name, "threads": threads, "at": at, **times, **work[name, at]}
    for name, line in best.items():
        yield {"curve": name, "threads": threads, "at": line["at"], "ours": line["min"], **worked(line)}


def worked(line: dict) -> dict:
    return {"work": line["work"], "unit": line["unit"]}


def row(line: dict) -> str:
    rate = lambda side: f"{line[side]:11.4f} ms {line['work'] / line[side]:8.4g} G{line['unit']}/s"
    theirs = f"  PyTorch {rate('theirs')}  ratio {line['ours'] / line['theirs']:5.2f}" if "theirs" in line else ""
    return f"{line['curve']:10} {line['at']:>10} on {line['threads']}  ours {rate('ours')}{theirs}"


if __name__ == "__main__":
    sys.exit(main())
