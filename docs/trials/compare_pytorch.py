#!/usr/bin/python3
"""Compares what ./submit.sh bench trace wrote with the same network in PyTorch: see docs/trials/README.md."""

import argparse
import json
import math
from pathlib import Path
import re
import sys

import numpy
import torch

import pytorch_networks

LOGITS = 1e-4
GRADIENTS = 1e-3
LOSSES = 1e-5

# All of them, of doubles
DOUBLES = 1e-9

# How many times as far from doubles as PyTorch's floats ours may be
FLOATS = 4


class Trace:
    """The files that were written."""

    def __init__(self, folder):
        self.folder = folder
        with open(folder / "trace.json", encoding="utf-8") as text:
            self.settings = json.load(text)
        self.loss = pytorch_networks.loss(self.settings["model"])
        self.type = torch.float64 if self.settings["doubles"] else torch.float32

    def array(self, name):
        return numpy.load(self.folder / f"{name}.npy")

    def arrays(self, name):
        """Those of all outputs."""
        return [self.array(f"{name}/{output}") for output in range(len(list((self.folder / name).iterdir())))]

    def named(self, kind):
        """Arrays by vertex and parameter."""
        files = sorted((self.folder / kind).rglob("*.npy"))
        return {path.relative_to(self.folder / kind).with_suffix("").as_posix(): numpy.load(path) for path in files}

    def batch(self, step, numbers=None):
        """In this type, or in the trace's."""
        numbers = numbers or self.type
        images = torch.from_numpy(self.array(f"images/{step}")).to(numbers)
        labels = [torch.from_numpy(values) for values in self.arrays(f"labels/{step}")]
        if pytorch_networks.is_detection(self.settings["model"]):
            return images, (labels[0].long(), labels[1].to(numbers))
        numbers = labels[0].long()
        return images, numbers if numbers.ndim == 3 else numbers.reshape(-1)

    def network(self):
        changed = {"size": self.settings["size"], "keep": 1.0} if pytorch_networks.is_amoebanet(self.settings["model"]) else {}
        network = pytorch_networks.network(self.settings["model"], **changed).to(self.type)
        pytorch_networks.load(network, self.named("parameters"))
        return network


class Table:
    """A line for each comparison."""

    def __init__(self, doubles):
        self.doubles = doubles
        self.passed = True
        print(f"{'compared':<34}{'largest difference':>20}{'allowed':>10}   where")

    def note(self, what, difference, where=""):
        print(f"{what:<34}{difference:>20.2e}{'':>10}        {where}", flush=True)

    def line(self, what, difference, allowed, where=""):
        allowed = DOUBLES if self.doubles else allowed
        good = difference <= allowed
        self.passed &= good
        print(f"{what:<34}{difference:>20.2e}{allowed:>10.1e}   {'PASS' if good else 'FAIL'} {where}", flush=True)


def difference(ours, theirs, scale=None):
    """The largest one, for the largest value of theirs. Where all of theirs are 0, as nothing depends on it, ours must be."""
    scale = theirs.abs().max().item() if scale is None else scale
    largest = (ours - theirs).abs().max().item()
    if not math.isfinite(largest):
        return math.inf
    return largest / scale if scale > 0 else 0 if largest == 0 else math.inf


def logits(output):
    """Of ours. Of images we have probabilities: the logarithms differ from logits by one number an image."""
    tensor = torch.from_numpy(output)
    if tensor.ndim == 2:
        return centred(tensor.double().log())
    return tensor.permute(0, 3, 1, 2) if tensor.ndim == 4 else tensor


def centred(values):
    return values - values.mean(1, keepdim=True) if values.ndim == 2 else values


def largest_difference(trace, name, network):
    """Of all outputs for the first batch, from ours of this name."""
    with torch.no_grad():
        theirs = network(trace.batch(0)[0])
    theirs = theirs if isinstance(theirs, tuple) else (theirs,)
    ours = trace.arrays(name)
    if len(ours) != len(theirs):
        raise SystemExit(f"Cannot compare {name}: we have {len(ours)} outputs, PyTorch has {len(theirs)}")
    return max(difference(logits(one), centred(other)) for one, other in zip(ours, theirs))


def compare_outputs(trace, table):
    for what in ("training", "inference", "folded"):
        network = trace.network().train(what == "training")
        table.line(f"logits, {what}", largest_difference(trace, f"output/{what}", network), LOGITS)


def is_bias_before_norm(name, model):
    """Its gradient is 0, and what a program computes is rounding. A detector reads some convolutions without their norm."""
    if pytorch_networks.is_detection(model):
        return re.fullmatch(r"(pyramid/conv[347]|head/(class|box)-net/conv\d)/b", name) is not None
    return name.endswith("/b") and name.startswith(("pyramid/conv", "head/levels/"))


def gradients(trace, numbers):
    """PyTorch's, computed in this type."""
    network = trace.network().to(numbers).train()
    images, labels = trace.batch(0, numbers)
    trace.loss(network(images), labels).backward()
    return {name: parameter.grad for name, parameter in network.named_parameters()}


def largest_differences(trace, ours, exact):
    """By name."""
    largest = {}
    for name, gradient in ours.items():
        scale = None
        if is_bias_before_norm(name, trace.settings["model"]):
            kernel = pytorch_networks.torch_name(name[: -len("b")] + "W")
            scale = exact[kernel].abs().max().item()
        largest[name] = difference(gradient, exact[pytorch_networks.torch_name(name)], scale)
    return largest


def compare_gradients(trace, table):
    """With PyTorch's doubles. Floats are also told from what PyTorch's own floats miss of them."""
    written = trace.named("gradients")
    ours = {name: pytorch_networks.torch_values(name, values) for name, values in written.items()}
    exact = gradients(trace, torch.float64)
    names = {pytorch_networks.torch_name(name): name for name in ours}
    if set(names) != set(exact):
        raise SystemExit(f"Cannot compare gradients: only one side has {sorted(set(names) ^ set(exact))}")
    largest = largest_differences(trace, ours, exact)
    where = max(largest, key=largest.get)
    allowed = [GRADIENTS, GRADIENTS]
    if trace.type == torch.float32:
        floats = gradients(trace, torch.float32)
        theirs = largest_differences(trace, {names[name]: values for name, values in floats.items()}, exact)
        worst = max(theirs, key=theirs.get)
        table.note("PyTorch's floats, gradients", theirs[worst], worst)
        table.note("  the median of them", median(theirs))
        allowed = [max(GRADIENTS, FLOATS * theirs[worst]), max(GRADIENTS, FLOATS * median(theirs))]
    table.line(f"gradients, {len(largest)} parameters", largest[where], allowed[0], where)
    table.line("  the median of them", median(largest), allowed[1])


def median(differences):
    return sorted(differences.values())[len(differences) // 2]


def decays(name, network):
    """Kernels and biases do, normalisations not."""
    module = network.get_submodule(name.rsplit(".", 1)[0])
    return not isinstance(module, torch.nn.BatchNorm2d)


def steps(trace, form, numbers):
    """The losses of PyTorch's steps in this type, and the network behind them."""
    settings = trace.settings
    network = trace.network().to(numbers).train()
    groups = {True: [], False: []}
    for name, parameter in network.named_parameters():
        groups[decays(name, network)].append(parameter)
    optimizer = torch.optim.SGD(
        [{"params": groups[True], "weight_decay": settings["decay"]}, {"params": groups[False]}],
        lr=settings["rates"][0],
        momentum=settings["momentum"],
        nesterov=form == "nesterov",
    )
    losses = []
    for step, rate in enumerate(settings["rates"]):
        for group in optimizer.param_groups:
            group["lr"] = rate
        images, labels = trace.batch(step, numbers)
        optimizer.zero_grad()
        loss = trace.loss(network(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, network.eval()


def apart(losses, exact):
    return max((abs(one - other) / other, step) for step, (one, other) in enumerate(zip(losses, exact), 1))


def compare_steps(trace, table, form):
    """Losses with PyTorch's doubles; the logits behind them with PyTorch's of the same type, which have gone the same way."""
    exact, network = steps(trace, form, torch.float64)
    allowed = LOSSES
    if trace.type == torch.float32:
        floats, network = steps(trace, form, torch.float32)
        difference_of_floats, step = apart(floats, exact)
        table.note(f"PyTorch's floats, losses, {form}", difference_of_floats, f"step {step}")
        allowed = max(LOSSES, FLOATS * difference_of_floats)
    largest, step = apart(trace.settings["losses"][form], exact)
    seen = " ".join(f"{loss:.5f}" for loss in exact)
    table.line(f"losses of {len(exact)} steps, {form}", largest, allowed, f"step {step}; {seen}")
    table.line("  logits after them, inference", largest_difference(trace, f"output/after-{form}", network), GRADIENTS)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what bench trace wrote")
    folder = parser.parse_args().folder
    if not (folder / "trace.json").is_file():
        raise SystemExit(f"Cannot compare {folder}: it has no trace.json, write it with ./submit.sh bench trace --to {folder}")
    trace = Trace(folder)
    settings = trace.settings
    kind = "doubles" if settings["doubles"] else "floats"
    print(f"{settings['model']}, batch {settings['batch']}, {settings['size']}x{settings['size']}, {kind}; torch {torch.__version__}")
    table = Table(settings["doubles"])
    compare_outputs(trace, table)
    compare_gradients(trace, table)
    for form in settings["losses"]:
        compare_steps(trace, table, form)
    print("PASS" if table.passed else "FAIL")
    sys.exit(not table.passed)


if __name__ == "__main__":
    main()
