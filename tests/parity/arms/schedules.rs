use super::{Arm, one};
use minitensor::Tensor;
use minitensor::optim::{CosineAnnealing, Schedule, StepDecay};

pub(crate) const ARMS: &[Arm] = &[
    ("step_lr", |_, args| {
        one(rates(StepDecay { lr: args.f64("lr"), every: args.usize("step_size"), gamma: args.f64("gamma") }))
    }),
    ("exponential_lr", |_, args| {
        one(rates(StepDecay { lr: args.f64("lr"), every: 1, gamma: args.f64("gamma") }))
    }),
    ("cosine_annealing_lr", |_, args| {
        let (lr, min) = (args.f64("lr"), args.f64_or("eta_min", 0.0));
        one(rates(CosineAnnealing { lr, min, warmup: 0, steps: args.usize("T_max") }))
    }),
];

/// The rates of the forty epochs that topics/schedules.py looks at.
fn rates(schedule: impl Schedule) -> Tensor {
    Tensor::from_vec((0..40).map(|epoch| schedule.lr(epoch)).collect(), [40])
}
