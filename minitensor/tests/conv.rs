//! Convolution by tiles against convolution as a matrix product, on shapes and options drawn at random.

use minitensor::Tensor;
use minitensor::device::Conv2dOptions;
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// Sizes and options that fit together.
#[derive(Debug, Clone, Copy)]
struct Case {
    batch: usize,
    group_inputs: usize,
    group_outputs: usize,
    image: [usize; 2],
    kernel: [usize; 2],
    options: Conv2dOptions,
}

fn cases() -> impl Strategy<Value = Case> {
    let pair = |low: usize, high: usize| [low..=high, low..=high];
    let sizes = (0usize..=3, 1usize..=3, 1usize..=4, 1usize..=3, pair(1, 4), pair(0, 7));
    let rest = (pair(1, 3), pair(0, 2), pair(1, 3));
    (sizes, rest).prop_map(
        |((batch, group_inputs, group_outputs, groups, kernel, spare), (stride, padding, dilation))| {
            // the smallest image that the kernel fits into, and some pixels more
            let side = |d: usize| {
                (dilation[d] * (kernel[d] - 1) + 1).saturating_sub(2 * padding[d]).max(1) + spare[d]
            };
            let options = Conv2dOptions { stride, padding, dilation, groups };
            Case { batch, group_inputs, group_outputs, image: [side(0), side(1)], kernel, options }
        },
    )
}

impl Case {
    /// Image, filters and bias.
    fn operands(&self) -> [Tensor; 3] {
        let Case { batch, group_inputs, group_outputs, image: [h, w], kernel: [kh, kw], options } = *self;
        let rng = &mut ChaCha8Rng::seed_from_u64(0);
        let mut drawn = |shape: &[usize]| Tensor::randn_of::<f64>(shape, rng).requires_grad_();
        let (inputs, outputs) = (group_inputs * options.groups, group_outputs * options.groups);
        [drawn(&[batch, inputs, h, w]), drawn(&[outputs, group_inputs, kh, kw]), drawn(&[outputs])]
    }
}

/// The result and the gradients of all operands, for an upstream gradient that differs from place to place.
fn all(y: &Tensor, operands: &[Tensor; 3]) -> Vec<Tensor> {
    let weights = Tensor::arange(y.numel()).to_dtype(y.dtype()).reshape(y.shape()).cos();
    (y * &weights).sum().backward();
    let gradients = operands.iter().map(|operand| operand.grad().expect("it has one"));
    std::iter::once(y.detach()).chain(gradients).collect()
}

proptest! {
    #[test]
    fn tiles_and_a_matrix_product_agree(case in cases()) {
        let (tiled, plain) = (case.operands(), case.operands());
        let [x, w, b] = &tiled;
        let tiled = all(&x.conv2d(w, Some(b), case.options), &tiled);
        let [x, w, b] = &plain;
        let plain = all(&x.conv2d_plain(w, Some(b), case.options), &plain);
        for (what, (a, b)) in ["output", "of image", "of filters", "of bias"].iter().zip(tiled.iter().zip(&plain)) {
            prop_assert!(a.allclose(b, 1e-10, 1e-10), "{what}: {case:?}");
        }
    }

    #[test]
    fn a_batch_is_its_images_one_by_one(case in cases()) {
        let [x, w, b] = case.operands();
        let together = x.conv2d(&w, Some(&b), case.options);
        for n in 0..case.batch {
            let alone = x.narrow(0, n, 1).conv2d(&w, Some(&b), case.options);
            prop_assert!(together.narrow(0, n, 1).allclose(&alone, 0.0, 0.0), "image {n}: {case:?}");
        }
    }
}
