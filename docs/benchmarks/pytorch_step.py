#!/usr/bin/python3
"""Measures PyTorch as ./submit.sh bench step measures ours: see docs/performance.md."""

import argparse
import json
import math
import os
from pathlib import Path
import platform
import statistics
import sys
import time

sys.path.append(str(Path(__file__).resolve().parent.parent / "trials"))

MODELS = ("resnet50", "resnet101", "resnet152", "segmentation-r50", "segmentation-r101", "amoebanet-b", "amoebanet-b-6-256")
SIZES = {"resnet": 224, "segmentation": 513, "amoebanet": 331}
BATCHES = 2
WARM_UP = (3, 10.0)
REPETITION = (3, 6.0)
QUICK_WARM_UP = (2, 0.0)
QUICK_REPETITION = (1, 0.2)


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=MODELS, default="resnet50", help="default resnet50")
    parser.add_argument("--batch", type=positive, default=8, metavar="N", help="images of a step, default 8")
    parser.add_argument("--size", type=positive, metavar="PIXELS", help="height and width; default 224, 513 of segmentation, 331 of AmoebaNet")
    parser.add_argument("--threads", type=positive, default=os.cpu_count(), metavar="N", help="default: all processors")
    parser.add_argument("--quick", action="store_true", help="few steps: to see that it works")
    parser.add_argument("--ours", metavar="FILE", help="what ./submit.sh bench step --json wrote, to compare with")
    parser.add_argument("--json", metavar="FILE", help="also write the figures to this file")
    options = parser.parse_args()
    if options.size is None:
        options.size = next(size for family, size in SIZES.items() if options.model.startswith(family))
    return options


def repeat(step, at_least):
    """Takes steps until there are enough and they took long enough; gives their number and seconds."""
    steps, seconds = at_least
    begin = time.perf_counter()
    done, passed = 0, 0.0
    while done < steps or passed < seconds:
        step()
        done += 1
        passed = time.perf_counter() - begin
    return done, passed


def rates(step, batch, quick):
    """Images per second of each repetition, after a warm-up."""
    repeat(step, QUICK_WARM_UP if quick else WARM_UP)
    counted = [repeat(step, QUICK_REPETITION if quick else REPETITION) for _ in range(3 if quick else 5)]
    return [batch * steps / seconds for steps, seconds in counted]


def batches(torch, networks, options, layout):
    """Noise with random labels, a few batches again and again; each is copied, as from a feed."""
    generator = torch.Generator().manual_seed(1)
    stored = []
    for _ in range(BATCHES):
        images = torch.randn(options.batch, 3, options.size, options.size, generator=generator)
        shape = networks.labels(options.model, images)
        stored.append((images, torch.randint(networks.classes(options.model), shape, generator=generator)))
    while True:
        for images, labels in stored:
            yield images.clone(memory_format=layout), labels.clone()


def training(torch, networks, network, given, options):
    optimizer = torch.optim.SGD(
        network.parameters(), lr=0.1 * options.batch / 256, momentum=0.9, nesterov=True, weight_decay=1e-4
    )
    loss_of = networks.loss(options.model)
    network.train()

    def step():
        images, labels = next(given)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(network(images), labels)
        loss.backward()
        optimizer.step()
        if not torch.isfinite(loss):
            raise SystemExit(f"Cannot measure training: the loss is {loss.item()}")

    return step


def inference(torch, networks, network, given, options):
    """Probabilities of images, or logits of pixels, as ours."""
    network.eval()
    segmentation = networks.is_segmentation(options.model)

    def step():
        with torch.no_grad():
            logits = network(next(given)[0])
            total = (logits if segmentation else logits.softmax(1)).sum().item() / options.batch
            if not segmentation and abs(total - 1) > 1e-3:
                raise SystemExit("Cannot measure inference: an image's probabilities do not sum to 1")
            if not math.isfinite(total):
                raise SystemExit("Cannot measure inference: the logits are not finite")

    return step


def ours(options):
    """Images per second of the row 'ours' by kind."""
    if options.ours is None:
        return {}
    with open(options.ours, encoding="utf-8") as text:
        measured = json.load(text)
    for setting in ("model", "batch", "size", "threads"):
        if measured[setting] != getattr(options, setting):
            raise SystemExit(
                f"Cannot compare with {options.ours}: its {setting} is {measured[setting]}, not {getattr(options, setting)}"
            )
    return {f["kind"]: f["images_per_second"] for f in measured["figures"] if f["case"] == "ours"}


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main():
    options = arguments()
    beside = ours(options)
    load = os.getloadavg()[0]
    import torch
    import pytorch_networks as networks

    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {processor()}, load average before {load:.2f}")
    if load > 0.5:
        print("WARNING: something else runs, and these figures are not worth much")
    print(f"{options.model}, batch {options.batch}, {options.size}x{options.size}, {options.threads} threads")
    print(f"\n{'images/s':<30}{'median':>11}{'least':>11}{'most':>11}")
    figures = []
    for kind, workload in (("training", training), ("inference", inference)):
        for name, layout in (("NCHW", torch.contiguous_format), ("channels_last", torch.channels_last)):
            sized = {"size": options.size} if networks.is_amoebanet(options.model) else {}
            network = networks.network(options.model, **sized).to(memory_format=layout)
            step = workload(torch, networks, network, batches(torch, networks, options, layout), options)
            measured = rates(step, options.batch, options.quick)
            median = statistics.median(measured)
            figure = {"kind": kind, "layout": name, "images_per_second": median}
            figure.update(least_images_per_second=min(measured), most_images_per_second=max(measured))
            note = ""
            if kind in beside:
                figure["ours_over_this"] = beside[kind] / median
                note = f"   ours / this {beside[kind] / median:.2f}x"
            print(f"{kind + ', ' + name:<30}{median:11.2f}{min(measured):11.2f}{max(measured):11.2f}{note}", flush=True)
            figures.append(figure)
    if options.json:
        root = {"benchmark": "pytorch step", "torch": torch.__version__, "processor": processor(), "load_before": load}
        root.update({setting: getattr(options, setting) for setting in ("model", "batch", "size", "threads")})
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({**root, "figures": figures}, file, indent=2)


if __name__ == "__main__":
    main()
