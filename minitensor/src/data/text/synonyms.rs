//! A small table of words that mean about the same, for the sentences that the course makes up.

/// Each line holds words of which any may stand for any other.
const GROUPS: &[&[&str]] = &[
    &["good", "fine", "great", "excellent"],
    &["bad", "poor", "awful", "terrible"],
    &["happy", "glad", "pleased", "delighted"],
    &["sad", "unhappy", "gloomy"],
    &["boring", "dull", "tedious"],
    &["exciting", "thrilling", "gripping"],
    &["big", "large", "huge"],
    &["small", "little", "tiny"],
    &["fast", "quick", "rapid"],
    &["slow", "sluggish", "unhurried"],
    &["film", "movie", "picture"],
    &["book", "novel", "volume"],
    &["song", "tune", "melody"],
    &["meal", "dinner", "supper"],
    &["story", "tale", "plot"],
    &["really", "truly", "very"],
    &["begin", "start"],
    &["end", "finish"],
    &["like", "enjoy"],
    &["hate", "dislike"],
];

/// The other words of the group of `word`, which is written in lower case; none where it is in no group.
pub fn synonyms(word: &str) -> impl Iterator<Item = &'static str> + '_ {
    let group = GROUPS.iter().find(|group| group.contains(&word)).copied().unwrap_or_default();
    group.iter().copied().filter(move |other| *other != word)
}
