//! A small graph of communities, for a graph network (Kipf and Welling 2017, <https://arxiv.org/abs/1609.02907>).

use rand::RngExt;

use super::{Kind, normal, source};
use crate::Tensor;

/// Nodes with features and a class, and the edges between them.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Where each edge begins and ends, (2, E) in `I64`: every edge once each way, none from a node to itself.
    pub edges: Tensor,
    /// (N, F) in `F32`.
    pub features: Tensor,
    /// The community of each node, (N) in `I64`.
    pub labels: Tensor,
}

/// `communities` of `members` nodes each. Two nodes of one community are joined with probability `inside`, two others with
/// `across`. A node has one feature a community: 1 for its own and 0 for the others, under normal noise of deviation
/// `noise`, so that with much noise only its neighbours tell where it belongs.
///
/// # Panics
/// If a probability is not in 0..=1.
#[track_caller]
pub fn communities(
    communities: usize,
    members: usize,
    [inside, across]: [f64; 2],
    noise: f32,
    seed: u64,
) -> Graph {
    for probability in [inside, across] {
        assert!(
            (0.0..=1.0).contains(&probability),
            "communities: the probability {probability} is not in 0..=1"
        );
    }
    let mut rng = source(Kind::Communities, seed, 0);
    let count = communities * members;
    let community = |node: usize| node / members;
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for a in 0..count {
        for b in a + 1..count {
            if rng.random_bool(if community(a) == community(b) { inside } else { across }) {
                from.extend([a as i64, b as i64]);
                to.extend([b as i64, a as i64]);
            }
        }
    }
    let mut feature =
        |node: usize, place: usize| f32::from(u8::from(community(node) == place)) + noise * normal(&mut rng);
    let mut features = Vec::with_capacity(count * communities);
    for node in 0..count {
        features.extend((0..communities).map(|place| feature(node, place)));
    }
    let edges = from.len();
    Graph {
        edges: Tensor::from_vec([from, to].concat(), [2, edges]),
        features: Tensor::from_vec(features, [count, communities]),
        labels: Tensor::from_vec((0..count).map(|node| community(node) as i64).collect(), [count]),
    }
}

impl Graph {
    /// 1 where two nodes are joined, (N, N) in `F32`.
    pub fn adjacency(&self) -> Tensor {
        let nodes = self.labels.numel();
        let edges = self.edges.to_vec::<i64>();
        let (from, to) = edges.split_at(edges.len() / 2);
        let mut joined = vec![0.0f32; nodes * nodes];
        from.iter().zip(to).for_each(|(&a, &b)| joined[a as usize * nodes + b as usize] = 1.0);
        Tensor::from_vec(joined, [nodes, nodes])
    }

    /// D^(-1/2) (A + I) D^(-1/2), (N, N), with D the row sums of A + I: what a layer of Kipf and Welling multiplies by.
    pub fn normalized_adjacency(&self) -> Tensor {
        let nodes = self.labels.numel();
        let joined = &self.adjacency() + &Tensor::eye(nodes);
        let degrees: Vec<f32> = joined
            .to_vec::<f32>()
            .chunks(nodes.max(1))
            .map(|row| row.iter().sum::<f32>().sqrt().recip())
            .collect();
        let scale = Tensor::from_vec(degrees, [nodes, 1]);
        &(&joined * &scale) * &scale.reshape([1, nodes])
    }
}
