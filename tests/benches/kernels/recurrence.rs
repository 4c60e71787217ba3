//! Recurrent layers over whole sequences.

use divan::Bencher;
use minitensor::Tensor;
use minitensor::nn::{GRU, LSTM, Module, RNN};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::pass::{Backward, Forward, Pass, leaves};

/// Steps, batch, features and hidden units: a small classifier, one example, a language model.
const SHAPES: [[usize; 4]; 3] = [[15, 64, 10, 50], [15, 1, 10, 50], [64, 32, 128, 256]];

macro_rules! recurrent {
    ($($name:ident $layer:ident),*) => { $(
        #[divan::bench(types = [Forward, Backward], args = SHAPES)]
        fn $name<P: Pass>(bencher: Bencher, [steps, batch, inputs, hidden]: [usize; 4]) {
            let layer = $layer::new(inputs, hidden, &mut ChaCha8Rng::seed_from_u64(0));
            time::<P>(bencher, &layer, &[steps, batch, inputs]);
        }
    )* };
}

recurrent!(lstm LSTM, gru GRU, rnn RNN);

/// The layer's weights get gradients as well, which must not pile up from one time to the next.
fn time<P: Pass>(bencher: Bencher, layer: &impl Module, shape: &[usize]) {
    P::time(bencher, &leaves([shape]), |x: &[Tensor]| {
        layer.zero_grad();
        layer.forward(&x[0])
    });
}
