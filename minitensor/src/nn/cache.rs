//! What attention need not compute twice.

use crate::autograd::no_grad;
use crate::error::{Error, OrPanic};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The keys and values of the positions read so far, so that each further one costs one row and not the whole text.
///
/// It is for writing, not for learning: no gradient goes through it, so it refuses keys and values that want one.
///
/// ```
/// # use minitensor::{Tensor, nn::KeyValueCache};
/// let mut cache = KeyValueCache::new(8);
/// let (key, value) = (Tensor::ones([1, 2, 3, 4]), Tensor::ones([1, 2, 3, 4])); // (B, heads, T, D)
/// cache.append(&key, &value);
/// let (keys, _) = cache.append(&key, &value);
/// assert_eq!(keys.shape()[..], [1, 2, 6, 4]);
/// ```
pub struct KeyValueCache {
    limit: usize,
    len: usize,
    /// Room for `limit` positions; made when the first ones come.
    room: Option<[Tensor; 2]>,
}

impl KeyValueCache {
    /// An empty cache for up to `limit` positions.
    pub fn new(limit: usize) -> KeyValueCache {
        KeyValueCache { limit, len: 0, room: None }
    }

    /// How many positions it holds.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many positions fit in.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Forgets everything, for another text.
    pub fn clear(&mut self) {
        (self.len, self.room) = (0, None);
    }

    /// Adds the keys (…, T, D) and values (…, T, E) of further positions, and returns those of all.
    ///
    /// # Panics
    /// If they do not fit in any more, are of other sizes than the ones before, or want a gradient.
    #[track_caller]
    pub fn append(&mut self, key: &Tensor, value: &Tensor) -> (Tensor, Tensor) {
        if [key, value].iter().any(|part| part.requires_grad()) {
            panic!(
                "append: these keys and values want a gradient, and none goes through a cache; write inside \
                 `no_grad(|| …)`, and learn without a cache"
            );
        }
        let (added, total) = (key.size(-2), self.len + key.size(-2));
        if total > self.limit {
            let message = format!(
                "the cache holds {} of at most {} positions, so {added} more do not fit; `clear` it, and go on with the \
                 end of the text",
                self.len, self.limit
            );
            Err(Error::shape("append", message)).or_panic()
        }
        let (limit, start) = (self.limit, self.len);
        let room = self.room.get_or_insert_with(|| [key, value].map(|part| room_for(part, limit)));
        let all = [key, value].into_iter().zip(room).map(|(part, room)| {
            no_grad(|| room.write_at(-2, start, part));
            room.narrow(-2, 0, total)
        });
        self.len = total;
        let [keys, values] =
            <[Tensor; 2]>::try_from(all.collect::<Vec<_>>()).unwrap_or_else(|_| unreachable!());
        (keys, values)
    }
}

/// Zeros like `part` (…, T, D), but for `limit` positions.
fn room_for(part: &Tensor, limit: usize) -> Tensor {
    let mut shape: Shape = part.shape().clone();
    let at = shape.len() - 2;
    shape[at] = limit;
    Tensor::full_on(shape, 0.0, part.dtype(), part.device())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "append: these keys and values want a gradient")]
    fn a_gradient_does_not_stop_without_a_word() {
        let key = Tensor::ones([1, 1, 2, 3]).requires_grad_();
        KeyValueCache::new(4).append(&(&key * 2.0), &key);
    }

    #[test]
    #[should_panic(expected = "the cache holds 3 of at most 4 positions, so 2 more do not fit")]
    fn what_does_not_fit_is_refused() {
        let mut cache = KeyValueCache::new(4);
        cache.append(&Tensor::ones([1, 3, 2]), &Tensor::ones([1, 3, 2]));
        cache.append(&Tensor::ones([1, 2, 2]), &Tensor::ones([1, 2, 2]));
    }

    #[test]
    fn what_was_read_before_stays_as_it_was() {
        let mut cache = KeyValueCache::new(4);
        let (keys, _) = cache.append(&Tensor::ones([1, 1, 2]), &Tensor::zeros([1, 1, 2]));
        let (both, _) = cache.append(&Tensor::full([1, 1, 2], 2.0), &Tensor::zeros([1, 1, 2]));
        assert_eq!(keys.to_vec::<f32>(), [1.0; 2]);
        assert_eq!(both.to_vec::<f32>(), [1.0, 1.0, 2.0, 2.0]);
        cache.clear();
        assert!(cache.is_empty());
    }
}
