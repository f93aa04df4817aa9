"""Writes a torchvision ResNet-50 with random weights and statistics, and what it says of a few images.

    /usr/bin/python3 docs/trials/torchvision_weights.py FOLDER [--filters 64] [--classes 1000] [--size 224]

FOLDER gets weights.safetensors, the network under torchvision's names, and answers.safetensors with `images`
[2, 3, SIZE, SIZE] and `logits` [2, CLASSES]. With other filters than 64 it is torchvision's code all the same, narrower.
The files are written here by hand, so that nothing but torch, torchvision and numpy is needed.
"""

import argparse
import json
import pathlib
import struct

import numpy
import torch
import torchvision

TYPES = {"float32": "F32", "int64": "I64"}


class Narrow(torchvision.models.ResNet):
    """ResNet-50 with other filters than 64 in its first convolution, and in all others in proportion."""

    filters = 64

    @property
    def inplanes(self):
        return self.__dict__["narrow"]

    @inplanes.setter
    def inplanes(self, planes):
        self.__dict__["narrow"] = planes if "narrow" in self.__dict__ else self.filters

    def _make_layer(self, block, planes, *arguments, **named):
        return super()._make_layer(block, planes * self.filters // 64, *arguments, **named)


def network(filters, classes):
    Narrow.filters = filters
    made = Narrow(torchvision.models.resnet.Bottleneck, [3, 4, 6, 3], num_classes=classes)
    made.fc = torch.nn.Linear(filters * 32, classes)
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            with torch.no_grad():
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_(0, 0.3)
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.3, 3)
                module.num_batches_tracked.fill_(7)
    for name, module in made.named_modules():
        if name.endswith("bn3"):
            with torch.no_grad():
                module.weight.uniform_(0.1, 0.3)
    # the smallest variance that trained networks have, and some that the epsilon is of the size of
    made.bn1.running_var[0] = 1e-5
    made.layer2[0].bn1.running_var[1] = 0
    return made.eval()


def write(file, tensors):
    header, data, end = {}, [], 0
    for name, tensor in tensors.items():
        array = numpy.ascontiguousarray(tensor.detach().numpy())
        header[name] = {"dtype": TYPES[str(array.dtype)], "shape": list(tensor.shape), "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
        data.append(array.tobytes())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--classes", type=int, default=1000)
    parser.add_argument("--size", type=int, default=224)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    made = network(arguments.filters, arguments.classes)
    images = torch.randn(2, 3, arguments.size, arguments.size)
    with torch.no_grad():
        logits = made(images)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    write(arguments.folder / "weights.safetensors", made.state_dict())
    write(arguments.folder / "answers.safetensors", {"images": images, "logits": logits})
    print(f"{sum(p.numel() for p in made.parameters()):,} parameters, largest logit {logits.abs().max():.4f}")


if __name__ == "__main__":
    main()
