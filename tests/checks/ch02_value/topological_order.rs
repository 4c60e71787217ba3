//! Parents first.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(parents: &[Vec<usize>], last: usize) -> Vec<usize>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let graphs: [(&str, &[&[usize]], usize); 5] = [
        ("one leaf", &[&[]], 0),
        ("a chain, 0 -> 1 -> 2", &[&[], &[0], &[1]], 2),
        ("b = a + a; c = b + b", &[&[], &[0, 0], &[1, 1]], 2),
        // 4 is near the end by one way, and far from it by the other.
        ("a short way and a long one", &[&[4], &[0], &[1, 4], &[], &[3]], 2),
        ("a value that 3 does not depend on", &[&[], &[0], &[0], &[1]], 3),
    ];
    for (case, parents, last) in graphs {
        let parents = parents.iter().map(|parents| parents.to_vec()).collect::<Vec<_>>();
        let order = answer(&parents, last);
        sheet.same(case, verdict(&parents, last, &order), "in order".to_owned());
    }
}

/// Whether it is an order, whichever of several; if not, why not.
fn verdict(parents: &[Vec<usize>], last: usize, order: &[usize]) -> String {
    for (place, value) in order.iter().enumerate() {
        let Some(its_parents) = parents.get(*value) else {
            return format!("{order:?}: there is no value {value}");
        };
        if order[..place].contains(value) {
            return format!("{order:?}: {value} is there twice");
        }
        if let Some(parent) = its_parents.iter().find(|parent| !order[..place].contains(parent)) {
            return format!("{order:?}: {value} comes before its parent {parent}");
        }
    }
    // As many as can be reached from the last, found the slow way.
    let mut needed = vec![last];
    while let Some(more) = needed.iter().flat_map(|i| &parents[*i]).find(|parent| !needed.contains(parent)) {
        needed.push(*more);
    }
    match order.iter().find(|value| !needed.contains(value)) {
        Some(value) => format!("{order:?}: {last} does not depend on {value}"),
        None if order.last() != Some(&last) => format!("{order:?}: {last} is not the last"),
        None => "in order".to_owned(),
    }
}

/// Walks from `last` towards the leaves, and turns the way around.
fn walked(parents: &[Vec<usize>], last: usize, breadth_first: bool, once: bool) -> Vec<usize> {
    let (mut queue, mut order) = (std::collections::VecDeque::from([last]), Vec::new());
    while let Some(i) = if breadth_first { queue.pop_front() } else { queue.pop_back() } {
        if !(once && order.contains(&i)) {
            order.push(i);
            queue.extend(&parents[i]);
        }
    }
    order.reverse();
    order
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to go back level by level and turn that around. A value that is near the end by one way and far by another \
         is met too early: distance from the end is not an order.",
        |parents, last| walked(parents, last, true, true),
    ),
    (
        "to enter a value before its parents, and turn the walk around. What is met first on one way may be the parent \
         of something on another: push a value when you leave it, after all of its parents.",
        |parents, last| walked(parents, last, false, true),
    ),
    (
        "to forget what was visited. In `b = a + a`, both ways lead to a: without a note of what is done, it enters \
         twice, and in a deep graph twice as often at every level.",
        |parents, last| {
            fn visit(parents: &[Vec<usize>], i: usize, order: &mut Vec<usize>) {
                parents[i].iter().for_each(|parent| visit(parents, *parent, order));
                order.push(i);
            }
            let mut order = Vec::new();
            visit(parents, last, &mut order);
            order
        },
    ),
    (
        "to list every value there is, by number. Start from the last value and follow the parents: the graph says \
         what is needed and in which order.",
        |parents, _| (0..parents.len()).collect(),
    ),
];
