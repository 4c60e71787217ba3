//! Convolution: forward, and the gradients of either side.

use divan::Bencher;
use divan::counter::ItemsCount;
use minitensor::device::{Conv2dGeometry, Conv2dOptions, ConvKernels, CpuStorage};

/// N, C, O, size of the image, size of the kernel, stride.
const SHAPES: [[usize; 6]; 18] = [
    // ResNet-20 on 32x32
    [128, 3, 16, 32, 3, 1],
    [128, 16, 16, 32, 3, 1],
    [128, 16, 32, 32, 3, 2],
    [128, 16, 32, 32, 1, 2],
    [128, 32, 32, 16, 3, 1],
    [128, 64, 64, 8, 3, 1],
    // on digits of 8x8
    [64, 16, 16, 8, 3, 1],
    [64, 32, 32, 4, 3, 1],
    [64, 64, 64, 2, 3, 1],
    // on a single image
    [1, 16, 16, 32, 3, 1],
    [1, 64, 64, 8, 3, 1],
    // the U-Net
    [64, 1, 32, 28, 3, 1],
    [64, 32, 32, 28, 3, 1],
    [64, 32, 32, 28, 3, 2],
    [64, 32, 64, 14, 3, 1],
    [64, 128, 32, 14, 3, 1],
    [64, 128, 32, 14, 1, 1],
    [64, 32, 1, 28, 3, 1],
];

struct Operands {
    geometry: Conv2dGeometry,
    input: CpuStorage,
    weight: CpuStorage,
    grad: CpuStorage,
    operations: ItemsCount,
}

impl Operands {
    fn new([n, c, o, size, kernel, stride]: [usize; 6]) -> Operands {
        let (input, weight) = ([n, c, size, size], [o, c, kernel, kernel]);
        let options =
            Conv2dOptions { stride: [stride; 2], padding: [kernel / 2; 2], ..Conv2dOptions::default() };
        let geometry =
            Conv2dGeometry::new("bench", &input, &weight, None, options).expect("the shapes above fit");
        let halves = |shape: &[usize]| CpuStorage::from_vec(vec![0.5f32; shape.iter().product()]);
        let grad = halves(&geometry.output_shape());
        let operations = ItemsCount::new(2 * grad.numel() * c * kernel * kernel);
        Operands { geometry, input: halves(&input), weight: halves(&weight), grad, operations }
    }
}

#[divan::bench(args = SHAPES)]
fn conv2d(bencher: Bencher, shape: [usize; 6]) {
    let x = Operands::new(shape);
    bencher.counter(x.operations).bench(|| x.input.conv2d(&x.geometry, &x.weight, None));
}

#[divan::bench(args = SHAPES)]
fn conv2d_grad_input(bencher: Bencher, shape: [usize; 6]) {
    let x = Operands::new(shape);
    bencher.counter(x.operations).bench(|| x.grad.conv2d_grad_input(&x.geometry, &x.weight));
}

#[divan::bench(args = SHAPES)]
fn conv2d_grad_weight(bencher: Bencher, shape: [usize; 6]) {
    let x = Operands::new(shape);
    bencher.counter(x.operations).bench(|| x.grad.conv2d_grad_weight(&x.geometry, &x.input));
}
