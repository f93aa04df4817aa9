"""The networks of this project, written in PyTorch: ResNets alone, and under the pyramid and head of segmentation and RetinaNet; AmoebaNet.

Modules are named as our vertices are, `.` for `/` and `_` for `-`; `load` takes our parameters by name.
"""

import torch
from torch import nn
from torch.nn import functional

import pytorch_amoebanet

BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
EXPANSION = 4
FILTERS = 64
CLASSES = {"classification": 1000, "segmentation": 21, "detection": 90}
VOID = 255

# Of every position, and numbers of a box
ANCHORS = 9
CODES = 4

FOCAL_ALPHA, FOCAL_GAMMA = 0.25, 1.5
BOX_DELTA, BOX_WEIGHT = 0.1, 50.0

# What moving statistics forget at each step, and what is added to variances
CLASSIFICATION_NORM = {"momentum": 0.1, "eps": 1e-5}
PYRAMID_NORM = {"momentum": 0.003, "eps": 1e-4}

PARAMETERS = {
    "W": "weight",
    "b": "bias",
    "gamma": "weight",
    "beta": "bias",
    "mean": "running_mean",
    "var": "running_var",
    "log10stdev": "running_var",
}


def convolution(inputs, filters, kernel, stride=1, bias=False):
    """(kernel - 1) / 2 zeros on every side."""
    return nn.Conv2d(inputs, filters, kernel, stride, (kernel - 1) // 2, bias=bias)


def max_pool(maps):
    """3x3, stride 2, TensorFlow's SAME: on an even side what lies outside is at the end only, on an odd one at both ends."""
    height, width = maps.shape[2:]
    return functional.max_pool2d(maps, 3, 2, (height % 2, width % 2), ceil_mode=True)


def halve(convolution, maps):
    """A 3x3 convolution of stride 2 without padding of its own: what lies outside as in max_pool."""
    height, width = maps.shape[2:]
    return convolution(functional.pad(maps, (width % 2, 1, height % 2, 1)))


def double(maps, like):
    """Each pixel becomes a square of 2 x 2."""
    doubled = maps.repeat_interleave(2, 2).repeat_interleave(2, 3)
    if doubled.shape[2:] != like.shape[2:]:
        raise ValueError(f"Cannot double {maps.shape[2:]} to {like.shape[2:]}")
    return doubled


def upsample(maps, like):
    return functional.interpolate(maps, like.shape[2:], mode="bilinear", align_corners=True)


class Stem(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.conv = convolution(3, FILTERS, 7, 2)
        self.bn = nn.BatchNorm2d(FILTERS, **norm)

    def forward(self, images):
        return max_pool(functional.relu(self.bn(self.conv(images)), inplace=True))


class Bottleneck(nn.Module):
    """1x1, 3x3 with the stride, 1x1; the first block of a group projects its shortcut."""

    def __init__(self, inputs, filters, stride, projects, norm):
        super().__init__()
        outputs = filters * EXPANSION
        self.conv1 = convolution(inputs, filters, 1)
        self.bn1 = nn.BatchNorm2d(filters, **norm)
        self.conv2 = convolution(filters, filters, 3, stride)
        self.bn2 = nn.BatchNorm2d(filters, **norm)
        self.conv3 = convolution(filters, outputs, 1)
        self.bn3 = nn.BatchNorm2d(outputs, **norm)
        self.projects = projects
        if projects:
            self.conv_skip = convolution(inputs, outputs, 1, stride)
            self.bn_skip = nn.BatchNorm2d(outputs, **norm)

    def forward(self, maps):
        shortcut = self.bn_skip(self.conv_skip(maps)) if self.projects else maps
        branch = functional.relu(self.bn1(self.conv1(maps)), inplace=True)
        branch = functional.relu(self.bn2(self.conv2(branch)), inplace=True)
        branch = self.bn3(self.conv3(branch))
        branch += shortcut
        return functional.relu(branch, inplace=True)


class Group(nn.Module):
    def __init__(self, blocks, inputs, filters, stride, norm):
        super().__init__()
        for block in range(blocks):
            first = block == 0
            module = Bottleneck(inputs if first else filters * EXPANSION, filters, stride if first else 1, first, norm)
            self.add_module(f"block{block}", module)

    def forward(self, maps):
        for block in self.children():
            maps = block(maps)
        return maps


class Trunk(nn.Module):
    """Images to the maps of levels 2 to 5."""

    def __init__(self, depth, norm):
        super().__init__()
        self.stem = Stem(norm)
        inputs = FILTERS
        for group, blocks in enumerate(BLOCKS[depth], 1):
            filters = FILTERS << (group - 1)
            self.add_module(f"group{group}", Group(blocks, inputs, filters, 1 if group == 1 else 2, norm))
            inputs = filters * EXPANSION

    def levels(self, images):
        levels = {}
        maps = self.stem(images)
        for group in range(1, 5):
            maps = getattr(self, f"group{group}")(maps)
            levels[group + 1] = maps
        return levels


class ClassificationHead(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.softmax = nn.Linear(FILTERS * 8 * EXPANSION, classes)

    def forward(self, levels):
        return self.softmax(levels[5].mean((2, 3)))


class Pyramid(nn.Module):
    """Levels 3 to 5: lateral 1x1 convolutions, the coarser sum upsampled and added, a 3x3 convolution and a normalisation.

    Levels behind 5: a convolution of stride 2 on the one before, which is not normalised, but rectified from the second on.
    """

    def __init__(self, filters, norm, last=5, upsampled=upsample):
        super().__init__()
        self.last, self.upsampled = last, upsampled
        for number in range(3, last + 1):
            if number <= 5:
                inputs = (FILTERS << (number - 2)) * EXPANSION
                self.add_module(f"lateral{number}", convolution(inputs, filters, 1, bias=True))
                self.add_module(f"conv{number}", convolution(filters, filters, 3, bias=True))
            else:
                self.add_module(f"conv{number}", nn.Conv2d(filters, filters, 3, 2))
            self.add_module(f"bn{number}", nn.BatchNorm2d(filters, **norm))

    def forward(self, trunk):
        convolved, above = {}, None
        for number in (5, 4, 3):
            total = getattr(self, f"lateral{number}")(trunk[number])
            if above is not None:
                total = total + self.upsampled(above, total)
            convolved[number] = getattr(self, f"conv{number}")(total)
            above = total
        for number in range(6, self.last + 1):
            before = convolved[number - 1]
            before = functional.relu(before) if number > 6 else before
            convolved[number] = halve(getattr(self, f"conv{number}"), before)
        return [getattr(self, f"bn{number}")(convolved[number]) for number in range(3, self.last + 1)]


class SharedConvolution(nn.Conv2d):
    """One 3x3 convolution for all levels, and a normalisation for each."""

    def __init__(self, filters, levels, norm):
        super().__init__(filters, filters, 3, padding=1)
        for level in range(levels):
            self.add_module(f"level{level}", nn.BatchNorm2d(filters, **norm))

    def apply_to(self, level, maps):
        return functional.relu(getattr(self, f"level{level}")(self(maps)), inplace=True)


class LevelNet(nn.Module):
    """The shared convolutions on each level."""

    def __init__(self, filters, levels, convolutions, outputs, norm):
        super().__init__()
        self.convolutions = convolutions
        for number in range(convolutions):
            self.add_module(f"conv{number}", SharedConvolution(filters, levels, norm))
        self.last = convolution(filters, outputs, 3, bias=True)

    def level(self, level, maps):
        for number in range(self.convolutions):
            maps = getattr(self, f"conv{number}").apply_to(level, maps)
        return self.last(maps)


class SumNet(LevelNet):
    """The levels upsampled to the first one's size and added."""

    def forward(self, levels):
        total = self.level(0, levels[0])
        for level in range(1, len(levels)):
            total = total + upsample(self.level(level, levels[level]), total)
        return total


class PositionNet(LevelNet):
    """The positions of all levels in a row: [N, positions, outputs]."""

    def forward(self, levels):
        rows = [self.level(level, maps).permute(0, 2, 3, 1).flatten(1, 2) for level, maps in enumerate(levels)]
        return torch.cat(rows, 1)


class SegmentationHead(nn.Module):
    def __init__(self, classes, filters, norm):
        super().__init__()
        self.levels = SumNet(filters, 3, 3, filters, norm)
        self.bn = nn.BatchNorm2d(filters, **norm)
        self.classes = convolution(filters, classes, 3, bias=True)

    def forward(self, levels):
        return self.classes(functional.relu(self.bn(self.levels(levels)), inplace=True))


class DetectionHead(nn.Module):
    LEVELS = 5
    CONVOLUTIONS = 4

    def __init__(self, classes, filters, norm):
        super().__init__()
        self.class_net = PositionNet(filters, self.LEVELS, self.CONVOLUTIONS, ANCHORS * classes, norm)
        self.box_net = PositionNet(filters, self.LEVELS, self.CONVOLUTIONS, ANCHORS * CODES, norm)

    def forward(self, levels):
        return self.class_net(levels), self.box_net(levels)


class Classifier(Trunk):
    """Logits of images: [N, classes]."""

    def __init__(self, depth):
        super().__init__(depth, CLASSIFICATION_NORM)
        self.head = ClassificationHead(CLASSES["classification"])

    def forward(self, images):
        return self.head(self.levels(images))


class Segmenter(Trunk):
    """Logits of one pixel for 8 pixels of the image, rounded up: [N, classes, h, w]."""

    def __init__(self, depth, filters=256):
        super().__init__(depth, PYRAMID_NORM)
        self.pyramid = Pyramid(filters, PYRAMID_NORM)
        self.head = SegmentationHead(CLASSES["segmentation"], filters, PYRAMID_NORM)

    def forward(self, images):
        return self.head(self.pyramid(self.levels(images)))


class Detector(Trunk):
    """Logits and box codes of positions: [N, positions, 9 * 90] and [N, positions, 9 * 4]."""

    def __init__(self, depth, filters=256):
        super().__init__(depth, PYRAMID_NORM)
        self.pyramid = Pyramid(filters, PYRAMID_NORM, 7, double)
        self.head = DetectionHead(CLASSES["detection"], filters, PYRAMID_NORM)

    def forward(self, images):
        return self.head(self.pyramid(self.levels(images)))


def focal_loss(logits, labels):
    """Of every class of every anchor, for the number of anchors with an object plus 1. Labels are class numbers, or -1."""
    rows = logits.reshape(*labels.shape, -1)
    truth = functional.one_hot(labels + 1, rows.shape[-1] + 1)[..., 1:].bool()
    wrong = torch.where(truth, torch.sigmoid(-rows), torch.sigmoid(rows))
    entropy = torch.where(truth, functional.softplus(-rows), functional.softplus(rows))
    weights = torch.where(truth, FOCAL_ALPHA, 1 - FOCAL_ALPHA)
    return (weights * wrong**FOCAL_GAMMA * entropy).sum() / ((labels >= 0).sum() + 1)


def box_loss(codes, labels):
    """Huber's, of all codes that are not 0. Labels are 1 and four codes, or 0."""
    there, targets = labels[..., 0], labels[..., 1:]
    missed = (codes.reshape(targets.shape) - targets).abs()
    huber = torch.where(missed <= BOX_DELTA, missed**2 / 2, BOX_DELTA * missed - BOX_DELTA**2 / 2)
    return BOX_WEIGHT * huber[targets != 0].sum() / (CODES * (there.sum() + 1))


def detection_loss(outputs, labels):
    return focal_loss(outputs[0], labels[0]) + box_loss(outputs[1], labels[1])


def is_segmentation(model):
    return model.startswith("segmentation-r")


def is_detection(model):
    return model.startswith("retinanet-r")


def is_amoebanet(model):
    return model.startswith("amoebanet-")


def classes(model):
    if is_amoebanet(model):
        return amoebanet(model)["classes"]
    return CLASSES["segmentation" if is_segmentation(model) else "classification"]


def labels(model, images):
    """The shape of the class numbers of images: one an image, or one an output pixel."""
    if is_segmentation(model):
        return (len(images), *((side + 7) // 8 for side in images.shape[2:]))
    return (len(images),)


def amoebanet(model):
    """Arguments of amoebanet-toy, amoebanet-b, which is narrow and shallow, and amoebanet-b-6-256 and so on."""
    if model == "amoebanet-toy":
        return {"cells": 1, "filters": 8, "stem_filters": 16, "classes": 10, "size": 80, "keep": 1.0}
    numbers = model[len("amoebanet-b") :].split("-")[1:] or ("3", "64")
    cells, filters = (int(number) for number in numbers)
    return {"cells": cells, "filters": filters, "stem_filters": 32, "classes": 1001, "size": 331, "keep": 0.5}


def network(model, **changed):
    """resnet50, resnet101, resnet152; segmentation-r50 and so on; retinanet-r50 and so on; amoebanet-toy, amoebanet-b.

    An AmoebaNet's size and keep can be another.
    """
    if is_amoebanet(model):
        return pytorch_amoebanet.AmoebaNet(**{**amoebanet(model), **changed})
    if is_detection(model):
        return Detector(int(model[len("retinanet-r") :]))
    if is_segmentation(model):
        return Segmenter(int(model[len("segmentation-r") :]))
    return Classifier(int(model[len("resnet") :]))


def loss(model):
    """Of outputs and labels: the mean over all images, or over all pixels that are not void; of a detector as its head says."""
    if is_detection(model):
        return detection_loss
    if is_amoebanet(model):
        return pytorch_amoebanet.loss
    return nn.CrossEntropyLoss(ignore_index=VOID) if is_segmentation(model) else nn.CrossEntropyLoss()


def torch_name(name):
    """group3/block0/conv1/W to group3.block0.conv1.weight."""
    vertex, key = name.rsplit("/", 1)
    return vertex.replace("/", ".").replace("-", "_") + "." + PARAMETERS[key]


def torch_values(name, values):
    """One of our parameters, or its gradient, as PyTorch has it."""
    tensor = torch.from_numpy(values)
    if name.endswith("/log10stdev"):
        return 10 ** (2 * tensor)
    if name.endswith("/softmax/W"):
        return tensor.t()
    if "/depthwise" in name:
        return tensor.permute(2, 3, 0, 1)
    return tensor.reshape(-1) if tensor.ndim == 2 else tensor


def load(module, parameters):
    """Copies all parameters and moving statistics into a network; none may be left over on either side."""
    state = {torch_name(name): torch_values(name, values) for name, values in parameters.items()}
    counters = {name: value for name, value in module.state_dict().items() if name.endswith("num_batches_tracked")}
    module.load_state_dict({**state, **counters}, strict=True)
