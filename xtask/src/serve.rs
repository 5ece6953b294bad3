//! Serves `dist/` to browsers on this machine.
//!
//! One thread and one request per connection: a browser opens several at once and keeps idle ones.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::site;

const PORT: u16 = 8000;

/// No browser's request for a file of the page comes near it.
const LONGEST_HEAD: usize = 16 * 1024;

/// `options` as given after `cargo xtask serve`.
pub fn run(options: &[&str]) -> Result<()> {
    let options = Options::parse(options)?;
    // The port first: a build that ends at a taken port would be in vain.
    let listener = listen(options.port)?;
    if options.build {
        site::build()?;
    } else if !Path::new(site::DIST).is_dir() {
        bail!(
            "there is no {}/ yet: leave out --no-build, or run `cargo xtask build`",
            site::DIST
        );
    }
    let address = listener.local_addr()?;
    println!("\nThe page is at http://{address}/  (Ctrl-C ends this)");
    answer_all(&listener);
    Ok(())
}

fn answer_all(listener: &TcpListener) {
    for stream in listener.incoming() {
        // A browser that goes away in the middle is no reason to stop, nor to complain.
        thread::spawn(move || stream.and_then(converse));
    }
}

#[derive(Debug, PartialEq)]
struct Options {
    port: u16,
    build: bool,
}

impl Options {
    fn parse(mut arguments: &[&str]) -> Result<Self> {
        let mut options = Self {
            port: PORT,
            build: true,
        };
        loop {
            arguments = match arguments {
                [] => return Ok(options),
                ["--no-build", rest @ ..] => {
                    options.build = false;
                    rest
                }
                ["--port", port, rest @ ..] => {
                    options.port = port.parse().ok().with_context(|| {
                        format!(
                            "--port {port}: a port is a whole number from 0 (any free one) to 65535"
                        )
                    })?;
                    rest
                }
                ["--port"] => bail!("--port needs a number, such as --port {}", PORT + 1),
                [other, ..] => {
                    bail!("`cargo xtask serve` knows --port N and --no-build, not {other}")
                }
            }
        }
    }
}

fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            let other = if port == u16::MAX { PORT } else { port + 1 };
            anyhow!("port {port} is taken, perhaps by another `cargo xtask serve`: end that, or try --port {other}")
        }
        ErrorKind::PermissionDenied => anyhow!("port {port} is not for ordinary users: try --port {PORT}"),
        _ => anyhow!("port {port} can't be used: {error}"),
    })
}

/// Reads one request, answers it and closes.
fn converse(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut piece)?;
        if count == 0 || head.len() > LONGEST_HEAD {
            return Ok(());
        }
        head.extend_from_slice(&piece[..count]);
    }
    stream.write_all(&answer(&head))
}

/// The whole response to a request's head.
fn answer(head: &[u8]) -> Vec<u8> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    if request.parse(head).is_err() {
        return response("400 Bad Request", "text/plain", b"this is no request", true);
    }
    let body = match request.method {
        Some("GET") => true,
        Some("HEAD") => false,
        _ => {
            return response(
                "405 Method Not Allowed",
                "text/plain",
                b"only GET and HEAD",
                true,
            );
        }
    };
    let found = file(request.path.unwrap_or_default())
        .and_then(|file| Some((file, fs::read(Path::new(site::DIST).join(file)).ok()?)));
    match found {
        Some((file, bytes)) => response("200 OK", content_type(file), &bytes, body),
        None => response("404 Not Found", "text/plain", b"not found", body),
    }
}

fn response(status: &str, content_type: &str, bytes: &[u8], body: bool) -> Vec<u8> {
    // Not cached, because a rebuilt page must not be mixed with parts of the one before.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
         Cache-Control: no-cache\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    let mut response = head.into_bytes();
    if body {
        response.extend_from_slice(bytes);
    }
    response
}

/// The file in `dist/` that a URL names; `None` for one outside. Names there are plain, so nothing is decoded.
fn file(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    let plain =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '%']);
    path.split('/').all(plain).then_some(path)
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt" | "csv") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_inside_dist_are_served() {
        assert_eq!(file("/"), Some("index.html"));
        assert_eq!(file("/?t=5#lab"), Some("index.html"));
        assert_eq!(
            file("/www/pkg/superposition_bg.wasm"),
            Some("www/pkg/superposition_bg.wasm")
        );
        for outside in [
            "/../Cargo.toml",
            "/www/../../Cargo.toml",
            "//etc/passwd",
            "/%2e%2e/x",
            "/www\\..\\x",
            "/.git",
        ] {
            assert_eq!(file(outside), None, "{outside}");
        }
    }

    #[test]
    fn requests_are_answered_by_what_they_ask() {
        let status = |head: &[u8]| String::from_utf8(answer(head)).unwrap()[9..12].to_owned();
        assert_eq!(
            status(b"GET /no-such-file HTTP/1.1\r\nHost: x\r\n\r\n"),
            "404"
        );
        assert_eq!(status(b"POST / HTTP/1.1\r\nHost: x\r\n\r\n"), "405");
        assert_eq!(status(b"not a request\r\n\r\n"), "400");
        let head = response("200 OK", "text/html", b"page", false);
        assert!(
            head.ends_with(b"\r\n\r\n")
                && response("200 OK", "text/html", b"page", true).ends_with(b"page")
        );
    }

    /// tiny_http, which did this before, sometimes left a connection waiting until another one closed.
    #[test]
    fn idle_connections_keep_nobody_waiting() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || answer_all(&listener));
        let _idle: Vec<_> = (0..20)
            .map(|_| TcpStream::connect(address).unwrap())
            .collect();
        let mut busy: Vec<_> = (0..20)
            .map(|_| TcpStream::connect(address).unwrap())
            .collect();
        for stream in &mut busy {
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            stream
                .write_all(b"GET /no-such-file HTTP/1.1\r\nHost: x\r\n\r\n")
                .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.ends_with("not found"), "{answer}");
        }
    }

    #[test]
    fn options_are_read_or_refused_in_words() {
        assert_eq!(
            Options::parse(&[]).unwrap(),
            Options {
                port: PORT,
                build: true
            }
        );
        let given = Options::parse(&["--port", "9000", "--no-build"]).unwrap();
        assert_eq!(
            given,
            Options {
                port: 9000,
                build: false
            }
        );
        for (wrong, word) in [
            (vec!["--port", "70000"], "70000"),
            (vec!["--port"], "--port"),
            (vec!["-p"], "-p"),
        ] {
            assert!(
                Options::parse(&wrong)
                    .unwrap_err()
                    .to_string()
                    .contains(word)
            );
        }
    }

    #[test]
    fn a_taken_port_is_said_with_a_way_out() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = listen(port).unwrap_err().to_string();
        assert!(
            error.contains(&format!("port {port} is taken")) && error.contains("--port"),
            "{error}"
        );
    }
}
