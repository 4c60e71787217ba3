//! Where a tensor's numbers are: memory that begins at a line of the cache, and is used again.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::dtype::Element;

use super::shelf::shelf;

/// Smaller buffers are left to the allocator, which keeps them by itself.
const SMALLEST_BYTES: usize = 16 * 1024;

/// A line of the cache, in bytes, and the widest vector.
const LINE_BYTES: usize = 64;

/// Numbers one after the other, the first at the start of a line of the cache wherever they were allocated here: a vector
/// that begins elsewhere lies in two lines, and takes twice as long to read or to write.
pub struct Buffer<T> {
    numbers: Vec<T>,
    /// Where the first is. What is before it only fills up a line.
    start: usize,
}

impl<T: Element> Buffer<T> {
    /// New memory.
    pub(crate) fn zeros(len: usize) -> Buffer<T> {
        Buffer::aligned(Vec::new(), len, T::zero())
    }

    /// `len` numbers in the memory of `numbers`, if there is room, or in new. They are `value`, or what was there before.
    fn aligned(mut numbers: Vec<T>, len: usize, value: T) -> Buffer<T> {
        let room = room_for::<T>(len);
        if numbers.capacity() < room {
            numbers = vec![value; room];
        } else {
            numbers.resize(room, value);
        }
        let start = numbers.as_ptr().align_offset(LINE_BYTES).min(room - len);
        numbers.truncate(start + len);
        Buffer { numbers, start }
    }
}

/// Takes the numbers as they are, or, if they are many and begin elsewhere than at a line, a copy.
impl<T: Element> From<Vec<T>> for Buffer<T> {
    fn from(numbers: Vec<T>) -> Buffer<T> {
        let numbers = Buffer { numbers, start: 0 };
        let may_stay = !is_kept::<T>(numbers.len()) || numbers.as_ptr().align_offset(LINE_BYTES) == 0;
        if may_stay { numbers } else { numbers.clone() }
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.numbers[self.start..]
    }
}

impl<T> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.numbers[self.start..]
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Buffer<T> {
        Buffer { numbers: Vec::new(), start: 0 }
    }
}

impl<T: Element> Clone for Buffer<T> {
    fn clone(&self) -> Buffer<T> {
        let mut copy = stale(self.len());
        copy.copy_from_slice(self);
        copy
    }
}

impl<T: PartialEq> PartialEq for Buffer<T> {
    fn eq(&self, other: &Buffer<T>) -> bool {
        **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// `len` numbers to be overwritten, every one: what they are at first is left over from earlier use.
pub(crate) fn stale<T: Element>(len: usize) -> Buffer<T> {
    let mut buffer = Buffer::aligned(taken_over(len).unwrap_or_default(), len, T::zero());
    if cfg!(test) {
        buffer.fill(T::LOWEST); // so that a kernel that leaves one out is found
    }
    buffer
}

/// `len` times the same number.
pub(crate) fn full<T: Element>(len: usize, value: T) -> Buffer<T> {
    let mut numbers = taken_over(len).unwrap_or_default();
    numbers.clear();
    Buffer::aligned(numbers, len, value)
}

/// Keeps a buffer that nobody needs any more, if there is room.
pub(crate) fn give_back<T: Element>(buffer: Buffer<T>) {
    if is_kept::<T>(buffer.len()) {
        let used = room_for::<T>(buffer.len());
        shelf::<T>().put(buffer.numbers, used);
    }
}

/// Frees all that is kept.
pub(in crate::device) fn empty_cache() {
    shelf::<f32>().empty();
    shelf::<f64>().empty();
    shelf::<i64>().empty();
    shelf::<u8>().empty();
}

fn taken_over<T: Element>(len: usize) -> Option<Vec<T>> {
    if is_kept::<T>(len) { shelf::<T>().take(room_for::<T>(len)) } else { None }
}

/// How many numbers hold `len` and whatever is before them in a line. Of a few numbers, that would be most of the buffer.
fn room_for<T>(len: usize) -> usize {
    let line = LINE_BYTES / size_of::<T>();
    if len < line { len } else { len + line - 1 }
}

fn is_kept<T>(len: usize) -> bool {
    len.saturating_mul(size_of::<T>()) >= SMALLEST_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_begins_at_a_line_wherever_it_comes_from() {
        let begins_at_a_line = |buffer: &Buffer<f32>| buffer.as_ptr().addr().is_multiple_of(LINE_BYTES);
        for len in [16, 17, 4095, 4096, 100_000] {
            assert!(begins_at_a_line(&Buffer::zeros(len)), "zeros({len})");
            assert!(begins_at_a_line(&stale(len)), "stale({len})");
            give_back(stale::<f32>(len));
            let full = full(len, 2.0);
            assert!(begins_at_a_line(&full), "full({len})");
            assert_eq!(*full, vec![2.0; len]);
            assert_eq!(full.clone(), full);
        }
        let numbers: Vec<f32> = (0..100_001).map(|i| i as f32).collect();
        let moved = Buffer::from(numbers.clone());
        assert!(begins_at_a_line(&moved));
        assert_eq!(*moved, numbers);
    }

    #[test]
    fn a_full_buffer_is_full_also_when_it_is_taken_over() {
        let len = SMALLEST_BYTES;
        give_back(stale::<u8>(len));
        assert_eq!(*full::<u8>(len, 3), vec![3; len]);
    }
}
