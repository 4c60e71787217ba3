//! CIFAR-10's binary layout.

use std::fs;
use std::path::Path;

use crate::data::cifar::{IMAGES_PER_FILE, read_batch, read_files};
use crate::data::{DataError, Images, Problem};

/// `count` records: labels count up, and every pixel says its record and channel.
fn records(count: usize) -> Vec<u8> {
    let record =
        |i: usize| [vec![(i % 10) as u8], vec![i as u8; 1024], vec![100; 1024], vec![200; 1024]].concat();
    (0..count).flat_map(record).collect()
}

fn complaint(result: Result<Images, DataError>) -> (u64, Problem) {
    match result {
        Err(DataError::File { offset, problem, .. }) => (offset, problem),
        other => panic!("a file error is needed, got {other:?}"),
    }
}

#[test]
fn a_record_is_a_label_and_three_planes() {
    let images = read_batch(&records(3)[..], Path::new("batch"), 3).unwrap();
    assert_eq!(images.shape(), [3, 3, 32, 32]);
    assert_eq!(images.labels(), [0, 1, 2]);
    let second = images.pixels(1);
    assert!(second[..1024].iter().all(|&red| red == 1));
    assert!(second[1024..2048].iter().all(|&green| green == 100));
    assert!(second[2048..].iter().all(|&blue| blue == 200));
}

#[test]
fn the_length_is_checked() {
    let name = Path::new("batch");
    let bytes = records(2);
    for end in [0, 1, 3072, 3073, bytes.len() - 1] {
        let (offset, problem) = complaint(read_batch(&bytes[..end], name, 2));
        assert_eq!(offset, end as u64);
        assert!(matches!(problem, Problem::Truncated { needed: 6146, found } if found == end as u64));
    }
    assert!(matches!(complaint(read_batch(&bytes[..], name, 1)), (3073, Problem::Trailing { needed: 3073 })));
}

#[test]
fn a_label_above_nine_is_found() {
    let mut bytes = records(3);
    bytes[2 * 3073] = 10;
    let (offset, problem) = complaint(read_batch(&bytes[..], Path::new("batch"), 3));
    assert_eq!(offset, 2 * 3073);
    assert!(matches!(problem, Problem::LabelOutOfRange { found: 10, index: 2, classes: 10 }));
}

#[test]
fn five_files_to_learn_from_and_one_to_test_with() {
    let folder = tempfile::tempdir().unwrap();
    let [first, rest] = ["first", "rest"].map(|name| folder.path().join(name));
    let mut batch = records(IMAGES_PER_FILE);
    fs::write(&rest, &batch).unwrap();
    batch[0] = 9;
    fs::write(&first, &batch).unwrap();
    let (train, test) = read_files(&[&first, &rest, &rest, &rest, &rest, &rest]).unwrap();
    assert_eq!(train.shape(), [50_000, 3, 32, 32]);
    assert_eq!(test.shape(), [10_000, 3, 32, 32]);
    assert_eq!((train.labels()[0], train.labels()[10_000], test.labels()[0]), (9, 0, 0));
    assert_eq!(train.pixels(10_255)[0], 255); // 255 of the second file

    fs::write(&first, &batch[..batch.len() - 1]).unwrap();
    let error = read_files(&[&rest, &first, &rest, &rest, &rest, &rest]).unwrap_err();
    assert!(error.to_string().contains("30730000 bytes are needed, 30729999 are there"), "{error}");
}
