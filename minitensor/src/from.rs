//! Tensors from nested arrays: `Tensor::from([[1.0, 2.0], [3.0, 4.0]])`.

use crate::dtype::Element;
use crate::tensor::Tensor;

impl<T: Element> From<T> for Tensor {
    fn from(value: T) -> Tensor {
        Tensor::scalar(value)
    }
}

impl<T: Element, const N: usize> From<[T; N]> for Tensor {
    fn from(row: [T; N]) -> Tensor {
        Tensor::from_vec(row.to_vec(), [N])
    }
}

impl<T: Element, const N: usize, const M: usize> From<[[T; M]; N]> for Tensor {
    fn from(rows: [[T; M]; N]) -> Tensor {
        Tensor::from_vec(rows.as_flattened().to_vec(), [N, M])
    }
}

impl<T: Element, const N: usize, const M: usize, const K: usize> From<[[[T; K]; M]; N]> for Tensor {
    fn from(planes: [[[T; K]; M]; N]) -> Tensor {
        Tensor::from_vec(planes.as_flattened().as_flattened().to_vec(), [N, M, K])
    }
}

impl<T: Element, const N: usize, const M: usize, const K: usize, const L: usize> From<[[[[T; L]; K]; M]; N]>
    for Tensor
{
    fn from(blocks: [[[[T; L]; K]; M]; N]) -> Tensor {
        Tensor::from_vec(blocks.as_flattened().as_flattened().as_flattened().to_vec(), [N, M, K, L])
    }
}
