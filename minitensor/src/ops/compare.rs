//! Questions about numbers, answered by 1 or 0 in `U8`, and the choice between two tensors by such an answer.
//!
//! Answers have no gradient. Called as methods: `a.lt(&b)`, `a.gt_scalar(0.0)`.

use crate::autograd::edge;
use crate::device::{CompareOp, Kernels};
use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::shape::{Layout, broadcast_shapes};
use crate::tensor::Tensor;

macro_rules! comparison {
    ($method:ident, $scalar:ident, $op:ident, $sign:literal) => {
        #[doc = concat!("1 where a ", $sign, " b, else 0; the two broadcast.")]
        #[track_caller]
        pub fn $method(&self, other: &Tensor) -> Tensor {
            self.compare(stringify!($method), CompareOp::$op, other).or_panic()
        }

        #[doc = concat!("1 where the element ", $sign, " `value`, else 0.")]
        pub fn $scalar(&self, value: f64) -> Tensor {
            let value = Tensor::full_on([], value, self.dtype(), self.device());
            self.compare(stringify!($scalar), CompareOp::$op, &value).or_panic()
        }
    };
}

impl Tensor {
    comparison!(eq, eq_scalar, Eq, "=");
    comparison!(ne, ne_scalar, Ne, "≠");
    comparison!(lt, lt_scalar, Lt, "<");
    comparison!(le, le_scalar, Le, "≤");
    comparison!(gt, gt_scalar, Gt, ">");
    comparison!(ge, ge_scalar, Ge, "≥");

    /// `a` where this mask (`U8`) is not 0, else `b`; all three broadcast.
    ///
    /// # Panics
    /// If this is no mask, if the dtypes of `a` and `b` differ, or if the shapes do not broadcast.
    #[track_caller]
    pub fn where_(&self, a: &Tensor, b: &Tensor) -> Tensor {
        let y = self.choose(a, b).or_panic();
        let (mask, inverse) = (self.detach(), self.detach());
        let to_a = move |grad: &Tensor| mask.where_(grad, &zero(grad));
        let to_b = move |grad: &Tensor| inverse.where_(&zero(grad), grad);
        y.record("where", [edge(a, to_a), edge(b, to_b)])
    }

    /// `value` where the mask (`U8`) is not 0, else this tensor's element; the mask broadcasts.
    #[track_caller]
    pub fn masked_fill(&self, mask: &Tensor, value: f64) -> Tensor {
        mask.where_(&Tensor::full_on([], value, self.dtype(), self.device()), self)
    }

    fn choose(&self, a: &Tensor, b: &Tensor) -> Result<Tensor> {
        if self.dtype() != DType::U8 {
            return Err(Error::dtype("where", format!("the mask must be u8, but it is {}", self.dtype())));
        }
        a.same_dtype("where", b)?;
        let shape =
            broadcast_shapes("where", self.shape(), &broadcast_shapes("where", a.shape(), b.shape())?)?;
        let [m, x, y] = [self, a, b].map(|t| t.layout().expand("where", &shape));
        let storage = self.storage().where_cond(&m?, &a.storage(), &x?, &b.storage(), &y?);
        Ok(Tensor::new(storage, Layout::contiguous(shape)))
    }

    fn compare(&self, name: &'static str, op: CompareOp, other: &Tensor) -> Result<Tensor> {
        let (a, b) = self.broadcast(name, other)?;
        let storage = self.storage().compare(op, &a, &other.storage(), &b);
        Ok(Tensor::new(storage, Layout::contiguous(a.shape)))
    }
}

fn zero(like: &Tensor) -> Tensor {
    Tensor::full_on([], 0.0, like.dtype(), like.device())
}
