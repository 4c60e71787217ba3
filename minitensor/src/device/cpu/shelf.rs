//! Memory that is used again.
//!
//! A training step frees as much memory as it allocates, in the same sizes, step after step. Given back to the system, every
//! page of it is cleared and mapped anew: a fifth of a small network's step. So the buffers of freed tensors are kept, and
//! the next tensor of that size takes one over with whatever it holds.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::dtype::Element;

/// So much may be kept beyond what was in use at once: without it, buffers of one size are freed to make room for those of
/// another, and back, in each step.
const SPARE_BYTES: usize = 512 * 1024;

/// The shelf of this type.
pub(super) fn shelf<T: Element>() -> MutexGuard<'static, Shelf<T>> {
    static F32: Mutex<Shelf<f32>> = Mutex::new(Shelf::new(SPARE_BYTES));
    static F64: Mutex<Shelf<f64>> = Mutex::new(Shelf::new(SPARE_BYTES));
    static I64: Mutex<Shelf<i64>> = Mutex::new(Shelf::new(SPARE_BYTES));
    static U8: Mutex<Shelf<u8>> = Mutex::new(Shelf::new(SPARE_BYTES));
    let shelves: [&'static dyn Any; 4] = [&F32, &F64, &I64, &U8];
    let found = shelves.into_iter().find_map(|shelf| shelf.downcast_ref::<Mutex<Shelf<T>>>());
    let shelf = found.unwrap_or_else(|| unreachable!("{} is not an element type", T::DTYPE));
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The kept buffers of one type.
///
/// Those in use and those kept are together never more than were in use at once before, and a little to spare, so keeping them
/// does not make the largest size of a program much larger.
pub(super) struct Shelf<T> {
    /// By how many numbers they have room for.
    free: BTreeMap<usize, Vec<Vec<T>>>,
    /// Numbers in use, numbers kept, and the most that were ever in use.
    used: usize,
    kept: usize,
    most: usize,
    /// How many more than that may be in use and kept.
    spare: usize,
}

impl<T> Shelf<T> {
    const fn new(spare_bytes: usize) -> Shelf<T> {
        Shelf { free: BTreeMap::new(), used: 0, kept: 0, most: 0, spare: spare_bytes / size_of::<T>() }
    }

    /// The kept buffer that fits best, if one has at most a quarter too much room.
    pub(super) fn take(&mut self, len: usize) -> Option<Vec<T>> {
        self.used += len;
        self.most = self.most.max(self.used);
        let fitting = self.free.range(len..=len + len / 4).next().map(|(&room, _)| room);
        let buffer = fitting.map(|room| self.remove(room));
        self.make_room();
        buffer
    }

    /// Keeps a buffer of which so many numbers were in use.
    pub(super) fn put(&mut self, buffer: Vec<T>, used: usize) {
        self.used = self.used.saturating_sub(used);
        self.kept += buffer.capacity();
        self.free.entry(buffer.capacity()).or_default().push(buffer);
        self.make_room();
    }

    pub(super) fn empty(&mut self) {
        self.free.clear();
        self.kept = 0;
    }

    /// Frees the largest kept buffers until the rest is within bounds.
    fn make_room(&mut self) {
        while self.used + self.kept > self.most + self.spare
            && let Some((&room, _)) = self.free.last_key_value()
        {
            self.remove(room);
        }
    }

    fn remove(&mut self, room: usize) -> Vec<T> {
        let buffers = self.free.get_mut(&room).unwrap_or_else(|| unreachable!("the size was found"));
        let buffer = buffers.pop().unwrap_or_else(|| unreachable!("a size without buffers is removed"));
        if buffers.is_empty() {
            self.free.remove(&room);
        }
        self.kept -= buffer.capacity();
        buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shelf from which `lens` were taken at once and given back.
    fn after(lens: &[usize]) -> Shelf<f32> {
        let mut shelf = Shelf::new(0);
        let taken: Vec<_> =
            lens.iter().map(|&len| shelf.take(len).unwrap_or_else(|| vec![0.0; len])).collect();
        for buffer in taken {
            let used = buffer.len();
            shelf.put(buffer, used);
        }
        shelf
    }

    #[test]
    fn a_freed_buffer_is_taken_over_with_what_it_holds() {
        let mut shelf = Shelf::new(0);
        assert_eq!(shelf.take(100), None);
        shelf.put(vec![7.0f32; 100], 100);
        assert_eq!(shelf.take(100), Some(vec![7.0; 100]));
        assert_eq!(shelf.take(100), None);
    }

    #[test]
    fn the_best_fit_is_taken_and_a_much_larger_one_left() {
        let mut shelf = after(&[100, 110, 200]);
        assert_eq!(shelf.take(95).map(|buffer| buffer.len()), Some(100));
        assert_eq!(shelf.take(95).map(|buffer| buffer.len()), Some(110));
        assert_eq!(shelf.take(95), None);
    }

    #[test]
    fn used_and_kept_are_never_more_than_was_used_at_once() {
        let mut shelf = after(&[100, 200, 300]);
        assert_eq!((shelf.used, shelf.kept, shelf.most), (0, 600, 600));
        // nothing fits: others have to go
        assert_eq!(shelf.take(400), None);
        assert_eq!((shelf.used, shelf.kept), (400, 100));
        assert_eq!(shelf.take(1000), None);
        assert_eq!((shelf.used, shelf.kept, shelf.most), (1400, 0, 1400));
    }

    #[test]
    fn a_little_more_is_kept_where_there_is_something_to_spare() {
        let mut shelf: Shelf<f32> = Shelf::new(200 * size_of::<f32>());
        shelf.put(vec![0.0; 100], 100);
        assert_eq!(shelf.take(400), None);
        assert_eq!((shelf.used, shelf.kept), (400, 100));
        shelf.put(vec![0.0; 400], 400);
        assert_eq!(shelf.kept, 500);
        shelf.put(vec![0.0; 200], 200);
        assert_eq!(shelf.kept, 300, "600 may be kept, so the largest has to go");
    }

    #[test]
    fn numbers_from_elsewhere_are_not_kept_beyond_that() {
        let mut shelf = after(&[100]);
        shelf.put(vec![0.0; 1000], 1000);
        assert!(shelf.kept <= 100, "{}", shelf.kept);
    }
}
