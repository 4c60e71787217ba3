"""Our bench and PyTorch's twin of it, in turn on one machine, each workload in a process of its own."""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import torch

from measure import among, thread_counts, within

ROOT = Path(__file__).resolve().parents[2]
APPENDIX = ROOT / "book" / "src" / "appendix"


def arguments(description: str, names: list[str], rounds: int, threads: bool = True) -> argparse.Namespace:
    """The options of a comparison; that of graphics cards has no threads to count, and keeps nothing."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=among(names), default=names, metavar="NAMES", help="which, separated by commas")
    if threads:
        parser.add_argument("--threads", type=thread_counts, default=[1, 2], metavar="N,N", help="numbers of threads [1,2]")
        parser.add_argument("--write", action="store_true", help="keep what is found for the book's appendix")
    parser.add_argument("--rounds", type=within(1, 1000), default=rounds, metavar="N", help=f"rounds [{rounds}]")
    return parser.parse_args()


def sides(bench: str, features: str = "") -> dict[str, list[str]]:
    """How either side is run. Ours is compiled first, so that cargo takes no part in what is timed."""
    build = ["cargo", "bench", "--quiet", "-p", "tests", "--bench", bench, "--no-run", "--message-format=json"]
    build += ["--features", features] if features else []
    messages = map(json.loads, output(build).splitlines())
    made = [m["executable"] for m in messages if m.get("target", {}).get("name") == bench and m.get("executable")]
    return {"ours": made[-1:], "theirs": [sys.executable, str(ROOT / "tests" / "peers" / f"{bench}.py")]}


def run(side: list[str], name: str, threads: int | None) -> list[dict]:
    """What one side says of a workload, as it prints it: a line of JSON each."""
    counted = ["--threads", str(threads)] if threads else []
    lines = output([*side, "--json", "--only", name, *counted]).splitlines()
    return [json.loads(line) for line in lines]


def rounds(commands: dict, names: list[str], threads: int | None, count: int):
    """Yields (name, side, line). Who is first in one round is second in the next, since a machine warms and tires."""
    for i in range(count):
        for name in names:
            for side in ["ours", "theirs"][:: 1 if i % 2 == 0 else -1]:
                print(f"\r\033[Kround {i + 1} of {count}: {name}, {side}", end="", file=sys.stderr, flush=True)
                for line in run(commands[side], name, threads):
                    yield name, side, line
    print("\r\033[K", end="", file=sys.stderr, flush=True)


def warn_if_busy() -> str:
    """Threads that wait for each other, as PyTorch's do, suffer more than others from a core that is taken. What comes back
    is what a page is to say of it."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if busy <= 0.5:
        return ""
    print(f"warning: this machine is busy (load {busy:.1f}); what it measures now is not fair", file=sys.stderr)
    return " The machine was busy with other programs, so this is a first impression only."


def output(command: list[str]) -> str:
    """What a command prints; if it fails, it has said why, and that is all there is to say."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"\nerror: this ended with status {done.returncode}: {' '.join(command)}")
    return done.stdout


def machine() -> str:
    """The processor, its cores and its vectors, and what the programs were made with."""
    rustc = output(["rustc", "--version"]).split()[1]
    model, vectors = processor()
    cores = os.cpu_count()
    # what is added to a version after `+` says how it was packed
    versions = f"Rust {rustc}, PyTorch {torch.__version__.split('+')[0]}, Python {platform.python_version()}"
    return f"{model}, {cores} core{'s' * (cores != 1)}, {vectors}; {platform.system()}; {versions}"


def processor() -> tuple[str, str]:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine(), platform.machine()
    fields = dict(line.split(":", 1) for line in text.split("\n\n")[0].splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    flags = fields.get("flags", fields.get("Features", "")).split()
    vectors = [name for flag, name in [("avx512f", "AVX-512"), ("avx2", "AVX2"), ("asimd", "NEON")] if flag in flags]
    return fields.get("model name", platform.machine()), (vectors or ["no vectors known"])[0]
