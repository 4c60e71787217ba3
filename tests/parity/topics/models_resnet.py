"""Small residual networks with given weights: the loss and every gradient of one batch, and twenty steps of SGD on it.

The network is torchvision's `ResNet` written out once more, so that it can be small, plain and of pre-activation blocks;
its names are torchvision's.
"""

import torch
from torch import nn
from torch.nn import functional as F

from inputs import integers, normal
from training import draw, train


def conv(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class Block(nn.Module):
    """One block of any family, with its norms after the convolutions or before them."""

    def __init__(self, family, inputs, width, stride, pre):
        super().__init__()
        outputs = width * expansion(family)
        shapes = [(inputs, width, 3, stride), (width, outputs, 3, 1)]
        if family == "bottleneck":
            shapes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)]
        self.depth, self.pre, self.residual = len(shapes), pre, family != "plain"
        for i, (a, b, kernel, s) in enumerate(shapes, start=1):
            setattr(self, f"conv{i}", conv(a, b, kernel, s))
            setattr(self, f"bn{i}", nn.BatchNorm2d(a if pre else b))
        if self.residual and (stride != 1 or inputs != outputs):
            projection = [conv(inputs, outputs, 1, stride)] + ([] if pre else [nn.BatchNorm2d(outputs)])
            self.downsample = nn.Sequential(*projection)

    def forward(self, x):
        y, shortcut = x, x
        for i in range(1, self.depth + 1):
            convolution, norm = getattr(self, f"conv{i}"), getattr(self, f"bn{i}")
            if self.pre:
                y = norm(y).relu()
                if i == 1 and hasattr(self, "downsample"):
                    shortcut = self.downsample(y)
                y = convolution(y)
            else:
                y = norm(convolution(y))
                y = y.relu() if i < self.depth else y
        if not self.pre and hasattr(self, "downsample"):
            shortcut = self.downsample(x)
        y = y + shortcut if self.residual else y
        return y if self.pre else y.relu()


class ResNet(nn.Module):
    def __init__(self, family, stem, width, blocks, channels, classes, pre=False):
        super().__init__()
        self.pre, self.stages = pre, len(blocks)
        large = stem == "imagenet"
        self.conv1 = conv(channels, width, 7, 2) if large else conv(channels, width, 3)
        if not pre:
            self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1) if large else nn.Identity()
        inputs = width
        for s, n in enumerate(blocks):
            stage = []
            for i in range(n):
                stride = 2 if s > 0 and i == 0 else 1
                stage.append(Block(family, inputs, width << s, stride, pre))
                inputs = (width << s) * expansion(family)
            setattr(self, f"layer{s + 1}", nn.Sequential(*stage))
        if pre:
            self.norm = nn.BatchNorm2d(inputs)
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.conv1(x)
        x = self.maxpool(x if self.pre else self.bn1(x).relu())
        for s in range(self.stages):
            x = getattr(self, f"layer{s + 1}")(x)
        x = self.norm(x).relu() if self.pre else x
        return self.fc(x.mean((2, 3)))


def expansion(family):
    return 4 if family == "bottleneck" else 1


def resnet(images, labels, *state, names, lr, momentum, weight_decay, **design):
    model = ResNet(**design).to(images.dtype)
    model.load_state_dict(dict(zip(names, state)))
    optimiser = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    return train(model, optimiser, lambda: F.cross_entropy(model(images), labels), lambda: model(images))


OPS = {"resnet": resnet}


def cases(f):
    small = {"stem": "small", "channels": 3, "classes": 5}
    large = {"stem": "imagenet", "channels": 3, "classes": 5}
    designs = {
        "small_plain": {**small, "family": "plain", "width": 3, "blocks": [1, 1]},
        "small_basic": {**small, "family": "basic", "width": 3, "blocks": [2, 1]},
        "small_bottleneck": {**small, "family": "bottleneck", "width": 2, "blocks": [1, 2]},
        "small_pre": {**small, "family": "basic", "width": 3, "blocks": [1, 1], "pre": True},
        "imagenet_basic": {**large, "family": "basic", "width": 3, "blocks": [1, 1]},
        "imagenet_bottleneck": {**large, "family": "bottleneck", "width": 2, "blocks": [1, 1]},
        "imagenet_pre": {**large, "family": "bottleneck", "width": 2, "blocks": [1, 1], "pre": True},
    }
    for label, design in designs.items():
        n, size = (5, 8) if design["stem"] == "small" else (4, 14)
        images = normal(n, 3, size, size).constant()
        shapes = ResNet(**design).state_dict()
        state = [draw(name, tensor) for name, tensor in shapes.items()]
        options = {"lr": 0.02, "momentum": 0.9, "weight_decay": 1e-3}
        # a model of ours computes in F32
        f(label, "resnet", [images, integers(5, n), *state], dtypes=("f32",), names=list(shapes), **options, **design)
