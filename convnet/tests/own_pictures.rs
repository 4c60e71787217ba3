//! Pictures of the reader's own: `cargo run -p convnet -- --data-dir FOLDER`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;
use std::path::Path;

use common::{assert_refused, run, succeed};
use image::{Rgb, RgbImage};

const QUICK: [&str; 6] = ["--depth", "8", "--epochs", "4", "--batch-size", "8"];

/// Red squares and blue ones, no two alike, each in a corner of its own; some are larger than others.
fn squares(folder: &Path, table: bool) {
    let mut rows = "file,label\n".to_string();
    for (class, colour) in [("red", [220, 30, 30]), ("blue", [30, 30, 220])] {
        for i in 0..20u32 {
            let (size, at) = (20 + i, [i % 3, i / 3]);
            let square = RgbImage::from_fn(size, size, |x, y| match [x / (size / 3), y / (size / 3)] == at {
                true => Rgb(colour),
                false => Rgb([i as u8 * 5; 3]),
            });
            let file = if table { format!("{class}-{i}.png") } else { format!("{class}/{i}.png") };
            let path = folder.join(&file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            square.save(path).unwrap();
            rows += &format!("{file},{class}\n");
        }
    }
    if table {
        fs::write(folder.join("labels.csv"), rows).unwrap();
    }
}

/// The last word of the row that begins so.
fn told(printed: &str, row: &str) -> String {
    printed.lines().find(|line| line.starts_with(row)).unwrap().to_string()
}

#[test]
fn a_network_learns_them_from_a_table_or_from_a_folder_a_class() {
    for table in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let (folder, out) = (dir.path().join("squares"), dir.path().join("run"));
        squares(&folder, table);
        let folder = folder.display().to_string();
        let args = [&["--data-dir", &folder, "--image-size", "24"], &QUICK[..]].concat();
        let printed = succeed(&out, &[&args[..], &["--stop-after", "6"]].concat());
        assert!(printed.starts_with("Training ResNet-8 on squares (32 to train on, 8 to test)"), "{printed}");
        let printed = succeed(&out, &["--resume"]);
        assert!(told(&printed, "test accuracy").contains("of 8"), "{printed}");
        assert!(fs::read_to_string(out.join("predictions.svg")).unwrap().contains("blue"));
        assert!(fs::read_to_string(out.join("config.json")).unwrap().contains("\"image_size\": 24"));
    }
}

#[test]
fn a_resumed_run_does_not_change_its_pictures() {
    let dir = tempfile::tempdir().unwrap();
    let [folder, other] = ["a", "b"].map(|name| dir.path().join(name));
    squares(&folder, false);
    squares(&other, false);
    let [folder, other] = [folder, other].map(|folder| folder.display().to_string());
    let out = dir.path().join("run");
    succeed(&out, &[&["--data-dir", &folder], &QUICK[..], &["--stop-after", "1"]].concat());
    assert_refused(
        &run(&out, &["--resume", "--data-dir", &other]),
        1,
        &["another run", "/a at 32 x 32", "/b at"],
    );
    assert_refused(&run(&out, &["--resume", "--image-size", "64"]), 2, &["--image-size 32, not 64"]);
}

#[test]
fn a_folder_that_is_not_as_it_should_be() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, out) = (dir.path().join("squares"), dir.path().join("run"));
    squares(&folder, true);
    let path = folder.display().to_string();
    let args = [&["--data-dir", &path], &QUICK[..]].concat();
    let table = fs::read_to_string(folder.join("labels.csv")).unwrap();
    let damaged = [
        (table.replace("red-3.png", "red-33.png"), "labels.csv, line 5: there is no file `red-33.png`"),
        (table.replace("red-3.png", "../red-3.png"), "`../red-3.png` leads out of the folder"),
        (table.replace("red-3.png", "/etc/passwd"), "`/etc/passwd` leads out of the folder"),
        (table.replace("red-3.png,red\n", ""), "red-3.png: the picture has no row in"),
        (table.replace("red-3.png", "red-4.png"), "`red-4.png` already stands in line 5"),
        (table.replace("label\n", "class\n"), "there is no column `label`: the header names file, class"),
        (table.replace("red-3.png,red", "red-3.png"), "line 5: 1 fields, but the header has 2"),
        (table.replace("red-3.png,red", "red-3.png,\u{1b}[31m"), "cannot be: a class has a name of 1 to 40"),
        (String::new(), "there is no column `file`"),
    ];
    for (text, part) in damaged {
        fs::write(folder.join("labels.csv"), text).unwrap();
        assert_refused(&run(&out, &args), 1, &[part]);
    }
    fs::write(folder.join("labels.csv"), &table).unwrap();
    fs::write(folder.join("red-3.png"), &fs::read(folder.join("red-3.png")).unwrap()[..60]).unwrap();
    assert_refused(&run(&out, &args), 1, &["red-3.png: not a picture that can be read"]);

    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert_refused(
        &run(&out, &["--data-dir", &empty.display().to_string()]),
        1,
        &["labels.csv", "a folder for each class"],
    );
    assert_refused(
        &run(&out, &["--data-dir", "/no/such/folder"]),
        2,
        &["--data-dir /no/such/folder: there is no such"],
    );
    assert_refused(&run(&out, &["--data", "folder"]), 2, &["--data-dir DIR"]);
    assert_refused(&run(&out, &["--image-size", "64"]), 2, &["--image-size 64", "digits"]);
    assert_refused(&run(&out, &["--data-dir", &path, "--image-size", "100000"]), 2, &["8..=256"]);
}
