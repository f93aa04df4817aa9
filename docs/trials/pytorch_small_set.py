#!/usr/bin/env python3
"""The network of docs/results.md in PyTorch: does label smoothing cost there, too, and why is the start slow?

    pytorch_small_set.py FOLDER [--smoothing 0.1] [--own-weights] [--norm-batch 32] [--epochs 30] [--seed 1]

FOLDER is CIFAR-10 as train/<class>/*.jpg and val/<class>/*.jpg; 200 images of each class are trained on. As in cifar10-table1:
ResNet-8 of width 32, global batch 64, no augmentation, momentum 0.9 (Nesterov), learning rate up to 0.1 in the first epoch, then
linear to 0, weight decay 1e-4 of kernels. First weights are drawn as this project does: the last gamma of each block 0, the last
layer from a normal distribution of 0.01. --own-weights leaves PyTorch's gammas and last layer. Batch normalisation looks at
--norm-batch images, which divides 64. Needs torch, numpy and Pillow; ten minutes on one core.
"""

import argparse
import pathlib

import numpy
import torch
from PIL import Image
from torch import nn
from torch.nn import functional

MEAN, STD = (125.307, 122.961, 113.8575), (62.985, 62.0925, 66.708)
PER_CLASS, BATCH, RATE, STEPS = 200, 64, 0.1, 31


class Block(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, filters, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)
        self.skip = nn.Identity()
        if inputs != filters:
            self.skip = nn.Sequential(nn.Conv2d(inputs, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, maps):
        branch = torch.relu(self.norm1(self.conv1(maps)))
        return torch.relu(self.norm2(self.conv2(branch)) + self.skip(maps))


def network(own_weights):
    layers = nn.Sequential(
        nn.Conv2d(3, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        Block(32, 32, 1), Block(32, 64, 2), Block(64, 128, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10))
    for module in layers.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if isinstance(module, Block) and not own_weights:
            nn.init.zeros_(module.norm2.weight)
    if not own_weights:
        nn.init.normal_(layers[-1].weight, 0, 0.01)
        nn.init.zeros_(layers[-1].bias)
    return layers


def images(folder, most, random):
    pixels, labels = [], []
    for label, name in enumerate(sorted(it for it in folder.iterdir() if it.is_dir())):
        files = sorted(name.glob("*.jpg"))
        files = [files[i] for i in random.permutation(len(files))[:most]] if most else files
        pixels += [numpy.asarray(Image.open(file).convert("RGB")) for file in files]
        labels += [label] * len(files)
    values = torch.tensor(numpy.stack(pixels)).float().permute(0, 3, 1, 2)
    return (values - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1), torch.tensor(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--smoothing", type=float, default=0)
    parser.add_argument("--own-weights", action="store_true")
    parser.add_argument("--norm-batch", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.norm_batch < 1 or BATCH % given.norm_batch:
        parser.error(f"--norm-batch {given.norm_batch} does not divide {BATCH}")
    torch.manual_seed(given.seed)
    random = numpy.random.default_rng(given.seed)
    pixels, labels = images(given.folder / "train", PER_CLASS, random)
    others, truth = images(given.folder / "val", 0, random)
    net = network(given.own_weights)
    kernels = [it for it in net.parameters() if it.dim() > 1]
    rest = [it for it in net.parameters() if it.dim() == 1]
    optimizer = torch.optim.SGD(
        [{"params": kernels, "weight_decay": 1e-4}, {"params": rest, "weight_decay": 0}],
        lr=RATE, momentum=0.9, nesterov=True)
    step, steps = 0, given.epochs * STEPS
    for epoch in range(1, given.epochs + 1):
        net.train()
        order, total = random.permutation(len(labels)), 0
        for first in range(0, STEPS * BATCH, BATCH):
            rate = RATE * (step + 1) / STEPS if step < STEPS else RATE * (1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = rate
            chosen = torch.tensor(order[first:first + BATCH]).split(given.norm_batch)
            optimizer.zero_grad()
            loss = sum(
                functional.cross_entropy(net(pixels[part]), labels[part], label_smoothing=given.smoothing)
                for part in chosen) / len(chosen)
            loss.backward()
            optimizer.step()
            total, step = total + loss.item(), step + 1
        told = f"epoch {epoch}  loss {total / STEPS:.3f}"
        if epoch % 5 == 0 or epoch == given.epochs:
            net.eval()
            with torch.no_grad():
                logits = torch.cat([net(part) for part in others.split(250)])
            top1 = 100 * (logits.argmax(1) == truth).float().mean()
            top5 = 100 * (logits.topk(5, 1).indices == truth[:, None]).any(1).float().mean()
            told += f"  top-1 {top1:.2f} %  top-5 {top5:.2f} %  cross entropy {functional.cross_entropy(logits, truth):.3f}"
        print(told, flush=True)


if __name__ == "__main__":
    main()
