//! What attention need not compute twice.

use crate::autograd::no_grad;
use crate::error::{Error, OrPanic};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The keys and values of the positions read so far, so that each further one costs one row and not the whole text.
///
/// It is for writing, not for learning: no gradient goes through it.
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
    /// If they do not fit in any more, or are of other sizes than the ones before.
    #[track_caller]
    pub fn append(&mut self, key: &Tensor, value: &Tensor) -> (Tensor, Tensor) {
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
