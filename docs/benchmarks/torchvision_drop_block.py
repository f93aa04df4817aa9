#!/usr/bin/python3
"""Measures torchvision.ops.drop_block2d as ./submit.sh bench op measures ours: see README.md beside this file."""

import argparse
import json
import os
import platform
import statistics
import time

SHAPES = "32x256x28x28,32x1024x14x14,32x2048x7x7,8x64x112x112,1x256x80x80"
BLOCK = 7
KEEP_PROBABILITY = 0.9


def numbers(text):
    return [int(part) for part in text.split(",")]


def shapes(text):
    sizes = [tuple(int(side) for side in part.split("x")) for part in text.split(",")]
    if any(len(size) != 4 or min(size) < 1 for size in sizes):
        raise ValueError(text)
    return sizes


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", type=shapes, default=shapes(SHAPES), metavar="NxCxHxW,...")
    parser.add_argument("--threads", type=numbers, default=[1, 2], metavar="N,...")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each case, after a fifth of it to warm up")
    parser.add_argument("--ours", metavar="FILE", help="what ./submit.sh bench op --json wrote, to compare with")
    parser.add_argument("--json", metavar="FILE", help="also write the figures to this file")
    return parser.parse_args()


def median_ms(call, seconds):
    """The median of all calls within so many seconds, at least three of them."""
    end = time.perf_counter() + seconds / 5
    call()
    while time.perf_counter() < end:
        call()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        begin = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def cases(torch, drop_block2d, shape):
    """What is timed, by the names of ./submit.sh bench op; torchvision's backward pass is not in place."""
    given = torch.rand(shape) + 0.5
    given_in_place = given.clone()
    copied = torch.empty_like(given)
    leaf = given.clone().requires_grad_()
    gradient = torch.rand(shape)
    drop = 1 - KEEP_PROBABILITY

    def forward_backward():
        drop_block2d(leaf, drop, BLOCK).backward(gradient)
        leaf.grad = None

    return {
        "copy": lambda: copied.copy_(given),
        "forward out of place": lambda: drop_block2d(given, drop, BLOCK),
        "forward in place": lambda: drop_block2d(given_in_place, drop, BLOCK, inplace=True),
        "forward + backward in place": forward_backward,
    }


def medians(file):
    """The medians of ./submit.sh bench op by case, shape and threads."""
    if file is None:
        return {}
    with open(file, encoding="utf-8") as text:
        figures = json.load(text)["figures"]
    return {(f["case"], f["shape"], f["threads"]): f["median_ms"] for f in figures}


def main():
    options = arguments()
    ours = medians(options.ours)
    import torch
    import torchvision
    from torchvision.ops import drop_block2d

    load = os.getloadavg()[0]
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, {platform.machine()}, load average before {load:.2f}")
    if load > 0.5:
        print("WARNING: something else runs, and these figures are not worth much")
    figures = []
    for threads in options.threads:
        torch.set_num_threads(threads)
        print(f"\n{threads} thread{'' if threads == 1 else 's'}: median ms (x copy)")
        for shape in options.shapes:
            copy = None
            for name, call in cases(torch, drop_block2d, shape).items():
                median = median_ms(call, options.seconds)
                copy = copy or median
                text = "x".join(map(str, shape))
                figure = {"case": name, "shape": text, "threads": threads, "median_ms": median}
                beside = ours.get((name, text, threads))
                if beside:
                    figure["times_ours"] = median / beside
                note = f"  {median / beside:.1f} x ours" if beside else ""
                print(f"{text:>16}  {name:<28} {median:10.3f} ({median / copy:.1f}x){note}", flush=True)
                figures.append(figure)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"benchmark": "torchvision drop_block2d", "load_before": load, "figures": figures}, file, indent=2)


if __name__ == "__main__":
    main()
