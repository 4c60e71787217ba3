//! What IDX files hold, and what each kind of bad file is answered with.

use std::path::Path;

use proptest::prelude::*;

use super::{gzip, idx_bytes};
use crate::data::{DataError, Idx, Images, Problem};

fn read(bytes: &[u8]) -> Result<Idx, DataError> {
    Idx::read(bytes, Path::new("file"))
}

/// Where the error says the trouble is, and what it is.
fn complaint(bytes: &[u8]) -> (u64, Problem) {
    match read(bytes) {
        Err(DataError::File { offset, problem, path }) => {
            assert_eq!(path, Path::new("file"));
            (offset, problem)
        }
        other => panic!("a file error is needed, got {other:?}"),
    }
}

/// The example in the module's documentation, byte by byte: the writer is not asked.
#[test]
fn reads_the_official_layout() {
    let bytes = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 11, 12, 20, 21, 22];
    let expected = Idx { shape: vec![2, 3], values: vec![10, 11, 12, 20, 21, 22] };
    assert_eq!(read(&bytes).unwrap(), expected);
    assert_eq!(read(&gzip(&bytes)).unwrap(), expected);
}

#[test]
fn empty_files() {
    assert!(matches!(complaint(b""), (0, Problem::Empty)));
    assert!(matches!(complaint(&gzip(b"")), (0, Problem::Empty)));
}

#[test]
fn wrong_starts() {
    assert!(matches!(complaint(b"PK\x03\x04"), (4, Problem::WrongMagic { found: [b'P', b'K'] })));
    assert!(matches!(complaint(&[0, 0, 0x0D, 1, 0, 0, 0, 0]), (4, Problem::ElementType { code: 0x0D })));
    assert!(matches!(complaint(&[0, 0, 8, 0]), (4, Problem::NoDimension)));
}

#[test]
fn every_truncation_is_told() {
    let whole = idx_bytes(&[2, 3, 4], (0..24).collect());
    for end in 1..whole.len() {
        let needed_at_least = end as u64 + 1;
        match complaint(&whole[..end]) {
            (offset, Problem::Truncated { needed, found }) => {
                assert_eq!((offset, found), (end as u64, end as u64));
                assert!(needed >= needed_at_least, "{needed} bytes needed, {end} there");
            }
            other => panic!("{end} bytes of {}: {other:?}", whole.len()),
        }
    }
}

#[test]
fn every_truncation_of_gzip_is_told() {
    let whole = gzip(&idx_bytes(&[2, 3, 4], (0..24).collect()));
    for end in 1..whole.len() {
        let (_, problem) = complaint(&whole[..end]);
        assert!(matches!(problem, Problem::Io(_) | Problem::Truncated { .. }), "{end} bytes: {problem:?}");
    }
}

#[test]
fn bytes_after_the_end() {
    let mut long = idx_bytes(&[3], vec![1, 2, 3]);
    let end = long.len() as u64;
    long.push(0);
    assert!(
        matches!(complaint(&long), (offset, Problem::Trailing { needed }) if offset == end && needed == end)
    );
    assert!(matches!(complaint(&gzip(&long)), (_, Problem::Trailing { .. })));

    // After the end of the gzip stream.
    let mut long = gzip(&idx_bytes(&[3], vec![1, 2, 3]));
    long.extend_from_slice(b"more");
    assert!(matches!(complaint(&long), (_, Problem::Io(_))));
}

#[test]
fn a_damaged_byte_in_gzip_is_found_by_its_checksum() {
    let values: Vec<u8> = (0..200u8).map(|i| i.wrapping_mul(37)).collect();
    let mut bytes = gzip(&idx_bytes(&[200], values));
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    assert!(matches!(
        complaint(&bytes),
        (_, Problem::Io(_) | Problem::Truncated { .. } | Problem::Trailing { .. })
    ));
}

#[test]
fn declared_sizes_are_not_believed() {
    // 2^31 x 2^31 x 2^31 overflows 64 bits; 2^31 alone is above the limit; 0 x 2^32 x 2^32 must not slip through.
    let header = |sizes: &[u32]| {
        let mut bytes = vec![0, 0, 8, sizes.len() as u8];
        sizes.iter().for_each(|size| bytes.extend(size.to_be_bytes()));
        bytes
    };
    for sizes in [&[1 << 31; 3][..], &[1 << 31], &[0, u32::MAX, u32::MAX], &[u32::MAX; 255]] {
        match complaint(&header(sizes)) {
            (offset, Problem::TooLarge { declared, .. }) => {
                assert_eq!((offset as usize, &declared[..]), (4 + 4 * sizes.len(), sizes));
            }
            other => panic!("{sizes:?}: {other:?}"),
        }
    }
    // Half a gigabyte is allowed, but there are 12 bytes, and no more memory than these is taken.
    let mut claim = header(&[1 << 29]);
    claim.extend([7; 4]);
    assert!(matches!(complaint(&claim), (12, Problem::Truncated { found: 12, .. })));
}

#[test]
fn swapped_or_mismatched_pairs() {
    let (image_path, label_path) = (Path::new("images"), Path::new("labels"));
    let images = Idx { shape: vec![2, 2, 2], values: vec![0; 8] };
    let labels = Idx { shape: vec![2], values: vec![0, 9] };
    let pair = |images: &Idx, labels: &Idx| {
        Images::from_idx((images.clone(), image_path), (labels.clone(), label_path), [2, 2], 10)
    };
    let problem = |images: &Idx, labels: &Idx| match pair(images, labels) {
        Err(DataError::File { path, offset, problem }) => (path.display().to_string(), offset, problem),
        other => panic!("a file error is needed, got {other:?}"),
    };
    assert_eq!(pair(&images, &labels).unwrap().labels(), [0, 9]);

    let (path, _, found) = problem(&labels, &images);
    assert!(path == "images" && matches!(found, Problem::Rank { needed: 3, found: 1, .. }));
    let (path, _, found) = problem(&images, &images);
    assert!(path == "labels" && matches!(found, Problem::Rank { needed: 1, found: 3, .. }));

    let large = Idx { shape: vec![2, 1, 4], ..images.clone() };
    assert!(matches!(problem(&large, &labels).2, Problem::ImageSize { needed: [2, 2], found: [1, 4] }));
    let none = Idx { shape: vec![0, 2, 2], values: vec![] };
    assert!(matches!(problem(&none, &labels).2, Problem::NoImages));
    let three = Idx { shape: vec![3], values: vec![0, 1, 2] };
    assert!(matches!(problem(&images, &three).2, Problem::CountMismatch { images: 2, labels: 3 }));

    let high = Idx { values: vec![0, 10], ..labels };
    let (path, offset, found) = problem(&images, &high);
    assert!(matches!(found, Problem::LabelOutOfRange { found: 10, index: 1, classes: 10 }));
    assert_eq!((path.as_str(), offset), ("labels", 9)); // a header of 8 bytes, then one label
}

#[test]
fn a_message_says_what_and_where() {
    let message = read(&idx_bytes(&[3], vec![1, 2, 3])[..9]).unwrap_err().to_string();
    assert_eq!(message, "file: the file ends too soon: 11 bytes are needed, 9 are there (at byte 9)");
    let missing = Idx::open(Path::new("no/such/file")).unwrap_err().to_string();
    assert!(missing.starts_with("no/such/file: "), "{missing}");
}

proptest! {
    #[test]
    fn what_is_written_is_read(shape in prop::collection::vec(0usize..5, 1..5), seed in any::<u8>()) {
        let count: usize = shape.iter().product();
        let values = (0..count).map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed)).collect();
        let idx = Idx { shape, values };
        let mut bytes = Vec::new();
        idx.write(&mut bytes).unwrap();
        prop_assert_eq!(&read(&bytes).unwrap(), &idx);
        prop_assert_eq!(&read(&gzip(&bytes)).unwrap(), &idx);
    }
}
