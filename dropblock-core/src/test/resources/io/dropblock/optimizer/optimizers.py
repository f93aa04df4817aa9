"""Twenty steps of each optimiser, with a drop of the rate behind ten; writes optimizers.csv beside this file.

Momentum, Adam, AdamW and the clipping are PyTorch's (1.13); RMSProp is TensorFlow's formula in NumPy
(tensorflow/python/training/rmsprop.py). Parameters and gradients are those of ReferenceOptimizersTest.
"""
import pathlib
import numpy as np
import torch

# what each parameter of the test's network is, in the order in which they lie in memory
GROUPS = ["frozen"] * 8 + ["plain"] * 2 + ["decayed"] * 6 + ["plain", "statistics"] + ["decayed"] * 4 \
    + ["statistics"] * 4 + ["decayed"] * 16 + ["plain"] * 2
PLAIN, DECAYED = (np.array([i for i, g in enumerate(GROUPS) if g == of]) for of in ("plain", "decayed"))
DECAY, STEPS = .1, 20


def gradient(step, of):
    return (.2 + .1 * step) * np.sin(.7 * of + 1.3 * step)


def train(make, clip):
    """make: parameters, each with its decay -> what takes a step at a rate."""
    of = [torch.tensor(np.cos(group + 1.), requires_grad=True) for group in (PLAIN, DECAYED)]
    step_at = make([{"params": [of[0]], "weight_decay": 0}, {"params": [of[1]], "weight_decay": DECAY}])
    for step in range(STEPS):
        for parameter, group in zip(of, (PLAIN, DECAYED)):
            parameter.grad = torch.tensor(gradient(step, group))
        if clip:
            torch.nn.utils.clip_grad_norm_(of, clip)
        step_at(.05 if step < 10 else .005)
    after = np.cos(np.arange(len(GROUPS)) + 1.)
    after[PLAIN], after[DECAYED] = (parameter.detach().numpy() for parameter in of)
    return after


def torchs(kind, **settings):
    def make(groups):
        optimizer = kind(groups, lr=0, **settings)

        def step_at(rate):
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
        return step_at
    return make


def rms_prop(decay, momentum, epsilon):
    def make(groups):
        state = [[np.ones(len(g["params"][0])), np.zeros(len(g["params"][0]))] for g in groups]

        def step_at(rate):
            for kept, group in zip(state, groups):
                w = group["params"][0]
                g = w.grad.numpy() + group["weight_decay"] * w.detach().numpy()
                kept[0] = decay * kept[0] + (1 - decay) * g ** 2
                kept[1] = momentum * kept[1] + rate * g / np.sqrt(kept[0] + epsilon)
                w.data -= torch.tensor(kept[1])
        return step_at
    return make


CASES = {
    "momentum": torchs(torch.optim.SGD, momentum=.9),
    "nesterov": torchs(torch.optim.SGD, momentum=.9, nesterov=True),
    "rmsprop of AmoebaNet": rms_prop(.9, .9, 1.),
    "rmsprop": rms_prop(.8, 0, 1e-3),
    "adam": torchs(torch.optim.Adam, betas=(.9, .99), eps=1e-3),
    "adamw": torchs(torch.optim.AdamW, betas=(.9, .99), eps=1e-3),
}
with open(pathlib.Path(__file__).with_suffix(".csv"), "w") as out:
    print("groups", 0, *GROUPS, sep=",", file=out)
    for name, make in CASES.items():
        for clip in (0, 3):
            print(name, clip, *map(repr, map(float, train(make, clip))), sep=",", file=out)
