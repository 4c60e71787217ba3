#!/usr/bin/env python3
"""What it costs to build a practical from nothing: how long the compiler works on each crate.

    python tests/peers/building.py                 # builds convnet in a folder that is deleted afterwards
    python tests/peers/building.py --write         # and keeps the table for the book's appendix

Cargo calls the compiler through this same file, which notes what the system counted for each crate: seconds of a core.
These are much the same on any number of cores, and beside other programs.
"""

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "book" / "src" / "appendix" / "speed-building.md"
NOTES = "BUILDING_NOTES"

# Crates that come together, a pattern that finds them, and why they are there. The build scripts that take long are
# those that compile ring's C.
FAMILIES = [
    (
        "`faer` and what it stands on",
        "faer.*|.*gemm.*|pulp.*|dyn-stack.*|equator.*|interpol|num-complex|paste|qd|raw-cpuid|reborrow|spindle",
        "products of matrices at the machine's own pace",
    ),
    ("`minitensor`, `convnet`, `diagram`", "minitensor|convnet|diagram", "what you read"),
    (
        "`image`, `png`",
        "image|moxcms|pxfm|zune.*|png|fdeflate|miniz_oxide|flate2|simd-adler32|crc32fast|adler2",
        "your own pictures, and those in data sets",
    ),
    (
        "`ureq`, `rustls`, `ring`",
        "ureq.*|rustls.*|ring|webpki.*|http.*|untrusted|subtle|zeroize|cc|build scripts",
        "downloads, over an encrypted connection",
    ),
    ("`clap`", "clap.*|anstr.*|anstyle.*|strsim|colorchoice|utf8parse|heck", "options, and help about them"),
    ("`serde`, `csv`, `safetensors`", "serde.*|csv.*|safetensors|itoa|ryu|zmij", "settings, tables, weights in files"),
    ("`syn`, `quote`", "syn|quote|proc-macro2|unicode-ident", "the code that `#[derive]` and other macros write"),
    ("`plotters`", "plotters.*", "curves"),
    ("`rayon`", "rayon.*|crossbeam.*", "all cores at work"),
]
OTHERS = "all others"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the table for the book's appendix")
    given = parser.parse_args()
    crates = build()
    rows = table(crates)
    for name, seconds, _ in rows:
        print(f"{seconds:>5} s  {name}")
    if given.write:
        head = ["crates", "seconds of a core", "what they are there for"]
        lines = [head, ["---", "--:", "---"], *rows]
        rustc = subprocess.run(["rustc", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[1]
        about = f"Measured on: {platform.system()}, {platform.machine()}, Rust {rustc}; `cargo build -p convnet`.\n\n"
        PAGE.write_text(about + "".join(f"| {' | '.join(line)} |\n" for line in lines))
        print(f"wrote {PAGE}")
    return 0


def table(crates: Counter) -> list[list[str]]:
    """A row for each family, the slowest first, then all other crates and the sum."""
    why = {family: reason for family, _, reason in FAMILIES} | {OTHERS: ""}
    families = Counter(dict.fromkeys(why, 0.0))
    for name, seconds in crates.items():
        found = (family for family, pattern, _ in FAMILIES if re.fullmatch(pattern, name))
        families[next(found, OTHERS)] += seconds
    slowest = sorted(why, key=lambda family: (family == OTHERS, -families[family]))
    rows = [[family, f"{families[family]:.0f}", why[family]] for family in slowest]
    return [*rows, ["all together", f"{crates.total():.0f}", ""]]


def build() -> Counter:
    """Seconds of a core for each crate."""
    with tempfile.TemporaryDirectory() as folder:
        notes, before = Path(folder) / "notes", seconds_of_children()
        more = {"CARGO_TARGET_DIR": f"{folder}/target", "RUSTC_WRAPPER": __file__, NOTES: str(notes)}
        subprocess.run(["cargo", "build", "-p", "convnet"], check=True, cwd=ROOT, env=os.environ | more)
        crates = Counter()
        for name, seconds in map(json.loads, notes.read_text().splitlines()):
            crates[name] += seconds
    crates["build scripts"] = seconds_of_children() - before - crates.total()
    return crates


def compile_and_note(compiler: list[str]) -> int:
    """Does what cargo asks of the compiler, and notes for which crate and how long."""
    status = subprocess.call(compiler, close_fds=False)  # through some of them cargo says how many may run at once
    with open(os.environ[NOTES], "a") as notes:
        name = os.environ.get("CARGO_PKG_NAME", "cargo")
        notes.write(json.dumps([name, seconds_of_children()]) + "\n")
    return status


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(compile_and_note(sys.argv[1:]) if NOTES in os.environ else main())
