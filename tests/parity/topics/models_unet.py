"""Small U-Nets that are told the time, with given weights: the loss and every gradient of one batch, and twenty steps of
Adam on it.

The network is that of the `diffusion` crate, by its names.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from inputs import integers, normal
from training import draw, train


def time_features(steps, width, dtype):
    half = width // 2
    frequencies = torch.exp(-math.log(10_000) * torch.arange(half, dtype=torch.float64) / half)
    angles = steps[:, None].to(dtype) * frequencies.to(dtype)
    return torch.cat([angles.sin(), angles.cos()], 1)


class TimeBlock(nn.Module):
    def __init__(self, inputs, outputs, time_width):
        super().__init__()
        groups = lambda channels: max(g for g in range(1, max(min(8, channels // 2), 1) + 1) if channels % g == 0)
        self.norm1 = nn.GroupNorm(groups(inputs), inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(time_width, outputs)
        self.norm2 = nn.GroupNorm(groups(outputs), outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x))) + self.time(time)[:, :, None, None]
        return self.conv2(F.silu(self.norm2(h))) + self.shortcut(x)


class Down(nn.Module):
    def __init__(self, inputs, outputs, time_width):
        super().__init__()
        self.block = TimeBlock(inputs, outputs, time_width)
        self.shrink = nn.Conv2d(outputs, outputs, 3, stride=2, padding=1)


class UNet(nn.Module):
    def __init__(self, channels, width, levels, time_width):
        super().__init__()
        features = lambda level: width << level
        above = lambda level: features(max(level - 1, 0))
        self.time_width = time_width
        self.time = nn.Sequential(nn.Linear(time_width, time_width), nn.SiLU(), nn.Linear(time_width, time_width))
        self.conv_in = nn.Conv2d(channels, width, 3, padding=1)
        self.down = nn.ModuleList(Down(above(l), features(l), time_width) for l in range(levels))
        self.middle = TimeBlock(above(levels), above(levels), time_width)
        self.up = nn.ModuleList(TimeBlock(2 * features(l), above(l), time_width) for l in reversed(range(levels)))
        self.conv_out = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x, steps):
        return self.at(x, time_features(steps, self.time_width, x.dtype))

    def at(self, x, features):
        time = self.time(features)
        x, kept = self.conv_in(x), []
        for level in self.down:
            x = level.block(x, time)
            kept.append(x)
            x = level.shrink(x)
        x = self.middle(x, time)
        for block, skip in zip(self.up, reversed(kept)):
            x = block(torch.cat([F.interpolate(x, size=skip.shape[-2:]), skip], 1), time)
        return self.conv_out(x)


def unet(pictures, noise, steps, *state, names, lr, **design):
    model = UNet(**design).to(pictures.dtype)
    model.load_state_dict(dict(zip(names, state)))
    optimiser = torch.optim.Adam(model.parameters(), lr=lr)
    return train(model, optimiser, lambda: F.mse_loss(model(pictures, steps), noise), lambda: model(pictures, steps))


OPS = {"unet": unet}


def cases(f):
    designs = {
        # sizes that do not halve evenly
        "two_levels": ({"channels": 1, "width": 4, "levels": 2, "time_width": 8}, (3, 1, 7, 6)),
        "one_level": ({"channels": 2, "width": 6, "levels": 1, "time_width": 6}, (2, 2, 5, 8)),
        "flat": ({"channels": 1, "width": 3, "levels": 0, "time_width": 4}, (2, 1, 4, 4)),
    }
    for label, (design, shape) in designs.items():
        shapes = UNet(**design).state_dict()
        state = [draw(name, tensor) for name, tensor in shapes.items()]
        inputs = [normal(*shape).constant(), normal(*shape).constant(), integers(400, shape[0]), *state]
        # a model of ours computes in F32
        f(label, "unet", inputs, dtypes=("f32",), names=list(shapes), lr=1e-2, **design)
