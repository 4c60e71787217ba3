//! Short reviews, for or against something.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::{Kind, below, source};

const THINGS: &[&str] = &["film", "book", "song", "meal", "story", "game"];
const GOOD: &[&str] = &["good", "great", "fine", "exciting", "excellent", "thrilling", "lovely"];
const BAD: &[&str] = &["bad", "poor", "awful", "boring", "terrible", "dull", "slow"];
const DEGREES: &[&str] = &["", "really ", "very ", "quite ", "truly "];
const OPENINGS: &[&str] = &["", "i must say ", "to be honest ", "all in all ", "my friends say "];
const ENDINGS: &[&str] =
    &["", " from the beginning to the end", " and i told everyone", " as i had expected"];

/// So many sentences in small letters, each with 1 if it is for, 0 if against. some say so by a negation ("was
/// not very good"), so that the words alone, without their order, do not decide: some name both a good and a bad quality.
pub fn reviews(count: usize, seed: u64) -> Vec<(String, i64)> {
    let mut rng = source(Kind::Reviews, seed, 0);
    (0..count).map(|_| review(&mut rng)).collect()
}

fn review(rng: &mut impl Rng) -> (String, i64) {
    let label = below(2, rng);
    let [own, other] = if label == 1 { [GOOD, BAD] } else { [BAD, GOOD] };
    let [opening, thing, degree, ending] = [OPENINGS, THINGS, DEGREES, ENDINGS].map(|words| any(words, rng));
    let verdict = match below(4, rng) {
        0 => format!("was not {degree}{}", any(other, rng)),
        1 => format!("was {degree}{} and not {}", any(own, rng), any(other, rng)),
        _ => format!("was {degree}{}", any(own, rng)),
    };
    (format!("{opening}the {thing} {verdict}{ending}"), label as i64)
}

fn any(words: &[&'static str], rng: &mut impl Rng) -> &'static str {
    words.choose(rng).copied().unwrap_or_default()
}
