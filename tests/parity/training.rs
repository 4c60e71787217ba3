//! A model that is trained for a few steps on one batch: what the arms of whole models share.

use minitensor::Tensor;
use minitensor::nn::{Module, StateDict};
use minitensor::optim::Optimizer;

use crate::fixture::Args;

/// How many steps training.py takes.
const STEPS: usize = 20;

/// Puts the state of a case into a model; the case names its tensors in `names`.
pub(crate) fn load(model: &dyn Module, state: &[Tensor], args: &Args) {
    let state: StateDict = args.strings("names").into_iter().zip(state.iter().cloned()).collect();
    model.load_state_dict(&state).unwrap_or_else(|e| panic!("{e}"));
}

/// What the trained model says; the losses of all steps; the gradients of the first; the weights and buffers in the end.
pub(crate) fn train(
    model: &dyn Module,
    mut optimizer: impl Optimizer,
    args: &Args,
    loss: impl Fn() -> Tensor,
    output: impl Fn() -> Tensor,
) -> Vec<Tensor> {
    let names = args.strings("names");
    let (mut losses, mut gradients) = (Vec::new(), Vec::new());
    for step in 0..STEPS {
        optimizer.zero_grad();
        let loss = loss();
        loss.backward();
        if step == 0 {
            let parameters: StateDict = model.named_parameters().into_iter().collect();
            gradients = names.iter().filter_map(|name| parameters.get(name)?.grad()).collect();
        }
        losses.push(loss.item() as f32);
        optimizer.step();
    }
    model.eval();
    let mut outputs = vec![output().detach(), Tensor::from_vec(losses, [STEPS])];
    outputs.extend(gradients);
    let mut state = model.state_dict();
    outputs.extend(names.iter().filter_map(|name| state.remove(name)));
    outputs
}
