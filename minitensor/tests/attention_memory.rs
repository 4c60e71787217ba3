//! Attention by tiles needs memory for the tokens, not for their pairs. It has a program of its own, since it counts every byte.

use std::alloc::System;

use cap::Cap;
use minitensor::ops::AttentionOptions;
use minitensor::{Device, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// The bytes that the forward and backward of `t` tokens need beside those that were there before. Call it with growing `t`:
/// the allocator only knows the highest point of the program so far.
fn peak(t: usize, attend: fn(&Tensor, &Tensor, &Tensor, &AttentionOptions) -> Tensor) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let [q, k, v] = [(); 3].map(|()| Tensor::randn([1, 2, t, 16], &mut rng).requires_grad_());
    Device::Cpu.empty_cache(); // or what an earlier run has left would count as having been there
    let before = MEMORY.allocated();
    attend(&q, &k, &v, &AttentionOptions::causal()).sum().backward();
    let peak = MEMORY.max_allocated();
    assert!(peak > before, "a smaller run came first");
    peak - before
}

#[test]
fn twice_the_tokens_take_twice_the_memory() {
    peak(512, Tensor::scaled_dot_product_attention); // what threads keep for good
    let [once, twice, four] = [1024, 2048, 4096].map(|t| peak(t, Tensor::scaled_dot_product_attention));
    for (less, more) in [(once, twice), (twice, four)] {
        let growth = more as f64 / less as f64;
        assert!(
            growth < 2.2,
            "twice the tokens took {growth:.2} times the memory: {less}, then {more} bytes"
        );
    }
    // The yardstick itself: out of smaller ops, the pairs are in memory.
    let pairs = peak(4096, Tensor::scaled_dot_product_attention_plain);
    assert!(pairs > 10 * four, "{pairs} bytes out of smaller ops, {four} by tiles");
}
