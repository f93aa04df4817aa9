#!/usr/bin/env python3
"""Makes moving_average.csv: 20 steps of the moving average of three weights.

    /usr/bin/python3 moving_average.py

By the formula of TensorFlow's ExponentialMovingAverage with num_updates, in NumPy's doubles: a row a step, the three
weights behind it and their average; row 0 is where both begin. PyTorch's AveragedModel, given the same decays, agrees.
"""

from pathlib import Path

import numpy
import torch

DECAY = 0.5  # below (1 + t) / (10 + t) from t = 8 on
weights = numpy.random.RandomState(17).standard_normal((21, 3))
model = torch.nn.Linear(3, 1, bias=False).double()
averaged = torch.optim.swa_utils.AveragedModel(
    model, avg_fn=lambda average, w, t: average * decay + w * (1 - decay)
)
average = weights[0]
rows = []
for t in range(21):
    decay = min(DECAY, (1 + t) / (10 + t))
    average = average if t == 0 else decay * average + (1 - decay) * weights[t]
    model.weight.data = torch.tensor(weights[t : t + 1])
    averaged.update_parameters(model)
    assert numpy.allclose(averaged.module.weight.detach().numpy()[0], average, rtol=0, atol=1e-14)
    rows.append(",".join(repr(float(x)) for x in [*weights[t], *average]))
(Path(__file__).resolve().parent / "moving_average.csv").write_text("\n".join(rows) + "\n")
