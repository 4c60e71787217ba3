//! One address, one attempt: what arrives is appended to the part.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use ureq::Timeout;
use ureq::http::{HeaderMap, StatusCode, header};

use crate::lab::progress::{Bar, note};
use crate::lab::{bytes, entry};

/// How long to wait, and how often to try.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) connect: Duration,
    /// For the answer, and then for each piece of it.
    pub(super) read: Duration,
    /// Attempts in a row that bring nothing.
    pub(super) tries: u32,
    /// Before the second attempt; longer before each further one.
    pub(super) pause: Duration,
}

/// Why an attempt failed.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The disk: no other address helps.
    Local(io::Error),
    /// This address will not do, however often it is asked.
    Final(String),
    /// It may go on at the next attempt.
    Passing(String),
}

/// Brings the part to its full length, from where it stands.
pub(super) fn transfer(
    url: &str,
    part: &mut File,
    limit: u64,
    name: &str,
    patience: Patience,
) -> Result<(), Trouble> {
    let have = part.seek(SeekFrom::End(0)).map_err(Trouble::Local)?;
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(patience.connect))
        .timeout_recv_response(Some(patience.read))
        .timeout_per_read(Some(patience.read))
        .build()
        .into();
    // The bytes as they are: a server that packs them once more would make ranges meaningless.
    let mut request = agent.get(url).header(header::ACCEPT_ENCODING, "identity");
    if have > 0 {
        request = request.header(header::RANGE, format!("bytes={have}-"));
    }
    let response = request.call().map_err(unreachable)?;
    let have = match continues(response.status(), response.headers(), have)? {
        Answer::Whole => return Ok(()),
        Answer::From(start) => start,
    };
    part.set_len(have).and_then(|()| part.seek(SeekFrom::Start(have))).map_err(Trouble::Local)?;
    let total = content_length(response.headers()).map(|length| have.saturating_add(length));
    if let Some(total) = total.filter(|total| *total > limit) {
        part.set_len(0).map_err(Trouble::Local)?;
        return Err(too_large(total, limit));
    }
    let bar = announce(name, url, total);
    receive(response.into_body().into_with_config().limit(u64::MAX).reader(), part, have, total, limit, &bar)
}

enum Answer {
    /// There is nothing more to come.
    Whole,
    /// What follows belongs at this place.
    From(u64),
}

/// What the server's answer means for a part that has so many bytes.
fn continues(status: StatusCode, headers: &HeaderMap, have: u64) -> Result<Answer, Trouble> {
    match status.as_u16() {
        200 => Ok(Answer::From(0)), // the server does not know ranges, or was not asked for one
        206 if range_start(headers) == Some(have) => Ok(Answer::From(have)),
        206 => Err(Trouble::Final("answered with another range than was asked for".into())),
        // "Range not satisfiable": the part is as long as the file, or longer, and its checksum will tell.
        416 if have > 0 => Ok(Answer::Whole),
        408 | 429 | 500..=599 => Err(Trouble::Passing(format!("HTTP {status}"))),
        _ => Err(Trouble::Final(format!("HTTP {status}"))),
    }
}

/// `Content-Range: bytes 500-999/1000` starts at 500.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn receive(
    mut body: impl Read,
    part: &mut File,
    mut have: u64,
    total: Option<u64>,
    limit: u64,
    bar: &Bar,
) -> Result<(), Trouble> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Trouble::Passing(format!("broke off after {}: {e}", bytes(have)))),
        };
        have += n as u64;
        if have > limit {
            part.set_len(0).map_err(Trouble::Local)?;
            return Err(too_large(have, limit));
        }
        part.write_all(&buffer[..n]).map_err(Trouble::Local)?;
        bar.at(have, None);
    }
    match total {
        Some(total) if have < total => {
            Err(Trouble::Passing(format!("broke off after {} of {} bytes", have, total)))
        }
        _ => Ok(()),
    }
}

/// A bar on a terminal, a line elsewhere.
fn announce(name: &str, url: &str, total: Option<u64>) -> Bar {
    let template = "{prefix}  {bar:24} {decimal_bytes}/{decimal_total_bytes}  {decimal_bytes_per_sec}";
    let bar = Bar::new(total.unwrap_or(0), name, template);
    if !bar.is_drawn() {
        let size = total.map_or_else(String::new, |total| format!(" ({})", bytes(total)));
        note(&format!("Downloading {url}{size}"));
    }
    bar
}

fn too_large(size: u64, limit: u64) -> Trouble {
    Trouble::Final(format!("offers {} or more, but at most {} were expected", bytes(size), bytes(limit)))
}

/// No answer came. Where nobody listens, asking again is waiting in vain; a connection that breaks may hold next time.
fn unreachable(error: ureq::Error) -> Trouble {
    let text = entry::chain(&error);
    match error {
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::ConnectionRefused => Trouble::Final(text),
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => Trouble::Final(text),
        ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::Protocol(_) => Trouble::Passing(text),
        _ => Trouble::Final(text),
    }
}
