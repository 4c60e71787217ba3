//! The pictures of a graph: what stands in them, and that nothing a label may hold can break them.

use micrograd::{Graph, Value};

/// loss = (tanh(w x) - 1)² at w = 0.5, x = 2.
fn example() -> Value {
    let w = Value::new(0.5).with_label("w");
    let x = Value::new(2.0).with_label("x");
    let loss = ((&w * &x).tanh().with_label("y") - 1.0).powi(2).with_label("loss");
    loss.backward();
    loss
}

#[test]
fn dot_shows_names_operations_numbers_and_slopes() {
    // tanh(1) = 0.7616, its slope 1 - 0.7616² = 0.42; dloss/dy = 2 (0.7616 - 1) = -0.4768.
    let expected = r#"digraph {
  rankdir=LR;
  node [shape=record, fontname="sans-serif"];
  v0 [label="w | data 0.5 | grad -0.4005"];
  v1 [label="x | data 2 | grad -0.1001"];
  v2 [label="* | data 1 | grad -0.2002"];
  v3 [label="y | tanh | data 0.7616 | grad -0.4768"];
  v4 [label="data 1 | grad 0.4768"];
  v5 [label="- | data -0.2384 | grad -0.4768"];
  v6 [label="loss | ^2 | data 0.05684 | grad 1"];
  v0 -> v2 [label="2"];
  v1 -> v2 [label="0.5"];
  v2 -> v3 [label="0.42"];
  v3 -> v5 [label="1"];
  v4 -> v5 [label="-1"];
  v5 -> v6 [label="-0.4768"];
}
"#;
    assert_eq!(Graph::of(&example()).dot(), expected);
}

#[test]
fn svg_shows_the_same() {
    let svg = Graph::of(&example()).svg();
    for text in ["w", "x", "y", "loss", "×", "tanh", "−", "x²", "0.7616", "-0.4005", "0.05684", "0.42"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text} is missing");
    }
    assert_eq!(svg.matches(r#"class="leaf""#).count(), 3);
    assert_eq!(svg.matches(r#"class="edge""#).count(), 6);
    assert!(
        svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=") && svg.ends_with("</svg>\n")
    );
    assert!(!svg.contains("NaN"));
}

#[test]
fn a_value_used_twice_has_one_arrow_with_both_slopes() {
    let a = Value::new(3.0);
    let graph = Graph::of(&(&a * &a));
    assert_eq!(graph.dot().matches("v0 -> v1").count(), 2);
    assert_eq!(graph.svg().matches(r#"class="edge""#).count(), 1);
    assert!(graph.svg().contains(">3, 3</text>"));
}

#[test]
fn labels_are_escaped() {
    let value = Value::new(1.0).with_label("<b>&\"|{}\\\n");
    let svg = Graph::of(&value).svg();
    assert!(svg.contains(">&lt;b&gt;&amp;\"|{}\\ </text>"));
    assert!(Graph::of(&value).dot().contains(r#"[label="\<b\>&\"\|\{\}\\  | data 1 | grad 0"]"#));
}

#[test]
fn a_long_computation_is_cut_to_its_latest_values() {
    let x = Value::new(1.0_f32);
    let mut chain = x.clone();
    for _ in 0..100_000 {
        chain = (chain + &x).tanh();
    }
    let graph = Graph::of(&chain);
    let svg = graph.svg();
    assert!(svg.contains("the latest 1000 values of a longer computation"));
    assert_eq!(graph.dot().lines().filter(|line| line.contains("data")).count(), Graph::MAX_VALUES);
}

#[test]
fn numbers_that_are_none_can_be_drawn() {
    let svg = Graph::of(&(Value::new(f64::NAN) * f64::INFINITY)).svg();
    assert!(svg.contains(">NaN</text>") && svg.contains(">inf</text>"));
}
#[test]
fn a_sum_of_many_terms_is_one_box() {
    let terms: Vec<Value> = (0..5).map(|i| Value::new(f64::from(i))).collect();
    let svg = Graph::of(&terms.iter().sum::<Value>()).svg();
    assert_eq!(svg.matches(r#"class="edge""#).count(), 5);
    assert_eq!(svg.matches(r#"class="slope""#).count(), 1);
    assert!(svg.contains(">Σ</text>"));
}
