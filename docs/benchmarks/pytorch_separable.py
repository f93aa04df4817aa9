#!/usr/bin/python3
"""Measures PyTorch's separable convolutions as ./submit.sh bench separable measures ours: see docs/performance.md."""

import argparse
import json
import os
import statistics
import time

import torch

from pytorch_step import positive, processor

# side, channels, kernel, stride
SHAPES = ((42, 256, 3, 1), (21, 512, 3, 1), (11, 1024, 3, 1), (42, 512, 3, 2), (21, 512, 5, 1))
LAYOUTS = (("NCHW", torch.contiguous_format), ("channels_last", torch.channels_last))
REPETITIONS = 7
SECONDS = 0.7


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=positive, default=2, metavar="N", help="images of a pass, default 2")
    parser.add_argument("--threads", type=positive, default=os.cpu_count(), metavar="N", help="default: all processors")
    parser.add_argument("--ours", metavar="FILE", help="what ./submit.sh bench separable --json wrote, to compare with")
    return parser.parse_args()


def ours(options):
    """Milliseconds by shape."""
    if options.ours is None:
        return {}
    with open(options.ours, encoding="utf-8") as text:
        measured = json.load(text)
    for setting in ("batch", "threads"):
        if measured[setting] != getattr(options, setting):
            raise SystemExit(
                f"Cannot compare with {options.ours}: its {setting} is {measured[setting]}, not {getattr(options, setting)}"
            )
    return {
        (f["side"], f["channels"], f["kernel"], f["stride"]): (f["forward_ms"], f["both_ms"]) for f in measured["figures"]
    }


def milliseconds(work):
    """The median of repetitions, after a warm-up; each is a mean over its seconds."""
    found = []
    for _ in range(1 + REPETITIONS):
        begin, passes, passed = time.perf_counter(), 0, 0.0
        while passed < SECONDS:
            work()
            passes += 1
            passed = time.perf_counter() - begin
        found.append(1e3 * passed / passes)
    return statistics.median(found[1:])


def passes(shape, batch, layout):
    """Forward alone, and with all gradients."""
    side, channels, kernel, stride = shape
    depthwise = torch.nn.Conv2d(channels, channels, kernel, stride, kernel // 2, groups=channels, bias=False)
    network = torch.nn.Sequential(torch.nn.ReLU(), depthwise, torch.nn.Conv2d(channels, channels, 1, bias=False))
    network = network.to(memory_format=layout)
    x = torch.randn(batch, channels, side, side).to(memory_format=layout).requires_grad_(True)
    above = torch.randn_like(network(x))

    def forward():
        with torch.no_grad():
            network(x)

    def both():
        network.zero_grad(set_to_none=True)
        x.grad = None
        network(x).backward(above)

    return forward, both


def main():
    options = arguments()
    beside = ours(options)
    load = os.getloadavg()[0]
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {processor()}, load average before {load:.2f}")
    if load > 0.5:
        print("WARNING: something else runs, and these figures are not worth much")
    print(f"\n{'ms':<22}{'layout':<15}{'forward':>9}{'with gradients':>16}{'   this / ours'}")
    for shape in SHAPES:
        for name, layout in LAYOUTS:
            figures = [milliseconds(work) for work in passes(shape, options.batch, layout)]
            ratio = "".join(f"{theirs / own:>8.2f}" for theirs, own in zip(figures, beside[shape])) if shape in beside else ""
            label = "{0}x{0}x{1} {2}x{2} / {3}".format(*shape)
            print(f"{label:<22}{name:<15}{figures[0]:>9.2f}{figures[1]:>16.2f}{ratio}", flush=True)


if __name__ == "__main__":
    main()
