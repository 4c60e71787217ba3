//! Counting which character follows which: the simplest language model, and the one that every other must beat.

/// How often each character (a row) is followed by each (a column).
#[derive(Debug, Clone, PartialEq)]
pub struct Bigram {
    counts: Vec<u64>,
    characters: usize,
}

impl Bigram {
    /// Counts the pairs of neighbours in sequences of tokens below `characters`.
    ///
    /// ```
    /// use gpt::bigram::Bigram;
    ///
    /// let bigram = Bigram::count(&[vec![0, 1, 2, 1, 2, 0]], 3);
    /// assert_eq!(bigram.row(1), [0, 0, 2]);
    /// assert_eq!(bigram.probability(1, 2), 3.0 / 5.0); // (2 + 1) / (2 + 3)
    /// ```
    pub fn count(sequences: &[Vec<i64>], characters: usize) -> Bigram {
        let mut counts = vec![0; characters * characters];
        for pair in sequences.iter().flat_map(|sequence| sequence.windows(2)) {
            counts[pair[0] as usize * characters + pair[1] as usize] += 1;
        }
        Bigram { counts, characters }
    }

    /// How often each character has followed this one.
    pub fn row(&self, first: i64) -> &[u64] {
        &self.counts[first as usize * self.characters..][..self.characters]
    }

    // ANCHOR: probability
    /// The probability that `second` follows `first`. Every pair is counted once more than it was seen, so that none is
    /// impossible (Laplace's rule of succession).
    pub fn probability(&self, first: i64, second: i64) -> f64 {
        let row = self.row(first);
        (row[second as usize] + 1) as f64 / (row.iter().sum::<u64>() as usize + self.characters) as f64
    }

    /// The mean of −ln p over all pairs of neighbours: the loss, in nats a character.
    pub fn loss(&self, sequences: &[Vec<i64>]) -> f64 {
        let pairs = || sequences.iter().flat_map(|sequence| sequence.windows(2));
        let sum: f64 = pairs().map(|pair| -self.probability(pair[0], pair[1]).ln()).sum();
        sum / pairs().count() as f64
    }
    // ANCHOR_END: probability
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_of_a_row_sum_to_one_and_the_loss_is_theirs() {
        let sequences = [vec![0, 1, 1, 2, 0], vec![0, 2, 0]];
        let bigram = Bigram::count(&sequences, 4);
        for first in 0..4 {
            let sum: f64 = (0..4).map(|second| bigram.probability(first, second)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
        // 0→1, 1→1, 1→2, 2→0, 0→2, 2→0 with rows 0: [0, 1, 1, 0], 1: [0, 1, 1, 0], 2: [2, 0, 0, 0]
        let by_hand = -(4.0 * (2.0f64 / 6.0).ln() + 2.0 * (3.0f64 / 6.0).ln()) / 6.0;
        assert!((bigram.loss(&sequences) - by_hand).abs() < 1e-12);
        assert_eq!(Bigram::count(&[], 5).probability(3, 4), 0.2);
    }
}
