use minitensor::nn::{Module, StateDict};
use minitensor::{Tensor, no_grad};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::{Gpt, GptConfig, from_published};

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(7)
}

fn small() -> GptConfig {
    GptConfig { vocab: 11, context: 9, layers: 2, heads: 3, width: 12, ..GptConfig::default() }
}

fn ids(rows: &[[i64; 5]]) -> Tensor {
    Tensor::from_vec(rows.concat(), [rows.len(), 5])
}

/// GPT-2 small, and the two sizes that the benches train; counted by PyTorch.
#[test]
fn models_have_the_parameters_that_they_should_have() {
    assert_eq!(GptConfig::default().num_parameters(), 124_439_808);
    let nano = GptConfig { vocab: 65, context: 64, layers: 4, heads: 4, width: 128, tied: false, ..small() };
    let baby = GptConfig { context: 256, layers: 6, heads: 6, width: 384, ..nano };
    assert_eq!(baby.num_parameters(), 10_795_776);
    assert_eq!(nano.num_parameters(), 818_176);
    for config in [nano, small(), GptConfig { bias: false, ..small() }] {
        assert_eq!(Gpt::new(config, &mut rng()).num_parameters(), config.num_parameters());
    }
}

#[test]
fn a_fresh_model_knows_nothing() {
    let model = Gpt::new(GptConfig { width: 48, ..small() }, &mut rng());
    let loss = model.loss(&ids(&[[1, 2, 3, 4, 5]]), &ids(&[[2, 3, 4, 5, 6]])).item();
    assert!((loss - 11f64.ln()).abs() < 0.05, "{loss}");
}

#[test]
fn no_position_sees_what_comes_after_it() {
    let model = Gpt::new(small(), &mut rng());
    let one = model.forward(&ids(&[[1, 2, 3, 4, 5]]));
    let other = model.forward(&ids(&[[1, 2, 3, 9, 0]]));
    assert!(one.narrow(1, 0, 3).allclose(&other.narrow(1, 0, 3), 0.0, 1e-6));
    assert!(!one.narrow(1, 3, 1).allclose(&other.narrow(1, 3, 1), 0.0, 1e-6));
}

#[test]
fn a_cache_changes_nothing_but_the_work() {
    let model = Gpt::new(GptConfig { dropout: 0.1, ..small() }, &mut rng());
    model.eval();
    let text = ids(&[[1, 2, 3, 4, 5], [6, 0, 10, 2, 2]]);
    no_grad(|| {
        let whole = model.forward(&text); // (2, 5, 11)
        let mut cache = model.cache();
        for (start, len) in [(0, 2), (2, 1), (3, 2)] {
            let scores = model.go_on(&text.narrow(1, start, len), &mut cache);
            let expected = whole.select(1, start + len - 1);
            assert!(scores.allclose(&expected, 1e-5, 1e-6), "after {}", start + len);
            assert_eq!(cache.len(), start + len);
        }
    });
}

#[test]
#[should_panic(expected = "a text of 10 tokens does not fit into a context of 9")]
fn a_text_longer_than_the_context_is_refused() {
    Gpt::new(small(), &mut rng()).forward(&Tensor::from_vec(vec![1i64; 10], [1, 10]));
}

#[test]
fn published_weights_find_their_places() {
    let model = Gpt::new(small(), &mut rng());
    let mut published = StateDict::new();
    for (name, tensor) in model.state_dict() {
        let matrix = name.starts_with("h.") && tensor.rank() == 2;
        if name != "lm_head.weight" {
            published
                .insert(format!("transformer.{name}"), if matrix { tensor.t().contiguous() } else { tensor });
        }
    }
    published.insert("transformer.h.0.attn.bias".into(), Tensor::ones([1, 1, 9, 9]));

    let loaded = Gpt::new(small(), &mut ChaCha8Rng::seed_from_u64(8));
    loaded.load_state_dict(&from_published(&published)).unwrap();
    let text = ids(&[[1, 2, 3, 4, 5]]);
    assert!(loaded.forward(&text).allclose(&model.forward(&text), 0.0, 0.0));
}

#[test]
fn weight_decay_pulls_at_matrices_only() {
    let (matrices, vectors) = Gpt::new(small(), &mut rng()).decay_groups();
    assert_eq!((matrices.len(), vectors.len()), (2 + 2 * 4, 2 * 8 + 2));
    assert!(vectors.iter().all(|(name, _)| name.contains("ln_") || name.ends_with("bias")));
}

#[test]
fn attention_is_a_mean_over_what_came_before() {
    let maps = Gpt::new(small(), &mut rng()).attention(&ids(&[[1, 2, 3, 4, 5]]));
    assert_eq!(maps.len(), 2);
    for map in maps {
        assert_eq!(map.dims(), [1, 3, 5, 5]);
        for (i, row) in map.to_vec::<f32>().chunks(5).enumerate() {
            let (past, future) = row.split_at(i % 5 + 1);
            assert!((past.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{row:?}");
            assert!(past.iter().all(|&w| w > 0.0) && future.iter().all(|&w| w == 0.0), "{row:?}");
        }
    }
}
