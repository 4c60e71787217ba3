//! What the workloads are built with.

use minitensor::nn::Module;
use minitensor::optim::Optimizer;
use minitensor::{Device, Shape, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// Where a workload is built, and the numbers it is filled with.
pub(crate) struct Setup {
    device: Device,
    pub(crate) rng: ChaCha8Rng,
}

impl Setup {
    pub(crate) fn on(device: Device) -> Setup {
        Setup { device, rng: ChaCha8Rng::seed_from_u64(0) }
    }

    /// Numbers of a normal distribution.
    pub(crate) fn randn(&mut self, shape: impl Into<Shape>) -> Tensor {
        let numbers = Tensor::randn(shape, &mut self.rng);
        self.place(&numbers)
    }

    /// Labels below `classes`, in `I64`.
    pub(crate) fn labels(&mut self, classes: i64, shape: impl Into<Shape>) -> Tensor {
        let labels = Tensor::randint(0..classes, shape, &mut self.rng);
        self.place(&labels)
    }

    /// The same tensor, on the device.
    pub(crate) fn place(&self, tensor: &Tensor) -> Tensor {
        tensor.to_device(self.device).expect("the device was opened before")
    }

    /// Moves a model to the device.
    pub(crate) fn place_model(&self, model: &impl Module) {
        model.to_device(self.device).expect("the device was opened before");
    }
}

/// What is timed.
pub(crate) type Run = Box<dyn FnMut()>;

/// A step of training, or an op.
pub(crate) struct Step {
    /// How many numbers are learned.
    pub(crate) parameters: usize,
    pub(crate) run: Run,
}

impl Step {
    /// A step of training: forward, loss, backward, and the optimiser's change, as a reader writes it.
    pub(crate) fn training<M: Module + 'static>(
        model: M,
        mut optimizer: impl Optimizer + 'static,
        loss: impl Fn(&M) -> Tensor + 'static,
    ) -> Step {
        let parameters = model.num_parameters();
        let run = move || {
            optimizer.zero_grad();
            let loss = loss(&model);
            loss.backward();
            optimizer.step();
        };
        Step { parameters, run: Box::new(run) }
    }

    /// A single op.
    pub(crate) fn op(op: impl Fn() -> Tensor + 'static) -> Step {
        let run = move || {
            op();
        };
        Step { parameters: 0, run: Box::new(run) }
    }
}
