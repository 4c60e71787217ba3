use super::Arm;
use crate::fixture::Args;
use minitensor::Tensor;
use minitensor::nn::{Module, Visitor};
use minitensor::optim::{
    AdadeltaOptions, AdagradOptions, AdamOptions, Descent, Ema, Group, Optimizer, Parameters, RMSpropOptions,
    Sgd, SgdOptions, UpdateRule, clip_grad_p_norm, clip_grad_value,
};

/// How many steps topics/optim.py takes.
const STEPS: usize = 20;

pub(crate) const ARMS: &[Arm] = &[
    ("sgd", |x, args| one_group(x, args, sgd(args))),
    ("adam", |x, args| one_group(x, args, adam(args, AdamOptions::default()))),
    ("adamw", |x, args| one_group(x, args, adam(args, adamw_defaults()))),
    ("rmsprop", |x, args| {
        let defaults = RMSpropOptions::default();
        let options = RMSpropOptions {
            alpha: args.f64_or("alpha", defaults.alpha),
            eps: args.f64_or("eps", defaults.eps),
            weight_decay: args.f64_or("weight_decay", 0.0),
            momentum: args.f64_or("momentum", 0.0),
            centered: args.bool("centered"),
        };
        one_group(x, args, options)
    }),
    ("adagrad", |x, args| {
        let defaults = AdagradOptions::default();
        let options = AdagradOptions {
            lr_decay: args.f64_or("lr_decay", 0.0),
            weight_decay: args.f64_or("weight_decay", 0.0),
            initial_accumulator_value: args.f64_or("initial_accumulator_value", 0.0),
            eps: args.f64_or("eps", defaults.eps),
        };
        one_group(x, args, options)
    }),
    ("adadelta", |x, args| {
        let defaults = AdadeltaOptions::default();
        let options = AdadeltaOptions {
            rho: args.f64_or("rho", defaults.rho),
            eps: args.f64_or("eps", defaults.eps),
            weight_decay: args.f64_or("weight_decay", 0.0),
        };
        one_group(x, args, options)
    }),
    ("sgd_groups", |x, args| two_groups(x, args, |weight_decay| SgdOptions { weight_decay, ..sgd(args) })),
    ("adamw_groups", |x, args| {
        two_groups(x, args, |weight_decay| AdamOptions { weight_decay, ..adamw_defaults() })
    }),
    ("ema", ema),
    ("clip_grad_value", |x, args| {
        let parameters = with_gradients(x);
        clip_grad_value(&Parameters::from(parameters.clone()), args.f64("max_value"));
        parameters.iter().filter_map(Tensor::grad).collect()
    }),
    ("clip_grad_norm", |x, args| {
        let parameters = with_gradients(x);
        let (max_norm, p) = (args.f64("max_norm"), args.f64_or("norm_type", 2.0));
        let norm = clip_grad_p_norm(&Parameters::from(parameters.clone()), max_norm, p);
        std::iter::once(norm).chain(parameters.iter().filter_map(Tensor::grad)).collect()
    }),
];

fn sgd(args: &Args) -> SgdOptions {
    SgdOptions {
        momentum: args.f64_or("momentum", 0.0),
        dampening: args.f64_or("dampening", 0.0),
        weight_decay: args.f64_or("weight_decay", 0.0),
        nesterov: args.bool("nesterov"),
    }
}

fn adam(args: &Args, defaults: AdamOptions) -> AdamOptions {
    let [beta1, beta2] = if args.has("betas") { args.pair_f64("betas") } else { [0.9, 0.999] };
    AdamOptions {
        beta1,
        beta2,
        eps: args.f64_or("eps", defaults.eps),
        weight_decay: args.f64_or("weight_decay", defaults.weight_decay),
        amsgrad: args.bool("amsgrad"),
        ..defaults
    }
}

/// 0.01 is the decay that PyTorch's AdamW has where none is named.
fn adamw_defaults() -> AdamOptions {
    AdamOptions { decoupled: true, weight_decay: 0.01, ..AdamOptions::default() }
}

fn one_group(x: &[Tensor], args: &Args, options: impl UpdateRule) -> Vec<Tensor> {
    trajectory(x, |w, b| Descent::new(vec![w, b], args.f64("lr"), options))
}

/// b learns at a multiple of the rate, and each of the two has its decay.
fn two_groups<R: UpdateRule>(x: &[Tensor], args: &Args, options: impl Fn(f64) -> R) -> Vec<Tensor> {
    let [w_options, b_options] = args.pair_f64("decays").map(options);
    trajectory(x, |w, b| {
        let w = Group::new(vec![("w".to_string(), w)], w_options);
        let b = Group::new(vec![("b".to_string(), b)], b_options).lr_scale(args.f64("scale"));
        Descent::grouped(args.f64("lr"), [w, b])
    })
}

/// Parameters that have received these gradients.
fn with_gradients(gradients: &[Tensor]) -> Vec<Tensor> {
    let parameters: Vec<Tensor> = gradients.iter().map(|g| g.zeros_like().requires_grad_()).collect();
    parameters.iter().zip(gradients).for_each(|(p, g)| p.set_grad(Some(g.clone())));
    parameters
}

/// Minimises mean((tanh(x W + b) − y)²), and returns W and b after each step, stacked.
fn trajectory<O: Optimizer>(inputs: &[Tensor], make: impl Fn(Tensor, Tensor) -> O) -> Vec<Tensor> {
    let [x, y, w, b] = inputs else { panic!("a regression has x, y, W and b") };
    let (w, b) = (own_leaf(w), own_leaf(b));
    let mut optimiser = make(w.clone(), b.clone());
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

struct Weights {
    w: Tensor,
    b: Tensor,
}

impl Module for Weights {
    fn forward(&self, x: &Tensor) -> Tensor {
        (x.matmul(&self.w) + &self.b).tanh()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("w", &self.w);
        visitor.parameter("b", &self.b);
    }
}

/// The averages of W and b after each step of SGD.
fn ema(inputs: &[Tensor], args: &Args) -> Vec<Tensor> {
    let [x, y, w, b] = inputs else { panic!("a regression has x, y, W and b") };
    let model = Weights { w: own_leaf(w), b: own_leaf(b) };
    let mut optimiser = Sgd::new(&model, 0.2, SgdOptions::default());
    let ema = Ema::new(&model, args.f64("decay"));
    let mut ema = if args.bool("warmup") { ema.warmup() } else { ema };
    let (mut ws, mut bs) = (Vec::new(), Vec::new());
    for _ in 0..STEPS {
        optimiser.zero_grad();
        (model.forward(x) - y).square().mean().backward();
        optimiser.step();
        ema.update(&model);
        ws.push(ema.averages()["w"].detach());
        bs.push(ema.averages()["b"].detach());
    }
    [ws, bs].map(|seen| Tensor::stack(&seen.iter().collect::<Vec<_>>(), 0)).into()
}

/// A parameter that starts at these numbers.
fn own_leaf(start: &Tensor) -> Tensor {
    start.detach().requires_grad_()
}
