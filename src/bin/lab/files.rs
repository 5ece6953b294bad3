//! Can results be written, and are they written whole? Checks before a run, writes that never leave half a file.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Refuses a file that could not be written after the run. Leaves everything as it was.
pub fn check_file(flag: &str, path: &Path) -> Result<(), String> {
    let sentence = |reason: String| format!("{flag} {}: {reason}.", path.display());
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(sentence("this is a directory".to_string())),
        Ok(found) => (OpenOptions::new().append(true).open(path))
            .and_then(|_| if found.is_file() { probe(path) } else { Ok(()) })
            .map_err(|error| sentence(format!("can't be written: {error}"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            probe(path).map_err(|error| sentence(format!("can't be created: {error}")))
        }
        Err(error) => Err(sentence(format!("can't be written: {error}"))),
    }
}

/// Makes sure that there is a directory that takes files.
pub fn ensure_directory(flag: &str, path: &Path) -> Result<(), String> {
    fs::create_dir_all(path)
        .and_then(|()| probe(&path.join("probe")))
        .map_err(|error| format!("{flag} {}: can't be written: {error}.", path.display()))
}

/// Creates and removes the neighbour of `path` that [`write()`] would use.
fn probe(path: &Path) -> io::Result<()> {
    let neighbour = neighbour(path)?;
    File::create(&neighbour)?;
    fs::remove_file(neighbour)
}

/// Writes the whole file or leaves the old one: into a neighbour first, which then takes the file's name.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let written = || {
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return fs::write(path, bytes); // a pipe or a device
        }
        // Through a link, to the file that it points to.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let neighbour = neighbour(&path)?;
        let mut file = File::create(&neighbour)?;
        let done = file.write_all(bytes).and_then(|()| file.sync_all());
        done.and_then(|()| fs::rename(&neighbour, &path))
            .inspect_err(|_| {
                let _ = fs::remove_file(&neighbour);
            })
    };
    written().map_err(|error| format!("{} can't be written: {error}.", path.display()))
}

/// A name beside `path` that no other process uses.
fn neighbour(path: &Path) -> io::Result<PathBuf> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::other("it names no file"))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.tmp", std::process::id()));
    Ok(path.with_file_name(hidden))
}
