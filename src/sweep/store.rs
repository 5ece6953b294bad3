//! What does a store look like? Lines of JSON, one per run, the last of which a killed process may have torn.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grids::name_of_run;
use super::record::{Record, first_difference};
use crate::gradient::Path;
use crate::train::{Config, Numerics};

/// Why a store can't be used as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A line that no interrupted write explains.
    #[error(
        "line {line} is no record of a run ({reason}); delete that line, and its run will be made again."
    )]
    Damaged {
        /// From 1 on.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// Two records of one run.
    #[error(
        "two records of the run {run} disagree: {difference}. One of them was made by another program or \
         damaged; delete it."
    )]
    Conflict {
        /// The run in words.
        run: String,
        /// The first difference.
        difference: String,
    },
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
    /// If it lacks something or has something else in its place.
    pub fn record(&self) -> Result<Record, StoreError> {
        serde_json::from_str(self.text).map_err(|error| StoreError::Damaged {
            line: self.number,
            reason: error.to_string(),
        })
    }
}

/// The lines of a store without a torn end.
///
/// # Errors
/// Names the first line that is no record.
pub fn lines(text: &str) -> Result<Vec<Line<'_>>, StoreError> {
    let read = |(i, text)| match serde_json::from_str(text) {
        Ok(key) => Ok(Line {
            number: i + 1,
            key,
            text,
        }),
        Err(error) => Err(StoreError::Damaged {
            line: i + 1,
            reason: error.to_string(),
        }),
    };
    text.lines().enumerate().map(read).collect()
}

/// The length of a store up to the end of its last whole line. The rest was torn off in writing, unless it only
/// lacks its newline.
///
/// # Errors
/// If the rest is not even the beginning of a record.
pub fn whole_length(bytes: &[u8]) -> Result<usize, StoreError> {
    const BEGINNING: &[u8] = b"{\"numerics\":";
    let newline = bytes.iter().rposition(|&b| b == b'\n');
    let (whole, rest) = bytes.split_at(newline.map_or(0, |at| at + 1));
    if serde_json::from_slice::<Record>(rest).is_ok() {
        return Ok(bytes.len());
    }
    let shared = rest.len().min(BEGINNING.len());
    if rest[..shared] == BEGINNING[..shared] {
        return Ok(whole.len());
    }
    Err(StoreError::Damaged {
        line: whole.iter().filter(|&&b| b == b'\n').count() + 1,
        reason: "it is something else".to_string(),
    })
}

/// One store of all records in `stores`, each run once, in an order that only the runs determine.
///
/// # Errors
/// If a line is no record, or two records of one run differ in more than the program's version; with the number of
/// the store, from 0 on.
pub fn merge(stores: &[&str]) -> Result<String, (usize, StoreError)> {
    let mut runs: BTreeMap<String, (usize, Line)> = BTreeMap::new();
    for (number, store) in stores.iter().enumerate() {
        let here = |error| (number, error);
        for line in lines(store).map_err(here)? {
            let key = line.key.text();
            let Some((other, earlier)) = runs.get_mut(&key) else {
                runs.insert(key, (number, line));
                continue;
            };
            if line.text == earlier.text {
                continue;
            }
            let record = line.record().map_err(here)?;
            let theirs = earlier.record().map_err(|error| (*other, error))?;
            if let Some(difference) = first_difference(&theirs, &record) {
                let run = name_of_run(&record.config);
                return Err(here(StoreError::Conflict { run, difference }));
            }
            earlier.text = earlier.text.min(line.text);
        }
    }
    let mut runs: Vec<Line> = runs.into_values().map(|(_, line)| line).collect();
    runs.sort_by(|a, b| a.key.order(&b.key));
    Ok(runs.iter().flat_map(|line| [line.text, "\n"]).collect())
}
