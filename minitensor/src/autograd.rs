//! The graph of a computation, and the walk back through it.
//!
//! Each op that computes a tensor leaves a `Node` behind: links to the nodes of its parents, and for each parent a
//! rule that turns the gradient of the result into the gradient of that parent. Nodes are numbered as they are made,
//! and a result is always made after its parents, so *largest number first* is an order in which every gradient is
//! complete before it is passed on. That is all [`Tensor::backward`] does.

mod sum;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use smallvec::SmallVec;

use crate::observe;
use crate::shape::Shape;
use crate::tensor::Tensor;

pub(crate) use self::sum::Slice;
use self::sum::Sum;

// ANCHOR: node
/// One op in the graph.
pub(crate) struct Node {
    /// Creation order, which is a topological order too.
    id: u64,
    /// The op, as anomaly detection and graph pictures name it.
    name: &'static str,
    parents: SmallVec<[Option<Parent>; 3]>,
    /// Freed by `backward`, and the tensors it keeps with it.
    rule: Mutex<Option<Rule>>,
}

/// Where a gradient goes, and the shape of what it is the gradient of.
struct Parent {
    to: Destination,
    shape: Shape,
    /// The part that the op read, where it did not read all.
    slice: Option<Slice>,
}

pub(crate) enum Destination {
    /// A tensor that no op made: its gradient is kept.
    Leaf(Tensor),
    /// The op that made the parent: its gradient is passed on.
    Node(Arc<Node>),
}

/// The gradients of an op's parents from the gradient of its result.
enum Rule {
    /// A rule for each parent.
    Each(SmallVec<[Option<Vjp>; 3]>),
    /// One rule for all of them, for ops whose gradients share work.
    Joint(JointVjp),
}

/// A vector-Jacobian product: grad ↦ gradᵀ · ∂result/∂parent.
type Vjp = Box<dyn Fn(&Tensor) -> Tensor + Send + Sync>;
type JointVjp = Box<dyn Fn(&Tensor) -> SmallVec<[Option<Tensor>; 3]> + Send + Sync>;
// ANCHOR_END: node

/// A parent with the rule for its gradient; nothing where no gradient is wanted.
pub struct Edge {
    link: Option<(Parent, Vjp)>,
    /// The parent itself, while somebody watches.
    parent: Option<Tensor>,
}

// ANCHOR: edge
/// Links a result to one parent: `vjp` turns the result's gradient into the parent's. It is for [`Tensor::record`].
///
/// The rule keeps what it captures alive until `backward`, so it captures detached tensors only: a graph inside a rule
/// would be freed recursively. Dimensions that the op broadcast are summed out of what it returns.
pub fn edge(parent: &Tensor, vjp: impl Fn(&Tensor) -> Tensor + Send + Sync + 'static) -> Edge {
    Edge {
        link: Parent::of(parent).map(|parent| (parent, Box::new(vjp) as Vjp)),
        parent: observe::watching().then(|| parent.clone()),
    }
}

impl Tensor {
    /// Enters a result into the graph: the one way by which an op becomes differentiable, in this crate and outside of it
    /// (what `autograd.Function` is in PyTorch).
    ///
    /// A new op computes its result without a graph, and gives an [`edge`] with the rule for each parent:
    ///
    /// ```
    /// use minitensor::autograd::edge;
    /// use minitensor::{Tensor, gradcheck, no_grad};
    ///
    /// /// ln cosh x: a square near 0, a straight line far from it.
    /// fn ln_cosh(x: &Tensor) -> Tensor {
    ///     let y = no_grad(|| x.abs() + (x.abs() * -2.0).exp().log1p() - std::f64::consts::LN_2);
    ///     let saved = x.detach();
    ///     y.record("ln_cosh", [edge(x, move |grad| grad * saved.tanh())]) // d ln cosh(x)/dx = tanh x
    /// }
    ///
    /// let x = Tensor::from([0.3f64, -1.2, 2.5]);
    /// assert_eq!(gradcheck(|x| ln_cosh(&x[0]), &[x]), Ok(()));
    /// ```
    pub fn record<const N: usize>(self, name: &'static str, edges: [Edge; N]) -> Tensor {
        check_anomaly(name, &self);
        if observe::watching() {
            let inputs: Vec<&Tensor> = edges.iter().filter_map(|edge| edge.parent.as_ref()).collect();
            observe::tell(name, &inputs, &self);
        }
        if edges.iter().all(|edge| edge.link.is_none()) {
            return self;
        }
        let (parents, vjps) = edges
            .into_iter()
            .map(|edge| match edge.link {
                Some((parent, vjp)) => (Some(parent), Some(vjp)),
                None => (None, None),
            })
            .unzip();
        self.with_node(Node::new(name, parents, Rule::Each(vjps)))
    }
    // ANCHOR_END: edge
}

impl Edge {
    /// The same where the op read one slice of the parent: what the rule gives is the gradient of that, and all else has none.
    pub(crate) fn of_slice(mut self, slice: Slice) -> Edge {
        if let Some((parent, _)) = &mut self.link {
            parent.slice = Some(slice);
        }
        self
    }
}

impl Tensor {
    /// The same where one rule gives the gradients of all parents; `needed` tells it which are wanted.
    pub(crate) fn record_joint<const N: usize>(
        self,
        name: &'static str,
        parents: [Option<&Tensor>; N],
        vjp: impl Fn(&Tensor, [bool; N]) -> [Option<Tensor>; N] + Send + Sync + 'static,
    ) -> Tensor {
        check_anomaly(name, &self);
        if observe::watching() {
            observe::tell(name, &parents.iter().copied().flatten().collect::<Vec<_>>(), &self);
        }
        let parents = parents.map(|parent| parent.and_then(Parent::of));
        let needed = parents.each_ref().map(Option::is_some);
        if needed.iter().all(|needed| !needed) {
            return self;
        }
        let rule = Rule::Joint(Box::new(move |grad| vjp(grad, needed).into_iter().collect()));
        self.with_node(Node::new(name, parents.into_iter().collect(), rule))
    }
}

impl Tensor {
    /// The same for any number of parents alike: `vjp(grad, i)` is the gradient of parent `i`.
    pub(crate) fn record_many(
        self,
        name: &'static str,
        parents: &[&Tensor],
        vjp: impl Fn(&Tensor, usize) -> Tensor + Send + Sync + 'static,
    ) -> Tensor {
        check_anomaly(name, &self);
        if observe::watching() {
            observe::tell(name, parents, &self);
        }
        let parents: SmallVec<[Option<Parent>; 3]> =
            parents.iter().map(|parent| Parent::of(parent)).collect();
        let needed: Vec<bool> = parents.iter().map(Option::is_some).collect();
        if !needed.contains(&true) {
            return self;
        }
        let vjps =
            move |grad: &Tensor| needed.iter().enumerate().map(|(i, &n)| n.then(|| vjp(grad, i))).collect();
        self.with_node(Node::new(name, parents, Rule::Joint(Box::new(vjps))))
    }
}

impl Parent {
    fn of(tensor: &Tensor) -> Option<Parent> {
        if !grad_enabled() {
            return None;
        }
        let to = match tensor.node() {
            Some(node) => Destination::Node(node.clone()),
            None if tensor.requires_grad() => Destination::Leaf(tensor.clone()),
            None => return None,
        };
        Some(Parent { to, shape: tensor.shape().into(), slice: None })
    }

    /// The shape that the gradient has which the rule gives.
    fn read_shape(&self) -> Shape {
        let mut shape = self.shape.clone();
        if let Some(slice) = self.slice {
            shape[slice.dim] = slice.len;
        }
        shape
    }
}

impl Node {
    fn new(name: &'static str, parents: SmallVec<[Option<Parent>; 3]>, rule: Rule) -> Arc<Node> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Arc::new(Node { id, name, parents, rule: Mutex::new(Some(rule)) })
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Where its gradient goes, and the shape that each parent has.
    pub(crate) fn parents(&self) -> impl Iterator<Item = (&Destination, &Shape)> {
        self.parents.iter().flatten().map(|parent| (&parent.to, &parent.shape))
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The gradients of the parents, in their order.
    fn gradients(&self, grad: &Tensor, retain: bool, caller: &Location) -> SmallVec<[Option<Tensor>; 3]> {
        let mut rule = self.rule.lock().unwrap_or_else(PoisonError::into_inner);
        let gradients = match &*rule {
            Some(Rule::Each(vjps)) => vjps.iter().map(|vjp| vjp.as_ref().map(|vjp| vjp(grad))).collect(),
            Some(Rule::Joint(vjp)) => vjp(grad),
            None => panic!(
                "backward (called at {caller}): trying to go through the graph a second time, but what the op `{}` \
                 saved was freed by the first; compute the loss anew, or call `backward_retain()` the first time",
                self.name
            ),
        };
        if !retain {
            *rule = None;
        }
        gradients
    }
}

// ANCHOR: backward
impl Tensor {
    /// Adds the gradient of this single number with respect to every leaf that requires it to the leaf's `grad()`.
    ///
    /// What the graph saved is freed on the way.
    ///
    /// # Panics
    /// If this tensor has more than one element, if nothing it was computed from requires a gradient, or if the graph
    /// was gone through before.
    #[track_caller]
    pub fn backward(&self) {
        self.run_backward(false);
    }

    /// [`Tensor::backward`], keeping what the graph saved for another one.
    #[track_caller]
    pub fn backward_retain(&self) {
        self.run_backward(true);
    }

    #[track_caller]
    fn run_backward(&self, retain: bool) {
        let caller = Location::caller();
        let seed = self.backward_seed();
        let Some(root) = self.node() else {
            return self.accumulate_grad(seed);
        };
        let _guard = NoGradGuard::new();
        let mut pending = BTreeMap::from([(root.id, (root.clone(), Sum::of(seed)))]);
        let mut sliced_leaves = BTreeMap::new();
        // The largest number first: whoever used this node's result came after it and is done.
        while let Some((_, (node, sum))) = pending.pop_last() {
            let gradients = node.gradients(&sum.total(), retain, caller);
            for (parent, grad) in node.parents.iter().zip(gradients) {
                let (Some(parent), Some(grad)) = (parent, grad) else { continue };
                let shape = parent.read_shape();
                check_gradient(node.name, &grad, &shape);
                let grad = grad.sum_to(&shape);
                check_anomaly_backward(node.name, &grad);
                let nothing = || Sum::new(&parent.shape);
                match (&parent.to, parent.slice) {
                    (Destination::Leaf(leaf), None) => leaf.accumulate_grad(grad),
                    (Destination::Leaf(leaf), slice) => {
                        let entry = sliced_leaves.entry(leaf.id());
                        entry.or_insert_with(|| (leaf.clone(), nothing())).1.add(grad, slice);
                    }
                    (Destination::Node(node), slice) => {
                        let entry = pending.entry(node.id);
                        entry.or_insert_with(|| (node.clone(), nothing())).1.add(grad, slice);
                    }
                }
            }
        }
        for (leaf, sum) in sliced_leaves.into_values() {
            leaf.accumulate_grad(sum.total());
        }
    }
}
// ANCHOR_END: backward

impl Tensor {
    /// dL/dL = 1.
    #[track_caller]
    fn backward_seed(&self) -> Tensor {
        if self.numel() != 1 {
            panic!(
                "backward: only a single number has a gradient to start from, but this tensor has shape {:?}; \
                 make it one first, with `sum()` or `mean()`",
                self.shape()
            );
        }
        if self.node().is_none() && !self.requires_grad() {
            panic!(
                "backward: this tensor was computed from nothing that requires a gradient (or inside `no_grad`); \
                 call `requires_grad_()` on the leaves that should learn"
            );
        }
        self.ones_like()
    }
}

// ANCHOR: drop
/// Frees a graph in a loop: a chain of a million ops, freed by recursion, would overflow the stack.
impl Drop for Node {
    fn drop(&mut self) {
        let mut queue = std::mem::take(&mut self.parents);
        while let Some(parent) = queue.pop() {
            if let Some(Parent { to: Destination::Node(node), .. }) = parent
                && let Some(mut node) = Arc::into_inner(node)
            {
                queue.append(&mut node.parents);
            }
        }
    }
}
// ANCHOR_END: drop

/// Refuses a gradient that no broadcast of the parent could have led to.
fn check_gradient(op: &'static str, grad: &Tensor, parent: &Shape) {
    let pairs = grad.shape().iter().rev().zip(parent.iter().rev());
    if grad.rank() < parent.len() || pairs.into_iter().any(|(&size, &own)| size != own && own != 1) {
        panic!(
            "backward: the rule of `{op}` gave a gradient of shape {:?} for a parent of shape {parent:?}; it must have \
             the parent's shape, or one that it broadcasts to",
            grad.shape()
        );
    }
}

thread_local! {
    static GRAD_ENABLED: Cell<bool> = const { Cell::new(true) };
    static DETECT_ANOMALY: Cell<bool> = const { Cell::new(false) };
}

/// Whether ops on this thread enter the graph.
pub fn grad_enabled() -> bool {
    GRAD_ENABLED.get()
}

/// Runs `f` without a graph: for evaluation, and for changing parameters.
///
/// ```
/// # use minitensor::{Tensor, no_grad};
/// let w = Tensor::ones([2]).requires_grad_();
/// let y = no_grad(|| &w * 2.0);
/// assert!(!y.requires_grad());
/// ```
pub fn no_grad<R>(f: impl FnOnce() -> R) -> R {
    let _guard = NoGradGuard::new();
    f()
}

/// Keeps this thread's ops out of the graph for as long as it lives.
#[must_use = "gradients are on again as soon as the guard is dropped"]
pub struct NoGradGuard {
    before: bool,
    /// The setting is the thread's, so the guard must not move to another.
    _not_send: std::marker::PhantomData<*const ()>,
}

impl NoGradGuard {
    /// Turns the graph off on this thread.
    #[allow(clippy::new_without_default, reason = "a guard that appears by default would surprise")]
    pub fn new() -> NoGradGuard {
        NoGradGuard { before: GRAD_ENABLED.replace(false), _not_send: std::marker::PhantomData }
    }
}

impl Drop for NoGradGuard {
    fn drop(&mut self) {
        GRAD_ENABLED.set(self.before);
    }
}

/// Runs `f` and panics with an [`Anomaly`] at the first op whose result, or whose gradient, is not finite.
///
/// Every result is read once more, so this is for finding out where a NaN comes from.
pub fn detect_anomaly<R>(f: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            DETECT_ANOMALY.set(self.0);
        }
    }
    let _restore = Restore(DETECT_ANOMALY.replace(true));
    f()
}

/// A number that is not finite, and the op it came from: the payload of the panic that [`detect_anomaly`] raises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {pass} of `{op}` gave a number that is not finite (NaN or infinity)")]
pub struct Anomaly {
    /// The op.
    pub op: &'static str,
    /// `result` or `gradient`.
    pub pass: &'static str,
}

fn check_anomaly(op: &'static str, result: &Tensor) {
    // during `backward` the graph is off, and the gradient as a whole is checked instead
    if DETECT_ANOMALY.get() && grad_enabled() && !result.is_finite() {
        std::panic::panic_any(Anomaly { op, pass: "result" });
    }
}

fn check_anomaly_backward(op: &'static str, grad: &Tensor) {
    if DETECT_ANOMALY.get() && !grad.is_finite() {
        std::panic::panic_any(Anomaly { op, pass: "gradient" });
    }
}
