use super::Arm;
use crate::fixture::Args;
use minitensor::Tensor;
use minitensor::optim::{
    Adam, AdamOptions, Optimizer, Parameters, Sgd, SgdOptions, clip_grad_norm, clip_grad_value,
};

/// How many steps topics/optim.py takes.
const STEPS: usize = 20;

pub(crate) const ARMS: &[Arm] = &[
    ("sgd", |x, args| {
        let options = SgdOptions {
            momentum: args.f64_or("momentum", 0.0),
            dampening: args.f64_or("dampening", 0.0),
            weight_decay: args.f64_or("weight_decay", 0.0),
            nesterov: args.bool("nesterov"),
        };
        trajectory(x, |parameters| Sgd::new(parameters, args.f64("lr"), options))
    }),
    ("adam", |x, args| adam(x, args, AdamOptions::default())),
    // 0.01 is the decay that PyTorch's AdamW has where none is named.
    ("adamw", |x, args| {
        adam(x, args, AdamOptions { decoupled: true, weight_decay: 0.01, ..AdamOptions::default() })
    }),
    ("clip_grad_value", |x, args| {
        let parameters = with_gradients(x);
        clip_grad_value(&Parameters::from(parameters.clone()), args.f64("max_value"));
        parameters.iter().filter_map(Tensor::grad).collect()
    }),
    ("clip_grad_norm", |x, args| {
        let parameters = with_gradients(x);
        let norm = clip_grad_norm(&Parameters::from(parameters.clone()), args.f64("max_norm"));
        let norm = Tensor::scalar(norm).to_dtype(x[0].dtype());
        std::iter::once(norm).chain(parameters.iter().filter_map(Tensor::grad)).collect()
    }),
];

/// Parameters that have received these gradients.
fn with_gradients(gradients: &[Tensor]) -> Vec<Tensor> {
    let parameters: Vec<Tensor> = gradients.iter().map(|g| g.zeros_like().requires_grad_()).collect();
    parameters.iter().zip(gradients).for_each(|(p, g)| p.set_grad(Some(g.clone())));
    parameters
}

fn adam(x: &[Tensor], args: &Args, defaults: AdamOptions) -> Vec<Tensor> {
    let [beta1, beta2] = if args.has("betas") { args.pair_f64("betas") } else { [0.9, 0.999] };
    let options = AdamOptions {
        beta1,
        beta2,
        eps: args.f64_or("eps", defaults.eps),
        weight_decay: args.f64_or("weight_decay", defaults.weight_decay),
        ..defaults
    };
    trajectory(x, |parameters| Adam::new(parameters, args.f64("lr"), options))
}

/// Minimises mean((tanh(x W + b) − y)²), and returns W and b after each step, stacked.
fn trajectory<O: Optimizer>(inputs: &[Tensor], make: impl Fn(Vec<Tensor>) -> O) -> Vec<Tensor> {
    let [x, y, w, b] = inputs else { panic!("a regression has x, y, W and b") };
    let (w, b) = (own_leaf(w), own_leaf(b));
    let mut optimiser = make(vec![w.clone(), b.clone()]);
    let (mut ws, mut bs) = (Vec::new(), Vec::new());
    for _ in 0..STEPS {
        optimiser.zero_grad();
        ((x.matmul(&w) + &b).tanh() - y).square().mean().backward();
        optimiser.step();
        ws.push(w.detach());
        bs.push(b.detach());
    }
    [ws, bs].map(|seen| Tensor::stack(&seen.iter().collect::<Vec<_>>(), 0)).into()
}

/// A parameter that starts at these numbers.
fn own_leaf(start: &Tensor) -> Tensor {
    start.detach().requires_grad_()
}
