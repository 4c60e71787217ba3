//! Shows the book in a browser while it is written: a server on this machine that rebuilds a changed book.

use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use tiny_http::{Header, Request, Response, Server};

use crate::error::{at, files_under};
use crate::{Book, Error, Result, render};

/// Serves the built book on this machine alone, until it is interrupted. A request for a page builds the book again
/// first if a source is newer.
pub fn serve(book: &Book, port: u16) -> Result<()> {
    let address = format!("127.0.0.1:{port}");
    let failed = |message: String| Error::Serve { address: address.clone(), message };
    let server = Server::http(&address).map_err(|e| failed(e.to_string()))?;
    render::build(book)?;
    let mut built = SystemTime::now();
    println!("The book is on http://{address}/ until you press Ctrl-C.");
    for request in server.incoming_requests() {
        if newest(book)? > built {
            built = SystemTime::now();
            if let Err(e) = render::build(book) {
                eprintln!("{e}");
            }
        }
        // a browser that hangs up early is no reason to stop
        let _ = answer(request, &book.build_dir());
    }
    Ok(())
}

fn newest(book: &Book) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for (folder, extension) in [("src", "md"), ("src", "svg"), ("src", "txt"), ("theme", "css")] {
        for file in files_under(&book.root.join(folder), extension)? {
            let changed = std::fs::metadata(&file).and_then(|m| m.modified()).map_err(at(&file))?;
            newest = newest.max(changed);
        }
    }
    Ok(newest)
}

fn answer(request: Request, folder: &Path) -> std::io::Result<()> {
    match file_for(folder, request.url()).and_then(|f| Some((std::fs::read(&f).ok()?, f))) {
        Some((bytes, file)) => {
            let kind = Header::from_bytes("Content-Type", content_type(&file));
            let response = Response::from_data(bytes);
            request.respond(match kind {
                Ok(header) => response.with_header(header),
                Err(()) => response,
            })
        }
        None => request.respond(Response::from_string("There is no such page.").with_status_code(404)),
    }
}

/// The file that an address asks for, never one outside `folder`.
fn file_for(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    path.components().all(|c| matches!(c, Component::Normal(_))).then(|| folder.join(path))
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_inside_the_book() {
        let folder = Path::new("build");
        assert_eq!(file_for(folder, "/"), Some(folder.join("index.html")));
        assert_eq!(file_for(folder, "/a/b.html?x#y"), Some(folder.join("a/b.html")));
        assert_eq!(file_for(folder, "/../Cargo.toml"), None);
        assert_eq!(file_for(folder, "//etc/passwd"), Some(folder.join("etc/passwd")));
    }
}
