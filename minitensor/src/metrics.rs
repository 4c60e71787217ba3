//! How good the guesses of a classifier are.

use crate::Tensor;

/// How often each class was taken for each.
///
/// ```
/// use minitensor::Tensor;
/// use minitensor::metrics::ConfusionMatrix;
///
/// let labels = Tensor::from([0i64, 0, 0, 1]);
/// let guesses = Tensor::from([0i64, 0, 1, 1]);
/// let matrix = ConfusionMatrix::new(2, &labels, &guesses);
/// assert_eq!(matrix.counts(), [2, 1, 0, 1]);
/// assert_eq!((matrix.accuracy(), matrix.precision(1), matrix.recall(1)), (0.75, 0.5, 1.0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    classes: usize,
    counts: Vec<usize>,
}

impl ConfusionMatrix {
    /// Counts the guesses (N) for examples of classes (N), both in `I64`.
    ///
    /// # Panics
    /// If there are not as many guesses as labels, or one is not a class.
    #[track_caller]
    pub fn new(classes: usize, labels: &Tensor, guesses: &Tensor) -> ConfusionMatrix {
        assert_eq!(labels.shape(), guesses.shape(), "ConfusionMatrix: one guess a label is needed");
        let place = |class: i64| usize::try_from(class).unwrap_or(usize::MAX);
        let pairs = labels.to_vec::<i64>().into_iter().zip(guesses.to_vec::<i64>());
        ConfusionMatrix::from_pairs(classes, pairs.map(|(label, guess)| (place(label), place(guess))))
    }

    /// The same from pairs of (label, guess).
    ///
    /// # Panics
    /// If one is not below `classes`.
    #[track_caller]
    pub fn from_pairs(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> ConfusionMatrix {
        let mut counts = vec![0; classes * classes];
        for (label, guess) in pairs {
            assert!(
                label < classes && guess < classes,
                "ConfusionMatrix: label {label} with guess {guess}, but there are {classes} classes"
            );
            counts[label * classes + guess] += 1;
        }
        ConfusionMatrix { classes, counts }
    }

    /// How often each class (a row) was taken for each class (a column), row by row.
    pub fn counts(&self) -> &[usize] {
        &self.counts
    }

    /// The share of guesses that are right.
    pub fn accuracy(&self) -> f64 {
        let right = (0..self.classes).map(|class| self.right(class)).sum();
        ratio(right, self.counts.iter().sum())
    }

    /// Of the guesses of a class, the share that is right: TP / (TP + FP), or 0 where nothing is taken for it.
    ///
    /// # Panics
    /// If there is no such class.
    #[track_caller]
    pub fn precision(&self, class: usize) -> f64 {
        ratio(self.right(class), self.counts.iter().skip(class).step_by(self.classes).sum())
    }

    /// Of the examples of a class, the share that is found: TP / (TP + FN), or 0 where there is none.
    ///
    /// # Panics
    /// If there is no such class.
    #[track_caller]
    pub fn recall(&self, class: usize) -> f64 {
        ratio(self.right(class), self.counts.iter().skip(class * self.classes).take(self.classes).sum())
    }

    /// The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).
    ///
    /// # Panics
    /// If there is no such class.
    #[track_caller]
    pub fn f1(&self, class: usize) -> f64 {
        let (precision, recall) = (self.precision(class), self.recall(class));
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }

    /// The mean over all classes of one of these: `matrix.macro_mean(ConfusionMatrix::f1)`. A rare class counts as much as a
    /// frequent one.
    pub fn macro_mean(&self, of: impl Fn(&ConfusionMatrix, usize) -> f64) -> f64 {
        (0..self.classes).map(|class| of(self, class)).sum::<f64>() / self.classes as f64
    }

    #[track_caller]
    fn right(&self, class: usize) -> usize {
        assert!(class < self.classes, "ConfusionMatrix: class {class}, but there are {}", self.classes);
        self.counts[class * self.classes + class]
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in scikit-learn's pages of `precision_score`, `recall_score` and `f1_score`: macro averages of 0.22,
    /// 0.33 and 0.26.
    #[test]
    fn as_scikit_learn_counts() {
        let labels = Tensor::from([0i64, 1, 2, 0, 1, 2]);
        let guesses = Tensor::from([0i64, 2, 1, 0, 0, 1]);
        let matrix = ConfusionMatrix::new(3, &labels, &guesses);
        assert_eq!(matrix.counts(), [2, 0, 0, 1, 0, 1, 0, 2, 0]);
        assert_eq!([0, 1, 2].map(|class| matrix.precision(class)), [2.0 / 3.0, 0.0, 0.0]);
        assert_eq!([0, 1, 2].map(|class| matrix.recall(class)), [1.0, 0.0, 0.0]);
        let f1 = [0, 1, 2].map(|class| matrix.f1(class));
        assert!((f1[0] - 0.8).abs() < 1e-12 && f1[1..] == [0.0, 0.0], "{f1:?}");
        assert!((matrix.macro_mean(ConfusionMatrix::precision) - 2.0 / 9.0).abs() < 1e-12);
        assert!((matrix.macro_mean(ConfusionMatrix::f1) - 0.8 / 3.0).abs() < 1e-12);
        assert_eq!(matrix.accuracy(), 2.0 / 6.0);
    }

    #[test]
    #[should_panic(expected = "label 0 with guess 3, but there are 3 classes")]
    fn a_guess_that_is_no_class_is_a_mistake() {
        ConfusionMatrix::from_pairs(3, [(0, 3)]);
    }
}
