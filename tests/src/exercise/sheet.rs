//! What an answer gave, beside what it should give.

use super::Numbers;
use std::fmt::Debug;

/// The results of an answer in the cases of its check, in the order in which a reader best learns from them.
#[derive(Clone, Debug, Default)]
pub struct Sheet(Vec<Row>);

#[derive(Clone, Debug)]
struct Row {
    case: String,
    expected: String,
    got: String,
    right: bool,
}

impl Sheet {
    /// Judges numbers to about six digits.
    pub fn near(&mut self, case: impl Into<String>, got: impl Into<Numbers>, expected: impl Into<Numbers>) {
        self.near_within(1e-6, case, got, expected);
    }

    /// Judges numbers by `|got - expected| <= tolerance * (1 + |expected|)`.
    pub fn near_within(
        &mut self,
        tolerance: f64,
        case: impl Into<String>,
        got: impl Into<Numbers>,
        expected: impl Into<Numbers>,
    ) {
        let (got, expected) = (got.into(), expected.into());
        self.0.push(Row {
            case: case.into(),
            expected: expected.text(&expected, tolerance),
            got: got.text(&expected, tolerance),
            right: got.near(&expected, tolerance),
        });
    }

    /// Judges anything else by equality, such as shapes, orders and words.
    pub fn same<T: Debug + PartialEq<U>, U: Debug>(&mut self, case: impl Into<String>, got: T, expected: U) {
        self.0.push(Row {
            case: case.into(),
            right: got == expected,
            expected: plain(&expected),
            got: plain(&got),
        });
    }

    /// Whether there are results, and all are right.
    pub fn right(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|row| row.right)
    }

    /// How many wrong results both have, and are the same.
    pub(super) fn wrong_alike(&self, other: &Self) -> usize {
        let pairs = self.0.iter().zip(&other.0);
        pairs.filter(|(a, b)| !a.right && !b.right && a.case == b.case && a.got == b.got).count()
    }

    /// Whether every result is the same.
    pub(super) fn alike(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.got() == other.got()
    }

    /// What it should be, as text: the snapshot.
    pub fn expected(&self) -> String {
        self.text(|row| &row.expected)
    }

    /// What it is, as text.
    pub fn got(&self) -> String {
        self.text(|row| &row.got)
    }

    /// Values stand beside their cases, in a column; those of several lines stand below.
    fn text(&self, value: impl Fn(&Row) -> &String) -> String {
        let width = self.0.iter().filter(|row| !row.is_long()).map(|row| row.case.chars().count()).max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        for row in &self.0 {
            let value = value(row);
            if row.is_long() || value.contains('\n') {
                text.push_str(&format!("{}\n    {}\n", row.case, value.replace('\n', "\n    ")));
            } else {
                text.push_str(&format!("{:width$}    {value}\n", row.case));
            }
        }
        text
    }
}

impl Row {
    fn is_long(&self) -> bool {
        self.expected.contains('\n')
    }
}

/// Words stand without quotes.
fn plain(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(third: f64) -> Sheet {
        let mut sheet = Sheet::default();
        sheet.near("a third of 1", third, 1.0 / 3.0);
        sheet.same("in words", "a third", "a third");
        sheet.near("a matrix", vec![[1.0, 2.0], [3.0, 4.0]], vec![[1.0, 2.0], [3.0, 4.0]]);
        sheet
    }

    #[test]
    fn a_right_answer_reads_as_expected_whatever_its_last_digits() {
        let sheet = sheet(0.333_333_4);
        assert!(sheet.right());
        assert_eq!(sheet.got(), sheet.expected());
        assert_eq!(
            sheet.expected(),
            "a third of 1    0.3333\nin words        a third\na matrix\n    [1, 2]\n    [3, 4]\n"
        );
    }

    #[test]
    fn a_wrong_answer_reads_differently() {
        let sheet = sheet(0.333_34);
        assert!(!sheet.right());
        assert_eq!(sheet.got().lines().next(), Some("a third of 1    0.33334"));
    }

    #[test]
    fn a_check_that_checked_nothing_is_not_passed() {
        assert!(!Sheet::default().right());
    }
}
