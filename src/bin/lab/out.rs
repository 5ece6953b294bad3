//! Where does what is said go? Results to the standard output, remarks to the standard error.
//!
//! Nobody may be listening. A reader that has gone away (`| head`, or `| tee` after Ctrl-C) is no failure; a full disk is one if
//! results are to go there. Remarks never stop a run.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write, stderr, stdout};
use std::path::Path;

/// Writes a part of the results.
pub fn result(text: &str) -> Result<(), String> {
    let mut out = stdout().lock();
    done(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Writes a line of the results.
pub fn line(text: impl Display) -> Result<(), String> {
    result(&format!("{text}\n"))
}

/// Writes a line about the work.
pub fn remark(text: impl Display) {
    let _ = stderr().write_all(format!("{text}\n").as_bytes());
}

/// What came of writing to the standard output.
pub fn done(written: io::Result<()>) -> Result<(), String> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("the standard output can't be written: {error}."))
        }
        _ => Ok(()),
    }
}

/// Was the standard output closed when the program began? It then is the null device, opened for reading too.
pub fn is_closed() -> bool {
    let is_null =
        std::fs::read_link("/proc/self/fd/1").is_ok_and(|path| path == Path::new("/dev/null"));
    let flags = std::fs::read_to_string("/proc/self/fdinfo/1").unwrap_or_default();
    let flags = flags.lines().find_map(|line| line.strip_prefix("flags:"));
    is_null && flags.is_some_and(|octal| octal.trim().ends_with('2'))
}
