#!/usr/bin/env python3
"""Makes large.jpg and the pixels that CentreCrop must find in it: crops of 4 and of 8 times their result.

    python3 make_large.py

Independent of the code under test: the JPEG is written and read by Pillow (12.3.0, libjpeg-turbo 3.1.4.1), at full
size; NumPy 2.4.6 scales in double by Keys' cubic convolution with a = -0.75, at the places where TensorFlow 1's
resize_bicubic takes its samples, i * scale from the crop's first pixel on, without a filter against aliasing.
"""

from pathlib import Path

import numpy
from PIL import Image

HERE = Path(__file__).resolve().parent
A = -0.75


def rings(width, height):
    """Finer and finer rings, so that means of pixels are not the pixels, and discs of plain colours."""
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    square = (x - width / 2) ** 2 + (y - height / 2) ** 2
    image = numpy.stack([128 + 100 * numpy.cos(square / (700 + 200 * c)) for c in range(3)], 2)
    random = numpy.random.RandomState(3)
    for _ in range(10):
        cx, cy, radius = random.rand(3) * (width, height, height / 8)
        image[(x - cx) ** 2 + (y - cy) ** 2 < radius ** 2] = random.rand(3) * 255
    return Image.fromarray(numpy.clip(image, 0, 255).astype(numpy.uint8))


def kernel(x):
    x = numpy.abs(x)
    near = ((A + 2) * x - (A + 3)) * x * x + 1
    far = ((A * x - 5 * A) * x + 8 * A) * x - 4 * A
    return numpy.where(x <= 1, near, numpy.where(x < 2, far, 0))


def matrix(length, size):
    """From a line of pixels to the scaled line."""
    places = numpy.arange(size) * (length / size)
    first = numpy.floor(places).astype(int)
    result = numpy.zeros((size, length))
    for tap in range(-1, 3):
        at = numpy.clip(first + tap, 0, length - 1)
        numpy.add.at(result, (numpy.arange(size), at), kernel(places - first - tap))
    return result


def centre_crop(pixels, size):
    """TPU resnet_preprocessing.py, _decode_and_center_crop."""
    height, width = pixels.shape[:2]
    side = int(size / (size + 32) * min(height, width))
    top, left = (height - side + 1) // 2, (width - side + 1) // 2
    crop = pixels[top:top + side, left:left + side].astype(numpy.float64)
    weights = matrix(side, size)
    scaled = numpy.einsum("ij,jkc,lk->ilc", weights, crop, weights)
    return Image.fromarray(numpy.clip(numpy.rint(scaled), 0, 255).astype(numpy.uint8))


rings(800, 640).save(HERE / "large.jpg", quality=75)
decoded = numpy.asarray(Image.open(HERE / "large.jpg").convert("RGB"))
for side in (48, 112):
    centre_crop(decoded, side).save(HERE / f"large-{side}.png", optimize=True)
