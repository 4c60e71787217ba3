use std::fmt;

use super::{DeviceChoice, Options, Outcome, set_threads};
use crate::{Device, detect_anomaly};

/// What a practical computes with.
///
/// ```
/// use minitensor::lab::Options;
///
/// let machine = Options::default().machine()?;
/// assert!(machine.threads >= 1);
/// println!("{machine}"); // cpu with 2 threads
/// let loss = machine.step(|| 0.5); // forward, backward, and the optimiser's step
/// # assert_eq!(loss, 0.5);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Machine {
    /// Where the tensors live.
    pub device: Device,
    /// How many threads the processor's kernels use.
    pub threads: usize,
    detect_anomaly: bool,
}

impl Options {
    /// Prepares what `--device`, `--threads` and `--detect-anomaly` ask for. Call it once, before the first tensor.
    ///
    /// # Errors
    /// When the device is not there, or the threads cannot be started.
    pub fn machine(&self) -> Outcome<Machine> {
        let threads = set_threads(self.threads)?;
        let device = match self.device.unwrap_or_default() {
            DeviceChoice::Cpu => Device::Cpu,
            DeviceChoice::OpenCl => Device::opencl(0)?,
            DeviceChoice::Best => Device::best(),
        };
        Ok(Machine { device, threads, detect_anomaly: self.detect_anomaly })
    }
}

impl Machine {
    /// Runs a training step. Under `--detect-anomaly`, the first op in it whose result is not finite ends the
    /// practical with a message that names it.
    pub fn step<R>(&self, step: impl FnOnce() -> R) -> R {
        if self.detect_anomaly { detect_anomaly(step) } else { step() }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let s = if self.threads == 1 { "" } else { "s" };
        match self.device {
            Device::Cpu => write!(f, "{} with {} thread{s}", self.device, self.threads),
            device => write!(f, "{device} ({})", device.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::{Anomaly, Tensor};

    #[test]
    fn an_anomaly_is_named_only_where_it_is_looked_for() {
        let x = Tensor::from([-1.0f32]).requires_grad_();
        let usual = Options::default().machine().unwrap();
        assert!(usual.step(|| x.ln().item()).is_nan());

        let watched = Options { detect_anomaly: true, ..Options::default() }.machine().unwrap();
        let payload = catch_unwind(AssertUnwindSafe(|| watched.step(|| x.ln()))).expect_err("ln of -1");
        assert_eq!(payload.downcast_ref::<Anomaly>().unwrap().op, "ln");
    }
}
