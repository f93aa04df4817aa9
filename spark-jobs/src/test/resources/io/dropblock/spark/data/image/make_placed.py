#!/usr/bin/env python3
"""Makes a label map for scene.jpg, and where SegmentationTransform must put both in squares of 65 pixels.

    /usr/bin/python3 make_placed.py

Independent of the code under test: Pillow (9.4.0) reads and writes, PyTorch (1.13.0a0) scales, by pixel centres:
interpolate(mode="bilinear") and interpolate(mode="nearest-exact"). Side by side are: evaluation of an image that is too
large; training at scale 0.75, mirrored; training at scale 1.5, mirrored, cut at row 3 and column 21.
"""

from pathlib import Path

import numpy
import torch
from PIL import Image

HERE = Path(__file__).resolve().parent
SIZE = 65


def drawn(width, height):
    """Discs of classes 1 to 20 with a border of void, as a palette's indices."""
    random = numpy.random.RandomState(7)
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    labels = numpy.zeros((height, width), numpy.uint8)
    for label in range(1, 21):
        cx, cy, radius = random.rand(3) * (width, height, height / 4)
        distance = numpy.hypot(x - cx, y - cy)
        labels[distance < radius + 2] = 255
        labels[distance < radius] = label
    image = Image.fromarray(labels, "P")
    image.putpalette(bytes((37 * i + 11) % 256 for i in range(768)))
    return image


def placed(image, labels, long_side, mirror, top, left, pad):
    pixels = torch.from_numpy(numpy.array(image)).double().permute(2, 0, 1)[None]
    classes = torch.from_numpy(numpy.array(labels)).double()[None, None]
    if mirror:
        pixels, classes = pixels.flip(3), classes.flip(3)
    height, width = pixels.shape[2:]
    shape = height * long_side // max(height, width), width * long_side // max(height, width)
    pixels = torch.nn.functional.interpolate(pixels, shape, mode="bilinear", align_corners=False)
    classes = torch.nn.functional.interpolate(classes, shape, mode="nearest-exact")
    part = slice(top, top + SIZE), slice(left, left + SIZE)
    pixels, classes = pixels[0, :, part[0], part[1]].round().numpy(), classes[0, 0, part[0], part[1]].numpy()
    square = numpy.zeros((SIZE, SIZE, 3), numpy.uint8)
    map_ = numpy.full((SIZE, SIZE), pad, numpy.uint8)
    square[:pixels.shape[1], :pixels.shape[2]] = pixels.transpose(1, 2, 0)
    map_[:classes.shape[0], :classes.shape[1]] = classes
    return square, map_


def main():
    image = Image.open(HERE / "scene.jpg").convert("RGB")
    labels = drawn(*image.size)
    labels.save(HERE / "scene-labels.png", optimize=True)
    cases = [
        placed(image, labels, SIZE, False, 0, 0, 255),
        placed(image, labels, int(0.75 * SIZE), True, 0, 0, 0),
        placed(image, labels, int(1.5 * SIZE), True, 3, 21, 0),
    ]
    Image.fromarray(numpy.concatenate([c[0] for c in cases], 1)).save(HERE / "placed.png", optimize=True)
    Image.fromarray(numpy.concatenate([c[1] for c in cases], 1)).save(HERE / "placed-labels.png", optimize=True)


main()
