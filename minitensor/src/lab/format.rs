//! Numbers as a reader wants them: as many digits as mean something.

use std::time::Duration;

/// A count with separators: `272,186`.
///
/// ```
/// assert_eq!(minitensor::lab::count(272_186), "272,186");
/// ```
pub fn count(n: usize) -> String {
    crate::print::count(n)
}

/// A loss: `2.3026`, `0.0123`, `4.1e-5`, `1234.6`.
///
/// ```
/// use minitensor::lab::loss;
/// assert_eq!(loss(std::f64::consts::LN_10), "2.3026");
/// assert_eq!(loss(0.000_041_23), "4.1e-5");
/// ```
pub fn loss(x: f64) -> String {
    match x.abs() {
        a if a.is_nan() => "nan".to_string(),
        a if a.is_infinite() => x.to_string(),
        a if a == 0.0 || (0.000_95..99.999_95).contains(&a) => format!("{x:.4}"),
        a if (99.999_95..99_999.95).contains(&a) => format!("{x:.1}"),
        _ => format!("{x:.1e}"),
    }
}

/// A fraction as a percentage: `98.6 %`.
///
/// ```
/// assert_eq!(minitensor::lab::percent(0.9861), "98.6 %");
/// ```
pub fn percent(fraction: f64) -> String {
    format!("{:.1} %", fraction * 100.0)
}

/// How many of how many: `354 of 359 (98.6 %)`.
///
/// ```
/// assert_eq!(minitensor::lab::ratio(9_861, 10_000), "9,861 of 10,000 (98.61 %)");
/// ```
pub fn ratio(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "0 of 0".to_string();
    }
    let fraction = part as f64 / whole as f64 * 100.0;
    let digits = if whole < 2_000 { 1 } else { 2 };
    format!("{} of {} ({fraction:.digits$} %)", count(part), count(whole))
}

/// A pace: `3,512 images/s`, `12.4 names/s`.
///
/// ```
/// assert_eq!(minitensor::lab::rate(3511.7, "images"), "3,512 images/s");
/// ```
pub fn rate(per_second: f64, unit: &str) -> String {
    match per_second {
        r if !r.is_finite() => format!("- {unit}/s"),
        r if r >= 100.0 => format!("{} {unit}/s", count(r.round() as usize)),
        r if r >= 10.0 => format!("{r:.1} {unit}/s"),
        r => format!("{r:.2} {unit}/s"),
    }
}

/// A length of time: `12 ms`, `0.8 s`, `42 s`, `3 min 12 s`, `1 h 05 min`.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(minitensor::lab::duration(Duration::from_secs(192)), "3 min 12 s");
/// ```
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let whole = seconds.round() as u64;
    match seconds {
        s if s < 0.0995 => format!("{:.0} ms", s * 1000.0),
        s if s < 9.95 => format!("{s:.1} s"),
        s if s < 59.5 => format!("{whole} s"),
        s if s < 3599.5 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

/// The same of a number of seconds, as a table of metrics holds it.
///
/// ```
/// assert_eq!(minitensor::lab::seconds(192.0), "3 min 12 s");
/// ```
pub fn seconds(seconds: f64) -> String {
    duration(Duration::try_from_secs_f64(seconds).unwrap_or_default())
}

/// A size on disk: `812 B`, `9.8 kB`, `170 MB` (powers of 1000).
///
/// ```
/// assert_eq!(minitensor::lab::bytes(170_498_071), "170 MB");
/// ```
pub fn bytes(n: u64) -> String {
    let mut size = n as f64;
    let mut unit = "B";
    for larger in ["kB", "MB", "GB", "TB"] {
        if size >= 999.5 {
            size /= 1000.0;
            unit = larger;
        }
    }
    if size < 9.95 && unit != "B" { format!("{size:.1} {unit}") } else { format!("{size:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (10_795_776, "10,795,776")];
        for (n, text) in cases {
            assert_eq!(count(n), text);
        }
    }

    #[test]
    fn losses() {
        let cases = [
            (0.0, "0.0000"),
            (0.001, "0.0010"),
            (0.0009, "9.0e-4"),
            (-0.5, "-0.5000"),
            (99.9999, "99.9999"),
            (100.0, "100.0"),
            (1e7, "1.0e7"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (x, text) in cases {
            assert_eq!(loss(x), text);
        }
    }

    #[test]
    fn times_and_sizes() {
        let cases =
            [(0.0123, "12 ms"), (0.8, "0.8 s"), (9.96, "10 s"), (59.7, "1 min 00 s"), (3905.0, "1 h 05 min")];
        for (seconds, text) in cases {
            assert_eq!(duration(Duration::from_secs_f64(seconds)), text);
        }
        let sizes =
            [(0, "0 B"), (812, "812 B"), (9_801, "9.8 kB"), (26_421_880, "26 MB"), (5_000_000_000, "5.0 GB")];
        for (n, text) in sizes {
            assert_eq!(bytes(n), text);
        }
    }

    #[test]
    fn rates_without_time_or_items() {
        assert_eq!(rate(f64::NAN, "images"), "- images/s");
        assert_eq!(rate(0.4219, "images"), "0.42 images/s");
        assert_eq!(ratio(0, 0), "0 of 0");
    }
}
