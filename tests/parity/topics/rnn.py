"""Recurrent layers and their cells: all outputs, and the gradients of the input, of the states at the start and of every weight.

The inputs of a case are x, the states at the start if it has any, and the weights in the order of the layer's `state_dict`,
whose keys are in `keys`.
"""

from torch import nn

from inputs import Input, normal, uniform

LAYERS = {
    "rnn": lambda *sizes, relu=False, **options: nn.RNN(*sizes, nonlinearity="relu" if relu else "tanh", **options),
    "gru": nn.GRU,
    "lstm": nn.LSTM,
}
CELLS = {
    "rnn_cell": lambda *sizes, relu=False: nn.RNNCell(*sizes, nonlinearity="relu" if relu else "tanh"),
    "gru_cell": nn.GRUCell,
    "lstm_cell": nn.LSTMCell,
}


def run(make, x, *rest, hidden, state, keys, **options):
    model = make(x.shape[-1], hidden, **options).to(x.dtype)
    assert list(model.state_dict()) == keys
    start, weights = rest[:state], rest[state:]
    for key, weight in zip(keys, weights):
        delattr(model, key)
        setattr(model, key, weight)
    start = (start if state == 2 else start[0]) if state else None
    outputs = model(x, start)
    flat = lambda out: [out] if not isinstance(out, tuple) else [tensor for part in out for tensor in flat(part)]
    return flat(outputs)


OPS = {
    name: lambda *inputs, make=make, **arguments: run(make, *inputs, **arguments)
    for name, make in (LAYERS | CELLS).items()
}


def case(f, label, op, x, hidden, start=(), views=None, **options):
    """`views` replaces weights of the layer by inputs that lie in memory in another way."""
    features = FEATURES.get(label, 3)
    state = (LAYERS | CELLS)[op](features, hidden, **options).state_dict()
    weights = {key: uniform(-0.8, 0.8, *tensor.shape) for key, tensor in state.items()} | (views or {})
    inputs = [x, *start, *weights.values()]
    f(label, op, inputs, hidden=hidden, state=len(start), keys=list(state), **options)


# How many features the input of a case has, where that is not 3.
FEATURES = {"wide": 1, "one_by_one": 1, "many_rows": 1}


def cases(f):
    for op in LAYERS:
        both = lambda *shape: [normal(*shape) for _ in range(2 if op == "lstm" else 1)]
        case(f, "plain", op, normal(4, 2, 3), 2)
        case(f, "state", op, normal(4, 2, 3), 2, both(1, 2, 2))
        case(f, "no_bias", op, normal(4, 2, 3), 2, both(1, 2, 2), bias=False)
        case(f, "all", op, normal(2, 4, 3), 2, both(4, 2, 2), num_layers=2, bidirectional=True, batch_first=True)
        case(f, "one_step", op, normal(1, 2, 3), 2, both(1, 2, 2))
        case(f, "one_row", op, normal(4, 1, 3), 2, both(1, 1, 2))
        case(f, "one_by_one", op, normal(3, 2, 1), 1, both(1, 2, 1))
        # more rows than a block has, more units than a vector
        case(f, "many_rows", op, normal(2, 35, 1), 1, both(1, 35, 1))
        case(f, "wide", op, normal(2, 2, 1), 17, both(1, 2, 17))
        gates = {"rnn": 1, "gru": 3, "lstm": 4}[op] * 2
        views = {"weight_hh_l0": normal(2, gates).transpose(0, 1), "bias_hh_l0": normal(1).expand(gates)}
        case(f, "strided_weights", op, normal(3, 2, 3), 2, both(1, 2, 2), views)
    # What is the same for all cells: how layers are put together, and views.
    both = lambda *shape: [normal(*shape), normal(*shape)]
    case(f, "two_layers", "lstm", normal(4, 2, 3), 2, both(2, 2, 2), num_layers=2)
    case(f, "bidirectional", "lstm", normal(4, 2, 3), 2, both(2, 2, 2), bidirectional=True)
    case(f, "batch_first", "lstm", normal(2, 4, 3), 2, both(1, 2, 2), batch_first=True)
    case(f, "unbatched", "lstm", normal(4, 3), 2, both(1, 2))
    case(f, "unbatched_both_ways", "gru", normal(4, 3), 2, bidirectional=True, batch_first=True)
    case(f, "one_step_back", "lstm", normal(1, 2, 3), 2, both(2, 2, 2), bidirectional=True)
    case(f, "no_rows", "gru", normal(2, 0, 3), 2, [normal(1, 0, 2)])
    case(f, "transposed", "lstm", normal(2, 4, 3).transpose(0, 1), 2, both(1, 2, 2))
    case(f, "narrowed", "lstm", normal(6, 3, 5).narrow(0, 1, 4).narrow(1, 1, 2).narrow(2, 1, 3), 2)
    case(f, "expanded", "lstm", normal(4, 1, 3).expand(4, 2, 3), 2)
    turned = [normal(2, 1).transpose(0, 1).reshape(1, 1, 2).expand(1, 3, 2) for _ in range(2)]
    case(f, "learned_state", "lstm", normal(4, 3, 3), 2, turned)
    for relu in ("plain", "state", "bidirectional"):
        layers = {"bidirectional": True} if relu == "bidirectional" else {}
        start = [] if relu == "plain" else [normal(2 if layers else 1, 2, 2)]
        case(f, f"relu_{relu}", "rnn", normal(4, 2, 3), 2, start, relu=True, **layers)
    for op in CELLS:
        n = 2 if op == "lstm_cell" else 1
        both = lambda *shape: [normal(*shape) for _ in range(n)]
        case(f, "plain", op, normal(5, 3), 2)
        case(f, "state", op, normal(5, 3), 2, both(5, 2))
        case(f, "unbatched", op, normal(3), 2, both(2))
        case(f, "no_rows", op, normal(0, 3), 2, both(0, 2))
    case(f, "relu", "rnn_cell", normal(5, 3), 2, [normal(5, 2)], relu=True)
