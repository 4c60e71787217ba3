//! Losses: one number that says how wrong the predictions are. All are means over the examples.

use crate::Value;
use num_traits::Float;

// ANCHOR: mse
/// The mean squared error: (y - target)². Far misses count much more than near ones.
#[track_caller]
pub fn mse_loss<T: Float>(predictions: &[Value<T>], targets: &[T]) -> Value<T> {
    check("mse_loss", predictions.len(), targets.len());
    mean(predictions.iter().zip(targets).map(|(y, &target)| (y - target).powi(2)))
}
// ANCHOR_END: mse

// ANCHOR: hinge
/// The hinge loss of a score against a label of -1 or 1: max(0, 1 - label × score). It asks for the right sign and
/// a margin of 1, and is content with everything beyond (Cortes and Vapnik 1995).
#[track_caller]
pub fn hinge_loss<T: Float>(scores: &[Value<T>], labels: &[T]) -> Value<T> {
    check("hinge_loss", scores.len(), labels.len());
    mean(scores.iter().zip(labels).map(|(score, &label)| (score * -label + T::one()).relu()))
}
// ANCHOR_END: hinge

// ANCHOR: cross_entropy
/// The cross-entropy of scores for each class against the right class: -ln softmax(scores)\[class\], the surprise at
/// seeing the right answer. Scores are any numbers; softmax makes them probabilities.
#[track_caller]
pub fn cross_entropy<T: Float>(scores: &[Vec<Value<T>>], classes: &[usize]) -> Value<T> {
    check("cross_entropy", scores.len(), classes.len());
    mean(scores.iter().zip(classes).map(|(scores, &class)| {
        assert!(class < scores.len(), "cross_entropy: class {class} of only {} scores", scores.len());
        // Softmax stays the same if every score moves together; with the largest at 0, none of them overflows.
        let largest = scores.iter().map(Value::data).fold(T::neg_infinity(), T::max);
        let total: Value<T> = scores.iter().map(|score| (score - largest).exp()).sum();
        total.ln() + largest - &scores[class]
    }))
}
// ANCHOR_END: cross_entropy

// ANCHOR: binary_cross_entropy
/// The cross-entropy of two classes, from one score: the probability of class 1 is sigmoid(score), and the loss
/// -ln p of the class that was right. Written with softplus(x) = -ln(1 - sigmoid(x)), which never takes the
/// logarithm of a probability that was rounded to 0.
#[track_caller]
pub fn binary_cross_entropy_with_logits<T: Float>(scores: &[Value<T>], targets: &[T]) -> Value<T> {
    check("binary_cross_entropy_with_logits", scores.len(), targets.len());
    mean(scores.iter().zip(targets).map(|(score, &target)| score.softplus() - score * target))
}
// ANCHOR_END: binary_cross_entropy

fn mean<T: Float>(losses: impl ExactSizeIterator<Item = Value<T>>) -> Value<T> {
    let count = T::from(losses.len()).unwrap_or_else(T::nan);
    losses.sum::<Value<T>>() / count
}

#[track_caller]
fn check(loss: &str, predictions: usize, targets: usize) {
    assert_eq!(predictions, targets, "{loss}: as many predictions are needed as there are targets");
    assert!(predictions > 0, "{loss}: the mean over no examples is not a number");
}
