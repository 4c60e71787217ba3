//! A reader's own pictures: what is read, and what is refused.

use std::fs;
use std::path::Path;

use image::{ImageFormat, RgbImage};
use tempfile::{TempDir, tempdir};

use crate::data::{DataError, FolderProblem, ImageFolder, LineProblem, Problem, read_image};

/// A picture in which red grows to the right, green downwards, and blue is 9.
fn picture() -> RgbImage {
    RgbImage::from_fn(3, 2, |x, y| image::Rgb([10 * x as u8, 20 * y as u8, 9]))
}

/// A folder with `a.png`, `b.png`, `deep/c.png` and this table of labels.
fn folder(table: &str) -> TempDir {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("deep")).unwrap();
    for name in ["a.png", "b.png", "deep/c.png"] {
        picture().save(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("labels.csv"), table).unwrap();
    folder
}

fn read(table: &str) -> Result<ImageFolder, DataError> {
    let folder = folder(table);
    ImageFolder::with_table(folder.path(), &folder.path().join("labels.csv"), [3, 2, 3], None)
}

fn problem(table: &str) -> (u64, LineProblem) {
    match read(table).unwrap_err() {
        DataError::Line { line, problem, .. } => (line, problem),
        other => panic!("{other}"),
    }
}

const GOOD: &str = "label,file\ndog,b.png\ncat,a.png\ndog,deep/c.png\n";

#[test]
fn a_table_names_the_pictures() {
    let read = read(GOOD).unwrap();
    assert_eq!(read.classes, ["cat", "dog"]);
    assert_eq!(read.images.labels(), [1, 0, 1], "in the order of the table");
    assert_eq!(read.images.shape(), [3, 3, 2, 3]);
    let planes = [0, 10, 20, 0, 10, 20, 0, 0, 0, 20, 20, 20, 9, 9, 9, 9, 9, 9];
    assert_eq!(read.images.pixels(0), planes);
}

#[test]
fn a_row_that_cannot_be_is_named_by_its_line() {
    let outside = |name: &str| LineProblem::Outside(name.to_owned());
    assert_eq!(problem("file,label\na.png,x\n../a.png,x\n"), (3, outside("../a.png")));
    assert_eq!(problem("file,label\ndeep/../a.png,x\n"), (2, outside("deep/../a.png")));
    assert_eq!(problem("file,label\n/etc/passwd,x\n"), (2, outside("/etc/passwd")));
    assert_eq!(problem("file,label\n,x\n"), (2, outside("")));
    assert_eq!(problem("file,label\nno.png,x\n"), (2, LineProblem::NoFile("no.png".to_owned())));
    assert_eq!(problem("file,label\ndeep,x\n"), (2, LineProblem::NoFile("deep".to_owned())));
    let twice = LineProblem::FileTwice { file: "a.png".to_owned(), first: 2 };
    assert_eq!(problem("file,label\na.png,x\nb.png,x\na.png,y\n"), (4, twice));
    let label = |text: &str| LineProblem::BadLabel { label: text.to_owned() };
    assert_eq!(problem("file,label\na.png,\n"), (2, label("")));
    assert_eq!(problem("file,label\na.png,\x1b[2J\n"), (2, label("\u{1b}[2J")));
    let long = "x".repeat(1000);
    assert_eq!(problem(&format!("file,label\na.png,{long}\n")), (2, label(&format!("{}…", &long[..40]))));
    assert!(matches!(problem("name,label\na.png,x\n"), (1, LineProblem::NoColumn { .. })));
}

#[test]
fn a_picture_without_a_row_is_named() {
    let error = read("file,label\na.png,x\n").unwrap_err().to_string();
    assert!(error.contains("b.png: the picture has no row in") && error.contains("labels.csv"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_folder() {
    let elsewhere = folder(GOOD);
    let folder = folder("file,label\na.png,x\nb.png,x\nlink.png,x\n");
    std::os::unix::fs::symlink(elsewhere.path().join("a.png"), folder.path().join("link.png")).unwrap();
    let table = folder.path().join("labels.csv");
    let error = ImageFolder::with_table(folder.path(), &table, [3, 2, 3], None).unwrap_err();
    assert!(matches!(error, DataError::Line { line: 4, problem: LineProblem::Outside(_), .. }), "{error}");
}

#[test]
fn the_classes_of_another_set_are_kept() {
    let folder = folder(GOOD);
    let table = folder.path().join("labels.csv");
    let read = |classes: &[&str]| {
        let classes: Vec<String> = classes.iter().map(|&class| class.to_owned()).collect();
        ImageFolder::with_table(folder.path(), &table, [1, 2, 3], Some(&classes))
    };
    assert_eq!(read(&["bird", "cat", "dog"]).unwrap().images.labels(), [2, 1, 2]);
    let error = read(&["bird", "cat"]).unwrap_err().to_string();
    assert!(error.ends_with("line 2: `dog` is not a class: choose one of bird, cat"), "{error}");
}

#[test]
fn a_folder_for_each_class() {
    let folder = tempdir().unwrap();
    for name in ["dog/1.png", "cat/2.PNG", "cat/1.jpg"] {
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        picture().save(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("cat/notes.txt"), "not a picture").unwrap();
    let read = ImageFolder::by_class(folder.path(), [1, 4, 6], None).unwrap();
    assert_eq!(read.classes, ["cat", "dog"]);
    assert_eq!(read.images.labels(), [0, 0, 1]);
    assert_eq!(read.images.shape(), [3, 1, 4, 6]);

    let empty = tempdir().unwrap();
    let error = ImageFolder::by_class(empty.path(), [1, 4, 6], None).unwrap_err();
    assert!(matches!(error, DataError::Folder { problem: FolderProblem::NoLabels, .. }), "{error}");
    fs::create_dir(empty.path().join("cat")).unwrap();
    let error = ImageFolder::by_class(empty.path(), [1, 4, 6], None).unwrap_err();
    assert!(matches!(error, DataError::Folder { problem: FolderProblem::NoPictures, .. }), "{error}");
}

/// A PNG whose header declares 65,535 x 65,535 pixels is refused by its header.
#[test]
fn a_huge_header_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("huge.png");
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture().write_to(&mut bytes, ImageFormat::Bmp).unwrap_err(); // only png and jpeg are built in
    picture().write_to(&mut bytes, ImageFormat::Png).unwrap();
    let mut bytes = bytes.into_inner();
    bytes[16..24].copy_from_slice(&[0, 0, 255, 255, 0, 0, 255, 255]);
    let mut checksum = flate2::Crc::new();
    checksum.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    fs::write(&path, bytes).unwrap();
    let error = read_image(&path, [3, 8, 8]).unwrap_err().to_string();
    assert!(error.contains("not a picture that can be read") && error.contains("limit"), "{error}");
    let error = read_image(Path::new("/no/such/file.png"), [3, 8, 8]).unwrap_err();
    assert!(matches!(error, DataError::File { problem: Problem::Io(_), .. }), "{error}");
}
