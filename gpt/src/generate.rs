//! Writing on: one character after another, each drawn from what the model expects.

use minitensor::nn::Module;
use minitensor::no_grad;
use rand::{Rng, RngExt};

use crate::model::Gpt;

/// How the next character is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Scores are divided by it: below 1 the likely becomes likelier, above 1 the unlikely gets its chance.
    pub temperature: f64,
    /// Only so many of the likeliest characters.
    pub top_k: Option<usize>,
    /// Only the likeliest characters that have this probability together (Holtzman et al., 2020).
    pub top_p: Option<f64>,
}

impl Default for Sampling {
    fn default() -> Sampling {
        Sampling { temperature: 1.0, top_k: None, top_p: None }
    }
}

impl Sampling {
    // ANCHOR: pick
    /// One token, drawn by these scores (logits).
    pub fn pick(&self, scores: &[f32], rng: &mut impl Rng) -> usize {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order.truncate(self.top_k.unwrap_or(order.len()).max(1));
        let best = f64::from(scores[order[0]]);
        let weight = |&token: &usize| ((f64::from(scores[token]) - best) / self.temperature).exp();
        let mut weights: Vec<f64> = order.iter().map(weight).collect();
        if let Some(top_p) = self.top_p {
            let mut wanted = top_p * weights.iter().sum::<f64>();
            let enough = weights.iter().position(|weight| {
                wanted -= weight;
                wanted <= 0.0
            });
            weights.truncate(enough.map_or(weights.len(), |last| last + 1));
        }
        let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
        let drawn = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        order[drawn.unwrap_or(weights.len() - 1)]
    }
    // ANCHOR_END: pick
}

// ANCHOR: generate
/// Goes on from a prompt `count` times, by up to `length` tokens or to the first `end`, which is left out.
///
/// What the model has read it keeps, up to its context; where that is full, it forgets the first half.
///
/// # Panics
/// If the prompt is empty.
#[track_caller]
pub fn generate(
    model: &Gpt,
    prompt: &[i64],
    count: usize,
    length: usize,
    end: Option<i64>,
    sampling: &Sampling,
    rng: &mut impl Rng,
) -> Vec<Vec<i64>> {
    assert!(!prompt.is_empty(), "generate: a model needs at least one token to go on from");
    let mut texts = vec![prompt.to_vec(); count];
    let has_ended =
        |text: &Vec<i64>| text.len() > prompt.len() && text[prompt.len()..].iter().any(|&t| Some(t) == end);
    model.eval();
    no_grad(|| {
        let (mut cache, mut read) = (model.cache(), 0);
        while texts.first().is_some_and(|text| text.len() < prompt.len() + length)
            && !texts.iter().all(has_ended)
        {
            let (written, context) = (texts[0].len(), model.config.context);
            if written - read + cache.len() > context {
                (cache, read) = (model.cache(), written - (context / 2 + 1).min(written));
            }
            let unread: Vec<i64> = texts.iter().flat_map(|text| &text[read..]).copied().collect();
            let ids = model.ids(unread, [count, written - read]); // (B, T)
            let scores = model.go_on(&ids, &mut cache).to_vec::<f32>(); // (B, V)
            read = written;
            let each = scores.chunks(model.config.vocab);
            texts
                .iter_mut()
                .zip(each)
                .for_each(|(text, scores)| text.push(sampling.pick(scores, rng) as i64));
        }
    });
    model.train();
    let written =
        |text: Vec<i64>| text[prompt.len()..].iter().copied().take_while(|&t| Some(t) != end).collect();
    texts.into_iter().map(written).collect()
}
// ANCHOR_END: generate

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use minitensor::Tensor;
    use rand::SeedableRng;
    use rand::rngs::ChaCha8Rng;

    use super::*;
    use crate::model::GptConfig;

    fn rng() -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(3)
    }

    /// How often each token is drawn, of 20,000 times.
    fn drawn(sampling: Sampling, probabilities: &[f64]) -> Vec<f64> {
        let scores: Vec<f32> = probabilities.iter().map(|p| p.ln() as f32).collect();
        let (mut counts, mut rng) = (HashMap::new(), rng());
        (0..20_000).for_each(|_| *counts.entry(sampling.pick(&scores, &mut rng)).or_insert(0) += 1);
        (0..scores.len()).map(|token| f64::from(*counts.get(&token).unwrap_or(&0)) / 20_000.0).collect()
    }

    #[test]
    fn tokens_are_drawn_as_often_as_they_should_be() {
        let p = [0.1, 0.5, 0.15, 0.25];
        let usual = Sampling::default();
        let squares: f64 = p.iter().map(|p| p * p).sum();
        for (sampling, expected) in [
            (usual, p),
            (Sampling { temperature: 0.5, ..usual }, p.map(|p| p * p / squares)),
            (Sampling { top_k: Some(2), ..usual }, [0.0, 0.5 / 0.75, 0.0, 0.25 / 0.75]),
            (Sampling { top_k: Some(99), ..usual }, p),
            (Sampling { top_p: Some(0.8), ..usual }, [0.0, 0.5 / 0.9, 0.15 / 0.9, 0.25 / 0.9]),
            (Sampling { top_p: Some(0.4), ..usual }, [0.0, 1.0, 0.0, 0.0]),
            (Sampling { top_p: Some(1.0), ..usual }, p),
        ] {
            let found = drawn(sampling, &p);
            let close = found.iter().zip(expected).all(|(found, p)| (found - p).abs() < 0.015);
            assert!(close, "{sampling:?}: {found:?}, not {expected:?}");
        }
    }

    #[test]
    fn without_chance_each_token_is_the_likeliest_after_all_before_it() {
        let config =
            GptConfig { vocab: 13, context: 16, layers: 2, heads: 2, width: 24, ..GptConfig::default() };
        let model = Gpt::new(config, &mut rng());
        let certain = Sampling { top_k: Some(1), ..Sampling::default() };
        let written = generate(&model, &[1, 5, 2], 2, 13, None, &certain, &mut rng());
        assert_eq!(written[0], written[1]);
        let mut text = vec![1, 5, 2];
        for &token in &written[0] {
            let ids = Tensor::from_vec(text.clone(), [1, text.len()]);
            assert_eq!(token, model.forward(&ids).select(1, text.len() - 1).argmax(1, false).item() as i64);
            text.push(token);
        }
        assert_eq!(text.len(), 16);
    }

    #[test]
    fn it_goes_on_beyond_its_context_and_ends_where_it_is_told() {
        for context in 1..6 {
            let config =
                GptConfig { vocab: 4, context, layers: 1, heads: 1, width: 8, ..GptConfig::default() };
            let model = Gpt::new(config, &mut rng());
            let usual = Sampling::default();
            let endless = generate(&model, &[1, 2, 3, 0, 1, 2, 3], 3, 20, None, &usual, &mut rng());
            assert!(endless.iter().all(|text| text.len() == 20));
            let ended = generate(&model, &[0], 20, 20, Some(0), &usual, &mut rng());
            assert!(ended.iter().all(|text| !text.contains(&0)));
            assert!(ended.iter().any(|text| text.len() < 20));
        }
    }
}
