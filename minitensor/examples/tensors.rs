//! Chapter 5 of the book: a walk through shapes, strides, views, broadcasting and the matrix product.
//!
//! `cargo run -p minitensor --example tensors`

mod common;

use common::{complain, title};
use minitensor::{DType, Tensor};
use rand::{SeedableRng, rngs::ChaCha8Rng};

fn main() {
    shapes();
    strides();
    broadcasting();
    reductions();
    layer();
    mistakes();
}

fn shapes() {
    title("A tensor is numbers and a shape");
    // ANCHOR: shapes
    let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], [2, 3]);
    println!("{x}");
    println!("{} dimensions, {} elements, of {}", x.rank(), x.numel(), x.dtype());

    let pixels = Tensor::from_vec(vec![0u8, 128, 255], [3]);
    println!("{}", pixels.to_dtype(DType::F32) / 255.0);
    // ANCHOR_END: shapes
}

fn strides() {
    title("A view is the same numbers, read another way");
    // ANCHOR: strides
    let x = Tensor::arange(12).reshape([3, 4]);
    println!("{x}");
    println!("x          shape {:?}  strides {:?}", x.shape(), x.strides());
    println!("x.t()      shape {:?}  strides {:?}", x.t().shape(), x.t().strides());
    let columns = x.narrow(1, 1, 2);
    println!("2 columns  shape {:?}  strides {:?}", columns.shape(), columns.strides());
    println!("{columns}");
    // ANCHOR_END: strides
}

fn broadcasting() {
    title("Broadcasting repeats without copying");
    // ANCHOR: broadcasting
    let column = Tensor::from_vec(vec![10i64, 20, 30], [3, 1]);
    let row = Tensor::from_vec(vec![1i64, 2, 3, 4], [4]);
    println!("{}", &column + &row);

    let repeated = column.expand([3, 4]);
    println!("column, expanded: shape {:?}, strides {:?}", repeated.shape(), repeated.strides());
    // ANCHOR_END: broadcasting
}

fn reductions() {
    title("Many numbers made one");
    // ANCHOR: reductions
    let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], [2, 3]);
    println!("of all       {}", x.sum());
    println!("down         {}", x.sum_dim(0, false));
    println!("across       {}", x.sum_dim(1, false));
    println!("across, kept {:?}", x.sum_dim(1, true).shape());
    println!("each row without its mean:\n{}", &x - x.mean_dim(1, true));
    // ANCHOR_END: reductions
}

fn layer() {
    title("A layer is a matrix product");
    // ANCHOR: layer
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let x = Tensor::randn([32, 100], &mut rng); // 32 examples of 100 features
    let weight = Tensor::randn([50, 100], &mut rng); // 50 neurons of 100 weights
    let bias = Tensor::zeros([50]);

    let y = x.matmul(&weight.t()) + &bias; // (32, 100) · (100, 50) + (50)
    println!("{:?} · {:?} + {:?} -> {:?}", x.shape(), weight.t().shape(), bias.shape(), y.shape());
    // ANCHOR_END: layer
}

fn mistakes() {
    title("What it says when shapes do not fit");
    let (a, b) = (Tensor::zeros([2, 3]), Tensor::zeros([2, 4]));
    complain(|| a.add(&b));
    complain(|| a.matmul(&a));
    complain(|| a.reshape([4, 2]));
    complain(|| a.add(&Tensor::arange(3)));

    title("What it does not say");
    // ANCHOR: surprise
    let predictions = Tensor::zeros([32, 1]);
    let targets = Tensor::ones([32]);
    let errors = (&predictions - &targets).square();
    println!("{:?} - {:?} -> {:?}", predictions.shape(), targets.shape(), errors.shape());
    // ANCHOR_END: surprise
}
