//! The tensor: a handle to numbers, their shape, and the op they came from.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::autograd::{Node, grad_enabled};
use crate::device::{Device, Kernels, Storage};
use crate::dtype::{DType, Element};
use crate::error::{Error, OrPanic, Result};
use crate::shape::{Layout, Shape};

// ANCHOR: tensor
/// An n-dimensional array of numbers that can remember how it was computed.
///
/// A `Tensor` is a handle: cloning it is cheap and gives another name to the same tensor, and views share their numbers.
#[derive(Clone)]
pub struct Tensor(Arc<Inner>);

struct Inner {
    /// The numbers. Ops hold the inner `Arc` while they read, so a parameter can be changed meanwhile: it gets a copy.
    storage: RwLock<Arc<Storage>>,
    layout: Layout,
    dtype: DType,
    /// The op that made this tensor; a leaf has none.
    node: Option<Arc<Node>>,
    /// Whether this leaf wants a gradient.
    requires_grad: AtomicBool,
    grad: Mutex<Option<Tensor>>,
}
// ANCHOR_END: tensor

/// What a tensor is.
impl Tensor {
    /// The size of each dimension.
    pub fn shape(&self) -> &Shape {
        &self.0.layout.shape
    }

    /// The shape as an array: `let [n, c, h, w] = x.dims();`
    ///
    /// # Panics
    /// If the tensor has another number of dimensions.
    #[track_caller]
    pub fn dims<const N: usize>(&self) -> [usize; N] {
        match <[usize; N]>::try_from(&self.shape()[..]) {
            Ok(dims) => dims,
            Err(_) => panic!("dims: {N} dimensions are needed, but the tensor has shape {:?}", self.shape()),
        }
    }

    /// The size of one dimension; negative ones count from the end.
    #[track_caller]
    pub fn size(&self, dim: isize) -> usize {
        self.shape()[self.shape().dim("size", dim).or_panic()]
    }

    /// How many dimensions there are.
    pub fn rank(&self) -> usize {
        self.shape().len()
    }

    /// How many elements there are.
    pub fn numel(&self) -> usize {
        self.shape().numel()
    }

    /// How far apart, in elements, neighbours along each dimension lie in memory.
    pub fn strides(&self) -> &[usize] {
        &self.0.layout.strides
    }

    /// What kind of number it holds.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// Where its numbers are.
    pub fn device(&self) -> Device {
        self.storage().device()
    }

    /// Whether its elements lie one after the other in row-major order.
    pub fn is_contiguous(&self) -> bool {
        self.0.layout.is_contiguous()
    }

    /// Whether both are names of one tensor: a shared layer's weight, say, which must be counted and updated once.
    pub fn same_as(&self, other: &Tensor) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// A number that no other living tensor has: the identity that [`Tensor::same_as`] compares.
    pub fn id(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }
}

/// Reading the numbers.
impl Tensor {
    /// The elements in row-major order.
    ///
    /// # Panics
    /// If `T` is not the tensor's dtype.
    #[track_caller]
    pub fn to_vec<T: Element>(&self) -> Vec<T> {
        let (storage, layout) = (self.storage(), self.layout());
        if layout.is_contiguous() {
            return storage
                .with_slice(|x: &[T]| x[layout.offset..layout.offset + layout.numel()].to_vec())
                .or_panic();
        }
        storage.contiguous(layout).with_slice(|x: &[T]| x.to_vec()).or_panic()
    }

    /// The number in a tensor of one element.
    ///
    /// # Panics
    /// If there are more, or none.
    #[track_caller]
    pub fn item(&self) -> f64 {
        if self.numel() != 1 {
            panic!("item: a tensor of shape {:?} is not a single number", self.shape());
        }
        self.to_dtype(DType::F64).to_vec::<f64>()[0]
    }

    /// Whether no element is NaN or infinite.
    pub fn is_finite(&self) -> bool {
        match self.dtype() {
            DType::F32 => self.to_vec::<f32>().iter().all(|x| x.is_finite()),
            DType::F64 => self.to_vec::<f64>().iter().all(|x| x.is_finite()),
            DType::I64 | DType::U8 => true,
        }
    }

    /// Whether every element is within `atol + rtol · |other|` of the other tensor's; a NaN is close to nothing.
    ///
    /// PyTorch's defaults are `rtol` 1e-5 and `atol` 1e-8.
    pub fn allclose(&self, other: &Tensor, rtol: f64, atol: f64) -> bool {
        let (a, b) = (self.to_dtype(DType::F64).to_vec::<f64>(), other.to_dtype(DType::F64).to_vec::<f64>());
        let close = |(a, b): (&f64, &f64)| a == b || (a - b).abs() <= atol + rtol * b.abs();
        self.shape() == other.shape() && a.iter().zip(&b).all(close)
    }
}

/// Gradients.
impl Tensor {
    /// This leaf, from now on wanting a gradient: `let w = Tensor::zeros([3]).requires_grad_();`
    ///
    /// # Panics
    /// If the dtype is not a floating-point one, or an op made this tensor (its gradient flows through already).
    #[track_caller]
    pub fn requires_grad_(self) -> Tensor {
        self.set_requires_grad(true);
        self
    }

    /// Whether this leaf wants a gradient; `false` freezes a parameter.
    ///
    /// # Panics
    /// As [`Tensor::requires_grad_`].
    #[track_caller]
    pub fn set_requires_grad(&self, wanted: bool) {
        if !self.dtype().is_float() {
            panic!(
                "requires_grad: only floating-point tensors have gradients, and this one holds {}",
                self.dtype()
            );
        }
        if self.0.node.is_some() {
            panic!(
                "requires_grad: an op computed this tensor; use `detach()` to cut it from the graph first"
            );
        }
        self.0.requires_grad.store(wanted, Ordering::Relaxed);
    }

    /// Whether a gradient flows to or through this tensor.
    pub fn requires_grad(&self) -> bool {
        self.0.node.is_some() || self.0.requires_grad.load(Ordering::Relaxed)
    }

    /// Whether no op made this tensor; only leaves keep a gradient.
    pub fn is_leaf(&self) -> bool {
        self.0.node.is_none()
    }

    /// The gradient that `backward` left here.
    pub fn grad(&self) -> Option<Tensor> {
        self.0.grad.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the gradient; `None` is what a fresh leaf has.
    pub fn set_grad(&self, grad: Option<Tensor>) {
        *self.0.grad.lock().unwrap_or_else(PoisonError::into_inner) = grad;
    }

    /// Forgets the gradient, so that the next `backward` starts anew.
    pub fn zero_grad(&self) {
        self.set_grad(None);
    }

    /// The same numbers, cut off from the graph.
    pub fn detach(&self) -> Tensor {
        Tensor::from_parts(self.storage(), self.layout().clone(), None)
    }

    /// Adds to the gradient of a leaf.
    pub(crate) fn accumulate_grad(&self, grad: Tensor) {
        let mut slot = self.0.grad.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = Some(match slot.take() {
            Some(before) => before.add(&grad),
            None => grad,
        });
    }
}

/// In-place change, for parameters and buffers.
impl Tensor {
    /// Overwrites the elements with those of `source`, which broadcasts to this shape.
    ///
    /// Whoever read the old elements keeps them: views made before, and graphs that saved them.
    ///
    /// # Panics
    /// If an op made this tensor, or if it is a leaf that requires a gradient and this is not inside
    /// [`no_grad`](crate::no_grad).
    #[track_caller]
    pub fn copy_(&self, source: &Tensor) {
        self.check_in_place("copy_");
        self.same_dtype("copy_", source).or_panic();
        let layout = source.layout().expand("copy_", self.shape()).or_panic();
        let (to, from) = (self.layout(), source.storage());
        self.update(|storage| storage.write(to, &from, &layout));
    }

    /// Overwrites the slices `start..` along one dimension with those of `source`, which is as large in every other one.
    ///
    /// # Panics
    /// As [`Tensor::copy_`].
    #[track_caller]
    pub fn write_at(&self, dim: isize, start: usize, source: &Tensor) {
        self.check_in_place("write_at");
        self.same_dtype("write_at", source).or_panic();
        let d = self.shape().dim("write_at", dim).or_panic();
        let same_rank = source.rank() == self.rank();
        let to = self
            .layout()
            .narrow("write_at", d, start, if same_rank { source.shape()[d] } else { 0 })
            .or_panic();
        if to.shape != *source.shape() {
            let message = format!(
                "slices of shape {:?} do not fit into {:?} along dimension {d}",
                source.shape(),
                self.shape()
            );
            Err(Error::shape("write_at", message)).or_panic()
        }
        let from = source.storage();
        self.update(|storage| storage.write(&to, &from, source.layout()));
    }

    /// Changes the storage itself, copying it first where someone else still reads it.
    ///
    /// The caller has made sure that this is allowed, as [`Tensor::copy_`] does.
    pub(crate) fn update<R>(&self, f: impl FnOnce(&mut Storage) -> R) -> R {
        f(Arc::make_mut(&mut self.0.storage.write().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Moves this leaf's numbers, and its gradient, to another device.
    pub(crate) fn move_to(&self, device: Device) -> Result<()> {
        let moved = self.detach().to_device(device)?;
        let grad = self.grad().map(|grad| grad.to_device(device)).transpose()?;
        self.set_grad(grad);
        *self.0.storage.write().unwrap_or_else(PoisonError::into_inner) = moved.storage();
        Ok(())
    }

    /// Refuses a change that would make a recorded gradient wrong.
    #[track_caller]
    pub(crate) fn check_in_place(&self, op: &'static str) {
        if self.0.node.is_some() {
            panic!("{op}: an op computed this tensor, and changing it in place would falsify its gradient");
        }
        if self.requires_grad() && grad_enabled() {
            panic!(
                "{op}: a leaf that requires a gradient is being changed in place; gradients could not know of it. \
                 Do it inside `no_grad(|| …)`, as an optimiser does"
            );
        }
    }
}

/// What ops are written with.
impl Tensor {
    /// A fresh result, not yet part of any graph.
    pub(crate) fn new(storage: Storage, layout: Layout) -> Tensor {
        Tensor::from_parts(Arc::new(storage), layout, None)
    }

    /// A fresh result whose elements lie in row-major order.
    pub(crate) fn contiguous_of(storage: Storage, shape: impl Into<Shape>) -> Tensor {
        Tensor::new(storage, Layout::contiguous(shape))
    }

    /// A tensor of numbers that lie in row-major order and that others may hold too.
    pub(crate) fn shared(storage: Arc<Storage>, shape: impl Into<Shape>) -> Tensor {
        Tensor::from_parts(storage, Layout::contiguous(shape), None)
    }

    /// Whether the storage holds these numbers in row-major order and no others.
    pub(crate) fn is_whole(&self) -> bool {
        let layout = self.layout();
        layout.is_contiguous() && layout.offset == 0 && self.storage().numel() == layout.numel()
    }

    /// The numbers in row-major order and no others: these very ones where they lie so, a copy otherwise.
    pub(crate) fn packed(&self) -> Arc<Storage> {
        if self.is_whole() { self.storage() } else { Arc::new(self.storage().contiguous(self.layout())) }
    }

    /// Another layout over the same numbers.
    pub(crate) fn view(&self, layout: Layout) -> Tensor {
        Tensor::from_parts(self.storage(), layout, None)
    }

    /// A fresh result as the child of a node.
    pub(crate) fn with_node(self, node: Arc<Node>) -> Tensor {
        match Arc::try_unwrap(self.0) {
            Ok(inner) => Tensor(Arc::new(Inner { node: Some(node), ..inner })),
            Err(shared) => {
                let storage = shared.storage.read().unwrap_or_else(PoisonError::into_inner).clone();
                Tensor::from_parts(storage, shared.layout.clone(), Some(node))
            }
        }
    }

    fn from_parts(storage: Arc<Storage>, layout: Layout, node: Option<Arc<Node>>) -> Tensor {
        Tensor(Arc::new(Inner {
            dtype: storage.dtype(),
            storage: RwLock::new(storage),
            layout,
            node,
            requires_grad: AtomicBool::new(false),
            grad: Mutex::new(None),
        }))
    }

    /// The numbers as they are now; later changes go to a copy.
    pub(crate) fn storage(&self) -> Arc<Storage> {
        self.0.storage.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.0.layout
    }

    pub(crate) fn node(&self) -> Option<&Arc<Node>> {
        self.0.node.as_ref()
    }

    /// The op that made this tensor, by name; `None` for a leaf.
    pub fn grad_fn(&self) -> Option<&'static str> {
        self.0.node.as_ref().map(|node| node.name())
    }

    /// Refuses two operands that no kernel can read together: of two dtypes, or on two devices.
    pub(crate) fn same_dtype(&self, op: &'static str, other: &Tensor) -> Result<()> {
        #[cfg(feature = "opencl")]
        if self.device() != other.device() {
            let message = format!(
                "operands are on {} and {}; move one with `to`, or a whole model with `to_device`",
                self.device(),
                other.device()
            );
            return Err(Error::Operands { op, message });
        }
        if self.dtype() == other.dtype() {
            Ok(())
        } else {
            Err(Error::dtypes_differ(op, self.dtype(), other.dtype()))
        }
    }

    /// Refuses dtypes without a fractional part.
    pub(crate) fn needs_float(&self, op: &'static str) -> Result<()> {
        if self.dtype().is_float() {
            return Ok(());
        }
        let message =
            format!("needs f32 or f64, but the tensor holds {}; convert it with `to_dtype`", self.dtype());
        Err(Error::dtype(op, message))
    }
}
