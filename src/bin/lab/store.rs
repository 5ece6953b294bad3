//! Which runs are there already, and how does another get in? A store that several processes append to.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use superposition::sweep::{self, Key, Record};
use superposition::train::Config;

/// The text of a store without a torn end; empty if there is no file yet. Changes nothing.
pub fn read(path: &Path) -> Result<String, String> {
    match fs::read(path) {
        Ok(mut bytes) => {
            let whole = sweep::whole_length(&bytes).map_err(|error| about(path, &error))?;
            bytes.truncate(whole);
            Ok(text(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(format!("{} can't be read: {error}.", path.display())),
    }
}

/// What is no text becomes the mark for it, and the line with it no record.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into())
}

/// The library's message about a store, with its name.
pub fn about(path: &Path, error: &sweep::StoreError) -> String {
    format!("{}: {error}", path.display())
}

/// The runs of a store's text that this program can repeat; others may stand beside them.
pub fn records(path: &Path, text: &str) -> Result<Vec<Record>, String> {
    let lines = sweep::lines(text).map_err(|error| about(path, &error))?;
    let current = lines.iter().filter(|line| line.key.is_current());
    let records = current.map(|line| line.record());
    (records.collect::<Result<_, _>>()).map_err(|error| about(path, &error))
}

/// A store that grows. Every access holds the file's lock, so that no other process writes meanwhile.
pub struct Store {
    path: PathBuf,
    /// Keys as text of the runs that this program can repeat.
    runs: HashSet<String>,
    /// Number of other records.
    others: usize,
    /// How much of the file has been read.
    length: u64,
}

impl Store {
    /// Reads a store if there is one, without changing it.
    pub fn peek(path: PathBuf) -> Result<Self, String> {
        let mut store = Store {
            runs: HashSet::new(),
            others: 0,
            length: 0,
            path,
        };
        store.add(&read(&store.path)?)?;
        Ok(store)
    }

    /// Reads or creates a store for appending. Repairs a torn last line.
    pub fn open(path: PathBuf) -> Result<Self, String> {
        let mut store = Store {
            runs: HashSet::new(),
            others: 0,
            length: 0,
            path,
        };
        store.refresh()?;
        Ok(store)
    }

    /// Is this run there, as this program would make it?
    pub fn has(&self, config: &Config) -> bool {
        self.runs.contains(&key(config))
    }

    /// How many records this program can't repeat, which therefore don't count.
    pub fn others(&self) -> usize {
        self.others
    }

    /// Takes note of what other processes have appended.
    pub fn refresh(&mut self) -> Result<(), String> {
        self.locked().map(drop)
    }

    /// Appends a record, unless another process has stored the same run. Either the whole line gets in or nothing.
    pub fn append(&mut self, record: &Record) -> Result<(), String> {
        let mut file = self.locked()?;
        if self.has(&record.config) {
            return Ok(());
        }
        let line = record.to_line();
        let written = file
            .write_all(line.as_bytes())
            .and_then(|()| file.sync_data());
        if let Err(error) = written {
            // A full disk may have taken a part. If this fails too, the next to come repairs it.
            let _ = file.set_len(self.length);
            return Err(self.unwritable(&error));
        }
        self.length += line.len() as u64;
        self.runs.insert(key(&record.config));
        Ok(())
    }

    /// The file under its lock, everything in it read, its end whole. Closing it gives the lock back.
    fn locked(&mut self) -> Result<File, String> {
        let mut options = OpenOptions::new();
        let options = options.read(true).append(true).create(true);
        let (mut file, new) = options
            .open(&self.path)
            .and_then(|mut file| {
                file.lock()?;
                if file.metadata()?.len() < self.length {
                    self.length = 0; // another file has taken the name
                }
                file.seek(SeekFrom::Start(self.length))?;
                let mut new = Vec::new();
                file.read_to_end(&mut new)?;
                Ok((file, new))
            })
            .map_err(|error| self.unwritable(&error))?;
        let whole = sweep::whole_length(&new).map_err(|error| about(&self.path, &error))?;
        self.mend(&mut file, &new, whole)
            .map_err(|error| self.unwritable(&error))?;
        let mut new = new;
        new.truncate(whole);
        self.add(&text(new))?;
        self.length = file
            .metadata()
            .map_err(|error| self.unwritable(&error))?
            .len();
        Ok(file)
    }

    /// Cuts a torn last line off, or ends one that only lacks its newline.
    fn mend(&self, file: &mut File, new: &[u8], whole: usize) -> io::Result<()> {
        if whole < new.len() {
            file.set_len(self.length + whole as u64)?;
            eprintln!(
                "{}: the last line was torn off after {} bytes, as by a process that was killed; it is removed, and \
                 its run will be made again.",
                self.path.display(),
                new.len() - whole
            );
        } else if new.last().is_some_and(|&last| last != b'\n') {
            file.write_all(b"\n")?;
        }
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        for line in sweep::lines(text).map_err(|error| about(&self.path, &error))? {
            if line.key.is_current() {
                self.runs.insert(line.key.text());
            } else {
                self.others += 1;
            }
        }
        Ok(())
    }

    fn unwritable(&self, error: &io::Error) -> String {
        format!("{} can't be written: {error}.", self.path.display())
    }
}

/// The key of a run of this program, as text.
fn key(config: &Config) -> String {
    Key::of(config).text()
}
