//! Vocabularies, tokenizers, and the augmentation of sentences.

use std::collections::HashSet;
use std::fs;

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::data::{
    BytePairs, Characters, DataError, Dataset, Problem, Windows, delete_words, insert_synonyms, names,
    read_text, replace_by_synonyms, swap_words, synonyms,
};

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(3)
}

#[test]
fn a_text_is_read_as_it_is_but_for_line_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.txt");
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read_text(&path)
    };
    assert_eq!(read("\u{feff}a\r\nü\n".as_bytes()).unwrap(), "a\nü\n");
    let error = read(b"abc\xff").unwrap_err();
    assert!(matches!(error, DataError::File { offset: 3, problem: Problem::NotUtf8, .. }), "{error}");
    let error = read(b"").unwrap_err();
    assert!(matches!(error, DataError::File { problem: Problem::Empty, .. }), "{error}");
    let error = crate::data::read::read_limited(std::io::repeat(b'a'), &path, 1000).unwrap_err();
    assert!(matches!(error, DataError::File { problem: Problem::TooLong { limit: 1000 }, .. }), "{error}");
}

#[test]
fn an_unknown_character_is_named_or_replaced() {
    let vocabulary = Characters::of("banana");
    assert_eq!(vocabulary.encode("nab").unwrap(), [2, 0, 1]);
    let error = vocabulary.encode("baß").unwrap_err();
    let message = "the character 'ß', number 2 of the text, is not among those that are known: abn";
    assert_eq!(error.to_string(), message);
    let error = Characters::of("\t\na b").encode("b!").unwrap_err();
    assert_eq!((error.position, &error.known[..]), (1, "→↵␣ab"));
    let vocabulary = vocabulary.with_unknown('?');
    assert_eq!(vocabulary.decode(&vocabulary.encode("baß").unwrap()), "ba?");
}

#[test]
#[should_panic(expected = "token 9, but the vocabulary has 3 tokens")]
fn a_token_that_is_not_there_is_a_mistake() {
    Characters::of("abc").decode(&[9]);
}

/// The example of Sennrich et al. 2016, section 3.2: low x5, lower x2, newest x6, widest x3. The paper merges "es" first,
/// then "est"; "lo" and "low" follow among the first.
#[test]
fn byte_pairs_of_the_paper() {
    let text = [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)]
        .map(|(word, count)| format!("{word}\n").repeat(count))
        .concat();
    let tokens = BytePairs::train(&text, 260, &[]);
    let learned: Vec<String> = (256..260).map(|token| tokens.decode(&[token])).collect();
    assert_eq!(learned[..2], ["es", "est"]);
    assert!(learned.contains(&"lo".to_owned()), "{learned:?}");
}

#[test]
fn byte_pairs_shorten_names_and_come_back_from_a_file() {
    let text = names()[..3000].join("\n");
    let tokens = BytePairs::train(&text, 400, &["<start>", "<end>"]);
    assert_eq!(tokens.len(), 402);
    assert_eq!(tokens.special("<end>"), Some(401));
    let encoded = tokens.encode(&text);
    assert!(encoded.len() * 3 < text.len() * 2, "{} tokens for {} bytes", encoded.len(), text.len());
    assert_eq!(tokens.decode(&encoded), text);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    tokens.save(&path).unwrap();
    assert_eq!(BytePairs::load(&path).unwrap(), tokens);
}

#[test]
fn a_file_of_byte_pairs_that_cannot_be() {
    let load = |json: &str| BytePairs::parse(json.as_bytes(), "t.json".as_ref()).unwrap_err().to_string();
    assert!(load("{").contains("not a tokenizer"));
    assert!(load(r#"{"merges":[[256,1]],"special":[]}"#).contains("pair 0 holds a later token"));
    assert!(load(r#"{"merges":[[1,1],[1,1]],"special":[]}"#).contains("pair 1 is there twice"));
    // Each pair doubles the one before: without a limit, the 40th would be 2^40 bytes long.
    let doubling: Vec<String> =
        (0..40).map(|i| format!("[{0},{0}]", if i == 0 { 0 } else { 255 + i })).collect();
    let json = format!(r#"{{"merges":[{}],"special":[]}}"#, doubling.join(","));
    assert!(load(&json).contains("pair 8 is longer than 256 bytes"));
}

proptest! {
    /// Whatever the text, and whatever was learned from another one.
    #[test]
    fn byte_pairs_give_back_any_text(text in ".{0,80}", learned in "[ab \n]{0,200}") {
        let tokens = BytePairs::train(&learned, 300, &[]);
        prop_assert_eq!(tokens.decode(&tokens.encode(&text)), text);
        prop_assert_eq!(tokens.decode(&tokens.encode(&learned)), learned);
    }

    #[test]
    fn any_bytes_as_a_tokenizer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = BytePairs::parse(&bytes, "t.json".as_ref());
    }
}

#[test]
fn windows_are_a_token_apart() {
    let windows = Windows::new(vec![5, 6, 7, 8], 3);
    assert_eq!(windows.len(), 1);
    let (inputs, targets) = windows.get(0, &mut rng());
    assert_eq!((inputs.to_vec::<i64>(), targets.to_vec::<i64>()), (vec![5, 6, 7], vec![6, 7, 8]));
    assert_eq!(Windows::new(vec![5, 6], 3).len(), 0);
}

fn sorted(sentence: &str) -> Vec<&str> {
    let mut words: Vec<&str> = sentence.split(' ').collect();
    words.sort_unstable();
    words
}

#[test]
fn sentences_change_as_they_should() {
    let (sentence, mut rng) = ("the film was really good", rng());
    for _ in 0..200 {
        let swapped = swap_words(sentence, 1, &mut rng);
        assert_eq!(sorted(&swapped), sorted(sentence));
        let moved = swapped.split(' ').zip(sentence.split(' ')).filter(|(a, b)| a != b).count();
        assert_eq!(moved, 2, "{swapped}");

        let replaced = replace_by_synonyms(sentence, 2, &mut rng);
        let pairs = replaced.split(' ').zip(sentence.split(' ')).filter(|(a, b)| a != b);
        let changed: Vec<_> = pairs.collect();
        assert_eq!(changed.len(), 2, "{replaced}");
        assert!(changed.iter().all(|(new, old)| synonyms(old).any(|word| word == *new)), "{replaced}");

        let inserted = insert_synonyms(sentence, 1, &mut rng);
        assert_eq!(inserted.split(' ').count(), 6);
        let new: Vec<&str> = inserted.split(' ').filter(|word| !sentence.contains(word)).collect();
        assert!(new.len() == 1 && synonyms(new[0]).any(|word| sentence.contains(word)), "{inserted}");
    }
    // 5 words, each stays with 0.7: 3.5 on average, deviation 1.02 / sqrt(2000) = 0.023.
    let kept: usize = (0..2000).map(|_| delete_words(sentence, 0.3, &mut rng).split(' ').count()).sum();
    assert!((kept as f64 / 2000.0 - 3.5).abs() < 0.1, "{kept}");
    let left: HashSet<String> = (0..200).map(|_| delete_words(sentence, 1.0, &mut rng)).collect();
    assert_eq!(left.len(), 5, "one word is kept, any of them");
    for empty in ["", "  "] {
        assert_eq!(swap_words(empty, 2, &mut rng), "");
        assert_eq!(insert_synonyms(empty, 2, &mut rng), "");
        assert_eq!(delete_words(empty, 0.5, &mut rng), "");
        assert_eq!(replace_by_synonyms(empty, 2, &mut rng), "");
    }
}
