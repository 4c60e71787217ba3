//! Tensors out of nothing.

use minitensor::{DType, Tensor, tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(3)
}

#[test]
fn literals_nest_to_any_depth() {
    let x = tensor![[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]];
    assert_eq!((&x.shape()[..], x.dtype()), (&[2, 2, 2][..], DType::F32));
    assert_eq!(x.to_vec::<f32>(), [1., 2., 3., 4., 5., 6., 7., 8.]);
    assert_eq!(tensor![[true, false]].to_vec::<u8>(), [1, 0]);
    let n = 7usize;
    assert_eq!(tensor![n, 2].to_vec::<i64>(), [7, 2]);
    assert_eq!(tensor![[1, 2], [3, 4]; f64].to_vec::<f64>(), [1.0, 2.0, 3.0, 4.0]);
    let large = (1i64 << 53) + 1;
    assert_eq!(tensor![large; i64].to_vec::<i64>(), [large]);
}

#[test]
#[should_panic(expected = "300 is no u8")]
fn a_literal_that_does_not_fit_is_refused() {
    tensor![300; u8];
}

#[test]
fn a_permutation_holds_each_number_once() {
    let order = Tensor::randperm(100, &mut rng());
    assert_ne!(order.to_vec::<i64>(), (0..100).collect::<Vec<_>>());
    assert_eq!(order.sort(0, false).0.to_vec::<i64>(), (0..100).collect::<Vec<_>>());
    // every first number is as likely as another: 100 of 600, with a deviation of about 9
    let mut rng = rng();
    let mut firsts = [0; 6];
    (0..600).for_each(|_| firsts[Tensor::randperm(6, &mut rng).to_vec::<i64>()[0] as usize] += 1);
    assert!(firsts.iter().all(|n| (60..140).contains(n)), "{firsts:?}");
}

#[test]
fn integers_fill_their_range() {
    let x = Tensor::randint(-2..3, [1000], &mut rng());
    assert_eq!((x.min().item(), x.max().item()), (-2.0, 2.0));
    let counts = (&x + 2.0).bincount(5).to_vec::<i64>();
    assert!(counts.iter().all(|n| (150..250).contains(n)), "{counts:?}");
}

#[test]
fn coins_fall_by_their_probabilities() {
    let p = tensor![0.0, 0.2, 1.0].unsqueeze(1).expand([3, 1000]);
    let heads = p.bernoulli(&mut rng()).mean_dim(1, false).to_vec::<f32>();
    // 0.2 with a deviation of √(0.2 · 0.8 / 1000) = 0.013
    assert!(heads[0] == 0.0 && (0.15..0.25).contains(&heads[1]) && heads[2] == 1.0, "{heads:?}");
}

#[test]
fn normal_numbers_have_the_moments_of_the_normal_distribution() {
    let x = Tensor::randn_of::<f64>([10_000], &mut rng());
    assert!(x.mean().item().abs() < 0.04 && (x.std(1).item() - 1.0).abs() < 0.03);
    assert!((x.powf(4.0).mean().item() - 3.0).abs() < 0.3);
    assert_eq!(x.to_dtype(DType::F32).to_vec::<f32>(), Tensor::randn([10_000], &mut rng()).to_vec::<f32>());
}

#[test]
fn equal_seeds_give_equal_numbers() {
    let draw = || Tensor::rand_f64([5], &mut rng()).to_vec::<f64>();
    assert_eq!(draw(), draw());
    assert!(draw().iter().all(|x| (0.0..1.0).contains(x)));
}
