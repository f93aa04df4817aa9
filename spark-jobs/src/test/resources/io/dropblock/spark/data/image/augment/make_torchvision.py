#!/usr/bin/env python3
"""Makes what PillowOp must make of torchvision.png, and what Magnitudes must give.

    /usr/bin/python3 make_torchvision.py

By torchvision 0.14 with Pillow 9.4.0, bilinear, as references/classification/presets.py calls both policies.
torchvision.csv has a line for each case: policy, operation, bin, sign, magnitude with its sign. The results stand in
the same order below each other in torchvision-OPERATION.png. magnitudes.csv has the magnitudes of all bins, of an image
of 224 x 200 pixels.
"""

from pathlib import Path

import numpy
from PIL import Image
from torchvision.transforms import InterpolationMode, autoaugment

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = 23, 17
NAMES = {
    "Identity": "IDENTITY",
    "ShearX": "SHEAR_X",
    "ShearY": "SHEAR_Y",
    "TranslateX": "TRANSLATE_X",
    "TranslateY": "TRANSLATE_Y",
    "Rotate": "ROTATE",
    "Brightness": "BRIGHTNESS",
    "Color": "COLOR",
    "Contrast": "CONTRAST",
    "Sharpness": "SHARPNESS",
    "Posterize": "POSTERIZE",
    "Solarize": "SOLARIZE",
    "AutoContrast": "AUTO_CONTRAST",
    "Equalize": "EQUALIZE",
}


def drawn():
    """Slopes, a disc and noise; the blue channel has few values, none of them 0 or 255."""
    random = numpy.random.RandomState(7)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    image = numpy.stack([30 + 8 * x + 2 * y, 220 - 5 * x + 2 * y, 60 + numpy.floor((x + 2 * y) / 8) * 20], 2)
    image[(x - 14) ** 2 + (y - 6) ** 2 < 20] = (250, 90, 80)
    image[:, :, :2] += random.randn(HEIGHT, WIDTH, 2) * 9
    return Image.fromarray(numpy.clip(image, 0, 255).astype(numpy.uint8))


def spaces(height, width):
    yield "rand", autoaugment.RandAugment()._augmentation_space(31, (height, width)), (9, 30)
    yield "trivial", autoaugment.TrivialAugmentWide()._augmentation_space(31), (0, 4, 13, 20, 30)


def main():
    image = drawn()
    image.save(HERE / "torchvision.png", optimize=True)
    lines = []
    results = {}
    for policy, space, bins in spaces(HEIGHT, WIDTH):
        for name, (magnitudes, signed) in space.items():
            for bin in bins if magnitudes.ndim else (0,):
                for sign in (1, -1) if signed else (1,):
                    magnitude = sign * (float(magnitudes[bin]) if magnitudes.ndim else 0.0)
                    result = autoaugment._apply_op(image, name, magnitude, InterpolationMode.BILINEAR, None)
                    lines.append(f"{policy},{NAMES[name]},{bin},{sign},{magnitude!r}")
                    results.setdefault(NAMES[name], []).append(numpy.asarray(result))
    (HERE / "torchvision.csv").write_text("\n".join(lines) + "\n")
    for name, images in results.items():
        file = "torchvision-" + name.lower().replace("_", "-") + ".png"
        Image.fromarray(numpy.concatenate(images)).save(HERE / file, optimize=True)
    lines = []
    for policy, space, _ in spaces(200, 224):
        for name, (magnitudes, _) in space.items():
            values = [float(m) for m in magnitudes] if magnitudes.ndim else [0.0] * 31
            lines.append(",".join([policy, NAMES[name]] + [repr(value) for value in values]))
    (HERE / "magnitudes.csv").write_text("\n".join(lines) + "\n")


main()
