#!/usr/bin/python3
"""Measures torchvision's RetinaNet as ./submit.sh bench step --model retinanet-r50 measures ours: see docs/performance.md."""

import argparse
import json
import os
import statistics

from pytorch_step import BATCHES, ours, positive, processor, rates

MODEL = "retinanet-r50"
SIZE = 640
OBJECTS = 7

# Number 0 is the background
CLASSES = 91


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=positive, default=2, metavar="N", help="images of a step, default 2")
    parser.add_argument("--size", type=positive, default=SIZE, metavar="PIXELS", help=f"height and width, default {SIZE}")
    parser.add_argument("--threads", type=positive, default=os.cpu_count(), metavar="N", help="default: all processors")
    parser.add_argument(
        "--score-threshold", type=float, default=0.0, metavar="P", help="least score of a detection, default 0 as ours; torchvision's own is 0.05"
    )
    parser.add_argument("--quick", action="store_true", help="few steps: to see that it works")
    parser.add_argument("--ours", metavar="FILE", help="what ./submit.sh bench step --json wrote, to compare with")
    parser.add_argument("--json", metavar="FILE", help="also write the figures to this file")
    options = parser.parse_args()
    options.model = MODEL
    return options


def network(options):
    """Fresh, all layers trained, batch normalisation too."""
    from torchvision.models.detection import retinanet_resnet50_fpn

    return retinanet_resnet50_fpn(
        weights=None,
        weights_backbone=None,
        num_classes=CLASSES,
        trainable_backbone_layers=5,
        min_size=options.size,
        max_size=options.size,
        score_thresh=options.score_threshold,
    )


def boxes(torch, size, generator):
    """x0, y0, x1, y1: a sixteenth to a half of the image wide and high, at any place."""
    sides = size * (1 + 7 * torch.rand(OBJECTS, 2, generator=generator)) / 16
    corners = (size - sides) * torch.rand(OBJECTS, 2, generator=generator)
    return torch.cat([corners, corners + sides], 1)


def batches(torch, options):
    """Noise with random objects, a few batches again and again; each is copied, as from a feed."""
    generator = torch.Generator().manual_seed(1)
    stored = []
    for _ in range(BATCHES):
        images = torch.rand(options.batch, 3, options.size, options.size, generator=generator)
        objects = [
            {
                "boxes": boxes(torch, options.size, generator),
                "labels": torch.randint(1, CLASSES, (OBJECTS,), generator=generator),
            }
            for _ in range(options.batch)
        ]
        stored.append((images, objects))
    while True:
        for images, objects in stored:
            yield list(images.clone()), objects


def training(torch, module, given, options):
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1 * options.batch / 256, momentum=0.9, nesterov=True, weight_decay=1e-4)
    module.train()

    def step():
        images, objects = next(given)
        optimizer.zero_grad(set_to_none=True)
        loss = sum(module(images, objects).values())
        loss.backward()
        optimizer.step()
        if not torch.isfinite(loss):
            raise SystemExit(f"Cannot measure training: the loss is {loss.item()}")

    return step


def inference(torch, module, given, options):
    """Detections, after suppression."""
    module.eval()

    def step():
        with torch.no_grad():
            found = module(next(given)[0])
        for image in found:
            if options.score_threshold == 0 and len(image["scores"]) == 0:
                raise SystemExit("Cannot measure inference: nothing is detected in an image")
            if not torch.isfinite(image["scores"]).all():
                raise SystemExit("Cannot measure inference: a score is not finite")

    return step


def main():
    options = arguments()
    beside = ours(options)
    load = os.getloadavg()[0]
    import torch
    import torchvision

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, {processor()}, load average before {load:.2f}")
    if load > 0.5:
        print("WARNING: something else runs, and these figures are not worth much")
    print(f"retinanet_resnet50_fpn, batch {options.batch}, {options.size}x{options.size}, {options.threads} threads")
    print(f"\n{'images/s':<30}{'median':>11}{'least':>11}{'most':>11}")
    figures = []
    for kind, workload in (("training", training), ("inference", inference)):
        for name, layout in (("NCHW", torch.contiguous_format), ("channels_last", torch.channels_last)):
            module = network(options).to(memory_format=layout)
            measured = rates(workload(torch, module, batches(torch, options), options), options.batch, options.quick)
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
        root = {"benchmark": "torchvision retinanet", "torch": torch.__version__, "torchvision": torchvision.__version__}
        root.update(processor=processor(), load_before=load, score_threshold=options.score_threshold)
        root.update({setting: getattr(options, setting) for setting in ("model", "batch", "size", "threads")})
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({**root, "figures": figures}, file, indent=2)


if __name__ == "__main__":
    main()
