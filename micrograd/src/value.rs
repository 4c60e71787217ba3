//! A number that knows its gradient.
//!
//! Compute with [`Value`]s as with plain numbers. Each result keeps its *parents*, the values it was computed from,
//! and beside each parent one number: how fast the result moves when that parent moves. Nothing else is needed to
//! find how fast the last result moves when any of the first values moves.

use crate::operators::operator;
use num_traits::Float;
use smallvec::{SmallVec, smallvec};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::mem::take;
use std::ops::{Add, Div, Mul, Sub};
use std::rc::Rc;

// ANCHOR: value
/// A number in a computation graph. A clone is a second handle on the same number, not a copy of it.
#[derive(Clone)]
pub struct Value<T = f64>(Rc<Node<T>>);

struct Node<T> {
    /// Counts every value made, so that a value's id is larger than the ids of its parents.
    id: u64,
    data: Cell<T>,
    grad: Cell<T>,
    /// What made it: `+`, `tanh`; empty for a leaf.
    op: &'static str,
    parents: Parents<T>,
    label: RefCell<Option<Box<str>>>,
}

/// The values this one was computed from, each with the local derivative d(this) / d(parent). Up to two, as most
/// operations have, lie inside the node; only a sum of more needs memory of its own.
pub(crate) type Parents<T> = SmallVec<[(Value<T>, T); 2]>;
// ANCHOR_END: value

impl<T: Float> Value<T> {
    // ANCHOR: new
    /// A leaf: an input, a weight, a constant.
    pub fn new(data: T) -> Self {
        Self::node("", data, smallvec![])
    }

    /// The result of an operation.
    pub(crate) fn node(op: &'static str, data: T, parents: Parents<T>) -> Self {
        thread_local!(static NEXT_ID: Cell<u64> = const { Cell::new(0) });
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        let (data, grad) = (Cell::new(data), Cell::new(T::zero()));
        Self(Rc::new(Node { id, data, grad, op, parents, label: RefCell::new(None) }))
    }
    // ANCHOR_END: new

    // ANCHOR: backward
    /// Finds the derivative of this value by every value it was computed from; [`grad`](Self::grad) reads it.
    ///
    /// A leaf *adds* it to the gradient it has, so a weight collects the gradients of several losses, until
    /// [`zero_grad`](Self::zero_grad). The results in between start from zero every time.
    pub fn backward(&self) {
        let mut queue = BTreeMap::new();
        self.receive(T::one(), &mut queue);
        // The latest value first: by then everything computed from it, which is later still, has sent its share.
        while let Some((_, value)) = queue.pop_last() {
            for (parent, derivative) in value.parents() {
                parent.receive(derivative * value.grad(), &mut queue);
            }
        }
    }

    /// Adds one child's share to the gradient, and queues a result to pass its gradient on.
    fn receive<'a>(&'a self, share: T, queue: &mut BTreeMap<u64, &'a Self>) {
        let starts = !self.is_leaf() && queue.insert(self.id(), self).is_none();
        let before = if starts { T::zero() } else { self.grad() };
        self.0.grad.set(before + share);
    }
    // ANCHOR_END: backward
}

// ANCHOR: operators
// Each operator: what it computes, then how fast that moves when a moves, and when b moves.
operator!(Add add "+": |a, b| a + b, d_da: T::one(), d_db: T::one());
operator!(Sub sub "-": |a, b| a - b, d_da: T::one(), d_db: -T::one());
operator!(Mul mul "*": |a, b| a * b, d_da: b, d_db: a);
operator!(Div div "/": |a, b| a / b, d_da: b.recip(), d_db: -a / (b * b));
// ANCHOR_END: operators

impl<T: Float> Value<T> {
    /// The number itself.
    pub fn data(&self) -> T {
        self.0.data.get()
    }

    /// The derivative by this value of what [`backward`](Self::backward) was called on; zero before that.
    pub fn grad(&self) -> T {
        self.0.grad.get()
    }

    /// Forgets the gradient.
    pub fn zero_grad(&self) {
        self.0.grad.set(T::zero());
    }

    /// Gives a leaf another number, as an optimiser does; what was computed before keeps its old numbers.
    #[track_caller]
    pub fn set_data(&self, data: T) {
        assert!(
            self.is_leaf(),
            "set_data: only a leaf can change, and this value is the result of `{}`",
            self.op()
        );
        self.0.data.set(data);
    }

    /// Which value this is: the same for its clones, larger for a value made later.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// The operation that made this value, such as `+` or `tanh`; empty for a leaf.
    pub fn op(&self) -> &'static str {
        self.0.op
    }

    /// The values this one was computed from, each with the local derivative d(this) / d(parent).
    pub fn parents(&self) -> impl Iterator<Item = (&Self, T)> {
        self.0.parents.iter().map(|(parent, derivative)| (parent, *derivative))
    }

    /// Whether this is a leaf, which was not computed from other values.
    pub fn is_leaf(&self) -> bool {
        self.0.parents.is_empty()
    }

    /// Names the value, for pictures of its graph.
    pub fn with_label(self, label: impl Into<Box<str>>) -> Self {
        self.0.label.replace(Some(label.into()));
        self
    }

    /// The name given by [`with_label`](Self::with_label), or an empty string.
    pub fn label(&self) -> String {
        self.0.label.borrow().as_deref().unwrap_or_default().to_owned()
    }
}

// ANCHOR: drop
/// Lets go of a graph in a loop. Left to itself, Rust would drop the parents inside the drop of their child, one
/// call deeper with every step of the computation, and a long one would overflow the stack.
impl<T> Drop for Node<T> {
    fn drop(&mut self) {
        let mut released: Vec<_> = take(&mut self.parents).into_iter().collect();
        while let Some((mut value, _)) = released.pop() {
            // Only the last handle on a value may take it apart.
            if let Some(node) = Rc::get_mut(&mut value.0) {
                released.extend(take(&mut node.parents));
            }
        }
    }
}
// ANCHOR_END: drop

impl<T: Float + fmt::Display> fmt::Display for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.data(), f)
    }
}

impl<T: Float + fmt::Debug> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value(data={:?}, grad={:?})", self.data(), self.grad())
    }
}
