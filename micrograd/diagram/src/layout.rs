//! Where everything stands: layers from left to right, as few crossings and bends as a few passes can reach
//! (Sugiyama, Tagawa and Toda 1981).

use super::Diagram;

/// A place in the picture, in steps: x counts layers, y the heights of a box.
pub(super) struct Layout {
    /// The place of each node.
    pub(super) nodes: Vec<(usize, f64)>,
    /// The places each arrow passes on its way, from its parent to its child.
    pub(super) arrows: Vec<Vec<(usize, f64)>>,
}

/// A node, or the way of a long arrow through a layer, which takes room of its own so that no box stands on it.
struct Item {
    layer: usize,
    room: f64,
    y: f64,
    /// Where the item would like to stand.
    wish: f64,
    /// Items joined to this one in the layer before, and in the layer after.
    before: Vec<usize>,
    after: Vec<usize>,
}

const SWEEPS: usize = 12;
const ROOM_OF_AN_ARROW: f64 = 0.45;

pub(super) fn layout(diagram: &Diagram) -> Layout {
    let layers = layers(diagram);
    let new_item = |layer, room| Item { layer, room, y: 0.0, wish: 0.0, before: vec![], after: vec![] };
    let mut items: Vec<Item> = layers.iter().map(|&layer| new_item(layer, 1.0)).collect();
    let mut paths = Vec::new();
    for arrow in &diagram.arrows {
        let mut path = vec![arrow.parent];
        for layer in layers[arrow.parent] + 1..layers[arrow.child] {
            path.push(items.len());
            items.push(new_item(layer, ROOM_OF_AN_ARROW));
        }
        path.push(arrow.child);
        for step in path.windows(2) {
            items[step[0]].after.push(step[1]);
            items[step[1]].before.push(step[0]);
        }
        paths.push(path);
    }
    arrange(&mut items);
    let place = |item: &usize| (items[*item].layer, items[*item].y);
    Layout {
        nodes: (0..diagram.nodes.len()).map(|node| place(&node)).collect(),
        arrows: paths.iter().map(|path| path.iter().map(place).collect()).collect(),
    }
}

/// A result stands one layer after the last of its parents; a leaf, just before the first value that uses it.
fn layers(diagram: &Diagram) -> Vec<usize> {
    let mut layers = vec![0; diagram.nodes.len()];
    let mut first_use = vec![usize::MAX; diagram.nodes.len()];
    // Arrows are sorted by child, and children stand after their parents.
    for arrow in &diagram.arrows {
        layers[arrow.child] = layers[arrow.child].max(layers[arrow.parent] + 1);
    }
    for arrow in &diagram.arrows {
        first_use[arrow.parent] = first_use[arrow.parent].min(layers[arrow.child]);
    }
    for i in 0..diagram.nodes.len() {
        if diagram.is_leaf(i) && first_use[i] != usize::MAX {
            layers[i] = first_use[i] - 1;
        }
    }
    layers
}

/// Sweeps over the layers, there and back. The first sweeps sort each layer by where its neighbours stand, which
/// undoes crossings; the later ones keep the order and only straighten.
fn arrange(items: &mut [Item]) {
    let mut layers: Vec<Vec<usize>> =
        vec![vec![]; items.iter().map(|item| item.layer + 1).max().unwrap_or(0)];
    for (i, item) in items.iter().enumerate() {
        layers[item.layer].push(i);
    }
    for layer in &layers {
        spread(items, layer);
    }
    for sweep in 0..2 * SWEEPS {
        for step in 0..layers.len() {
            let forward = sweep % 2 == 0;
            let layer = if forward { step } else { layers.len() - 1 - step };
            let layer = &mut layers[layer];
            for &i in &*layer {
                items[i].wish =
                    wish(items, if forward { &items[i].before } else { &items[i].after }, items[i].y);
            }
            if sweep < SWEEPS {
                layer.sort_by(|&a, &b| items[a].wish.total_cmp(&items[b].wish));
            }
            spread(items, layer);
        }
    }
    let top = items.iter().map(|item| item.y - item.room / 2.0).fold(f64::INFINITY, f64::min);
    items.iter_mut().for_each(|item| item.y -= top);
}

/// Where an item would like to stand: in the middle of its neighbours, or where it is if it has none.
fn wish(items: &[Item], neighbours: &[usize], here: f64) -> f64 {
    if neighbours.is_empty() {
        return here;
    }
    neighbours.iter().map(|&i| items[i].y).sum::<f64>() / neighbours.len() as f64
}

/// Moves the items of a layer to their wishes, as nearly (in squares) as their order and their room allow.
///
/// Measured from where it would stand if all were pushed together, an item's place may not come before that of the
/// item above it: an isotonic regression, solved by merging neighbours that collide into blocks.
fn spread(items: &mut [Item], layer: &[usize]) {
    let mut packed = Vec::with_capacity(layer.len());
    let mut blocks: Vec<(f64, usize)> = Vec::new(); // the sum of wishes, and how many
    let mut height = 0.0;
    for &i in layer {
        packed.push(height + items[i].room / 2.0);
        height += items[i].room;
        let mut block = (items[i].wish - packed[packed.len() - 1], 1);
        while let Some(&(sum, count)) = blocks.last()
            && sum / count as f64 >= block.0 / block.1 as f64
        {
            block = (block.0 + sum, block.1 + count);
            blocks.pop();
        }
        blocks.push(block);
    }
    let shifts = blocks.iter().flat_map(|&(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    for ((&i, packed), shift) in layer.iter().zip(packed).zip(shifts) {
        items[i].y = packed + shift;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Arrow, Node, Style};

    /// A diagram with the parents of each box; a box without any is a leaf.
    fn diagram(parents: &[&[usize]]) -> Diagram {
        let op = |parents: &&[usize]| if parents.is_empty() { String::new() } else { "op".to_string() };
        let arrows = parents.iter().enumerate().flat_map(|(child, parents)| {
            parents.iter().map(move |&parent| Arrow { parent, child, labels: vec![String::new()] })
        });
        Diagram {
            title: String::new(),
            nodes: parents.iter().map(|parents| Node { op: op(parents), ..Node::default() }).collect(),
            arrows: arrows.collect(),
            note: None,
            style: Style::NUMBERS,
        }
    }

    #[test]
    fn boxes_of_a_layer_keep_their_distance_and_arrows_go_right() {
        let pairs: Vec<[usize; 2]> = (0..6).flat_map(|a| (0..a).map(move |b| [a, b])).collect();
        let total: Vec<usize> = (6..6 + pairs.len()).chain([0]).collect();
        let mut parents: Vec<&[usize]> = vec![&[]; 6];
        parents.extend(pairs.iter().map(|pair| &pair[..]));
        parents.push(&total);
        let diagram = diagram(&parents);
        let layout = layout(&diagram);
        for (i, a) in layout.nodes.iter().enumerate() {
            for b in &layout.nodes[..i] {
                assert!(a.0 != b.0 || (a.1 - b.1).abs() > 0.999, "{a:?} on {b:?}");
            }
        }
        for (path, arrow) in layout.arrows.iter().zip(&diagram.arrows) {
            assert_eq!(
                (path[0], path[path.len() - 1]),
                (layout.nodes[arrow.parent], layout.nodes[arrow.child])
            );
            assert!(path.windows(2).all(|step| step[0].0 + 1 == step[1].0));
        }
    }

    #[test]
    fn a_tree_is_drawn_without_bends_in_its_trunk() {
        let layout = layout(&diagram(&[&[], &[0], &[1], &[2]]));
        assert!(layout.nodes.iter().all(|&(_, y)| y == layout.nodes[0].1));
    }
}
