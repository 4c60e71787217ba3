//! Files made at random, or from good ones by damage: each reader answers, without a panic and within bounds.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzEncoder;
use image::{ImageFormat, RgbImage};
use proptest::prelude::*;

use super::{gzip, idx_bytes};
use crate::data::cifar;
use crate::data::picture_file::decode_image;
use crate::data::{
    BytePairs, DataError, Idx, ImageFolder, MAX_BYTES, Missing, Problem, Table, load_folder, read_text,
};

/// Asks every reader; it is enough that each comes back, and that what it accepts is consistent.
fn ask_all(bytes: &[u8]) {
    let name = Path::new("file");
    if let Ok(idx) = Idx::read(bytes, name) {
        assert_eq!(idx.shape.iter().product::<usize>(), idx.values.len());
    }
    if let Ok(images) = cifar::read_batch(bytes, name, 2) {
        assert!(images.labels().iter().all(|&label| label < 10));
    }
    if let Ok(image) = decode_image(bytes, name, [3, 4, 5]) {
        assert_eq!(image.pixels.len(), 60);
    }
    if let Ok(pairs) = BytePairs::parse(bytes, name) {
        assert_eq!(pairs.decode(&pairs.encode("low lower, lowest")), "low lower, lowest");
    }
    if let Ok(table) = Table::parse(bytes, name) {
        for column in table.names() {
            let _ = table.numbers(&[column], Missing::Mean);
            assert_eq!(table.categories(column).unwrap().0.numel(), table.len());
        }
    }
}

/// A small picture as a file.
fn picture(format: ImageFormat) -> Vec<u8> {
    let mut file = io::Cursor::new(Vec::new());
    let pixels = RgbImage::from_fn(9, 7, |x, y| image::Rgb([x as u8 * 20, y as u8 * 30, 99]));
    pixels.write_to(&mut file, format).unwrap();
    file.into_inner()
}

#[test]
fn pictures_and_tables_cut_short_anywhere() {
    let table = b"a,b\n1,\"x\ny\"\n2,\xc3\xa9\n".to_vec();
    for file in [picture(ImageFormat::Png), picture(ImageFormat::Jpeg), table] {
        (0..file.len()).for_each(|length| ask_all(&file[..length]));
    }
}

proptest! {
    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        ask_all(&bytes);
        ask_all(&gzip(&bytes));
    }

    /// Past the magic, so that sizes and values are reached.
    #[test]
    fn random_bytes_after_a_good_start(rank in 0u8..6, bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut file = vec![0, 0, 8, rank];
        file.extend(bytes);
        ask_all(&file);
        ask_all(&gzip(&file));
    }

    #[test]
    fn flipped_bits(position in 0usize..10_000, bit in 0u8..8, compressed in any::<bool>()) {
        let good = idx_bytes(&[3, 4, 5], (0..60).collect());
        let mut file = if compressed { gzip(&good) } else { good };
        let position = position % file.len();
        file[position] ^= 1 << bit;
        ask_all(&file);
    }

    #[test]
    fn damaged_pictures(
        jpeg in any::<bool>(),
        damage in prop::collection::vec((0usize..10_000, any::<u8>()), 1..8),
    ) {
        let mut file = picture(if jpeg { ImageFormat::Jpeg } else { ImageFormat::Png });
        for (position, byte) in damage {
            let position = position % file.len();
            file[position] = byte;
        }
        ask_all(&file);
    }

    #[test]
    fn random_pairs(
        merges in prop::collection::vec((97u32..300, 97u32..300), 0..20),
        wrong in prop_oneof![Just(""), Just("-"), Just("9999999999"), Just(".5")],
    ) {
        let merges: Vec<String> = merges.iter().map(|(a, b)| format!("[{a},{wrong}{b}]")).collect();
        ask_all(format!(r#"{{"merges":[{}],"special":["<end>"]}}"#, merges.join(",")).as_bytes());
    }

    /// Damaged tables of labels, and names that reach for what is not theirs, beside pictures that are there.
    #[test]
    fn random_folders(
        rows in prop::collection::vec(("a\\.png|b/c\\.png|\\.\\./a\\.png|/dev/zero|b|\\PC{0,6}", "cat|dog|\\PC{0,50}"), 0..6),
        cut in 0usize..200,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = picture(ImageFormat::Png);
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("a.png"), &file[..cut.min(file.len())]).unwrap();
        fs::write(folder.path().join("b/c.png"), &file).unwrap();
        let _ = load_folder(folder.path(), [4, 4], 0);
        let rows: Vec<String> = rows.iter().map(|(file, label)| format!("{file},{label}\n")).collect();
        let table = folder.path().join("labels.csv");
        fs::write(&table, format!("file,label\n{}", rows.concat())).unwrap();
        if let Ok(read) = ImageFolder::with_table(folder.path(), &table, [3, 4, 4], None) {
            assert!(read.images.labels().iter().all(|&label| usize::from(label) < read.classes.len()));
        }
    }

    #[test]
    fn random_texts(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        fs::write(&path, &bytes).unwrap();
        let read = read_text(&path);
        prop_assert_eq!(read.is_ok(), !bytes.is_empty() && String::from_utf8(bytes).is_ok_and(|text| text != "\u{feff}"));
    }

    #[test]
    fn random_tables(text in "[ab0-9,\"\n\r.e-]{0,200}") {
        ask_all(text.as_bytes());
    }
}

/// A small gzip file that unpacks to far more than the header promises: reading stops one byte after the promise.
#[test]
fn a_gzip_bomb_is_read_no_further_than_its_header_says() {
    let header = [0, 0, 8, 1, 0, 0, 0, 100];
    let bomb = GzEncoder::new(header.chain(io::repeat(0).take(1 << 28)), Compression::fast());
    let mut packed = Vec::new();
    { bomb }.read_to_end(&mut packed).unwrap();

    let mut source = CountingReader { inner: &packed[..], count: 0 };
    let error = Idx::read(&mut source, Path::new("bomb")).unwrap_err();
    assert!(matches!(error, DataError::File { problem: Problem::Trailing { needed: 108 }, .. }), "{error}");
    assert!(source.count < packed.len() / 4, "{} of {} bytes were read", source.count, packed.len());
}

/// A source that never ends stops at the limit, not at the end of memory.
#[test]
fn an_endless_source_ends() {
    let sizes = (MAX_BYTES as u32 + 1).to_be_bytes();
    let endless = [0, 0, 8, 1].chain(&sizes[..]).chain(io::repeat(7));
    let error = Idx::read(endless, Path::new("endless")).unwrap_err();
    assert!(matches!(error, DataError::File { problem: Problem::TooLarge { .. }, offset: 8, .. }), "{error}");

    let error = cifar::read_batch(io::repeat(7), Path::new("endless"), 3).unwrap_err();
    assert!(matches!(error, DataError::File { problem: Problem::Trailing { needed: 9219 }, .. }), "{error}");
}

/// Passes the error of the source on.
#[test]
fn a_failing_disk_is_reported() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is on fire"))
        }
    }
    let start = [0, 0, 8, 1, 0, 0, 0, 9, 1];
    let error = Idx::read(start.chain(Failing), Path::new("file")).unwrap_err();
    assert_eq!(error.to_string(), "file: the disk is on fire (at byte 9)");
}

struct CountingReader<'a> {
    inner: &'a [u8],
    count: usize,
}

impl Read for CountingReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count;
        Ok(count)
    }
}
