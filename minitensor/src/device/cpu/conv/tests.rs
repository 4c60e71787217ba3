//! The fast convolution against the plain one, over shapes that are hard to tile.

use proptest::prelude::*;

use crate::device::cpu::lanes::Lanes;
use crate::device::geometry::{Conv2dGeometry, Conv2dOptions};
use crate::dtype::Element;

use super::plain::{conv2d_backward_plain, conv2d_plain};
use super::*;

/// Numbers in [-1, 1) that depend on the seed alone.
pub(in crate::device::cpu) fn noise<T: Lanes>(len: usize, seed: u64) -> Vec<T> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1u64 << 23) as f64 - 1.0
    };
    (0..len).map(|_| T::from_f64(next())).collect()
}

#[derive(Debug)]
struct Case {
    geometry: Conv2dGeometry,
    input: [usize; 4],
    weight: [usize; 4],
}

fn case(input: [usize; 4], weight: [usize; 4], options: Conv2dOptions) -> Option<Case> {
    let geometry = Conv2dGeometry::new("conv2d", &input, &weight, None, options).ok()?;
    Some(Case { geometry, input, weight })
}

struct Gradients<T> {
    output: Vec<T>,
    input: Vec<T>,
    weight: Vec<T>,
}

impl Case {
    fn operands<T: Convolved>(&self) -> (Vec<T>, Vec<T>, Vec<T>, Vec<T>) {
        let size = |shape: [usize; 4]| shape.iter().product();
        let output = size(self.geometry.output_shape());
        (noise(size(self.input), 1), noise(size(self.weight), 2), noise(self.weight[0], 3), noise(output, 4))
    }

    fn fast<T: Convolved>(&self) -> Gradients<T> {
        let (input, weight, bias, grad) = self.operands::<T>();
        let nan = |len: usize| vec![T::nan(); len];
        let mut result =
            Gradients { output: nan(grad.len()), input: nan(input.len()), weight: nan(weight.len()) };
        conv2d_forward(&self.geometry, &input, &weight, Some(&bias), &mut result.output);
        conv2d_backward_input(&self.geometry, &weight, &grad, &mut result.input);
        conv2d_backward_weight(&self.geometry, &input, &grad, &mut result.weight);
        result
    }

    fn plain<T: Convolved>(&self) -> Gradients<T> {
        let (input, weight, bias, grad) = self.operands::<T>();
        let nan = |len: usize| vec![T::nan(); len];
        let mut result =
            Gradients { output: nan(grad.len()), input: nan(input.len()), weight: nan(weight.len()) };
        conv2d_plain(&self.geometry, &input, &weight, Some(&bias), &mut result.output);
        let (grad_input, grad_weight) = (&mut result.input, &mut result.weight);
        conv2d_backward_plain(&self.geometry, &input, &weight, &grad, grad_input, grad_weight);
        result
    }

    fn check<T: Convolved>(&self, tolerance: f64) {
        let (fast, plain) = (self.fast::<T>(), self.plain::<T>());
        for (what, fast, plain) in [
            ("output", &fast.output, &plain.output),
            ("grad_input", &fast.input, &plain.input),
            ("grad_weight", &fast.weight, &plain.weight),
        ] {
            for (i, (fast, plain)) in fast.iter().zip(plain).enumerate() {
                let (fast, plain) = (Element::to_f64(*fast), Element::to_f64(*plain));
                let good = (fast - plain).abs() <= tolerance * (1.0 + plain.abs());
                assert!(good, "{what}[{i}]: fast {fast}, plain {plain}, {:?}", self.geometry);
            }
        }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let image = (1..20usize, 0..4usize, 1..14usize, 1..21usize);
    let kernel = (0..4usize, 1..5usize, 1..6usize, 1..4usize);
    let options = ([1..4usize, 1..4usize], [0..4usize, 0..4usize], [1..4usize, 1..3usize]);
    (image, kernel, options).prop_filter_map("the kernel must fit", |(image, kernel, options)| {
        let (n, c, h, w) = image;
        let (o, kh, kw, groups) = kernel;
        let (stride, padding, dilation) = options;
        let (input, weight) = ([n, (c + 1) * groups, h, w], [(3 * o + 1) * groups, c + 1, kh, kw]);
        case(input, weight, Conv2dOptions { stride, padding, dilation, groups })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn fast_and_plain_agree(case in cases().no_shrink()) {
        case.check::<f64>(1e-12);
        case.check::<f32>(1e-4);
    }
}

/// Channels that fill vectors or are few, and filters of the sizes that networks have: shapes that minimal filtering, blocks of
/// channels and products of matrices take, at sizes that leave parts of tiles over.
fn of_networks() -> impl Strategy<Value = Case> {
    let image = (1..6usize, 0..4usize, 1..21usize, 1..21usize);
    let kernel = (1..4usize, prop_oneof![Just(1usize), Just(3), Just(5)], 1..3usize, 1..3usize);
    (image, kernel, 0..3usize).prop_filter_map("the kernel must fit", |((n, c, h, w), kernel, padding)| {
        let (o, kernel, stride, dilation) = kernel;
        let channels = if c == 0 { o } else { 16 * c };
        let (stride, padding, dilation) = ([stride; 2], [padding.min(kernel / 2); 2], [dilation; 2]);
        let options = Conv2dOptions { stride, padding, dilation, groups: 1 };
        case([n, channels, h, w], [16 * o, channels, kernel, kernel], options)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_fast_way_and_plain_agree(case in of_networks().no_shrink()) {
        case.check::<f32>(1e-4);
    }
}

/// The points are chosen so that minimal filtering loses few digits; with the usual ones, 0, ±1 and ±2, it misses this bound.
#[test]
fn minimal_filtering_rounds_little() {
    let options = Conv2dOptions { padding: [1, 1], ..Default::default() };
    let case = case([2, 64, 16, 16], [32, 64, 3, 3], options).unwrap();
    let (fast, exact) = (case.fast::<f32>(), case.plain::<f64>());
    for (what, fast, exact) in [
        ("output", &fast.output, &exact.output),
        ("grad_input", &fast.input, &exact.input),
        ("grad_weight", &fast.weight, &exact.weight),
    ] {
        let largest = exact.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let error = fast.iter().zip(exact).map(|(fast, exact)| (f64::from(*fast) - exact).abs());
        let error = error.fold(0.0, f64::max) / largest;
        assert!(error < 2e-6, "{what} is off by {error:.1e} of its largest number");
    }
}

#[test]
fn no_images_and_images_of_padding_alone_have_gradients_too() {
    for (input, weight, stride) in [
        ([2, 16, 0, 5], [16, 16, 2, 2], [2, 2]),
        ([2, 16, 0, 5], [16, 16, 2, 2], [1, 1]),
        ([0, 16, 8, 8], [16, 16, 3, 3], [1, 1]),
        ([0, 16, 8, 8], [16, 16, 3, 3], [2, 2]),
        ([0, 512, 16, 16], [512, 512, 1, 1], [1, 1]),
    ] {
        let padding = [weight[2] / 2, weight[3] / 2];
        let options = Conv2dOptions { padding, stride, ..Default::default() };
        case(input, weight, options).unwrap().check::<f32>(1e-4);
    }
}

fn resnet_shapes() -> Vec<Case> {
    let options =
        |stride, padding| Conv2dOptions { stride: [stride; 2], padding: [padding; 2], ..Default::default() };
    [
        ([3, 3, 32, 32], [16, 3, 3, 3], options(1, 1)),
        ([2, 16, 32, 32], [32, 16, 3, 3], options(2, 1)),
        ([2, 16, 32, 32], [32, 16, 1, 1], options(2, 0)),
        ([35, 16, 8, 8], [16, 16, 3, 3], options(1, 1)),
        ([33, 32, 4, 4], [64, 32, 3, 3], options(2, 1)),
        ([70, 32, 2, 2], [16, 32, 3, 3], options(1, 1)),
        ([2, 8, 14, 14], [20, 8, 1, 1], options(1, 0)),
        ([3, 96, 28, 28], [32, 96, 1, 1], options(1, 0)),
        ([1, 32, 40, 40], [80, 32, 1, 1], options(1, 0)),
        ([1, 4, 1, 3000], [6, 4, 1, 9], Conv2dOptions { padding: [0, 4], ..Default::default() }),
        (
            [1, 40, 1, 3000],
            [6, 40, 1, 9],
            Conv2dOptions { stride: [1, 2], padding: [0, 4], ..Default::default() },
        ),
        ([2, 3, 60, 61], [64, 3, 7, 7], options(2, 3)),
        ([1, 160, 30, 30], [3, 160, 3, 3], options(1, 1)),
    ]
    .into_iter()
    .map(|(input, weight, options)| case(input, weight, options).unwrap())
    .collect()
}

#[test]
fn the_shapes_of_real_networks_agree() {
    for case in resnet_shapes() {
        case.check::<f32>(2e-4);
        case.check::<f64>(1e-12);
    }
}

#[test]
#[cfg(feature = "rayon")]
fn any_number_of_threads_finds_the_same_bits() {
    let on = |threads: usize, case: &Case| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let result = pool.install(|| case.fast::<f32>());
        [result.output, result.input, result.weight]
            .map(|v| v.into_iter().map(f32::to_bits).collect::<Vec<_>>())
    };
    for case in resnet_shapes() {
        assert_eq!(on(1, &case), on(3, &case), "{:?}", case.geometry);
    }
}

#[test]
fn messages_say_what_does_not_fit() {
    let message = |op, input: &[usize], weight: &[usize], bias: Option<&[usize]>, options| {
        Conv2dGeometry::new(op, input, weight, bias, options).unwrap_err().to_string()
    };
    let plain = Conv2dOptions::default();
    assert_eq!(
        message("conv1d", &[1, 3, 7], &[1, 2, 5], None, plain),
        "conv1d: weight of shape [1, 2, 5] expects 2 input channels, but input [1, 3, 7] has 3"
    );
    assert_eq!(
        message("conv2d", &[1, 1, 4, 4], &[1, 1, 5, 5], None, plain),
        "conv2d: a kernel of height 5 does not fit an input of height 4 padded by 0 on each side; \
         a larger input, a smaller kernel or more padding is needed"
    );
    assert!(message("conv2d", &[1, 4, 4], &[1, 1, 3, 3], None, plain).contains("unsqueeze(0)"));
    assert!(
        message("conv2d", &[1, 1, 4, 4], &[2, 1, 3, 3], Some(&[3]), plain)
            .contains("bias must have shape [2]")
    );
    let stride = Conv2dOptions { stride: [0, 1], ..plain };
    assert!(
        message("conv2d", &[1, 1, 4, 4], &[2, 1, 3, 3], None, stride).contains("stride must be at least 1")
    );
    let huge = Conv2dOptions { padding: [usize::MAX, 0], ..plain };
    assert!(message("conv2d", &[1, 1, 4, 4], &[2, 1, 3, 3], None, huge).contains("does not fit"));
}
