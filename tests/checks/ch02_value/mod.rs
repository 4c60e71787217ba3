//! Checks of chapter 2. Derivatives are judged by the measured slope, and orders by what an order has to do.

mod backward;
mod gelu;
mod local_derivatives;
mod slopes;
mod topological_order;

#[allow(unused_imports, reason = "`../main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../../mine/ch02_value.rs"]
    ch02_value: local_derivatives, topological_order, backward, gelu, slopes
}

/// The slope of `f` at `x`, measured.
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
}
