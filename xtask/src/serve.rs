//! Serves the page to browsers on this machine: from the tree, for who works on it (`watch.rs`), or the built one in `dist/`.
//!
//! One thread and one request per connection: a browser opens several at once and keeps idle ones. Nobody can hold a connection
//! for ever, nor more than a few; nothing but the page is served, and no large file is held in memory.
//!
//! A server crate (axum with tower-http's files) would still need the deadlines, the cap and the check of links, and some fifty
//! packages; so this is the smaller one.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::site;
use crate::watch::{self, Changes};

const PORT: u16 = 8000;

/// No browser's request for a file of the page comes near it.
const LONGEST_HEAD: usize = 16 * 1024;
/// A page opens some twenty.
const MOST_CONNECTIONS: usize = 128;
/// How long a request may take to arrive, and its answer to be read.
const ARRIVAL: Duration = Duration::from_secs(10);
const DELIVERY: Duration = Duration::from_secs(60);
/// Between two tries when no connection can be accepted.
const BREATH: Duration = Duration::from_millis(100);
/// Pages that wait for changes hear something so often at least; so the server learns which are gone.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Where they wait, and how.
const CHANGES: &str = "changes";
const RELOAD: &str =
    "<script>new EventSource(\"/changes\").onmessage = () => location.reload();</script>\n";
/// A built page that was served here before has left a copy of it in the browser, which gives way to the tree.
const NO_COPY: &str = "addEventListener(\"install\", () => skipWaiting());\naddEventListener(\"activate\", () => registration.unregister());\n";
/// How much is read of what a refused client still sends, so that it gets to see the refusal.
const DRAINED: u64 = 64 * 1024;

/// `options` as given after `cargo xtask serve`.
pub fn run(options: &[&str]) -> Result<()> {
    let options = Options::parse(options)?;
    // The port first: a build that ends at a taken port would be in vain.
    let listener = listen(options.port)?;
    let page = match options.source {
        Source::Tree => Page::Tree(watch::begin()?),
        Source::Built => {
            site::build()?;
            Page::Folder(site::DIST.into())
        }
        Source::Dist if Path::new(site::DIST).is_dir() => Page::Folder(site::DIST.into()),
        Source::Dist => bail!(
            "there is no {}/ yet: leave out --no-build, or run `cargo xtask build`",
            site::DIST
        ),
    };
    let address = listener.local_addr()?;
    println!("\nThe page is at http://{address}/  (Ctrl-C ends this)");
    answer_all(&listener, &page);
    Ok(())
}

/// What is served.
#[derive(Clone)]
enum Page {
    Folder(PathBuf),
    /// Of the sources, with what tells that they have changed.
    Tree(Arc<Changes>),
}

impl Page {
    /// A file of the page, by its name in addresses.
    fn open(&self, name: &str) -> Option<(File, u64)> {
        match self {
            Page::Folder(root) => open(root, name),
            Page::Tree(_) => match name.strip_prefix("www/pkg/") {
                Some(name) => open(Path::new(watch::BINDINGS), name),
                None if name == "index.html" || name.starts_with("www/") => {
                    open(Path::new("."), name)
                }
                None => None,
            },
        }
    }
}

fn answer_all(listener: &TcpListener, page: &Page) {
    let open = Arc::new(());
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // No file descriptors are left, perhaps: some will be.
            thread::sleep(BREATH);
            continue;
        };
        let (place, page) = (open.clone(), page.clone());
        if Arc::strong_count(&open) > MOST_CONNECTIONS + 1 {
            // So short that it never waits for a reader.
            let _ = Answer::text("503 Service Unavailable", "too many connections").send(&stream);
            continue;
        }
        // A browser that goes away in the middle is no reason to stop, nor to complain; nor is a thread that can't begin.
        let _ = thread::Builder::new().spawn(move || {
            let _ = converse(&stream, &page);
            drop(place);
        });
    }
}

#[derive(Debug, PartialEq)]
enum Source {
    Tree,
    Built,
    Dist,
}

#[derive(Debug, PartialEq)]
struct Options {
    port: u16,
    source: Source,
}

impl Options {
    fn parse(mut arguments: &[&str]) -> Result<Self> {
        let mut options = Self {
            port: PORT,
            source: Source::Tree,
        };
        loop {
            arguments = match arguments {
                [] => return Ok(options),
                ["--built", rest @ ..] => {
                    options.source = Source::Built;
                    rest
                }
                ["--no-build", rest @ ..] => {
                    options.source = Source::Dist;
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
                    bail!("`cargo xtask serve` knows --port N, --built and --no-build, not {other}")
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

/// Tells an open page of every change, as server-sent events, until it goes away.
fn tell_changes(stream: &TcpStream, changes: &Changes) -> io::Result<()> {
    let mut known = changes.count();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n";
    timed(stream, DELIVERY).write_all(head.as_bytes())?;
    loop {
        let count = changes.wait(known, HEARTBEAT);
        // A line that begins with a colon says nothing.
        let line = if count == known {
            ":\n\n".to_owned()
        } else {
            format!("data: {count}\n\n")
        };
        known = count;
        timed(stream, DELIVERY).write_all(line.as_bytes())?;
    }
}

/// Reads one request, answers it and closes.
fn converse(stream: &TcpStream, page: &Page) -> io::Result<()> {
    let (head, is_whole) = read_head(stream)?;
    if head.is_empty() {
        return Ok(());
    }
    if let Page::Tree(changes) = page
        && is_whole
        && head.starts_with(format!("GET /{CHANGES} ").as_bytes())
    {
        return tell_changes(stream, changes);
    }
    let answer = match is_whole {
        true => Answer::to(&head, page),
        false => Answer::text(
            "431 Request Header Fields Too Large",
            "this request is too long",
        ),
    };
    answer.send(stream)?;
    stream.shutdown(Shutdown::Write)?;
    match is_whole {
        true => Ok(()),
        false => io::copy(&mut timed(stream, ARRIVAL).take(DRAINED), &mut io::sink()).map(drop),
    }
}

/// What a client sends up to an empty line, and whether that came before there was too much.
fn read_head(stream: &TcpStream) -> io::Result<(Vec<u8>, bool)> {
    let mut stream = timed(stream, ARRIVAL);
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut piece)?;
        if count == 0 {
            return Ok((Vec::new(), false));
        }
        head.extend_from_slice(&piece[..count]);
        if head.len() > LONGEST_HEAD {
            return Ok((head, false));
        }
    }
    Ok((head, true))
}

/// A connection that is used for so long and no longer, however slowly bytes come or go.
fn timed(stream: &TcpStream, time: Duration) -> Timed<'_> {
    let end = Instant::now() + time;
    Timed { stream, end }
}

struct Timed<'a> {
    stream: &'a TcpStream,
    end: Instant,
}

impl Timed<'_> {
    /// What is left of the time; an error if nothing is.
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.end.saturating_duration_since(Instant::now());
        match left.is_zero() {
            true => Err(ErrorKind::TimedOut.into()),
            false => Ok(Some(left)),
        }
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(bytes)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A response: its head, and where its body comes from.
struct Answer {
    head: String,
    body: Option<Box<dyn Read>>,
}

impl Answer {
    /// The response to a request's head.
    fn to(head: &[u8], page: &Page) -> Answer {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(head) {
            Ok(_) => {}
            Err(httparse::Error::TooManyHeaders) => {
                return Answer::text("431 Request Header Fields Too Large", "too many headers");
            }
            Err(_) => return Answer::text("400 Bad Request", "this is no request"),
        }
        let wants_body = match request.method {
            Some("GET") => true,
            Some("HEAD") => false,
            _ => return Answer::text("405 Method Not Allowed", "only GET and HEAD"),
        };
        let name = file(request.path.unwrap_or_default());
        let found = name.and_then(|name| Some((name, page.open(name)?)));
        let watched = matches!(page, Page::Tree(_));
        let mut answer = match found {
            _ if watched && name == Some("sw.js") => Answer::of(
                "200 OK",
                content_type("sw.js"),
                NO_COPY.len() as u64,
                NO_COPY.as_bytes(),
            ),
            Some((name, (mut file, _))) if watched && name.ends_with(".html") => {
                let mut text = String::new();
                match file.read_to_string(&mut text) {
                    Ok(_) => text += RELOAD,
                    Err(_) => return Answer::text("500 Internal Server Error", "not to be read"),
                }
                let length = text.len() as u64;
                Answer::of("200 OK", content_type(name), length, io::Cursor::new(text))
            }
            Some((name, (file, length))) => {
                Answer::of("200 OK", content_type(name), length, file.take(length))
            }
            None => Answer::text("404 Not Found", "not found"),
        };
        answer.body = answer.body.filter(|_| wants_body);
        answer
    }

    fn text(status: &str, text: &'static str) -> Answer {
        Answer::of(status, "text/plain", text.len() as u64, text.as_bytes())
    }

    fn of(status: &str, content_type: &str, length: u64, body: impl Read + 'static) -> Answer {
        // Not cached, because a rebuilt page must not be mixed with parts of the one before.
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             Cache-Control: no-cache\r\nConnection: close\r\n\r\n"
        );
        let body = Some(Box::new(body) as Box<dyn Read>);
        Answer { head, body }
    }

    fn send(self, stream: &TcpStream) -> io::Result<()> {
        let mut out = timed(stream, DELIVERY);
        out.write_all(self.head.as_bytes())?;
        match self.body {
            Some(mut body) => io::copy(&mut body, &mut out).map(drop),
            None => Ok(()),
        }
    }
}

/// The file below `root` that a URL names; `None` for one outside. Names there are plain, so nothing is decoded.
fn file(url: &str) -> Option<&str> {
    // A proxy would be asked so.
    let url = match url.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => url,
    };
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    let plain =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '%']);
    path.split('/').all(plain).then_some(path)
}

/// A file and its length, unless a link leads out of `root`, or it is a pipe, which could not be read to its end.
fn open(root: &Path, name: &str) -> Option<(File, u64)> {
    let root: PathBuf = root.canonicalize().ok()?;
    let path = root.join(name).canonicalize().ok()?;
    let found = fs::metadata(&path).ok().filter(|found| found.is_file());
    let length = found.filter(|_| path.starts_with(&root))?.len();
    Some((File::open(path).ok()?, length))
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

    /// A folder with a page, a link out of it, and one within.
    fn folder(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("serve-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("dist")).unwrap();
        fs::write(root.join("dist/index.html"), "page").unwrap();
        fs::write(root.join("secret"), "secret").unwrap();
        root
    }

    /// A server of that folder, and a client's connection to it.
    fn connected(root: &Path) -> impl Fn() -> TcpStream + use<> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let page = Page::Folder(root.join("dist"));
        thread::spawn(move || answer_all(&listener, &page));
        move || {
            let stream = TcpStream::connect(address).unwrap();
            let time = Some(Duration::from_secs(20));
            stream.set_read_timeout(time).unwrap();
            stream
        }
    }

    #[test]
    fn of_the_tree_only_the_page_is_served_and_it_listens_for_changes() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let page = Page::Tree(Arc::default());
        // Tests run in xtask/, where there is neither a page nor a pkg.
        thread::spawn(move || answer_all(&listener, &page));
        let get = |name: &str| {
            let stream = TcpStream::connect(address).unwrap();
            asked(stream, format!("GET /{name} HTTP/1.1\r\n\r\n").as_bytes())
        };
        for name in ["Cargo.toml", "src/main.rs", "www/../Cargo.toml"] {
            assert!(get(name).starts_with("HTTP/1.1 404"), "{name}");
        }
        assert!(get("sw.js").ends_with(NO_COPY));
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /changes HTTP/1.1\r\n\r\n").unwrap();
        let mut head = [0; 15];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK");
    }

    fn asked(mut stream: TcpStream, head: &[u8]) -> String {
        stream.write_all(head).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn requests_are_answered_by_what_they_ask() {
        let root = folder("answers");
        let connect = connected(&root);
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(LONGEST_HEAD));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: x\r\n".repeat(80));
        for (head, status, body) in [
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200", "page"),
            ("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "200", ""),
            (
                "GET http://127.0.0.1:8000/?t=5 HTTP/1.1\r\n\r\n",
                "200",
                "page",
            ),
            ("GET http://127.0.0.1:8000 HTTP/1.1\r\n\r\n", "200", "page"),
            ("GET /none HTTP/1.1\r\nHost: x\r\n\r\n", "404", "not found"),
            ("GET /../secret HTTP/1.1\r\n\r\n", "404", "not found"),
            (
                "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
                "405",
                "only GET and HEAD",
            ),
            ("not a request\r\n\r\n", "400", "this is no request"),
            (&long, "431", "this request is too long"),
            (&many, "431", "too many headers"),
        ] {
            let answer = asked(connect(), head.as_bytes());
            let (head, found) = answer.split_once("\r\n\r\n").unwrap();
            assert_eq!((&head[9..12], found), (status, body), "{head}");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_folder_and_pipes_are_not_there() {
        use std::os::unix::fs::symlink;
        let root = folder("links");
        symlink("../secret", root.join("dist/out")).unwrap();
        symlink("index.html", root.join("dist/in")).unwrap();
        symlink("..", root.join("dist/up")).unwrap();
        let pipe = root.join("dist/pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let connect = connected(&root);
        for (name, status) in [
            ("out", "404"),
            ("up/secret", "404"),
            ("pipe", "404"),
            ("in", "200"),
        ] {
            let answer = asked(
                connect(),
                format!("GET /{name} HTTP/1.1\r\n\r\n").as_bytes(),
            );
            assert_eq!(&answer[9..12], status, "{name}");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn connections_beyond_the_most_are_turned_away_and_the_server_stays() {
        let root = folder("crowd");
        let connect = connected(&root);
        let idle: Vec<_> = (0..MOST_CONNECTIONS).map(|_| connect()).collect();
        let answer = asked(connect(), b"");
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        drop(idle);
        // Their threads end on their own.
        for _ in 0..100 {
            thread::sleep(Duration::from_millis(20));
            let mut stream = connect();
            let _ = stream.write_all(b"GET / HTTP/1.1\r\n\r\n");
            let mut answer = String::new();
            if stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200") {
                return fs::remove_dir_all(root).unwrap();
            }
        }
        panic!("no place became free");
    }

    #[test]
    fn a_request_that_never_ends_is_not_waited_for() {
        let root = folder("slow");
        let mut stream = connected(&root)();
        let begun = Instant::now();
        // A byte now and then keeps no connection open.
        while begun.elapsed() < ARRIVAL + Duration::from_secs(5) {
            if stream.write_all(b"G").is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(500));
        }
        assert!(begun.elapsed() < ARRIVAL + Duration::from_secs(4));
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_reader_that_does_not_read_is_not_waited_for() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        let begun = Instant::now();
        let mut out = timed(&server, Duration::from_millis(300));
        assert!(out.write_all(&vec![0; 64 << 20]).is_err());
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    /// tiny_http, which did this before, sometimes left a connection waiting until another one closed.
    #[test]
    fn idle_connections_keep_nobody_waiting() {
        let root = folder("idle");
        let connect = connected(&root);
        let _idle: Vec<_> = (0..20).map(|_| connect()).collect();
        let busy: Vec<_> = (0..20).map(|_| connect()).collect();
        for stream in busy {
            let answer = asked(stream, b"GET /no-such-file HTTP/1.1\r\nHost: x\r\n\r\n");
            assert!(answer.ends_with("not found"), "{answer}");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn options_are_read_or_refused_in_words() {
        assert_eq!(
            Options::parse(&[]).unwrap(),
            Options {
                port: PORT,
                source: Source::Tree
            }
        );
        let given = Options::parse(&["--port", "9000", "--no-build"]).unwrap();
        assert_eq!(
            given,
            Options {
                port: 9000,
                source: Source::Dist
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
