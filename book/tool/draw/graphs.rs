//! Graphs that micrograd draws of itself, for chapter 2. The page shows this very code.

use micrograd::{Graph, Value};

/// A product, a sum and a square.
pub(super) fn expression() -> String {
    // ANCHOR: expression
    let a = Value::new(2.0).with_label("a");
    let b = Value::new(-3.0).with_label("b");
    let c = Value::new(10.0).with_label("c");
    let loss = (&a * &b + &c).powi(2).with_label("loss");

    loss.backward();
    let svg = Graph::of(&loss).svg();
    // ANCHOR_END: expression
    svg
}

/// Two values, each used twice.
pub(super) fn doubled() -> String {
    // ANCHOR: doubled
    let a = Value::new(3.0).with_label("a");
    let b = (&a + &a).with_label("b");
    let c = (&b + &b).with_label("c");

    c.backward();
    assert_eq!(a.grad(), 4.0);
    let svg = Graph::of(&c).svg();
    // ANCHOR_END: doubled
    svg
}
