//! Which runs are there already, and how does another get in? Stores that several processes append to, and the one way to
//! read them.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use superposition::sweep::{self, Grid, Joined, Key, Record, StoreError};
use superposition::train::Config;

use crate::out;
use crate::summary::grouped;

/// The store of a grid in a directory.
pub fn path_of(directory: &Path, grid: &Grid) -> PathBuf {
    directory.join(format!("{}.jsonl", grid.name))
}

/// The grid that a store is named after.
pub fn grid_of(path: &Path) -> Option<&'static Grid> {
    path.file_stem()?.to_str().and_then(Grid::named)
}

/// Refuses a directory that is not there: a mistyped one would look like one without any runs.
pub fn check_directory(directory: &Path) -> Result<(), String> {
    match directory.is_dir() {
        true => Ok(()),
        false => Err(format!(
            "--store {}: there is no such directory{}.",
            directory.display(),
            match directory.is_relative() {
                true => " below the current one; is this the project's folder?",
                false => "",
            }
        )),
    }
}

/// A store without a torn end; empty if there is no file yet. Changes nothing.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    match fs::read(path) {
        Ok(mut bytes) => {
            bytes.truncate(sweep::whole_length(&bytes));
            Ok(bytes)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(format!("{} can't be read: {error}.", path.display())),
    }
}

/// The library's message about a store, with its name.
pub fn about(path: &Path, error: &StoreError) -> String {
    format!("{}: {error}", path.display())
}

/// Every run of a store, each once, after all checks: no damage, no two records that disagree, no run of another grid. Says
/// which runs are there several times.
pub fn join<'a>(path: &Path, bytes: &'a [u8], grid: Option<&Grid>) -> Result<Joined<'a>, String> {
    let joined = sweep::join(&[bytes]).map_err(|(_, error)| about(path, &error))?;
    if let Some(grid) = grid {
        sweep::check_grid(&joined.lines, grid).map_err(|error| about(path, &error))?;
    }
    if let Some((line, first)) = joined.repeated.first() {
        out::remark(format!(
            "{}: {} lines are of runs that other lines have as well (line {line} is that of line {first}); each run counts \
             once.",
            path.display(),
            grouped(joined.repeated.len() as u64)
        ));
    }
    Ok(joined)
}

/// The runs of a grid in its store in `directory` that this program can repeat, in an order that only the runs determine.
pub fn records(directory: &Path, grid: &Grid) -> Result<Vec<Record>, String> {
    let path = path_of(directory, grid);
    let bytes = read(&path)?;
    let joined = join(&path, &bytes, Some(grid))?;
    let lines = joined.current().into_iter();
    let records: Result<Vec<Record>, StoreError> = lines.map(|line| line.record_of(grid)).collect();
    records.map_err(|error| about(&path, &error))
}

/// How much of a file's end tells that it still is the one that was read.
const TAIL: usize = 64;

/// A store that grows. Every access holds the file's lock, so that no other process writes meanwhile.
pub struct Store {
    path: PathBuf,
    grid: &'static Grid,
    /// Settings as text of the runs that this program can repeat, whichever of its paths made them.
    runs: HashSet<String>,
    /// Number of other records.
    others: usize,
    /// How much of the file has been read: bytes, lines, and the last bytes.
    length: u64,
    lines: usize,
    tail: Vec<u8>,
}

impl Store {
    fn new(directory: &Path, grid: &'static Grid) -> Self {
        Store {
            path: path_of(directory, grid),
            grid,
            runs: HashSet::new(),
            others: 0,
            length: 0,
            lines: 0,
            tail: Vec::new(),
        }
    }

    /// Reads a grid's store if there is one, without changing it.
    pub fn peek(directory: &Path, grid: &'static Grid) -> Result<Self, String> {
        let mut store = Store::new(directory, grid);
        let bytes = read(&store.path)?;
        store.add(&bytes)?;
        Ok(store)
    }

    /// Reads or creates a store for appending. Repairs a torn last line.
    pub fn open(directory: &Path, grid: &'static Grid) -> Result<Self, String> {
        let mut store = Store::new(directory, grid);
        store.refresh()?;
        Ok(store)
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Is this run there, so that this program can repeat it?
    pub fn has(&self, config: &Config) -> bool {
        self.runs.contains(&Key::of(config).settings())
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
        self.runs.insert(Key::of(&record.config).settings());
        self.passed(line.as_bytes());
        Ok(())
    }

    /// The file under its lock, everything in it read, its end whole. Closing it gives the lock back.
    fn locked(&mut self) -> Result<File, String> {
        let mut options = OpenOptions::new();
        let options = options.read(true).append(true).create(true);
        let file = options.open(&self.path).and_then(|file| {
            file.lock()?;
            Ok(file)
        });
        let mut file = file.map_err(|error| self.unwritable(&error))?;
        let mut new = self
            .appended(&mut file)
            .map_err(|error| self.unwritable(&error))?;
        let whole = sweep::whole_length(&new);
        self.mend(&mut file, &mut new, whole)
            .map_err(|error| self.unwritable(&error))?;
        self.add(&new)?;
        Ok(file)
    }

    /// What the file has beyond what was read; all of it if it is no longer the file that was read.
    fn appended(&mut self, file: &mut File) -> io::Result<Vec<u8>> {
        let known = self.length - self.tail.len() as u64;
        let mut new = Vec::new();
        file.seek(SeekFrom::Start(known))?;
        file.read_to_end(&mut new)?;
        if new.starts_with(&self.tail) {
            return Ok(new.split_off(self.tail.len()));
        }
        out::remark(format!(
            "warning: {} was cut or replaced while this sweep ran; it is read anew.",
            self.path.display()
        ));
        (self.length, self.lines, self.others) = (0, 0, 0);
        self.tail.clear();
        self.runs.clear();
        new.clear();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut new)?;
        Ok(new)
    }

    /// Cuts a torn last line off, or ends one that only lacks its newline.
    fn mend(&self, file: &mut File, new: &mut Vec<u8>, whole: usize) -> io::Result<()> {
        if whole < new.len() {
            file.set_len(self.length + whole as u64)?;
            out::remark(format!(
                "{}: the last line was torn off after {} bytes, as by a process that was killed; it is removed, and \
                 its run will be made again.",
                self.path.display(),
                new.len() - whole
            ));
            new.truncate(whole);
        } else if new.last().is_some_and(|&last| last != b'\n') && sweep::lines(new).is_ok() {
            // Only after a look at all of it: what is no store stays as it is.
            file.write_all(b"\n")?;
            new.push(b'\n');
        }
        Ok(())
    }

    /// Takes note of lines behind those that were read.
    fn add(&mut self, new: &[u8]) -> Result<(), String> {
        let lines = match self.length {
            0 => join(&self.path, new, Some(self.grid))?.lines,
            _ => {
                let lines = sweep::lines_after(self.lines, new);
                let lines = lines.and_then(|lines| {
                    sweep::check_grid(&lines, self.grid)?;
                    Ok(lines)
                });
                lines.map_err(|error| about(&self.path, &error))?
            }
        };
        for line in &lines {
            match line.key.is_current() {
                true => _ = self.runs.insert(line.key.settings()),
                false => self.others += 1,
            }
        }
        self.passed(new);
        Ok(())
    }

    /// Moves on behind these bytes.
    fn passed(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.lines += bytes.iter().filter(|&&b| b == b'\n').count();
        self.tail.extend(&bytes[bytes.len().saturating_sub(TAIL)..]);
        self.tail.drain(..self.tail.len().saturating_sub(TAIL));
    }

    fn unwritable(&self, error: &io::Error) -> String {
        format!("{} can't be written: {error}.", self.path.display())
    }
}
