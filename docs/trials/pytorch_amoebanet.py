"""AmoebaNet-B in PyTorch, written from its description: modules are named as our vertices are. See pytorch_networks.py."""

import torch
from torch import nn
from torch.nn import functional

NORM = {"momentum": 0.1, "eps": 1e-5}
AUXILIARY_WEIGHT = 0.4

# (operation, state) twice for each new state, and the states that are put behind each other
NORMAL = (
    [
        (("1x1", 1), ("max3", 1)),
        (("none", 1), ("sep3", 0)),
        (("1x1", 1), ("sep3", 0)),
        (("1x1", 2), ("none", 2)),
        (("avg3", 1), ("1x1", 5)),
    ],
    (0, 3, 4, 6),
)
REDUCTION = (
    [
        (("max2", 0), ("max3", 0)),
        (("none", 2), ("3x3", 1)),
        (("sep5", 2), ("max3", 2)),
        (("none", 3), ("sep3", 1)),
        (("avg3", 4), ("1x1", 3)),
    ],
    (5, 6),
)


def same(maps, kernel, stride, value=0.0):
    """TensorFlow's SAME: outputs are sides / stride, rounded up; of an odd number of pixels outside, one more is at the end."""
    padding = []
    for side in reversed(maps.shape[2:]):
        outside = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        padding += [outside // 2, outside - outside // 2]
    return functional.pad(maps, padding, value=value)


class Convolution(nn.Conv2d):
    def __init__(self, inputs, filters, kernel=1, stride=1, groups=1):
        super().__init__(inputs, filters, kernel, stride, groups=groups, bias=False)

    def forward(self, maps):
        return super().forward(same(maps, self.kernel_size[0], self.stride[0]))


def norm(filters):
    return nn.BatchNorm2d(filters, **NORM)


def max_pool(maps, kernel, stride):
    return functional.max_pool2d(same(maps, kernel, stride, -torch.inf), kernel, stride)


def mean_pool(maps, kernel, stride):
    """Of the pixels that are there."""
    there = torch.ones_like(maps[:1, :1])
    sums = functional.avg_pool2d(same(maps, kernel, stride), kernel, stride)
    return sums / functional.avg_pool2d(same(there, kernel, stride), kernel, stride)


class Pointwise(nn.Module):
    """ReLU, 1x1, normalisation."""

    def __init__(self, inputs, filters, stride=1):
        super().__init__()
        self.conv = Convolution(inputs, filters, 1, stride)
        self.bn = norm(filters)

    def forward(self, maps):
        return self.bn(self.conv(functional.relu(maps)))


class Chain(nn.Module):
    """Pairs of convolution(s) and normalisation, each behind a ReLU."""

    def forward(self, maps):
        number = 1
        while hasattr(self, f"conv{number}"):
            maps = functional.relu(maps)
            if hasattr(self, f"depthwise{number}"):
                maps = getattr(self, f"depthwise{number}")(maps)
            maps = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(maps))
            number += 1
        return maps


class Bottleneck(Chain):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        narrow = filters // 4
        self.conv1, self.bn1 = Convolution(inputs, narrow), norm(narrow)
        self.conv2, self.bn2 = Convolution(narrow, narrow, 3, stride), norm(narrow)
        self.conv3, self.bn3 = Convolution(narrow, filters), norm(filters)


class Wide(nn.Module):
    """What a bottleneck is with fewer than 4 filters."""

    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.conv, self.bn = Convolution(inputs, filters, 3, stride), norm(filters)

    def forward(self, maps):
        return self.bn(self.conv(functional.relu(maps)))


class Separable(Chain):
    def __init__(self, inputs, filters, stride, kernel):
        super().__init__()
        self.depthwise1 = Convolution(inputs, inputs, kernel, stride, groups=inputs)
        self.conv1, self.bn1 = Convolution(inputs, filters), norm(filters)
        self.depthwise2 = Convolution(filters, filters, kernel, groups=filters)
        self.conv2, self.bn2 = Convolution(filters, filters), norm(filters)


class Pool(nn.Module):
    def __init__(self, inputs, filters, stride, kind):
        super().__init__()
        self.pool, self.kernel, self.stride = max_pool if kind[:3] == "max" else mean_pool, int(kind[3]), stride
        if inputs != filters:
            self.conv, self.bn = Convolution(inputs, filters), norm(filters)

    def forward(self, maps):
        maps = self.pool(maps, self.kernel, self.stride)
        return self.bn(self.conv(maps)) if hasattr(self, "conv") else maps


def operation(kind, inputs, filters, stride):
    if kind == "1x1" or kind == "none" and (stride > 1 or inputs != filters):
        return Pointwise(inputs, filters, stride)
    if kind == "none":
        return nn.Identity()
    if kind == "3x3":
        return (Bottleneck if filters >= 4 else Wide)(inputs, filters, stride)
    if kind[:3] == "sep":
        return Separable(inputs, filters, stride, int(kind[3]))
    return Pool(inputs, filters, stride, kind)


class Cell(nn.Module):
    """Reads the output of the cell before and of the one before that."""

    def __init__(self, genotype, before, current, filters, stride, halves):
        super().__init__()
        self.combinations, self.outputs = genotype
        self.conv, self.bn = Convolution(current, filters), norm(filters)
        self.halves, self.fits = halves, before == filters
        channels = [filters, before]
        if halves:
            self.conv1_prev = nn.Conv2d(before, filters // 2, 1, 2, bias=False)
            self.conv2_prev = nn.Conv2d(before, filters - filters // 2, 1, 2, bias=False)
            self.bn_prev = norm(filters)
            channels[1] = filters
        elif halves is False and before != filters:
            self.conv_prev, self.bn_prev = Convolution(before, filters), norm(filters)
            channels[1] = filters
        for number, ((left, from_left), (right, from_right)) in enumerate(self.combinations, 2):
            both = nn.Module()
            for name, kind, state in (("left", left, from_left), ("right", right, from_right)):
                inputs = channels[state] if state < 2 else filters
                both.add_module(name, operation(kind, inputs, filters, stride if state < 2 else 1))
            self.add_module(f"state{number}", both)

    def previous(self, before):
        if self.halves:
            maps = functional.relu(before)
            shifted = functional.pad(maps, (0, 1, 0, 1))[:, :, 1:, 1:]
            return self.bn_prev(torch.cat([self.conv1_prev(maps), self.conv2_prev(shifted)], 1))
        return self.bn_prev(self.conv_prev(functional.relu(before))) if hasattr(self, "conv_prev") else before

    def forward(self, before, current):
        states = [self.bn(self.conv(functional.relu(current))), self.previous(before)]
        for number, ((_, left), (_, right)) in enumerate(self.combinations, 2):
            both = getattr(self, f"state{number}")
            states.append(both.left(states[left]) + both.right(states[right]))
        return torch.cat([states[number] for number in self.outputs], 1)


class Stem(nn.Module):
    def __init__(self, filters):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, filters, 3, 2, bias=False), norm(filters)

    def forward(self, images):
        return self.bn(self.conv(images))


class Head(nn.Module):
    def __init__(self, channels, classes, keep):
        super().__init__()
        self.keep = keep
        self.softmax = nn.Linear(channels, classes)

    def forward(self, maps):
        features = functional.relu(maps).mean((2, 3))
        return self.softmax(functional.dropout(features, 1 - self.keep, self.training))


class Auxiliary(nn.Module):
    def __init__(self, channels, side, classes):
        super().__init__()
        self.conv1, self.bn1 = Convolution(channels, 51), norm(51)
        self.conv2, self.bn2 = nn.Conv2d(51, 307, (side - 5) // 3 + 1, bias=False), norm(307)
        self.softmax = nn.Linear(307, classes)

    def forward(self, maps):
        maps = functional.avg_pool2d(functional.relu(maps), 5, 3)
        maps = functional.relu(self.bn1(self.conv1(maps)))
        return self.softmax(functional.relu(self.bn2(self.conv2(maps))).flatten(1))


class AmoebaNet(nn.Module):
    """Logits of images; in training those of the auxiliary classifier, too."""

    def __init__(self, cells, filters, stem_filters, classes, size, keep):
        super().__init__()
        self.stem = Stem(stem_filters)
        self.order, self.second = [], f"cell{2 * cells - 1}"
        outputs = [(stem_filters, 0)] * 2  # channels, and how often halved
        side = (size - 1) // 2

        def add(parent, name, genotype, width):
            (before, halved_before), (current, halved) = outputs[-2:]
            stride = 2 if genotype is REDUCTION else 1
            first = not self.order
            cell = Cell(genotype, before, current, width, stride, None if first else halved_before != halved)
            parent.add_module(name, cell)
            self.order.append((name, cell))
            outputs.append((width * len(genotype[1]), halved + stride - 1))

        for number in range(2):
            add(self.stem, f"cell{number}", REDUCTION, filters // (4 >> number))
        for number in range(3 * cells):
            stack = number // cells
            if stack > 0 and number % cells == 0:
                add(self, f"reduction{stack - 1}", REDUCTION, filters << stack)
            add(self, f"cell{number}", NORMAL, filters << stack)
            if number == 2 * cells - 1:
                channels, halved = outputs[-1]
                for _ in range(halved):
                    side = -(-side // 2)
                self.auxiliary = Auxiliary(channels, side, classes)
        self.head = Head(outputs[-1][0], classes, keep)

    def forward(self, images):
        current = self.stem(images)
        before, second = current, None
        for number, (name, cell) in enumerate(self.order):
            before, current = current, cell(before, current)
            if name == self.second and number > 1 and self.training:
                second = self.auxiliary(current)
        logits = self.head(current)
        return logits if second is None else (logits, second)


def loss(outputs, labels):
    """Of training's two outputs."""
    main, second = outputs
    return functional.cross_entropy(main, labels) + AUXILIARY_WEIGHT * functional.cross_entropy(second, labels)
