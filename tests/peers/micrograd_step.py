#!/usr/bin/env python3
"""A training step of MLP(2, [16, 16, 1]) on 100 moon points: this project's micrograd beside Python's.

    python3 tests/peers/micrograd_step.py

Installs Python's micrograd 0.1.0 into target/peers/ on the first run. Both sides start from the same weights and
the same points, take turns on the machine, and must report the same losses.
"""

import json
import math
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "target" / "peers" / "micrograd"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
RUST = ["cargo", "run", "--quiet", "-p", "micrograd", "--no-default-features", "--example", "moons_step"]
ROUNDS, STEPS = 3, 5


def main():
    if sys.argv[1:] == ["--python-side"]:
        return print(json.dumps(python_side()))
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "micrograd==0.1.0"], check=True)
    output(RUST)  # builds it
    rust, python = [], []
    for _ in range(ROUNDS):
        rust.append(json.loads(output(RUST)))
        python.append(json.loads(output([PYTHON, __file__, "--python-side"])))
    for ours, theirs in zip(rust[0]["losses"], python[0]["losses"]):
        assert math.isclose(ours, theirs, rel_tol=1e-9), f"not the same computation: loss {ours} and {theirs}"
    ours, theirs = (statistics.median(run["ms"] for run in runs) for runs in (rust, python))
    print("a full-batch step of MLP(2, [16, 16, 1]) on 100 moon points, median ms")
    print(f"  micrograd 0.1.0 (Python {sys.version.split()[0]})  {theirs:9.2f}")
    print(f"  micrograd here                   {ours:9.2f}")
    print(f"  ratio                            {theirs / ours:8.0f}x")


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def python_side():
    """The training loop of micrograd's own demo."""
    from micrograd.engine import Value
    from micrograd.nn import MLP

    points, labels = moons()
    model = MLP(2, [16, 16, 1])
    for k, p in enumerate(model.parameters(), start=1):
        p.data = 0.5 * math.sin(k)
    times, totals = [], []
    for _ in range(STEPS):
        start = time.perf_counter()
        scores = [model(list(map(Value, x))) for x in points]
        losses = [(1 + -y * score).relu() for y, score in zip(labels, scores)]
        total = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= 0.05 * p.grad
        totals.append(total.data)
        del scores, losses, total
        times.append((time.perf_counter() - start) * 1e3)
    return {"ms": statistics.median(times), "losses": totals}


def moons():
    angles = [math.pi * i / 49 for i in range(50)]
    points = [p for a in angles for p in ((math.cos(a), math.sin(a)), (1 - math.cos(a), 0.5 - math.sin(a)))]
    return points, [-1, 1] * 50


if __name__ == "__main__":
    main()
