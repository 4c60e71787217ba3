//! Truth: 1 or 0 in `U8`, of each element or of many.

use crate::dtype::DType;
use crate::shape::IntoDims;
use crate::tensor::Tensor;

impl Tensor {
    /// 1 where neither is 0.
    #[track_caller]
    pub fn logical_and(&self, other: &Tensor) -> Tensor {
        self.truth().mul(&other.truth())
    }

    /// 1 where one of the two is not 0, or both.
    #[track_caller]
    pub fn logical_or(&self, other: &Tensor) -> Tensor {
        self.truth().maximum(&other.truth())
    }

    /// 1 where one of the two is not 0, but not both.
    #[track_caller]
    pub fn logical_xor(&self, other: &Tensor) -> Tensor {
        self.truth().ne(&other.truth())
    }

    /// 1 where the element is 0.
    pub fn logical_not(&self) -> Tensor {
        self.eq_scalar(0.0)
    }

    /// 1 where the element is a NaN: the only number that is not equal to itself.
    pub fn isnan(&self) -> Tensor {
        self.ne(self)
    }

    /// 1 where the element is infinite.
    pub fn isinf(&self) -> Tensor {
        match self.dtype().is_float() {
            true => self.detach().abs().eq_scalar(f64::INFINITY),
            false => Tensor::full_on(self.shape(), 0.0, DType::U8, self.device()),
        }
    }

    /// 1 where the element is neither infinite nor a NaN; [`Tensor::is_finite`] asks it of all.
    pub fn isfinite(&self) -> Tensor {
        match self.dtype().is_float() {
            true => self.detach().abs().lt_scalar(f64::INFINITY),
            false => Tensor::full_on(self.shape(), 1.0, DType::U8, self.device()),
        }
    }

    /// How many elements are not 0.
    pub fn count_nonzero(&self) -> usize {
        self.truth().sum().item() as usize
    }

    /// How many elements along some dimensions are not 0 (`I64`).
    #[track_caller]
    pub fn count_nonzero_dim(&self, dims: impl IntoDims) -> Tensor {
        self.truth().sum_dim(dims, false)
    }

    /// Whether any element is not 0.
    pub fn any(&self) -> bool {
        self.count_nonzero() > 0
    }

    /// Whether no element is 0; so it is where there are none.
    pub fn all(&self) -> bool {
        self.count_nonzero() == self.numel()
    }

    /// 1 where any element along some dimensions is not 0.
    #[track_caller]
    pub fn any_dim(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.truth().sum_dim(dims, keepdim).gt_scalar(0.0)
    }

    /// 1 where no element along some dimensions is 0.
    #[track_caller]
    pub fn all_dim(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.logical_not().sum_dim(dims, keepdim).eq_scalar(0.0)
    }

    fn truth(&self) -> Tensor {
        self.ne_scalar(0.0)
    }
}
