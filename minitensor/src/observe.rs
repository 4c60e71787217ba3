//! Watching ops go by: how a model can be asked what it does without its help.
//!
//! Every op tells the graph its name, its inputs and its result; while somebody watches, it tells them too. Otherwise it
//! costs an op one look at a flag of its thread.

use std::cell::{Cell, RefCell};

use crate::tensor::Tensor;

/// An op that has just computed its result.
pub(crate) struct Op<'a> {
    pub(crate) name: &'static str,
    /// What it read and could have a gradient, in the op's order.
    pub(crate) inputs: &'a [&'a Tensor],
    pub(crate) result: &'a Tensor,
}

type Watcher = Box<dyn FnMut(&Op<'_>)>;

thread_local! {
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static WATCHER: RefCell<Option<Watcher>> = const { RefCell::new(None) };
}

/// Whether somebody watches this thread's ops.
pub(crate) fn watching() -> bool {
    WATCHING.get()
}

/// Shows every op of `f` on this thread to `watcher`. An outer watcher sees nothing of them.
pub(crate) fn watch<R>(watcher: impl FnMut(&Op<'_>) + 'static, f: impl FnOnce() -> R) -> R {
    struct Restore(bool, Option<Watcher>);
    impl Drop for Restore {
        fn drop(&mut self) {
            WATCHING.set(self.0);
            WATCHER.replace(self.1.take());
        }
    }
    let _restore = Restore(WATCHING.replace(true), WATCHER.replace(Some(Box::new(watcher))));
    f()
}

/// Tells the watcher of an op; its own ops are not shown to it.
pub(crate) fn tell(name: &'static str, inputs: &[&Tensor], result: &Tensor) {
    let Some(mut watcher) = WATCHER.take() else { return };
    watcher(&Op { name, inputs, result });
    WATCHER.replace(Some(watcher));
}

/// Computes what is made of several ops, and shows it to the watcher as one.
pub(crate) fn as_one(name: &'static str, inputs: &[&Tensor], f: impl FnOnce() -> Tensor) -> Tensor {
    if !watching() {
        return f();
    }
    let watcher = WATCHER.take();
    let result = f();
    WATCHER.replace(watcher);
    tell(name, inputs, &result);
    result
}
