"""Writes the parity fixtures: what PyTorch answers, for Rust to agree with.

    python tests/parity/generate.py            # every topic
    python tests/parity/generate.py conv pool  # only these
    python tests/parity/generate.py --check    # writes nothing; fails where a committed fixture is stale

One topic is one file here (topics/conv.py) and one fixture there (../fixtures/conv.safetensors).
The same versions (requirements.txt) on the same machine write the same bytes. Another processor may round the last
bit of an F32 differently, so `--check` compares numbers with a tolerance, and the list of cases exactly.
"""

import argparse
import importlib
import sys
from pathlib import Path

import torch

from case import Fixture

TOPICS = [
    "creation",
    "elementwise",
    "activations",
    "functions",
    "reductions",
    "measures",
    "sorting",
    "matmul",
    "movement",
    "rearranging",
    "indexing",
    "picking",
    "linear",
    "losses",
    "attention",
    "transformer",
    "conv",
    "conv3d",
    "conv_layers",
    "fold",
    "conv_transpose",
    "interpolate",
    "pool",
    "pooling",
    "norm",
    "row_norm",
    "embedding",
    "rnn",
    "layers",
    "optim",
    "schedules",
    "models_gpt",
    "models_resnet",
    "models_unet",
]
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the parity fixtures.")
    parser.add_argument("topics", nargs="*", help=f"which of: {' '.join(TOPICS)} (all of them if none is named)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a fixture is stale")
    options = parser.parse_args()
    if unknown := sorted(set(options.topics) - set(TOPICS)):
        parser.error(f"no topic {', '.join(unknown)}; there are {', '.join(TOPICS)}")

    # One thread and one algorithm, so that sums are taken in the same order every time.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    FIXTURES.mkdir(exist_ok=True)

    stale, total = [], 0
    for topic in options.topics or TOPICS:
        module = importlib.import_module(f"topics.{topic}")
        fixture = Fixture(topic, module.OPS)
        module.cases(fixture)
        path = FIXTURES / f"{topic}.safetensors"
        if options.check:
            stale += [f"{path.name}: {why}" for why in fixture.differences(path)]
        else:
            fixture.write(path)
        total += path.stat().st_size if path.exists() else 0
        print(f"{topic:12} {len(fixture.cases):4} cases  {path.stat().st_size / 1024 if path.exists() else 0:7.1f} KiB")
    print(f"{'total':12} {total / 1024:20.1f} KiB")
    for why in stale:
        print("STALE", why, file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
