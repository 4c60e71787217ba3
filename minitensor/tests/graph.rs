//! Pictures of graphs: what stands in them, and that no graph is too long for one.

use std::time::{Duration, Instant};

use minitensor::{Graph, Tensor};

/// mean((x·w + b)²) and the names of its leaves.
fn example() -> (Tensor, Vec<(String, Tensor)>) {
    let w = Tensor::ones([3, 2]).requires_grad_();
    let b = Tensor::zeros([2]).requires_grad_();
    let y = Tensor::ones([4, 3]).matmul(&w) + &b;
    (y.square().sum(), vec![("layer.weight".to_string(), w), ("b".to_string(), b)])
}

#[test]
fn ops_and_leaves_with_names_and_shapes() {
    let (loss, names) = example();
    let expected = r#"digraph {
  rankdir=LR;
  node [shape=record, fontname="sans-serif"];
  v0 [label="layer.weight | 3 × 2"];
  v1 [label="matmul | 4 × 2"];
  v2 [label="b | 2"];
  v3 [label="add | 4 × 2"];
  v4 [label="square | 4 × 2"];
  v5 [label="sum | one number"];
  v0 -> v1;
  v1 -> v3;
  v2 -> v3;
  v3 -> v4;
  v4 -> v5;
}
"#;
    assert_eq!(loss.graph(&names).to_dot(), expected);
    loss.backward();
    assert_eq!(loss.graph(&names).to_dot(), expected); // the graph outlives what it saved
}

#[test]
fn svg_shows_the_same() {
    let (loss, names) = example();
    let svg = loss.graph(&names).to_svg();
    for text in ["layer.weight", "b", "matmul", "add", "square", "sum", "4 × 2", "one number"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text} is missing");
    }
    assert_eq!(svg.matches(r#"class="leaf""#).count(), 2);
    assert_eq!(svg.matches(r#"class="edge""#).count(), 5);
    assert_well_formed(&svg);
}

/// Every element is closed, in order, and `<` and `&` stand for nothing else.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        assert!(
            text.split('&')
                .skip(1)
                .all(|entity| ["amp;", "lt;", "gt;"].iter().any(|e| entity.starts_with(e)))
        );
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split_whitespace().next().expect("a tag has a name")),
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

#[test]
fn what_is_used_several_times_has_several_arrows() {
    let a = Tensor::ones([2]).requires_grad_();
    let b = a.exp();
    let graph = (&b * &b + &a).graph(&[]);
    let dot = graph.to_dot();
    // a, exp, mul, add: exp goes into mul twice, and a into exp and add
    for (arrow, times) in [("v0 -> v1;", 1), ("v1 -> v2;", 2), ("v2 -> v3;", 1), ("v0 -> v3;", 1)] {
        assert_eq!(dot.matches(arrow).count(), times, "{arrow} in {dot}");
    }
    let svg = graph.to_svg();
    assert_eq!((svg.matches(r#"class="edge""#).count(), svg.matches(">2×</text>").count()), (4, 1));
}

#[test]
fn a_leaf_is_a_box_and_hostile_names_are_escaped() {
    let leaf = Tensor::ones([]).requires_grad_();
    let graph = leaf.graph(&[("<&\"|{}".to_string(), leaf.clone())]);
    assert!(graph.to_dot().contains(r#"v0 [label="\<&\"\|\{\} | one number"];"#));
    assert!(graph.to_svg().contains(">&lt;&amp;\"|{}</text>"));
    assert_well_formed(&graph.to_svg());
    assert!(Tensor::ones([2]).graph(&[]).to_dot().contains("leaf | 2"));
}

#[test]
fn a_long_computation_is_cut_to_its_latest_ops() {
    let x = Tensor::ones([1]).requires_grad_();
    let mut chain = x.clone();
    for _ in 0..50_000 {
        chain = (chain + &x).tanh();
    }
    let start = Instant::now();
    let graph = chain.graph(&[("x".to_string(), x)]);
    let svg = graph.to_svg();
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(svg.contains("the latest 300 ops of a longer computation"));
    assert_eq!(graph.to_dot().lines().filter(|line| line.contains("label")).count(), Graph::MAX_OPS + 1);
}
