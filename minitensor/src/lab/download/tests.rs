//! Downloads from a server on this machine, well-behaved or not.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::server::{Server, good, partial, send, whole};
use super::*;

/// 300 kB that do not compress to nothing.
fn plain() -> Vec<u8> {
    let mut x = 1u32;
    let mut next = || {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (x >> 24) as u8
    };
    (0..300_000).map(|_| next()).collect()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn download(urls: &[&str]) -> Download {
    let plain = plain();
    let mut download = Download::new("file.gz").holds("file", plain.len() as u64, sha256(&plain));
    download.patience = Patience {
        connect: Duration::from_secs(2),
        read: Duration::from_millis(500),
        tries: 3,
        pause: Duration::from_millis(1),
    };
    urls.iter().fold(download, |download, url| download.url(*url))
}

/// Downloads into a fresh folder with this part already there; returns the result and the folder.
fn fetch(urls: &[&str], part: &[u8]) -> (Result<()>, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    if !part.is_empty() {
        fs::write(dir.path().join(".file.gz.part"), part).unwrap();
    }
    (download(urls).fetch(dir.path()), dir)
}

fn arrived(dir: &tempfile::TempDir) {
    assert!(fs::read(dir.path().join("file")).unwrap() == plain(), "the file is not what was served");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "something is left beside it");
}

#[test]
fn a_whole_file_is_unpacked_checked_and_fetched_once() {
    let server = Server::new(good(gzip(&plain())));
    let (result, dir) = fetch(&[&server.url], b"");
    result.unwrap();
    arrived(&dir);
    download(&[&server.url]).fetch(dir.path()).unwrap();
    assert_eq!(server.asked(), [None]);
}

#[test]
fn a_file_that_is_not_gzipped_is_taken_as_it_is() {
    let server = Server::new(good(plain()));
    let (result, dir) = fetch(&[&server.url], b"");
    result.unwrap();
    arrived(&dir);
}

#[test]
fn a_part_is_continued() {
    let file = gzip(&plain());
    let server = Server::new(good(file.clone()));
    let (result, dir) = fetch(&[&server.url], &file[..1000]);
    result.unwrap();
    arrived(&dir);
    assert_eq!(server.asked(), [Some(1000)]);
}

#[test]
fn a_part_that_is_whole_needs_no_download() {
    let file = gzip(&plain());
    let server = Server::new(good(file.clone()));
    let (result, dir) = fetch(&[&server.url], &file);
    result.unwrap();
    arrived(&dir);
    assert_eq!(server.asked(), [Some(file.len())]);
}

#[test]
fn a_server_without_ranges_sends_it_all_again() {
    let file = gzip(&plain());
    let body = file.clone();
    let server = Server::new(Box::new(move |_, _, stream| whole(stream, &body)));
    let (result, dir) = fetch(&[&server.url], &file[..1000]);
    result.unwrap();
    arrived(&dir);
    assert_eq!(server.asked(), [Some(1000)], "what came must be taken as the whole file");
}

#[test]
fn a_part_of_another_file_is_thrown_away() {
    let server = Server::new(good(gzip(&plain())));
    let (result, dir) = fetch(&[&server.url], &[7; 1000]);
    result.unwrap();
    arrived(&dir);
    assert_eq!(server.asked(), [Some(1000), None]);
}

#[test]
fn a_broken_connection_is_continued_where_it_broke() {
    let file = gzip(&plain());
    let half = file.len() / 2;
    let body = file.clone();
    let server = Server::new(Box::new(move |i, range, stream| match (i, range) {
        (0, None) => send(stream, "200 OK", &format!("Content-Length: {}\r\n", body.len()), &body[..half]),
        (_, Some(start)) => partial(stream, &body, start, body.len()),
        _ => panic!("asked for everything again"),
    }));
    let (result, dir) = fetch(&[&server.url], b"");
    result.unwrap();
    arrived(&dir);
    assert_eq!(server.asked(), [None, Some(half)]);
}

#[test]
fn a_file_that_always_ends_too_soon_fails_and_keeps_its_part() {
    let file = gzip(&plain());
    let server = Server::new(Box::new(move |_, range, stream| match range {
        Some(start) => partial(stream, &file, start, start),
        None => send(stream, "200 OK", &format!("Content-Length: {}\r\n", file.len()), &file[..5000]),
    }));
    let (result, dir) = fetch(&[&server.url], b"");
    let message = result.expect_err("never whole").to_string();
    assert!(message.contains("broke off after 5"), "{message}");
    assert_eq!(fs::metadata(dir.path().join(".file.gz.part")).unwrap().len(), 5000);
    assert!(!dir.path().join("file").exists());
}

#[test]
fn a_silent_server_is_given_up() {
    let server = Server::new(Box::new(|_, _, stream| {
        let stream = stream.try_clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(5));
            drop(stream);
        });
    }));
    let (result, _dir) = fetch(&[&server.url], b"");
    let message = result.expect_err("nothing comes").to_string();
    assert!(message.contains("timeout"), "{message}");
}

#[test]
fn a_wrong_checksum_is_refused_and_the_next_address_tried() {
    let mut other = plain();
    other[12_345] ^= 1;
    let wrong = Server::new(good(gzip(&other)));
    let (result, dir) = fetch(&[&wrong.url], b"");
    let message = result.expect_err("one bit is wrong").to_string();
    assert!(
        message.contains(&format!("has the SHA-256 {} instead of {}", sha256(&other), sha256(&plain()))),
        "{message}"
    );
    assert!(!dir.path().join("file").exists());

    let right = Server::new(good(gzip(&plain())));
    let (result, dir) = fetch(&[&wrong.url, &right.url], b"");
    result.unwrap();
    arrived(&dir);
}

#[test]
fn missing_files_are_not_asked_for_twice_and_the_message_says_what_to_do() {
    let gone =
        Server::new(Box::new(|_, _, stream| send(stream, "404 Not Found", "Content-Length: 0\r\n", b"")));
    let (result, dir) = fetch(&[&gone.url, "http://127.0.0.1:1/file.gz"], b"");
    let message = result.expect_err("nobody has it").to_string();
    assert!(message.starts_with("cannot download file.gz\n"), "{message}");
    assert!(message.contains("HTTP 404 Not Found"), "{message}");
    assert!(message.contains("http://127.0.0.1:1/file.gz: "), "{message}");
    assert!(message.contains(&format!("put it into {}", dir.path().display())), "{message}");
    assert_eq!(gone.asked().len(), 1);
}

#[test]
fn a_server_in_trouble_is_asked_again() {
    let file = gzip(&plain());
    let server = Server::new(Box::new(move |i, _, stream| match i {
        0 | 1 => send(stream, "503 Service Unavailable", "Content-Length: 0\r\n", b""),
        _ => whole(stream, &file),
    }));
    let (result, dir) = fetch(&[&server.url], b"");
    result.unwrap();
    arrived(&dir);
}

#[test]
fn too_much_is_refused_whether_or_not_it_is_announced() {
    let announced = Server::new(Box::new(|_, _, stream| {
        send(stream, "200 OK", "Content-Length: 99000000000\r\n", b"...");
    }));
    let endless = Server::new(Box::new(|_, _, stream| {
        send(stream, "200 OK", "", &vec![0; 3_000_000]);
    }));
    let (result, dir) = fetch(&[&announced.url, &endless.url], b"");
    let message = result.expect_err("far too large").to_string();
    assert!(message.contains("offers 99 GB or more, but at most 1.4 MB were expected"), "{message}");
    assert!(message.contains("offers 1.4 MB or more"), "{message}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "something is left");
}

#[test]
fn a_bomb_does_not_fill_the_disk() {
    let server = Server::new(good(gzip(&vec![0; 50_000_000])));
    let (result, dir) = fetch(&[&server.url], b"");
    let message = result.expect_err("50 MB of zeros").to_string();
    assert!(message.contains("file is longer than its 300000 bytes"), "{message}");
    assert!(!dir.path().join("file").exists());
}

#[test]
fn damaged_gzip_is_told() {
    let mut file = gzip(&plain());
    file.truncate(20_000);
    let server = Server::new(good(file));
    let (result, _dir) = fetch(&[&server.url], b"");
    let message = result.expect_err("half a gzip file").to_string();
    assert!(message.contains("file is damaged after byte"), "{message}");
}

#[test]
fn a_file_brought_by_hand_needs_no_internet() {
    let dir = tempfile::tempdir().unwrap();
    let by_hand = dir.path().join("file.gz");
    fs::write(&by_hand, gzip(&plain())).unwrap();
    download(&["http://127.0.0.1:1/file.gz"]).fetch(dir.path()).unwrap();
    assert!(fs::read(dir.path().join("file")).unwrap() == plain());
    assert!(by_hand.exists());

    fs::remove_file(dir.path().join("file")).unwrap();
    fs::write(&by_hand, b"<html>Sign in</html>").unwrap();
    let error = download(&[]).fetch(dir.path()).expect_err("a web page");
    assert!(error.to_string().contains("file has 20 bytes instead of 300000"), "{error}");
}

#[test]
fn an_archive_gives_its_files_and_writes_nowhere_else() {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, body) in [("set/readme", &b"hello"[..]), ("set/a.bin", b"aaa"), ("set/deep/b.bin", b"bb")] {
        let mut header = tar::Header::new_gnu();
        header.set_size(body.len() as u64);
        header.set_cksum();
        builder.append_data(&mut header, name, body).unwrap();
    }
    let server = Server::new(good(gzip(&builder.into_inner().unwrap())));
    let dir = tempfile::tempdir().unwrap();
    let archive = Download::new("set.tar.gz").url(&server.url).archive();
    let archive = archive.holds("a.bin", 3, sha256(b"aaa")).holds("b.bin", 2, sha256(b"bb"));
    archive.fetch(dir.path()).unwrap();
    let mut names: Vec<_> =
        fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.bin", "b.bin"]);

    let more = archive.holds("c.bin", 1, sha256(b"c")).fetch(dir.path()).expect_err("there is no c");
    assert!(more.to_string().contains("the archive lacks c.bin"), "{more}");
}

#[test]
fn two_programs_do_not_disturb_each_other() {
    let server = Server::new(good(gzip(&plain())));
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| download(&[&server.url]).fetch(dir.path()).unwrap());
        }
    });
    assert_eq!(server.asked().len(), 1, "one of them is enough");
    arrived(&dir);
}
