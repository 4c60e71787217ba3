#!/usr/bin/env python3
"""Pack the embedded data sets: `python pack.py SOURCES [--check]`.

SOURCES is a folder that holds the originals (README.md beside this file says where each comes from):

    SOURCES/digits/digits.csv.gz
    SOURCES/names/names.txt
    SOURCES/fashion-mnist/{train,t10k}-{images-idx3,labels-idx1}-ubyte

Every original is checked by SHA-256, and the result is the same bytes on every machine: Zopfli is a compressor
written once, whereas `gzip` gives other bytes with another zlib. With --check nothing is written, and the exit
code says whether the files that are here are the ones this script would write.

    pip install zopfli==0.4.3
"""

import csv
import gzip
import hashlib
import pathlib
import struct
import sys

import zopfli.gzip

HERE = pathlib.Path(__file__).resolve().parent

# SHA-256 of each original, after decompression.
ORIGINALS = {
    "digits/digits.csv.gz": "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
    "names/names.txt": "9f52749ee5917e9c78a4ba4034a0c2e62f952f30e46766bb62878a15dc479af0",
    "fashion-mnist/train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "fashion-mnist/train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "fashion-mnist/t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "fashion-mnist/t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}

# Images of each class in fashion-mini: what fits in 1 MB.
FASHION_PER_CLASS = {"train": 180, "t10k": 50}


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    sources = pathlib.Path(arguments[0])
    packed = {name: zopfli.gzip.compress(data) for name, data in unpacked(sources).items()}

    stale = [name for name, data in packed.items() if not same(HERE / name, data)]
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(stale)}" if stale else None)
    for name, data in packed.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_bytes(data)
        print(f"{len(data):8,} bytes  {hashlib.sha256(data).hexdigest()}  {name}")


def unpacked(sources):
    """The contents of every embedded file before compression, by name."""
    return {**digits(sources), **fashion_mini(sources), **names(sources)}


def digits(sources):
    """1,797 scans: 64 values 0..16 a line, the label last."""
    text = original(sources, "digits/digits.csv.gz").decode()
    rows = [[int(float(cell)) for cell in row] for row in csv.reader(text.splitlines())]
    pixels = bytes(value for row in rows for value in row[:64])
    labels = bytes(row[64] for row in rows)
    return {
        "digits/images-idx3-ubyte.gz": idx([len(rows), 8, 8], pixels),
        "digits/labels-idx1-ubyte.gz": idx([len(rows)], labels),
    }


def fashion_mini(sources):
    """The first images of each class of Fashion-MNIST, in the order of the original."""
    files = {}
    for part, per_class in FASHION_PER_CLASS.items():
        images = original(sources, f"fashion-mnist/{part}-images-idx3-ubyte")[16:]
        labels = original(sources, f"fashion-mnist/{part}-labels-idx1-ubyte")[8:]
        taken, seen = [], [0] * 10
        for index, label in enumerate(labels):
            if seen[label] < per_class:
                seen[label] += 1
                taken.append(index)
        pixels = b"".join(images[784 * i : 784 * (i + 1)] for i in taken)
        files[f"fashion-mini/{part}-images-idx3-ubyte.gz"] = idx([len(taken), 28, 28], pixels)
        files[f"fashion-mini/{part}-labels-idx1-ubyte.gz"] = idx([len(taken)], bytes(labels[i] for i in taken))
    return files


def names(sources):
    """Lower-case names, one a line, the most frequent first."""
    return {"names/names.txt.gz": original(sources, "names/names.txt")}


def original(sources, name):
    """The contents of a source file, decompressed and checked."""
    path = sources / name
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    found = hashlib.sha256(data).hexdigest()
    if found != ORIGINALS[name]:
        sys.exit(f"{path}: SHA-256 is {found}, but {ORIGINALS[name]} is needed")
    return data


def idx(shape, data):
    """IDX: two zeros, the element type (8: unsigned byte), the rank, each size as big-endian u32, the data."""
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + data


def same(path, data):
    return path.exists() and path.read_bytes() == data


if __name__ == "__main__":
    main()
