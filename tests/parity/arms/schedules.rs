use super::{Arm, one};
use crate::fixture::Args;
use minitensor::Tensor;
use minitensor::optim::{
    Anneal, CosineAnnealingLR, CosineAnnealingWarmRestarts, ExponentialLR, Goal, LinearLR, Margin,
    MultiStepLR, OneCycleLR, PlateauOptions, PolynomialLR, ReduceLROnPlateau, Schedule, StepLR, WarmupCosine,
};

pub(crate) const ARMS: &[Arm] = &[
    ("step_lr", |_, args| {
        let (step_size, gamma) = (args.usize("step_size"), args.f64("gamma"));
        one(rates(StepLR { lr: args.f64("lr"), step_size, gamma }))
    }),
    ("multi_step_lr", |_, args| {
        let milestones = args.dims("milestones").into_iter().map(|at| at as usize).collect();
        one(rates(MultiStepLR { lr: args.f64("lr"), milestones, gamma: args.f64("gamma") }))
    }),
    ("exponential_lr", |_, args| one(rates(ExponentialLR { lr: args.f64("lr"), gamma: args.f64("gamma") }))),
    ("linear_lr", |_, args| {
        let (start_factor, end_factor) = (args.f64("start_factor"), args.f64("end_factor"));
        let total_iters = args.usize("total_iters");
        one(rates(LinearLR { lr: args.f64("lr"), start_factor, end_factor, total_iters }))
    }),
    ("polynomial_lr", |_, args| {
        let (total_iters, power) = (args.usize("total_iters"), args.f64("power"));
        one(rates(PolynomialLR { lr: args.f64("lr"), total_iters, power }))
    }),
    ("cosine_annealing_lr", |_, args| {
        let (lr, eta_min) = (args.f64("lr"), args.f64_or("eta_min", 0.0));
        one(rates(CosineAnnealingLR { lr, t_max: args.usize("T_max"), eta_min }))
    }),
    ("warm_restarts", |_, args| {
        let (t_0, t_mult, eta_min) = (args.usize("T_0"), args.usize("T_mult"), args.f64("eta_min"));
        one(rates(CosineAnnealingWarmRestarts { lr: args.f64("lr"), t_0, t_mult, eta_min }))
    }),
    ("warmup_cosine", |_, args| {
        let (warmup, min) = (args.usize("warmup"), args.f64("eta_min"));
        let steps = warmup + args.usize("T_max");
        one(rates(WarmupCosine { lr: args.f64("lr"), min, warmup, steps }))
    }),
    ("one_cycle_lr", |_, args| one(rates(one_cycle(args)))),
    ("lambda_lr", |_, args| {
        let lr = args.f64("lr");
        one(rates(|t: usize| lr / (1.0 + 0.1 * t as f64)))
    }),
    ("plateau", |x, args| one(plateau(&x[0], args))),
];

/// The rates of the forty epochs that topics/schedules.py looks at.
fn rates(schedule: impl Schedule) -> Tensor {
    Tensor::from_vec((0..40).map(|epoch| schedule.lr(epoch)).collect(), [40])
}

fn one_cycle(args: &Args) -> OneCycleLR {
    let defaults = OneCycleLR::new(args.f64("max_lr"), args.usize("total_steps"));
    OneCycleLR {
        pct_start: args.f64_or("pct_start", defaults.pct_start),
        anneal_strategy: if args.has("anneal_strategy") { Anneal::Linear } else { Anneal::Cos },
        div_factor: args.f64_or("div_factor", defaults.div_factor),
        final_div_factor: args.f64_or("final_div_factor", defaults.final_div_factor),
        three_phase: args.bool("three_phase"),
        ..defaults
    }
}

/// The rate after each value; halfway, the schedule goes on from its state.
fn plateau(values: &Tensor, args: &Args) -> Tensor {
    let defaults = PlateauOptions::default();
    let threshold = args.f64_or("threshold", 1e-4);
    let options = PlateauOptions {
        goal: if args.has("mode") { Goal::Max } else { Goal::Min },
        factor: args.f64_or("factor", defaults.factor),
        patience: args.usize("patience"),
        threshold: match args.has("threshold_mode") {
            true => Margin::Absolute(threshold),
            false => Margin::Relative(threshold),
        },
        cooldown: if args.has("cooldown") { args.usize("cooldown") } else { 0 },
        min_lr: args.f64_or("min_lr", 0.0),
        ..defaults
    };
    let mut schedule = ReduceLROnPlateau::new(args.f64("lr"), options);
    let mut rates = Vec::new();
    for (i, value) in values.to_vec::<f64>().into_iter().enumerate() {
        if i == values.numel() / 2 {
            let state = schedule.state();
            schedule = ReduceLROnPlateau::new(1.0, options);
            schedule.load_state(&state).expect("its own state");
        }
        rates.push(schedule.step(value));
    }
    Tensor::from_vec(rates, [values.numel()])
}
