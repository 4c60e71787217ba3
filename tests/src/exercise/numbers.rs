//! Numbers as an exercise returns them: one, a list, a list of lists.

/// A number, or a list of [`Numbers`]. Everything made of numbers turns into it with `into()`.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// A number.
    One(f64),
    /// A list.
    List(Vec<Numbers>),
}

impl Numbers {
    /// The numbers of a tensor: its shape, and its values row by row.
    #[track_caller]
    pub fn tensor(shape: &[usize], values: &[f64]) -> Self {
        match shape {
            [] => Self::One(values[0]),
            [n, rest @ ..] => {
                let size = rest.iter().product::<usize>();
                Self::List((0..*n).map(|i| Self::tensor(rest, &values[i * size..(i + 1) * size])).collect())
            }
        }
    }

    /// Whether every number is within `tolerance * (1 + |expected|)` of the one expected, and the lists are as long.
    pub fn near(&self, expected: &Self, tolerance: f64) -> bool {
        match (self, expected) {
            (Self::One(got), Self::One(expected)) => near(*got, *expected, tolerance),
            (Self::List(got), Self::List(expected)) => {
                got.len() == expected.len() && got.iter().zip(expected).all(|(g, e)| g.near(e, tolerance))
            }
            _ => false,
        }
    }

    /// Rounded for display, one inner list a line.
    ///
    /// A number near its counterpart in `expected` is written as that one is, and another never is: the difference
    /// between two texts is then the difference that was judged, whatever rounding does.
    pub fn text(&self, expected: &Self, tolerance: f64) -> String {
        let other = match expected {
            Self::List(list) => list.as_slice(),
            Self::One(_) => &[],
        };
        match (self, expected) {
            (Self::One(got), Self::One(expected)) if near(*got, *expected, tolerance) => {
                rounded(*expected, 4)
            }
            (Self::One(got), Self::One(expected)) => distinct(*got, *expected),
            (Self::One(got), Self::List(_)) => rounded(*got, 4),
            (Self::List(list), _) => {
                let nested = list.iter().any(|item| matches!(item, Self::List(_)));
                let counterpart = |i: usize| other.get(i).unwrap_or(&Self::One(f64::NAN));
                let items = list.iter().enumerate().map(|(i, item)| item.text(counterpart(i), tolerance));
                let items = items.collect::<Vec<_>>();
                if nested { items.join("\n") } else { format!("[{}]", items.join(", ")) }
            }
        }
    }
}

fn near(got: f64, expected: f64, tolerance: f64) -> bool {
    got == expected || (got - expected).abs() <= tolerance * (1.0 + expected.abs())
}

/// `got` with as many decimals as it takes to tell it from `expected`.
fn distinct(got: f64, expected: f64) -> String {
    let texts = (4..=17).map(|decimals| (rounded(got, decimals), rounded(expected, decimals)));
    texts.into_iter().find(|(got, expected)| got != expected).map_or_else(|| got.to_string(), |(got, _)| got)
}

/// With at most so many decimals, or digits of a number far from 1; without trailing zeros and the sign of zero.
fn rounded(value: f64, decimals: usize) -> String {
    let text = match value.abs() {
        0.0 => "0".to_owned(),
        size if size.is_finite() && !(1e-3..1e6).contains(&size) => {
            return format!("{value:.0$e}", decimals - 1);
        }
        _ => format!("{value:.decimals$}"),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

impl From<f64> for Numbers {
    fn from(value: f64) -> Self {
        Self::One(value)
    }
}

impl From<f32> for Numbers {
    fn from(value: f32) -> Self {
        Self::One(value.into())
    }
}

impl From<usize> for Numbers {
    fn from(value: usize) -> Self {
        Self::One(value as f64)
    }
}

impl<T: Into<Numbers>> From<Vec<T>> for Numbers {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Numbers>, const N: usize> From<[T; N]> for Numbers {
    fn from(list: [T; N]) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Numbers> + Clone> From<&[T]> for Numbers {
    fn from(list: &[T]) -> Self {
        list.to_vec().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_near_enough_reads_as_the_one_expected() {
        // Either side of a rounding boundary: 0.12345 shows as 0.1234 or 0.1235.
        let (got, expected) = (Numbers::from(0.123_449_9), Numbers::from(0.123_450_1));
        assert!(got.near(&expected, 1e-6));
        assert_eq!(got.text(&expected, 1e-6), expected.text(&expected, 1e-6));
    }

    #[test]
    fn a_number_not_near_enough_never_does() {
        let (got, expected) = (Numbers::from(1.000_001), Numbers::from(1.0));
        assert!(!got.near(&expected, 1e-9));
        assert_eq!(got.text(&expected, 1e-9), "1.000001");
        let zero = Numbers::from(0.0);
        assert_eq!(Numbers::from(-1e-12).text(&zero, 1e-15), "-1.000e-12");
    }

    #[test]
    fn not_a_number_is_near_nothing() {
        let nan = Numbers::from(f64::NAN);
        assert!(!nan.near(&1.0.into(), 1.0) && !nan.near(&nan, 1.0));
        assert!(Numbers::from(f64::INFINITY).near(&f64::INFINITY.into(), 1e-6));
    }

    #[test]
    fn lists_show_their_lengths() {
        let expected = Numbers::from(vec![vec![1.0, 2.0], vec![3.0]]);
        assert_eq!(expected.text(&expected, 0.0), "[1, 2]\n[3]");
        let short = Numbers::from(vec![vec![1.0, 2.5]]);
        assert!(!short.near(&expected, 1e-6));
        assert_eq!(short.text(&expected, 1e-6), "[1, 2.5]");
        assert!(!Numbers::from(1.0).near(&Numbers::from([1.0]), 1.0));
    }

    #[test]
    fn a_tensor_is_lists_in_lists() {
        let tensor = Numbers::tensor(&[2, 1, 2], &[1.0, 2.0, 3.0, 4.0]);
        assert!(tensor.near(&vec![vec![[1.0, 2.0]], vec![[3.0, 4.0]]].into(), 0.0));
        assert_eq!(Numbers::tensor(&[], &[7.0]).text(&7.0.into(), 0.0), "7");
        assert_eq!(Numbers::tensor(&[0], &[]).text(&7.0.into(), 0.0), "[]");
    }
}
