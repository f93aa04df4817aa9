#!/usr/bin/env python3
"""Makes the images beside it and the pixels that ImageDecoder and CentreCrop must find in them.

    /usr/bin/python3 make_expected.py [ILSVRC2012_img_val.tar]

Independent of the code under test: JPEGs are written and read by Pillow (9.4.0, libjpeg-turbo 2.1.5 of Debian 12),
crops are scaled by PyTorch (1.13.0a0): grid_sample(mode="bicubic"), whose kernel has a = -0.75 as that of TensorFlow 1's
resize_bicubic, at the places where that takes its samples, i * scale from the crop's first pixel on.
With the validation images of ILSVRC2012, also the pixels of the first of them, every eighth in both directions.
"""

import io
import sys
import tarfile
from pathlib import Path

import numpy
import torch
from PIL import Image

HERE = Path(__file__).resolve().parent


def drawn(width, height, seed):
    """Slopes, edges and some noise."""
    random = numpy.random.RandomState(seed)
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    image = numpy.stack([128 + 90 * numpy.sin(x / (7 + 9 * c) + c) * numpy.cos(y / (11 + 5 * c)) for c in range(3)], 2)
    for _ in range(12):
        cx, cy, radius = random.rand(3) * (width, height, height / 4)
        image[(x - cx) ** 2 + (y - cy) ** 2 < radius ** 2] = random.rand(3) * 255
    return Image.fromarray(numpy.clip(image + random.randn(height, width, 3) * 6, 0, 255).astype(numpy.uint8))


def save(image, name, **options):
    image.save(HERE / name, quality=90, **options)
    # grey stays one channel, which Pillow repeats; CMYK is united without a profile
    Image.open(HERE / name).convert("RGB").save(HERE / (Path(name).stem + ".png"), optimize=True)


def centre_crop(image, size):
    """TPU resnet_preprocessing.py, _decode_and_center_crop."""
    pixels = numpy.asarray(image.convert("RGB")).astype(numpy.float64)
    height, width = pixels.shape[:2]
    side = int(size / (size + 32) * min(height, width))
    top, left = (height - side + 1) // 2, (width - side + 1) // 2
    crop = torch.from_numpy(pixels[top:top + side, left:left + side]).permute(2, 0, 1)[None]
    places = torch.arange(size, dtype=torch.float64) * side / size * 2 / (side - 1) - 1
    grid = torch.stack([places.expand(size, size), places[:, None].expand(size, size)], 2)[None]
    scaled = torch.nn.functional.grid_sample(crop, grid, mode="bicubic", padding_mode="border", align_corners=True)
    return Image.fromarray(scaled[0].permute(1, 2, 0).round().clamp(0, 255).numpy().astype(numpy.uint8))


def main():
    small = drawn(97, 61, 1)
    save(small, "420.jpg", subsampling=2)
    save(small, "422.jpg", subsampling=1)
    save(small, "444.jpg", subsampling=0)
    save(small, "progressive.jpg", subsampling=2, progressive=True)
    save(small.convert("L"), "grey.jpg")
    save(small.convert("CMYK"), "cmyk.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    save(small, "turned.jpg", subsampling=2, exif=exif)
    drawn(240, 180, 2).save(HERE / "scene.jpg", quality=85)
    centre_crop(Image.open(HERE / "scene.jpg"), 96).save(HERE / "scene-96.png", optimize=True)
    if len(sys.argv) > 1:
        with tarfile.open(sys.argv[1]) as tar:
            for member in sorted(tar.getmembers(), key=lambda m: m.name)[:3]:
                image = Image.open(io.BytesIO(tar.extractfile(member).read()))
                some = numpy.asarray(centre_crop(image, 224))[::8, ::8]
                Image.fromarray(some).save(HERE / (Path(member.name).stem + ".png"), optimize=True)


main()
