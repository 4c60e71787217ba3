//! Runs the cases of a fixture: makes the inputs, calls the arm, compares outputs and gradients.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minitensor::{DType, Tensor};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

use crate::bounds::{self, Bound};
use crate::fixture::{Args, Case, Fixture, load};
use crate::table;

/// How our engine is called for an op of a fixture: inputs and arguments in, outputs out.
pub(crate) type Arm = (&'static str, fn(&[Tensor], &Args) -> Vec<Tensor>);

/// Runs every case of a topic, and fails with a list of those that went wrong.
///
/// A case without an arm fails, and so does an arm that no case calls.
pub(crate) fn run(topic: &str, arms: &[Arm]) {
    let fixture = Fixture::open(topic);
    let (description, tensors) = (fixture.description(), fixture.tensors());
    let mut failures = Vec::new();
    for (name, case) in &description.cases {
        let Some((_, arm)) = arms.iter().find(|(op, _)| *op == case.op) else {
            failures.push(format!("{name}: `{}` has no arm in arms/{topic}.rs", case.op));
            continue;
        };
        for dtype in &case.dtypes {
            let run = Run { topic, name, case, tensors: &tensors, label: dtype, dtype: dtype_named(dtype) };
            // What comes back to an op lies in memory as its consumer left it, so: straight, and transposed.
            let straight = run.attempt(*arm, |x| x.clone());
            let turned = run.attempt(*arm, |x| x.permute((0..x.rank() as isize).rev().collect::<Vec<_>>()));
            failures.extend(straight.err().or(turned.err()));
        }
    }
    for (op, _) in arms {
        if !description.cases.values().any(|case| case.op == *op) {
            failures.push(format!("{op}: an arm, but no case"));
        }
    }
    table::write();
    assert!(
        failures.is_empty(),
        "{} of {} cases of {topic} differ from PyTorch {}:\n  {}\n",
        failures.len(),
        description.cases.values().map(|c| c.dtypes.len()).sum::<usize>(),
        description.torch,
        failures.join("\n  ")
    );
}

/// One case in one dtype.
struct Run<'a> {
    topic: &'a str,
    name: &'a str,
    case: &'a Case,
    tensors: &'a SafeTensors<'a>,
    label: &'a str,
    dtype: DType,
}

impl Run<'_> {
    /// Runs the case; a panic of the engine is a failure like another.
    fn attempt(
        &self,
        arm: fn(&[Tensor], &Args) -> Vec<Tensor>,
        turn: fn(&Tensor) -> Tensor,
    ) -> Result<(), String> {
        let result = catch_unwind(AssertUnwindSafe(|| self.compare(arm, turn))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or(panic.downcast_ref::<&str>().map(ToString::to_string));
            let text = text.or(panic.downcast_ref::<minitensor::Error>().map(ToString::to_string));
            Err(format!("panicked: {}", text.as_deref().unwrap_or("?")))
        });
        result.map_err(|why| format!("{} in {}: {why}", self.name, self.label))
    }

    fn compare(
        &self,
        arm: fn(&[Tensor], &Args) -> Vec<Tensor>,
        turn: fn(&Tensor) -> Tensor,
    ) -> Result<(), String> {
        let bound = bounds::of(self.topic, &self.case.op, self.dtype);
        let leaves = self.leaves();
        let outputs = arm(&self.views(&leaves), &self.case.args);
        if outputs.len() != self.case.outputs {
            return Err(format!("the arm gives {} outputs, PyTorch {}", outputs.len(), self.case.outputs));
        }
        self.outputs(&outputs, bound)?;
        if let Some(loss) = self.loss(&outputs, turn)? {
            loss.backward();
            self.gradients(&leaves, bound)?;
        }
        Ok(())
    }

    fn leaves(&self) -> Vec<Tensor> {
        let leaf = |(index, input): (usize, &crate::fixture::Input)| {
            let base = self.stored(&format!("in{index}"));
            if input.grad { base.requires_grad_() } else { base }
        };
        self.case.inputs.iter().enumerate().map(leaf).collect()
    }

    fn views(&self, leaves: &[Tensor]) -> Vec<Tensor> {
        let viewed = |(leaf, input): (&Tensor, &crate::fixture::Input)| {
            input.view.iter().fold(leaf.clone(), |x, (step, arguments)| view(&x, step, arguments))
        };
        leaves.iter().zip(&self.case.inputs).map(viewed).collect()
    }

    fn outputs(&self, outputs: &[Tensor], bound: Bound) -> Result<(), String> {
        for (index, output) in outputs.iter().enumerate() {
            let want = self.answer(&format!("out{index}"));
            let what = if outputs.len() == 1 { "the output".to_owned() } else { format!("output {index}") };
            let error = bounds::error(output, &want, bound.floor).map_err(|why| format!("{what}: {why}"))?;
            table::forward(self.topic, &self.case.op, self.dtype, error);
            judge(&what, error, bound.forward)?;
        }
        Ok(())
    }

    /// The outputs weighted by their upstream gradients and added up: its backward brings just those.
    fn loss(&self, outputs: &[Tensor], turn: fn(&Tensor) -> Tensor) -> Result<Option<Tensor>, String> {
        let mut terms = Vec::new();
        for (index, output) in outputs.iter().enumerate() {
            match (self.case.differentiable.contains(&index), output.requires_grad()) {
                (false, false) => continue,
                (true, false) => {
                    return Err(format!("output {index} has no gradient, and in PyTorch it has"));
                }
                (false, true) => {
                    return Err(format!("output {index} has a gradient, and in PyTorch it has none"));
                }
                (true, true) => {}
            }
            terms.push(match self.case.ones {
                true => output.sum(),
                false => {
                    let up = self.stored(&format!("up{index}")).to_dtype(output.dtype());
                    (turn(output) * turn(&up)).sum()
                }
            });
        }
        Ok(terms.into_iter().reduce(|a, b| a + b))
    }

    fn gradients(&self, leaves: &[Tensor], bound: Bound) -> Result<(), String> {
        for (index, leaf) in leaves.iter().enumerate().filter(|(_, leaf)| leaf.requires_grad()) {
            let want = self.answer(&format!("grad{index}"));
            let what = format!("the gradient of input {index}");
            // An output that does not depend on an input leaves it without a gradient.
            let got = leaf.grad().unwrap_or_else(|| leaf.zeros_like());
            let error = bounds::error(&got, &want, bound.floor).map_err(|why| format!("{what}: {why}"))?;
            table::backward(self.topic, &self.case.op, self.dtype, error);
            judge(&what, error, bound.backward)?;
        }
        Ok(())
    }

    /// What PyTorch was given: kept in F64, and rounded for a run in F32.
    fn stored(&self, what: &str) -> Tensor {
        load(&self.find(what), self.dtype)
    }

    /// What PyTorch answered, in the dtype that it answered in.
    fn answer(&self, what: &str) -> Tensor {
        load(&self.find(&format!("{}/{what}", self.label)), DType::F64)
    }

    fn find(&self, what: &str) -> TensorView<'_> {
        let name = format!("{}/{what}", self.name);
        self.tensors.tensor(&name).unwrap_or_else(|e| panic!("{e}: {name}"))
    }
}

fn judge(what: &str, error: f64, bound: f64) -> Result<(), String> {
    if error <= bound {
        Ok(())
    } else {
        Err(format!("{what} is off by {error:.1e}, and may be by {bound:.1e}"))
    }
}

/// One step of a view, as inputs.py takes it.
fn view(x: &Tensor, step: &str, arguments: &[isize]) -> Tensor {
    let sizes = || arguments.iter().map(|&size| size as usize).collect::<Vec<_>>();
    match (step, arguments) {
        ("transpose", &[a, b]) => x.transpose(a, b),
        ("permute", order) => x.permute(order),
        ("narrow", &[dim, start, len]) => x.narrow(dim, start as usize, len as usize),
        ("select", &[dim, index]) => x.select(dim, index as usize),
        ("reshape", _) => x.reshape(sizes()),
        ("expand", _) => x.expand(sizes()),
        _ => panic!("no view is called {step} with {arguments:?}"),
    }
}

/// The dtype that a fixture calls so.
pub(crate) fn dtype_named(label: &str) -> DType {
    match label {
        "f32" => DType::F32,
        "f64" => DType::F64,
        "i64" => DType::I64,
        "u8" => DType::U8,
        _ => panic!("no dtype of a fixture is called {label}"),
    }
}
