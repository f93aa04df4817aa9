"""torchvision.ops.drop_block2d and torch.nn.functional.dropout on this machine's GPU, for check.sh: us and GB/s, x read and y written."""

import torch
import torch.nn.functional

try:
    from torchvision.ops import drop_block2d
except ImportError:
    drop_block2d = None

ROUNDS, TURNS = 5, 10


def microseconds(turn):
    turn()
    best = float("inf")
    for _ in range(ROUNDS):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        for _ in range(TURNS):
            turn()
        end.record()
        torch.cuda.synchronize()
        best = min(best, 1000 * start.elapsed_time(end) / TURNS)
    return best


def report(shape, kind, name, forward, x):
    size = 2 * x.numel() * x.element_size()
    time = microseconds(lambda: forward(x))
    line = f"{shape} {kind} {name}: forward {time:.0f} us, {size / time / 1000:.0f} GB/s"
    x = x.requires_grad_()
    y = forward(x)
    gradient = torch.ones_like(y)
    time = microseconds(lambda: torch.autograd.grad(y, x, gradient, retain_graph=True))
    print(f"{line}; backward {time:.0f} us, {size / time / 1000:.0f} GB/s", flush=True)


print(torch.cuda.get_device_name(), "torch", torch.__version__)
for channels, side in ((256, 28), (1024, 14), (2048, 7)):
    for kind in (torch.float32, torch.bfloat16):
        shape = f"256x{channels}x{side}x{side}"
        ones = lambda: torch.ones(256, channels, side, side, dtype=kind, device="cuda")
        with torch.no_grad():
            y, x = torch.empty_like(ones()), ones()
            time = microseconds(lambda: y.copy_(x))
            print(f"{shape} {kind} copy: {2 * x.numel() * x.element_size() / time / 1000:.0f} GB/s")
            del x, y
        report(shape, kind, "dropout", lambda x: torch.nn.functional.dropout(x, 0.1, True), ones())
        if drop_block2d is not None:
            report(shape, kind, "drop_block2d", lambda x: drop_block2d(x, 0.1, 7, False, 1e-6, True), ones())
