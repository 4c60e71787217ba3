//! A server on this machine that answers as a test wants.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Answers a request, given the start of the range it asks for.
pub(super) type Answer = Box<dyn Fn(usize, Option<usize>, &mut TcpStream) + Send>;

/// A server with one file, and the ranges that it was asked for.
pub(super) struct Server {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Option<usize>>>>,
}

impl Server {
    /// `answer` gets the number of the request and the start of its range.
    pub(super) fn new(answer: Answer) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/file.gz", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for (i, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let mut range = None;
                for line in BufReader::new(stream.try_clone().unwrap()).lines() {
                    let line = line.unwrap().to_lowercase();
                    if line.is_empty() {
                        break;
                    }
                    if let Some(start) = line.strip_prefix("range: bytes=") {
                        range = Some(start.trim_end_matches('-').parse().unwrap());
                    }
                }
                log.lock().unwrap().push(range);
                answer(i, range, &mut stream);
            }
        });
        Server { url, asked }
    }

    pub(super) fn asked(&self) -> Vec<Option<usize>> {
        self.asked.lock().unwrap().clone()
    }
}

/// Sends a head and as much of the body as given, then hangs up.
pub(super) fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    // The other side may hang up first, when it has seen enough.
    let _ = write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n")
        .and_then(|()| stream.write_all(body));
}

pub(super) fn whole(stream: &mut TcpStream, body: &[u8]) {
    send(stream, "200 OK", &format!("Content-Length: {}\r\n", body.len()), body);
}

/// Serves ranges as a good server does.
pub(super) fn good(body: Vec<u8>) -> Answer {
    Box::new(move |_, range, stream| match range {
        None => whole(stream, &body),
        Some(start) if start >= body.len() => {
            send(stream, "416 Range Not Satisfiable", "Content-Length: 0\r\n", b"")
        }
        Some(start) => partial(stream, &body, start, body.len()),
    })
}

/// The bytes from `start`, but only up to `end`.
pub(super) fn partial(stream: &mut TcpStream, body: &[u8], start: usize, end: usize) {
    let (n, last, total) = (body.len() - start, body.len() - 1, body.len());
    let headers = format!("Content-Length: {n}\r\nContent-Range: bytes {start}-{last}/{total}\r\n");
    send(stream, "206 Partial Content", &headers, &body[start..end]);
}
