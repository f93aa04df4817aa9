#!/usr/bin/env python3
"""Makes what AugmentOp must make of augment.png: op-level.png, and op-level-negative.png for the other sign.

    /usr/bin/python3 make_augmented.py

By Pillow 9.4.0, with the levels of TPU efficientnet/autoaugment.py. ImageOps and ImageEnhance are what that code says
it repeats. Pillow's affine transform takes the middles of pixels at halves, TensorFlow's at whole numbers, so shears
are given the offset between the two.
"""

from pathlib import Path

import numpy
from PIL import Image, ImageEnhance, ImageOps

HERE = Path(__file__).resolve().parent
GREY = (128, 128, 128)


def drawn(width, height):
    """Slopes, a disc and noise; the green channel has few values, none of them 0 or 255."""
    random = numpy.random.RandomState(5)
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    image = numpy.stack([20 + 3 * x + y, 40 + numpy.floor((x + y) / 9) * 16, 200 - 2 * x + 1.5 * y], 2)
    image[(x - 25) ** 2 + (y - 14) ** 2 < 60] = (250, 90, 10)
    image[:, :, 0::2] += random.randn(height, width, 2) * 8
    return Image.fromarray(numpy.clip(image, 0, 255).astype(numpy.uint8))


def affine(image, coefficients):
    return image.transform(image.size, Image.AFFINE, coefficients, Image.NEAREST, fillcolor=GREY)


def main():
    image = drawn(47, 31)

    def save(result, name, level, negative=False):
        result.save(HERE / f"{name}-{level}{'-negative' if negative else ''}.png", optimize=True)

    image.save(HERE / "augment.png", optimize=True)
    save(ImageOps.autocontrast(image), "auto-contrast", 7)
    save(ImageOps.equalize(image), "equalize", 1)
    save(ImageOps.invert(image), "invert", 9)
    save(ImageOps.posterize(image, 2), "posterize", 6)
    for level in 2, 3, 4, 8, 10:
        save(ImageOps.solarize(image, int(level / 10 * 256)), "solarize", level)
    for level in 3, 7:
        save(image.point(lambda v: min(v + int(level / 10 * 110), 255) if v < 128 else v), "solarize-add", level)
    for level in 0, 1, 4, 6, 7, 9:
        save(ImageEnhance.Color(image).enhance(level / 10 * 1.8 + 0.1), "color", level)
    for negative in False, True:
        sign = -1 if negative else 1
        for level in 0, 2, 5, 7, 8, 9:
            save(image.rotate(sign * level * 3, Image.NEAREST, fillcolor=GREY), "rotate", level, negative)
        shear = sign * 0.27
        save(affine(image, (1, shear, -shear / 2, 0, 1, 0)), "shear-x", 9, negative)
        for level in 3, 4, 7:
            shear = sign * 0.03 * level
            save(affine(image, (1, 0, 0, shear, 1, -shear / 2)), "shear-y", level, negative)
        save(affine(image, (1, 0, 0, 0, 1, sign * 25)), "translate-y", 1, negative)


main()
