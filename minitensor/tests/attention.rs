//! Attention by tiles against attention out of smaller ops, and what is true of it whatever the numbers.

use minitensor::ops::AttentionOptions;
use minitensor::{DType, Tensor};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn normal(shape: &[usize], dtype: DType, rng: &mut ChaCha8Rng) -> Tensor {
    Tensor::randn(shape, rng).to_dtype(dtype).detach()
}

/// What attention is asked: sizes, and how the heads lie in memory.
#[derive(Debug, Clone)]
struct Question {
    lead: Vec<usize>,
    t: usize,
    s: usize,
    e: usize,
    width: usize,
    causal: bool,
    /// 0: none, 1: hides keys, 2: added to the scores.
    mask: u8,
    f64: bool,
    seed: u64,
}

fn question() -> impl Strategy<Value = Question> {
    let size = || prop_oneof![Just(1usize), 2..9usize, 60..70usize, 125..135usize, 190..200usize];
    let sizes = (prop::collection::vec(1..3usize, 0..3), size(), size(), 1..9usize, 1..9usize);
    (sizes, any::<bool>(), 0..3u8, any::<bool>(), any::<u64>()).prop_map(
        |((lead, t, s, e, width), causal, mask, f64, seed)| Question {
            lead,
            t,
            s,
            e,
            width,
            causal,
            mask,
            f64,
            seed,
        },
    )
}

/// The output, and the gradients of queries, keys and values.
fn answer(q: &Question, call: fn(&Tensor, &Tensor, &Tensor, &AttentionOptions) -> Tensor) -> Vec<Tensor> {
    let (mut rng, dtype) = (ChaCha8Rng::seed_from_u64(q.seed), if q.f64 { DType::F64 } else { DType::F32 });
    let shape = |rows: usize, columns: usize| [&q.lead[..], &[rows, columns]].concat();
    let leaves = [(q.t, q.e), (q.s, q.e), (q.s, q.width)]
        // width before length, so that rows are strided
        .map(|(rows, columns)| normal(&shape(columns, rows), dtype, &mut rng).requires_grad_());
    let [query, key, value] = leaves.each_ref().map(|leaf| leaf.transpose(-2, -1));
    let mask = normal(&shape(q.t, q.s), dtype, &mut rng);
    let mask = match q.mask {
        0 => None,
        1 => Some(mask.gt_scalar(-0.3)),
        _ => Some(mask),
    };
    let y = call(&query, &key, &value, &AttentionOptions { causal: q.causal, mask, scale: None });
    (&y * normal(y.shape(), dtype, &mut rng)).sum().backward();
    std::iter::once(y.detach()).chain(leaves.iter().filter_map(Tensor::grad)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn tiles_give_what_smaller_ops_give(question in question()) {
        let fused = answer(&question, Tensor::scaled_dot_product_attention);
        let plain = answer(&question, Tensor::scaled_dot_product_attention_plain);
        let close = if question.f64 { 1e-11 } else { 2e-4 };
        prop_assert_eq!((fused.len(), plain.len()), (4, 4));
        for (fused, plain) in fused.iter().zip(&plain) {
            prop_assert!(fused.allclose(plain, close, close), "{fused:?}\n{plain:?}");
        }
    }
}

#[test]
fn without_keys_a_query_reads_zeros() {
    let [q, k, v] = [[3, 4], [0, 4], [0, 2]].map(|shape| Tensor::ones(shape).requires_grad_());
    let y = q.scaled_dot_product_attention(&k, &v, &AttentionOptions::default());
    y.sum().backward();
    assert_eq!((y.to_vec::<f32>(), q.grad().unwrap().to_vec::<f32>()), (vec![0.0; 6], vec![0.0; 12]));
}

#[test]
fn large_scores_do_not_overflow() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let [q, k, v] = [(); 3].map(|()| normal(&[70, 4], DType::F32, &mut rng));
    let y = q.mul_scalar(1e4).scaled_dot_product_attention(&k, &v, &AttentionOptions::causal());
    assert!(y.is_finite());
}

#[test]
fn dropout_forgets_as_many_weights_as_it_is_told() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let (q, k, v) = (Tensor::ones([100, 2]), Tensor::ones([100, 2]), Tensor::eye(100));
    let y = q.attention_with_dropout(&k, &v, &AttentionOptions::default(), 0.3, &mut rng); // the weights themselves
    let weights = y.to_vec::<f32>();
    assert!(weights.iter().all(|w| *w == 0.0 || (w - 0.01 / 0.7).abs() < 1e-6));
    let dropped = weights.iter().filter(|w| **w == 0.0).count();
    assert!((2800..3200).contains(&dropped), "{dropped} of 10,000"); // four deviations of a binomial
}

#[test]
#[should_panic(expected = "queries [3, 4] have 4 features, but keys [5, 3] have 3")]
fn keys_of_another_width_are_refused() {
    let [q, k] = [[3, 4], [5, 3]].map(Tensor::ones);
    let _ = q.scaled_dot_product_attention(&k, &k, &AttentionOptions::default());
}

#[test]
fn without_any_key_there_is_nothing_to_answer() {
    let rng = &mut ChaCha8Rng::seed_from_u64(0);
    let (q, k, v) = (Tensor::randn([2, 3, 4], rng), Tensor::zeros([2, 0, 4]), Tensor::zeros([2, 0, 5]));
    for options in [AttentionOptions::default(), AttentionOptions::causal()] {
        let [fused, plain] = [
            q.scaled_dot_product_attention(&k, &v, &options),
            q.scaled_dot_product_attention_plain(&k, &v, &options),
        ];
        assert!(fused.allclose(&Tensor::zeros([2, 3, 5]), 0.0, 0.0));
        assert!(plain.allclose(&Tensor::zeros([2, 3, 5]), 0.0, 0.0));
    }
}

/// Lengths around those of tiles, and several heads, where an index that is off shows.
#[test]
fn attention_by_tiles_is_the_plain_form_at_any_length() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for t in [1, 5, 15, 16, 17, 24, 31, 33, 63, 64, 65, 100, 129] {
        for options in [AttentionOptions::default(), AttentionOptions::causal()] {
            let leaf = |rng: &mut ChaCha8Rng| Tensor::randn_of::<f64>([3, 2, t, 8], rng).requires_grad_();
            let inputs = [leaf(&mut rng), leaf(&mut rng), leaf(&mut rng)];
            let gradients = |y: Tensor| {
                y.square().sum().backward();
                inputs.each_ref().map(|x| {
                    let grad = x.grad().expect("the result depends on it");
                    x.zero_grad();
                    grad
                })
            };
            let [q, k, v] = &inputs;
            let tiles = q.scaled_dot_product_attention(k, v, &options);
            let plain = q.scaled_dot_product_attention_plain(k, v, &options);
            assert!(tiles.allclose(&plain, 1e-10, 1e-10), "{t} tokens, causal {}", options.causal);
            for (a, b) in gradients(tiles).iter().zip(gradients(plain)) {
                assert!(a.allclose(&b, 1e-9, 1e-9), "gradients of {t} tokens, causal {}", options.causal);
            }
        }
    }
}
