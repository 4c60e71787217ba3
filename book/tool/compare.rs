//! Whether two outputs say the same: equal words, numbers within a tolerance, times of any length.

use regex::Regex;

/// How two outputs of one command are compared.
pub struct Rules {
    /// How far numbers with decimals may be apart, relative to the larger.
    decimals: f64,
    /// The same for whole numbers, which count things.
    whole: f64,
    mask: Vec<Regex>,
    skip: Vec<Regex>,
    time: Regex,
    number: Regex,
}

impl Rules {
    /// Numbers may differ by so much, relative to the larger; those with decimals also by one in the last decimal.
    pub fn new(decimals: f64, whole: f64) -> Rules {
        Rules {
            decimals,
            whole,
            mask: Vec::new(),
            skip: Vec::new(),
            time: constant(
                r"(?:[0-9.]+ ?(?:ns|µs|us|ms|s|min|h|minutes?|seconds?)\b ?)+|[0-9.,]+ ?k? ?[a-z]+/s\b",
            ),
            number: constant(r"[+-]?[0-9]+(?:\.([0-9]+))?(?:e[+-]?[0-9]+)?"),
        }
    }

    /// Does not compare what the patterns of `mask` match, nor any line in which one of `skip` does.
    ///
    /// # Errors
    /// A pattern that is no regular expression.
    pub fn without(mut self, mask: &[String], skip: &[String]) -> Result<Rules, String> {
        let compiled = |patterns: &[String]| -> Result<Vec<Regex>, String> {
            patterns.iter().map(|p| Regex::new(p).map_err(|e| e.to_string())).collect()
        };
        (self.mask, self.skip) = (compiled(mask)?, compiled(skip)?);
        Ok(self)
    }

    /// The first line in which the two differ, shown from both sides; `None` if they say the same.
    pub fn difference(&self, shown: &str, fresh: &str) -> Option<String> {
        let compared = |line: &&str| !self.skip.iter().any(|s| s.is_match(line));
        let (mut left, mut right) = (shown.lines().filter(compared), fresh.lines().filter(compared));
        loop {
            match (left.next(), right.next()) {
                (None, None) => return None,
                (Some(a), Some(b)) if self.same(a, b) => {}
                (a, b) => {
                    let line = |l: Option<&str>| l.unwrap_or("(nothing)").trim().to_string();
                    return Some(format!("the book says\n  {}\nand now it is\n  {}", line(a), line(b)));
                }
            }
        }
    }

    fn same(&self, a: &str, b: &str) -> bool {
        let (a, b) = (self.masked(a), self.masked(b));
        if self.words(&a) != self.words(&b) {
            return false;
        }
        let numbers = self.number.captures_iter(&a).zip(self.number.captures_iter(&b));
        numbers.into_iter().all(|(x, y)| {
            let (tolerance, rounding) = match x.get(1) {
                Some(decimals) => (self.decimals, 1.01 * 10f64.powi(-(decimals.len() as i32))),
                None => (self.whole, 0.0),
            };
            match (x[0].parse::<f64>(), y[0].parse::<f64>()) {
                (Ok(x), Ok(y)) => (x - y).abs() <= tolerance * x.abs().max(y.abs()) + rounding,
                _ => x[0] == y[0],
            }
        })
    }

    fn masked(&self, line: &str) -> String {
        let line = self.mask.iter().fold(line.to_string(), |l, m| m.replace_all(&l, "…").into_owned());
        self.time.replace_all(&line, "…").into_owned()
    }

    /// The line with each number as `#` and each gap as one space.
    fn words(&self, line: &str) -> String {
        let line = self.number.replace_all(line, " # ");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[allow(clippy::unwrap_used, reason = "called with patterns that are written above")]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// What is written in an SVG, one text a line, except for bare numbers: two pictures of one training have the same
/// title, axes and legend, although no point and no tick of an axis need be equal.
pub fn words_of_picture(svg: &str) -> String {
    let texts = svg.split("<text").skip(1).filter_map(|t| t.split_once('>')?.1.split_once("</text>"));
    let words = texts.map(|(words, _)| words.trim()).filter(|words| words.contains(char::is_alphabetic));
    words.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(a: &str, b: &str) -> bool {
        let rules =
            Rules::new(0.02, 0.0).without(&["seed [0-9]+".to_string()], &["^noise".to_string()]).unwrap();
        rules.difference(a, b).is_some()
    }

    #[test]
    fn numbers_may_be_a_little_off_and_words_may_not() {
        assert!(!differs("loss 1.000", "loss 1.019"));
        assert!(differs("loss 1.000", "loss 1.030"));
        assert!(differs("loss 1.000", "cost 1.000"));
        assert!(differs("99 pictures", "100 pictures"));
        assert!(!differs("loss  0.001", "loss 0.002"), "the last digit may round either way");
        assert!(differs("one\ntwo", "one"));
    }

    #[test]
    fn times_and_masked_parts_are_not_compared() {
        assert!(!differs("done in 1.2 s", "done in 14 s"));
        assert!(!differs("1,204 images/s", "88 images/s"));
        assert!(!differs("1 min 20 s", "55 s"));
        assert!(!differs("seed 1", "seed 99"));
        assert!(!differs("a\nnoise 1 2\nb", "a\nb"));
        assert!(differs("12 samples", "99 samples"));
    }

    #[test]
    fn pictures_are_compared_by_their_words() {
        let svg = "<svg><text x=\"1\">loss</text><circle r=\"2\"/><text>\n0.5\n</text></svg>";
        assert_eq!(words_of_picture(svg), "loss");
    }
}
