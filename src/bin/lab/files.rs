//! Can results be written, and are they written whole? Checks before a run, writes that never leave half a file.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a pipe may take to have a reader.
const READER: Duration = Duration::from_secs(1);
/// No write takes so long: what is left of one that was killed may go.
const LEFT_OVER: Duration = Duration::from_secs(600);
/// As many links as may lead to a file.
const LINKS: usize = 40;

/// A place for a result, made sure of before there is one.
pub enum Output {
    /// An ordinary file, written in one go.
    File(PathBuf),
    /// A pipe or a device, open from the start: its reader would take closing for the end.
    Open(PathBuf, File),
}

impl Output {
    /// Refuses what could not be written later. Leaves everything as it was.
    pub fn check(flag: &str, path: &Path) -> Result<Output, String> {
        match fs::metadata(path) {
            Ok(found) if !found.is_file() && !found.is_dir() => {
                let file = open_special(path).map_err(|error| {
                    format!("{flag} {}: can't be written: {error}.", path.display())
                })?;
                Ok(Output::Open(path.to_path_buf(), file))
            }
            _ => check_file(flag, path).map(|()| Output::File(path.to_path_buf())),
        }
    }

    /// Writes the result.
    pub fn write(&self, bytes: &[u8]) -> Result<(), String> {
        match self {
            Output::File(path) => write(path, bytes),
            Output::Open(path, file) => (&*file)
                .write_all(bytes)
                .map_err(|error| unwritable(path, &error)),
        }
    }
}

/// Opens a pipe or a device. A pipe opens when it has a reader, which may be never.
fn open_special(path: &Path) -> io::Result<File> {
    let (sender, receiver) = mpsc::channel();
    let path = path.to_path_buf();
    thread::spawn(move || sender.send(OpenOptions::new().append(true).open(path)));
    let nobody = io::Error::other("it is a pipe that nobody reads");
    receiver.recv_timeout(READER).unwrap_or(Err(nobody))
}

/// Refuses a file that could not be written after the run. Leaves everything as it was.
pub fn check_file(flag: &str, path: &Path) -> Result<(), String> {
    let sentence = |reason: String| format!("{flag} {}: {reason}.", path.display());
    let written = path.as_os_str().as_encoded_bytes();
    if written.ends_with(b"/") || written.ends_with(b"/.") {
        return Err(sentence("this names a directory".to_string()));
    }
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(sentence("this is a directory".to_string())),
        Ok(found) if !found.is_file() => Err(sentence("this is no ordinary file".to_string())),
        Ok(_) => (OpenOptions::new().append(true).open(path))
            .and_then(|_| probe(path))
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

/// Creates and removes the neighbour of `path` that [`write()`] would use, and neighbours that were left over.
fn probe(path: &Path) -> io::Result<()> {
    let neighbour = neighbour(&behind_links(path))?;
    File::create(&neighbour)?;
    fs::remove_file(&neighbour)?;
    remove_left_over(neighbour.parent().unwrap_or(Path::new(".")));
    Ok(())
}

/// Refuses outputs of which one would overwrite another, or take the place of its directory; each with its flag.
pub fn check_apart(outputs: &[(String, PathBuf)]) -> Result<(), String> {
    for (i, (flag, path)) in outputs.iter().enumerate() {
        for (other_flag, other) in &outputs[..i] {
            if are_same(path, other) {
                return Err(format!(
                    "{other_flag} and {flag} are both {}; give them different names.",
                    path.display()
                ));
            }
            let (inner, outer) = (identity(path), identity(other));
            if inner.starts_with(&outer) || outer.starts_with(&inner) {
                return Err(format!(
                    "{other_flag} {} and {flag} {}: one would be a directory in place of the other.",
                    other.display(),
                    path.display()
                ));
            }
        }
    }
    Ok(())
}

/// Do both names lead to the same file, whether it is there or not?
fn are_same(a: &Path, b: &Path) -> bool {
    let same_node = match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.is_file() && node(&a).is_some() && node(&a) == node(&b),
        _ => false,
    };
    same_node || identity(a) == identity(b)
}

/// The one path of a file that need not be there: what there is of it, without links and dots, and the rest.
fn identity(path: &Path) -> PathBuf {
    let path = std::path::absolute(behind_links(path)).unwrap_or_else(|_| path.to_path_buf());
    let mut above = path.ancestors();
    let found = above.find_map(|above| Some((above, above.canonicalize().ok()?)));
    match found.map(|(above, there)| (path.strip_prefix(above).map(Path::to_path_buf), there)) {
        Some((Ok(rest), there)) if !rest.as_os_str().is_empty() => there.join(rest),
        Some((_, there)) => there,
        None => path,
    }
}

/// Writes the whole file or leaves the old one: into a neighbour first, which then takes the file's name. Its mode, and the
/// links that lead to it, stay.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let written = || {
        let path = behind_links(path);
        let old = match fs::metadata(&path) {
            Ok(old) if !old.is_file() => return Err(io::Error::other("it is no ordinary file")),
            Ok(old) => Some(old),
            Err(_) => None,
        };
        let neighbour = neighbour(&path)?;
        let replace = || {
            let mut file = File::create(&neighbour)?;
            if let Some(old) = &old {
                // Not every file system has modes.
                let _ = file.set_permissions(old.permissions());
            }
            file.write_all(bytes).and_then(|()| file.sync_all())?;
            match old.as_ref().is_some_and(has_several_names) {
                // The other names would keep the old content.
                true => fs::copy(&neighbour, &path).and_then(|_| fs::remove_file(&neighbour)),
                false => fs::rename(&neighbour, &path),
            }
        };
        replace().inspect_err(|_| {
            let _ = fs::remove_file(&neighbour);
        })
    };
    written().map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("{} can't be written: {error}.", path.display())
}

/// The file that a chain of links leads to, even if there is none yet.
fn behind_links(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = path.with_file_name("").join(target),
            Err(_) => break,
        }
    }
    path
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

/// Removes neighbours that processes left when they were killed in the middle of a write.
fn remove_left_over(directory: &Path) {
    let directory = match directory.as_os_str().is_empty() {
        true => Path::new("."),
        false => directory,
    };
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|found| found.modified());
        let age = age.ok().and_then(|modified| modified.elapsed().ok());
        if is_neighbour(&entry.file_name()) && age.is_some_and(|age| age > LEFT_OVER) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Is it a name that [`neighbour`] gives?
fn is_neighbour(name: &OsStr) -> bool {
    let parts = name.to_str().and_then(|name| {
        let (_, process) = name
            .strip_prefix('.')?
            .strip_suffix(".tmp")?
            .rsplit_once('.')?;
        Some(process)
    });
    parts.is_some_and(|process| !process.is_empty() && process.bytes().all(|b| b.is_ascii_digit()))
}

/// What tells files apart, where there is such a thing.
#[cfg(unix)]
fn node(found: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn node(_: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(unix)]
fn has_several_names(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) > 1
}

#[cfg(not(unix))]
fn has_several_names(_: &Metadata) -> bool {
    false
}
