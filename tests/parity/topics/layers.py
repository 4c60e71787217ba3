"""Whole small networks: a state dict, a batch and targets in; loss, logits, every gradient and the buffers after it out.

The inputs of a case are x, the target, and then the entries of the state dict, in the order of its keys (in `keys`).
The gradients of a case are those of x and of the parameters.
"""

import torch
import torch.nn.functional as F
from torch import nn

from inputs import Input, indices, integers, normal


class Residual(nn.Module):
    """x + f(x), with a projection where the shape changes: the block that convnet is built of."""

    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = nn.Sequential()
        if stride != 1 or channels_in != channels:
            self.downsample = nn.Sequential(nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.downsample(x))


NETS = {
    "linear": lambda: nn.Sequential(nn.Linear(5, 3)),
    "linear_no_bias": lambda: nn.Sequential(nn.Linear(5, 3, bias=False)),
    "mlp": lambda: nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 6), nn.ReLU(), nn.Linear(6, 3)),
    "mlp_bn": lambda: nn.Sequential(nn.Linear(5, 6, bias=False), nn.BatchNorm1d(6), nn.GELU(), nn.Linear(6, 3)),
    "lenet": lambda: nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 3, 3, stride=2, padding=1, bias=False), nn.SiLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(3, 3),
    ),
    "convbn": lambda: nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
        nn.Conv2d(4, 4, 3, padding=1, groups=2), nn.BatchNorm2d(4), nn.Sigmoid(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3),
    ),
    "residual": lambda: nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1, bias=False), nn.BatchNorm2d(3), nn.ReLU(),
        Residual(3, 3, 1), Residual(3, 4, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3),
    ),
    "signal": lambda: nn.Sequential(
        nn.Conv1d(2, 4, 3, padding=2, dilation=2), nn.BatchNorm1d(4), nn.ReLU(), nn.Flatten(), nn.Linear(24, 3),
    ),
    "nested": lambda: nn.Sequential(nn.Sequential(nn.Linear(5, 4), nn.LeakyReLU(0.1)), nn.Sequential(nn.Linear(4, 3))),
}


def net(x, target, *state, net, keys, training):
    model = NETS[net]().to(x.dtype).train(training)
    parameters = dict(model.named_parameters())
    # Buffers are copied: training changes them in place, and the fixture keeps both ends.
    full = {k: t if k in parameters else t.clone() for k, t in zip(keys, state)}
    logits = torch.func.functional_call(model, full, (x,))
    loss = F.cross_entropy(logits, target)
    # Only the loss is followed back.
    return loss, logits.detach(), *[t for k, t in full.items() if k not in parameters]


OPS = {"net": net}


def state(name: str) -> tuple[list[str], list[Input]]:
    """Random weights in the shape of the network's own. Running variances are positive, and four batches were seen."""
    keys, inputs = [], []
    parameters = dict(NETS[name]().named_parameters())
    for key, tensor in NETS[name]().state_dict().items():
        keys.append(key)
        if key.endswith("num_batches_tracked"):
            inputs.append(indices(4))
        elif key.endswith("running_var"):
            inputs.append(Input(lambda g, s=tensor.shape: 0.5 + torch.rand(s, generator=g, dtype=torch.float64), grad=False))
        else:
            # The usual scale, 1 / sqrt(fan in), so that no activation saturates.
            fan = max(tensor[0].numel(), 1)
            draw = lambda g, s=tensor.shape, fan=fan: torch.randn(s, generator=g, dtype=torch.float64) / fan**0.5
            inputs.append(Input(draw, grad=key in parameters))
    return keys, inputs


def cases(f):
    shapes = {"lenet": (4, 2, 8, 8), "convbn": (4, 2, 8, 8), "residual": (4, 2, 8, 8), "signal": (5, 2, 6)}
    for name in NETS:
        for training in (True, False):
            shape = shapes.get(name, (6, 5))
            x, target = normal(*shape), integers(3, shape[0])
            keys, inputs = state(name)
            if not training and not any("running" in k for k in keys):
                continue
            mode = "train" if training else "eval"
            f(f"{name}_{mode}", "net", [x, target, *inputs], upstream="ones", net=name, keys=keys, training=training)
