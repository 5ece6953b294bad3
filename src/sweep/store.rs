//! What does a store look like? Lines of JSON, one per run, the last of which a killed process may have torn.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::grids::{Grid, name_of_run};
use super::record::{Record, first_difference};
use crate::gradient::Path;
use crate::train::{Config, Numerics};

/// Why a store can't be used as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No store at all.
    #[error("this is no store of runs: {0}. It is left as it is.")]
    Foreign(String),
    /// Lines among records that no interrupted write explains. Said only when all lines have been read.
    #[error(
        "line {line} is no record of a run ({reason}){}{}. Nothing is changed. Keep a copy of the file and mend or remove {}: \
         what should be there will then be made again.",
        also(.others), rest(.records), if .others.is_empty() { "that line alone" } else { "those lines alone" }
    )]
    Damaged {
        /// The first of them, from 1 on.
        line: usize,
        /// What is wrong with it.
        reason: String,
        /// The others.
        others: Vec<usize>,
        /// How many lines are records, where that is known.
        records: Option<usize>,
    },
    /// Two records of one run.
    #[error(
        "lines {} and {line} are records of the run {run} and disagree: {difference}. One of them was made by another \
         program or is damaged: `lab verify STORE --at LINE` finds out which. Remove that one.", .earlier
    )]
    Conflict {
        /// The run in words.
        run: String,
        /// The line of the first, in its own store.
        earlier: usize,
        /// The line of the second.
        line: usize,
        /// The first difference.
        difference: String,
    },
    /// A run that the grid does not have.
    #[error(
        "line {line} is the run {run}, which the grid {grid} does not have: this is the store of another grid, or of \
         several. A store has the name of its grid, as in {grid}.jsonl."
    )]
    Stranger {
        /// From 1 on.
        line: usize,
        /// The run in words.
        run: String,
        /// The grid that it should belong to.
        grid: &'static str,
    },
}

/// The other damaged lines, if there are any: a few by number.
fn also(lines: &[usize]) -> String {
    const SHOWN: usize = 5;
    let numbers: Vec<String> = lines.iter().take(SHOWN).map(usize::to_string).collect();
    match (lines.len(), numbers.join(", ")) {
        (0, _) => String::new(),
        (1, number) => format!(", nor is line {number}"),
        (..=SHOWN, numbers) => format!(", nor are lines {numbers}"),
        (count, numbers) => format!(", nor are {count} others: {numbers}, …"),
    }
}

fn rest(records: &Option<usize>) -> String {
    match records {
        None => String::new(),
        Some(1) => "; one line is a record".to_string(),
        Some(records) => format!("; {records} lines are records"),
    }
}

/// What tells runs apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Key {
    /// What the run was made with.
    pub made_with: Numerics,
    /// Every setting.
    pub config: Config,
}

/// The key as it stands in a line.
#[derive(Deserialize)]
struct Written {
    numerics: u32,
    path: Option<Path>,
    config: Config,
}

impl From<Written> for Key {
    fn from(written: Written) -> Self {
        let Written {
            numerics,
            path,
            config,
        } = written;
        Key {
            made_with: Numerics::stored(path, numerics, &config),
            config,
        }
    }
}

impl Key {
    /// That of the run that this program makes of these settings.
    pub fn of(config: &Config) -> Self {
        Key {
            made_with: Numerics::of(config),
            config: config.clone(),
        }
    }

    /// Can this program repeat the run?
    pub fn is_current(&self) -> bool {
        self.made_with.can_make(&self.config)
    }

    /// Its settings as text: equal for runs that differ at most in what made them.
    pub fn settings(&self) -> String {
        serde_json::to_string(&self.config).expect("a configuration is valid JSON")
    }

    /// The key as text: equal for equal keys.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("a key is valid JSON")
    }

    /// The order of a merged store: by the settings in their order, infinite T last.
    fn order(&self, other: &Self) -> Ordering {
        let numbers = |key: &Key| key.config.numbers().map(|x| x.unwrap_or(f64::INFINITY));
        let pairs = numbers(self).into_iter().zip(numbers(other));
        let mut different = pairs.map(|(a, b)| a.total_cmp(&b));
        let by_number = different.find(|order| order.is_ne());
        // Then settings that are no numbers.
        by_number.unwrap_or_else(|| self.text().cmp(&other.text()))
    }
}

/// A line of a store whose key is read and whose rest is left alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// From 1 on.
    pub number: usize,
    /// Which run it is.
    pub key: Key,
    /// All of it, without its end.
    pub text: &'a str,
}

impl Line<'_> {
    /// The record.
    ///
    /// # Errors
    /// If it lacks something, has something else in its place, or its parts don't fit together.
    pub fn record(&self) -> Result<Record, StoreError> {
        let record: Record =
            serde_json::from_str(self.text).map_err(|error| self.damaged(in_words(&error)))?;
        record.check().map_err(|reason| self.damaged(reason))?;
        Ok(record)
    }

    /// The record, with what a grid keeps.
    ///
    /// # Errors
    /// As [`record`](Self::record), and if what the grid keeps is missing.
    pub fn record_of(&self, grid: &Grid) -> Result<Record, StoreError> {
        let record = self.record()?;
        if grid.course && record.course.is_empty() && record.diverged_at.is_none() {
            let reason = format!("course is missing, which the grid {} keeps", grid.name);
            return Err(self.damaged(reason));
        }
        Ok(record)
    }

    fn damaged(&self, reason: String) -> StoreError {
        StoreError::Damaged {
            line: self.number,
            reason,
            others: Vec::new(),
            records: None,
        }
    }
}

/// The parser's message. Each line of a store is a text of its own to it.
fn in_words(error: &serde_json::Error) -> String {
    error
        .to_string()
        .replace(" at line 1 column ", " at column ")
}

/// The lines of a store without a torn end. Empty lines are passed over.
///
/// # Errors
/// Names all lines that are no records or have settings outside their ranges.
pub fn lines(store: &[u8]) -> Result<Vec<Line<'_>>, StoreError> {
    lines_after(0, store)
}

/// The lines that were appended to a store after its first `before`.
///
/// # Errors
/// As [`lines`].
pub fn lines_after(before: usize, bytes: &[u8]) -> Result<Vec<Line<'_>>, StoreError> {
    if before == 0
        && let Some(what) = other_format(bytes)
    {
        return Err(StoreError::Foreign(what.to_string()));
    }
    let mut lines = Vec::new();
    let mut damaged: Vec<(usize, String)> = Vec::new();
    for (i, bytes) in bytes.split(|&b| b == b'\n').enumerate() {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        let number = before + i + 1;
        match line(number, bytes) {
            Ok(line) => lines.push(line),
            Err(reason) => damaged.push((number, reason)),
        }
    }
    let mut damaged = damaged.into_iter();
    let Some((line, reason)) = damaged.next() else {
        return Ok(lines);
    };
    let records = before + lines.len();
    if records == 0 {
        let what =
            format!("line {line} is no record of a run ({reason}), and neither is any other");
        return Err(StoreError::Foreign(what));
    }
    Err(StoreError::Damaged {
        line,
        reason,
        others: damaged.map(|(line, _)| line).collect(),
        records: Some(records),
    })
}

fn line(number: usize, bytes: &[u8]) -> Result<Line<'_>, String> {
    let text = str::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_string())?;
    let key: Key = serde_json::from_str(text).map_err(|error| in_words(&error))?;
    key.config.check().map_err(|error| error.to_string())?;
    Ok(Line { number, key, text })
}

/// What bytes are, if they begin like something that is mistaken for a store.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let beginnings: [(&[u8], &str); 9] = [
        (
            b"\xef\xbb\xbf",
            "it begins with a byte-order mark, which an editor has put there; save it as UTF-8 without one",
        ),
        (b"\xff\xfe", "it is UTF-16 text; save it as UTF-8"),
        (b"\xfe\xff", "it is UTF-16 text; save it as UTF-8"),
        (b"\x1f\x8b", "it is compressed with gzip"),
        (b"\x28\xb5\x2f\xfd", "it is compressed with zstd"),
        (b"PK\x03\x04", "it is a zip archive"),
        (
            b"[",
            "it is one JSON list, and a store has one record in each line",
        ),
        (b"SUPERPOS", "it is the checkpoint of a run"),
        (b"SUPSW", "it is a pack, which is made of a store"),
    ];
    let found = beginnings
        .iter()
        .find(|(start, _)| bytes.starts_with(start));
    found.map(|(_, what)| *what)
}

/// The length of a store without a last line that was torn off in writing. A whole line that only lacks its newline counts,
/// and so does an end that is not even the beginning of a record: it is not for us to remove.
pub fn whole_length(bytes: &[u8]) -> usize {
    const BEGINNING: &[u8] = b"{\"numerics\":";
    let newline = bytes.iter().rposition(|&b| b == b'\n');
    let (whole, rest) = bytes.split_at(newline.map_or(0, |at| at + 1));
    let shared = rest.len().min(BEGINNING.len());
    let torn = rest[..shared] == BEGINNING[..shared]
        && serde_json::from_slice::<serde::de::IgnoredAny>(rest).is_err();
    if torn { whole.len() } else { bytes.len() }
}

/// The runs of one or several stores, each once, in an order that only the runs determine.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined<'a> {
    /// A line of each run.
    pub lines: Vec<Line<'a>>,
    /// Lines of runs that were there already, each with the line of the first; of one store, if that was all.
    pub repeated: Vec<(usize, usize)>,
}

impl<'a> Joined<'a> {
    /// The runs that this program can repeat, each once: of a run made by several paths the one that it would take.
    pub fn current(&self) -> Vec<&Line<'a>> {
        let mut chosen: Vec<&Line> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for line in self.lines.iter().filter(|line| line.key.is_current()) {
            let next = chosen.len();
            match *places.entry(line.key.settings()).or_insert(next) {
                place if place == next => chosen.push(line),
                place if line.key == Key::of(&line.key.config) => chosen[place] = line,
                _ => {}
            }
        }
        chosen
    }

    /// A store of these runs.
    pub fn text(&self) -> String {
        let lines = self.lines.iter();
        lines.flat_map(|line| [line.text, "\n"]).collect()
    }
}

/// Are these runs of this grid, as far as this program can make them?
///
/// # Errors
/// Names the first that is none.
pub fn check_grid(lines: &[Line], grid: &Grid) -> Result<(), StoreError> {
    let current = |line: &&Line| line.key.is_current();
    let configs = grid.configs();
    let stranger = |line: &&Line| !configs.contains(&line.key.config);
    match lines.iter().filter(current).find(stranger) {
        None => Ok(()),
        Some(line) => Err(StoreError::Stranger {
            line: line.number,
            run: name_of_run(&line.key.config),
            grid: grid.name,
        }),
    }
}

/// The runs of all `stores`, each once.
///
/// # Errors
/// If a line is no record, or two records of one run differ in more than the program's version; with the number of
/// the store, from 0 on.
pub fn join<'a>(stores: &[&'a [u8]]) -> Result<Joined<'a>, (usize, StoreError)> {
    let mut runs: BTreeMap<String, (usize, Line)> = BTreeMap::new();
    let mut repeated = Vec::new();
    for (number, store) in stores.iter().enumerate() {
        let here = |error| (number, error);
        for line in lines(store).map_err(here)? {
            let key = line.key.text();
            let Some((other, earlier)) = runs.get_mut(&key) else {
                runs.insert(key, (number, line));
                continue;
            };
            repeated.push((line.number, earlier.number));
            if line.text == earlier.text {
                continue;
            }
            let record = line.record().map_err(here)?;
            let theirs = earlier.record().map_err(|error| (*other, error))?;
            if let Some(difference) = first_difference(&theirs, &record) {
                return Err(here(StoreError::Conflict {
                    run: name_of_run(&record.config),
                    earlier: earlier.number,
                    line: line.number,
                    difference,
                }));
            }
            earlier.text = earlier.text.min(line.text);
        }
    }
    let mut lines: Vec<Line> = runs.into_values().map(|(_, line)| line).collect();
    lines.sort_by(|a, b| a.key.order(&b.key));
    Ok(Joined { lines, repeated })
}
