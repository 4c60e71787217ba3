//! One pass over the data: the loop that every training turns.

use micrograd::{Sgd, Value};
use rand::{Rng, seq::SliceRandom};

// ANCHOR: training_loop
/// Takes one step for each batch of examples, and returns their mean loss.
pub(super) fn train_epoch(sgd: &Sgd, batches: &[Vec<usize>], loss_of: impl Fn(&[usize]) -> Value) -> f64 {
    let (mut sum, mut examples) = (0.0, 0);
    for batch in batches {
        let loss = loss_of(batch); // how wrong are we?
        sgd.zero_grad();
        loss.backward(); // which way should each weight move?
        sgd.step(); // a small step that way
        sum += loss.data() * batch.len() as f64;
        examples += batch.len();
    }
    sum / examples as f64
}
// ANCHOR_END: training_loop

// ANCHOR: batches
/// The numbers below `examples`, in random order and cut into batches, or all in one batch where no size is given.
pub(super) fn batches(examples: usize, size: Option<usize>, rng: &mut impl Rng) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..examples).collect();
    match size {
        Some(size) if size < examples => {
            order.shuffle(rng);
            order.chunks(size).map(<[usize]>::to_vec).collect()
        }
        _ => vec![order],
    }
}
// ANCHOR_END: batches

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn batches_hold_every_example_once() {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let cut = batches(10, Some(4), &mut rng);
        assert_eq!(cut.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
        let mut all = cut.concat();
        assert_ne!(all, (0..10).collect::<Vec<_>>(), "shuffled");
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
        assert_eq!(batches(3, None, &mut rng), [[0, 1, 2]]);
        assert_eq!(batches(3, Some(99), &mut rng), [[0, 1, 2]]);
    }

    #[test]
    fn the_loss_of_an_epoch_is_the_mean_over_examples() {
        let w = Value::new(0.0);
        let sgd = Sgd::new(vec![w.clone()], 0.0);
        let data = [1.0, 2.0, 6.0];
        let loss = train_epoch(&sgd, &[vec![0, 1], vec![2]], |batch| {
            let losses: Value = batch.iter().map(|&i| &w + data[i]).sum();
            losses / batch.len() as f64
        });
        assert_eq!(loss, 3.0);
    }
}
