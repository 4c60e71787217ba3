//! Checks of chapter 3.

mod cross_entropy;
mod momentum_step;
mod neuron;
mod parameter_count;
mod train;

#[allow(unused_imports, reason = "`../main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../../mine/ch03_neurons.rs"]
    ch03_neurons: neuron, parameter_count, cross_entropy, momentum_step, train
}
