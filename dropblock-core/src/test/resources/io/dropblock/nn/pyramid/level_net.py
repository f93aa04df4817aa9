"""What LevelNetTest compares with: a LevelNet written in PyTorch 1.13, in double, with patterns of
whole numbers for values. Prints form, what, and its product with a pattern, as level_net.csv:

    python3 level_net.py > level_net.csv
"""
import torch
import torch.nn.functional as F

N, CHANNELS, FILTERS, OUTPUTS, CONVOLUTIONS = 2, 3, 4, 2, 2
SIZES = [(5, 4), (3, 2), (1, 2)]
EPSILON, DECAY = 1e-4, 0.9


def pattern(shape, factor, first, modulus):
    count = torch.Size(shape).numel()
    values = [(factor * i + first) % modulus - modulus // 2 for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def parameters():
    values = {}
    for i in range(CONVOLUTIONS + 1):
        last = i == CONVOLUTIONS
        name = "last" if last else f"conv{i}"
        made = OUTPUTS if last else FILTERS
        values[f"{name}/W"] = pattern((made, FILTERS if i else CHANNELS, 3, 3), 7, 3 + i, 11) / 10
        values[f"{name}/b"] = pattern((made,), 5, 1 + i, 7) / 10
        for level in range(0 if last else len(SIZES)):
            norm = f"{name}/level{level}"
            values[f"{norm}/gamma"] = 1 + pattern((made,), 3, level + i, 5) / 8
            values[f"{norm}/beta"] = pattern((made,), 2, level + 2 * i, 5) / 8
            values[f"{norm}/mean"] = pattern((made,), 4, level + i, 7) / 8
            values[f"{norm}/var"] = 2 + pattern((made,), 6, level + i, 11) / 8
    return values


def is_statistic(name):
    return name.endswith(("mean", "var"))


def forward(values, moving, x, level, training):
    for i in range(CONVOLUTIONS):
        norm = f"conv{i}/level{level}"
        x = F.conv2d(x, values[f"conv{i}/W"], values[f"conv{i}/b"], padding=1)
        x = F.batch_norm(x, moving[f"{norm}/mean"], moving[f"{norm}/var"], values[f"{norm}/gamma"],
                         values[f"{norm}/beta"], training, 1 - DECAY, EPSILON)
        x = F.relu(x)
    return F.conv2d(x, values["last/W"], values["last/b"], padding=1)


def join(form, maps):
    if form == "SUM":
        up = [F.interpolate(m, size=SIZES[0], mode="bilinear", align_corners=True) for m in maps[1:]]
        return sum(up, maps[0]).permute(0, 2, 3, 1)
    return torch.cat([m.permute(0, 2, 3, 1).reshape(N, -1, OUTPUTS) for m in maps], 1)


def show(form, what, value):
    print(f"{form},{what},{(value * pattern(value.shape, 3, 2, 17)).sum().item()!r}")


for form in ("SUM", "POSITIONS"):
    values = {name: value.requires_grad_(not is_statistic(name)) for name, value in parameters().items()}
    inputs = [pattern((N, h, w, CHANNELS), 5, level, 13).div(6).requires_grad_()
              for level, (h, w) in enumerate(SIZES)]
    for training in (False, True):
        moving = {name: value.clone() for name, value in values.items() if is_statistic(name)}
        output = join(form, [forward(values, moving, x.permute(0, 3, 1, 2), level, training)
                             for level, x in enumerate(inputs)])
        show(form, "trained" if training else "inferred", output)
    output.backward(pattern(output.shape, 5, 1, 13))
    for level, x in enumerate(inputs):
        show(form, f"input{level}", x.grad)
    for name, value in values.items():
        show(form, name, value - moving[name] if is_statistic(name) else value.grad)
