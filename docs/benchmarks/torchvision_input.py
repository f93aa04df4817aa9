#!/usr/bin/env python3
"""Measures torchvision's usual training input on one thread, to put beside `./submit.sh bench input`.

    apt-get install python3-torch python3-torchvision
    /usr/bin/python3 docs/benchmarks/torchvision_input.py FOLDER --ours input.json --json torch.json

FOLDER holds the images (.jpg, .jpeg, .png in any depth), the same that the data set of `bench input` was prepared from.
RandomResizedCrop, RandomHorizontalFlip, ToTensor and Normalize on images that Pillow decodes, all files in memory.
"""

import argparse
import io
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

import PIL
import torch
import torchvision
from PIL import Image, features
from torchvision import transforms

KINDS = {".jpg", ".jpeg", ".png"}


def arguments():
    parser = argparse.ArgumentParser(description="Measures torchvision's training input on one thread.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=3, help="of a repetition; default 3")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--ours", type=Path, help="a file that bench input wrote, to compare with")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def rates(work, seconds, repetitions):
    """Images a second: one repetition to warm up, then those that count."""
    found = []
    for _ in range(repetitions + 1):
        start, images = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            images += work()
        found.append(images / (time.perf_counter() - start))
    return found[1:]


def decoded(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def main():
    args = arguments()
    torch.set_num_threads(1)
    load = os.getloadavg()[0]
    files = sorted(p for p in args.folder.rglob("*") if p.suffix.lower() in KINDS)
    if len(files) < args.batch:
        sys.exit(f"Cannot measure: {args.folder} holds {len(files)} images, fewer than a batch of {args.batch}")
    data = [p.read_bytes() for p in files]
    images = [decoded(d) for d in data[:64]]
    transform = transforms.Compose([
        transforms.RandomResizedCrop(args.size),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])

    def decode():
        for d in data:
            decoded(d)
        return len(data)

    def augment():
        for image in images:
            transform(image)
        return len(images)

    def feed():
        whole = len(data) // args.batch * args.batch
        for first in range(0, whole, args.batch):
            torch.stack([transform(decoded(d)) for d in data[first:first + args.batch]])
        return whole

    figures = []
    for name, work in (("decode whole images", decode), ("augment decoded images", augment), ("feed", feed)):
        found = rates(work, args.seconds, args.repetitions)
        figure = {"case": name, "images_per_second": statistics.median(found), "least": min(found), "most": max(found)}
        figures.append(figure)
        print("%-24s %8.0f %8.0f %8.0f images/s (median, least, most)"
              % (name, figure["images_per_second"], figure["least"], figure["most"]))
    result = {
        "benchmark": "input", "library": "torchvision", "images": len(data), "size": args.size, "batch": args.batch,
        "threads": 1, "load_before": load, "python": platform.python_version(), "torch": torch.__version__,
        "torchvision": torchvision.__version__, "pillow": PIL.__version__,
        "libjpeg_turbo": features.version("libjpeg_turbo"), "figures": figures,
    }
    if args.ours:
        ours = json.loads(args.ours.read_text())
        for key in ("images", "size", "batch", "threads"):
            if ours[key] != result[key]:
                sys.exit(f"Cannot compare: {args.ours} has {key} {ours[key]}, this run {result[key]}")
        feeds = next(f for f in ours["figures"] if f["case"] == "feed")
        result["ours_over_this"] = feeds["images_per_second_and_core"] / figures[-1]["images_per_second"]
        print("ours / torchvision, feed: %.2f (shall be at least 1.80)" % result["ours_over_this"])
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n")


main()
