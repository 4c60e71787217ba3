//! The embedding layer: its first weights, its padding, what repeated ids add up to, and misuse.

use minitensor::Tensor;
use minitensor::nn::{Embedding, Module};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn embedding(vocabulary: usize, width: usize) -> Embedding {
    Embedding::new(vocabulary, width, &mut ChaCha8Rng::seed_from_u64(5))
}

#[test]
fn first_weights_are_normal() {
    let weight = embedding(200, 100).weight;
    let (mean, std) = (weight.mean().item(), weight.std(1).item());
    assert!(mean.abs() < 0.03 && (std - 1.0).abs() < 0.03, "mean {mean}, deviation {std}");
}

#[test]
fn it_is_a_one_hot_product() {
    let (layer, ids) = (embedding(6, 4), Tensor::from([[1i64, 5, 1], [0, 1, 3]]));
    let one_hot = ids.unsqueeze(-1).eq(&Tensor::arange(6)).to_dtype(minitensor::DType::F32); // (2, 3, 6)
    let gradient = |y: Tensor| {
        layer.zero_grad();
        y.square().sum().backward();
        layer.weight.grad().expect("the table was used").to_vec::<f32>()
    };
    let (looked_up, product) = (layer.forward(&ids), one_hot.matmul(&layer.weight));
    assert_eq!(looked_up.to_vec::<f32>(), product.to_vec::<f32>());
    let (looked_up, product) = (gradient(looked_up), gradient(product));
    looked_up.iter().zip(product).for_each(|(a, b)| assert!((a - b).abs() < 1e-5, "{a} and {b}"));
}

#[test]
fn padding_is_zero_and_does_not_learn() {
    let layer = embedding(4, 3).padding_idx(1);
    let y = layer.forward(&Tensor::from([1i64, 2, 1]));
    assert_eq!(y.select(0, 0).to_vec::<f32>(), [0.0; 3]);
    assert_ne!(y.select(0, 1).to_vec::<f32>(), [0.0; 3]);
    (y + 1.0).square().sum().backward();
    let grad = layer.weight.grad().expect("the table was used");
    assert_eq!(grad.select(0, 1).to_vec::<f32>(), [0.0; 3]);
    assert_ne!(grad.select(0, 2).to_vec::<f32>(), [0.0; 3]);
}

fn message(f: impl FnOnce() -> Tensor) -> String {
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).expect_err("this is misuse");
    payload.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn misuse_is_explained() {
    let layer = embedding(100, 3);
    for id in [100i64, -1] {
        assert_eq!(
            message(|| layer.forward(&Tensor::from([[3, id]]))),
            format!("embedding: index {id} is out of range for a table of size 100")
        );
    }
    assert_eq!(
        message(|| layer.forward(&Tensor::zeros([2]))),
        "embedding: the index must be i64, but it is f32; use `to_dtype`"
    );
    assert_eq!(
        message(|| Tensor::zeros([3]).embedding(&Tensor::from([0i64]))),
        "embedding: the table must be (V, C), but has shape [3]"
    );
    assert_eq!(
        message(|| embedding(4, 3).padding_idx(4).weight),
        "embedding: padding_idx 4 is not a row of a table of 4"
    );
}
