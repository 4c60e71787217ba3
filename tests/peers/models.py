"""The models whose steps are timed, in PyTorch, each the twin of one in tests/benches/steps/workloads/.

Those that the parity fixtures have as well come from there.
"""

import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from measure import Step, training

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "parity"))

from topics.models_gpt import GPT  # noqa: E402
from topics.models_resnet import ResNet  # noqa: E402
from topics.models_unet import UNet  # noqa: E402


def mlp(inputs: int, first: int, second: int, outputs: int) -> nn.Module:
    layers = [nn.Linear(inputs, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, outputs)]
    return nn.Sequential(*layers)


def mlp_sine(device) -> Step:
    x = torch.linspace(-9.42, 9.42, 256, device=device)[:, None]
    y, model = x.sin(), mlp(1, 64, 64, 1).to(device)
    return training(model, torch.optim.Adam(model.parameters(), 1e-2), lambda m: F.mse_loss(m(x), y))


def mlp_fashion(device) -> Step:
    x, y = torch.randn(64, 784, device=device), torch.randint(10, (64,), device=device)
    model = mlp(784, 512, 512, 10).to(device)
    return training(model, torch.optim.SGD(model.parameters(), 1e-3), lambda m: F.cross_entropy(m(x), y))


def resnet20(channels: int) -> nn.Module:
    return ResNet("basic", "small", 16, [3, 3, 3], channels, 10)


def resnet20_training(device, n: int, channels: int, size: int, weight_decay: float) -> Step:
    x, y = torch.randn(n, channels, size, size, device=device), torch.randint(10, (n,), device=device)
    model = resnet20(channels).to(device)
    sgd = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=weight_decay)
    return training(model, sgd, lambda m: F.cross_entropy(m(x), y))


def resnet20_inference(device) -> Step:
    x, model = torch.randn(1, 3, 32, 32, device=device), resnet20(3).to(device).eval()

    @torch.no_grad()
    def run():
        model(x)

    return Step(run, sum(p.numel() for p in model.parameters()))


def gpt_training(device, batch: int, context: int, layers: int, heads: int, width: int, vocab=65) -> Step:
    ids, after = (torch.randint(vocab, (batch, context), device=device) for _ in range(2))
    model = GPT(vocab, context, layers, heads, width, bias=True, tied=False, tanh=False).to(device)
    adamw = torch.optim.AdamW(model.parameters(), 1e-3)
    return training(model, adamw, lambda m: F.cross_entropy(m(ids).flatten(0, 1), after.flatten()))


def unet_training(device) -> Step:
    x, features = torch.randn(64, 1, 28, 28, device=device), torch.randn(64, 128, device=device)
    model = UNet(1, 32, 2, 128).to(device)
    adam = torch.optim.Adam(model.parameters(), 1e-3)
    return training(model, adam, lambda m: F.mse_loss(m.at(x, features), x))


class Classifier(nn.Module):
    """An LSTM that reads a sequence and then says a class."""

    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(10, 50), nn.Linear(50, 7)

    def forward(self, x):
        return self.head(self.lstm(x)[0][-1])


def lstm_training(device) -> Step:
    x, y = torch.randn(15, 64, 10, device=device), torch.randint(7, (64,), device=device)
    model = Classifier().to(device)
    return training(model, torch.optim.Adam(model.parameters(), 1e-3), lambda m: F.cross_entropy(m(x), y))
