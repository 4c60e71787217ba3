"""A model that is trained for a few steps on one batch: what the topics of whole models share."""

import math

import torch

from inputs import Input, uniform

STEPS = 20


def train(model, optimiser, loss, output):
    """What the trained model says; the losses of all steps; the gradients of the first; the state in the end."""
    losses, gradients = [], None
    for _ in range(STEPS):
        optimiser.zero_grad()
        value = loss()
        value.backward()
        gradients = gradients or [p.grad.clone() for p in model.parameters()]
        losses.append(value.detach())
        optimiser.step()
    model.eval()
    return (output().detach(), torch.stack(losses), *gradients, *model.state_dict().values())


def draw(name, tensor):
    """A weight like that of a network in training: nothing is 0 or 1 that could hide a mistake."""
    if name.endswith("num_batches_tracked"):
        return Input(lambda _: torch.tensor(3), grad=False)
    if tensor.dim() > 1:
        std = math.sqrt(2 / (tensor.shape[0] * math.prod(tensor.shape[2:])))
        return Input(lambda g: std * torch.randn(tensor.shape, generator=g, dtype=torch.float64), grad=False)
    if name.endswith("running_var") or name.endswith("weight"):
        return uniform(0.5, 1.5, *tensor.shape).constant()
    return uniform(-0.4, 0.4, *tensor.shape).constant()
