//! Serves `dist/` to browsers on this machine.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::site;

const PORT: u16 = 8000;

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
    let server = Server::from_listener(listener, None)
        .map_err(|error| anyhow!("the server can't start: {error}"))?;
    println!("\nThe page is at http://{address}/  (Ctrl-C ends this)");
    for request in server.incoming_requests() {
        // Each in a thread of its own, for a tab that reads slowly must not keep others waiting; and a browser that
        // has gone away is no reason to stop.
        thread::spawn(|| answer(request));
    }
    Ok(())
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

fn answer(request: Request) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET and HEAD").with_status_code(405));
    }
    let Some(file) = file(request.url()) else {
        return request.respond(Response::from_string("not found").with_status_code(404));
    };
    match fs::read(Path::new(site::DIST).join(file)) {
        Ok(bytes) => {
            let response = Response::from_data(bytes)
                .with_header(header("Content-Type", content_type(file)))
                // A rebuilt page must not be mixed with parts of the one before.
                .with_header(header("Cache-Control", "no-cache"));
            request.respond(response)
        }
        Err(_) => request.respond(Response::from_string("not found").with_status_code(404)),
    }
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
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt" | "csv") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names and values here are ASCII")
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
