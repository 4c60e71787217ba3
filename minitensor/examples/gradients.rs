//! Chapter 6 of the book: gradients of tensors, by hand and by the engine, and a line fitted with them.
//!
//! `cargo run -p minitensor --example gradients`

mod common;

use common::{complain, title};
use minitensor::{DType, Tensor, gradcheck, no_grad};
use rand::{SeedableRng, rngs::ChaCha8Rng};

fn main() {
    by_hand();
    shared();
    check();
    fit_a_line();
    mistakes();
}

fn by_hand() {
    title("A layer's gradients, by hand and by the engine");
    // ANCHOR: by_hand
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let x = Tensor::randn([3, 5], &mut rng).requires_grad_(); // a batch of 3 examples
    let w = Tensor::randn([5, 2], &mut rng).requires_grad_();
    let b = Tensor::zeros([2]).requires_grad_();

    let y = x.matmul(&w) + &b; // (3, 5) · (5, 2) + (2)
    let per_example = y.square().sum_dim(1, false); // (3)
    per_example.mean().backward();

    let dy = y.detach() * (2.0 / 3.0); // d(y²)/dy = 2y, and the mean over 3 examples divides by 3
    let dx = dy.matmul(&w.detach().t());
    let dw = x.detach().t().matmul(&dy);
    let db = dy.sum_dim(0, false);
    for (name, leaf, hand) in [("x", &x, dx), ("w", &w, dw), ("b", &b, db)] {
        let engine = leaf.grad().expect("a leaf that was used has a gradient");
        println!("d/d{name}  shape {:?}  the same: {}", engine.shape(), engine.allclose(&hand, 1e-5, 1e-6));
    }
    // ANCHOR_END: by_hand
}

fn shared() {
    title("A number used many times gets the sum of its gradients");
    // ANCHOR: shared
    let bias = Tensor::from([1.0f32, 2.0, 3.0]).requires_grad_();
    let repeated = &bias + &Tensor::zeros([4, 3]); // each of the 4 rows uses the bias
    repeated.sum().backward();
    println!("{}", bias.grad().expect("the bias was used"));
    // ANCHOR_END: shared
}

fn check() {
    title("Every gradient can be measured");
    // ANCHOR: check
    let x = Tensor::linspace(-2.0, 2.0, 6).to_dtype(DType::F64).reshape([2, 3]);
    let checked = gradcheck(|inputs| inputs[0].tanh().exp().mean_dim(1, false), &[x]);
    println!("{}", checked.map_or_else(|wrong| wrong.to_string(), |()| "right, everywhere".to_string()));
    // ANCHOR_END: check
}

fn fit_a_line() {
    title("A line through noisy points");
    // ANCHOR: fit
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let x = Tensor::rand([100, 1], &mut rng);
    let t = &x * 3.0 + 1.0 + Tensor::randn([100, 1], &mut rng) * 0.1; // t = 3x + 1, and some noise

    let w = Tensor::zeros([1, 1]).requires_grad_();
    let b = Tensor::zeros([1]).requires_grad_();
    println!("step   loss     w     b");
    for step in 0..=200 {
        let loss = (x.matmul(&w) + &b - &t).square().mean();
        if step % 40 == 0 {
            println!("{step:4} {:6.3} {:5.2} {:5.2}", loss.item(), w.item(), b.item());
        }
        loss.backward();
        no_grad(|| {
            for p in [&w, &b] {
                let grad = p.grad().expect("both are part of the loss");
                p.copy_(&(p - grad * 0.5));
                p.zero_grad();
            }
        });
    }
    // ANCHOR_END: fit
}

fn mistakes() {
    title("What it says when you go wrong");
    let w = Tensor::ones([2]).requires_grad_();
    complain(|| (&w * 2.0).backward());
    complain(|| {
        let loss = w.square().sum();
        loss.backward();
        loss.backward();
    });
    complain(|| w.copy_(&Tensor::zeros([2])));
    complain(|| Tensor::ones([2]).sum().backward());
}
