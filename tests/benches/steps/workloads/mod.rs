//! The workloads, each the twin of one in `tests/peers/steps.py`.

pub(crate) mod arithmetic;
pub(crate) mod gpt;
mod lstm;
mod mlp;
pub(crate) mod resnet;
mod setup;
mod unet;

pub(crate) use setup::{Run, Setup, Step};

/// Something to time.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    /// How many numbers its model learns, which must be as many as in PyTorch; an op learns none.
    pub(crate) parameters: usize,
    build: Build,
}

type Build = fn(&mut Setup) -> Step;

/// All of them.
pub(crate) const WORKLOADS: &[Workload] = &[
    workload("mlp_sine", 4_353, mlp::sine),
    workload("mlp_fashion", 669_706, mlp::fashion),
    workload("resnet20_b128", 272_474, resnet::b128),
    workload("resnet20_digits_b64", 272_186, resnet::digits_b64),
    workload("resnet20_infer_b1", 272_474, resnet::infer_b1),
    workload("gpt_nano_cpu", 818_176, gpt::nano_cpu),
    workload("gpt_baby", 10_795_776, gpt::baby),
    workload("unet28_b64", 339_745, unet::b64),
    workload("lstm_b64", 12_757, lstm::b64),
    workload("matmul_64", 0, |setup| arithmetic::matmul(64, setup)),
    workload("matmul_256", 0, |setup| arithmetic::matmul(256, setup)),
    workload("matmul_1024", 0, |setup| arithmetic::matmul(1024, setup)),
    workload("matmul_2048", 0, |setup| arithmetic::matmul(2048, setup)),
    workload("matmul_4096", 0, |setup| arithmetic::matmul(4096, setup)),
    workload("softmax_4096x1024", 0, arithmetic::softmax),
    workload("gelu_4m", 0, arithmetic::gelu),
    workload("add_4m", 0, arithmetic::add),
];

const fn workload(name: &'static str, parameters: usize, build: Build) -> Workload {
    Workload { name, parameters, build }
}

impl Workload {
    /// Builds the model and its data; what comes back is one step.
    ///
    /// # Panics
    /// If the model does not learn the stated number of parameters: it would be another workload.
    pub(crate) fn prepare(&self, setup: &mut Setup) -> Run {
        let Step { parameters, run } = (self.build)(setup);
        assert_eq!(parameters, self.parameters, "{}: not the parameters of its twin in PyTorch", self.name);
        run
    }
}
