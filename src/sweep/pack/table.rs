//! How do settings and losses become few bytes? As tables whose columns repeat.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::PackError;
use crate::sweep::record::Record;
use crate::train::Config;

/// Settings as a table whose entries repeat.
#[derive(Serialize, Deserialize)]
pub struct Settings {
    /// Of the columns: the fields of a configuration.
    names: Vec<String>,
    /// The different entries of each column.
    entries: Vec<Vec<Entry>>,
    /// Which entry each run has, column after column.
    choices: Vec<Vec<usize>>,
}

/// A JSON value in a form that the page reads without a parser of JSON.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum Entry {
    Flag(bool),
    Whole(u64),
    Real(f64),
    Text(String),
    List(Vec<Entry>),
    Members(Vec<(String, Entry)>),
    /// A setting that is not written where it has its default.
    Absent,
}

impl Entry {
    fn of(value: &Value) -> Self {
        match value {
            Value::Bool(flag) => Entry::Flag(*flag),
            Value::Number(number) => match number.as_u64() {
                Some(whole) => Entry::Whole(whole),
                None => Entry::Real(number.as_f64().expect("a number of JSON")),
            },
            Value::String(text) => Entry::Text(text.clone()),
            Value::Array(list) => Entry::List(list.iter().map(Entry::of).collect()),
            Value::Object(members) => {
                let members = members.iter();
                Entry::Members(members.map(|(k, v)| (k.clone(), Entry::of(v))).collect())
            }
            Value::Null => Entry::Absent,
        }
    }

    fn value(&self) -> Value {
        match self {
            Entry::Absent => Value::Null,
            Entry::Flag(flag) => Value::from(*flag),
            Entry::Whole(whole) => Value::from(*whole),
            Entry::Real(real) => Value::from(*real),
            Entry::Text(text) => Value::from(text.as_str()),
            Entry::List(list) => list.iter().map(Entry::value).collect(),
            Entry::Members(members) => {
                let members = members.iter();
                members.map(|(k, v)| (k.clone(), v.value())).collect()
            }
        }
    }
}

impl Settings {
    pub fn of(records: &[Record]) -> Self {
        let objects = records.iter().map(|record| {
            match serde_json::to_value(&record.config).expect("a configuration is valid JSON") {
                Value::Object(object) => object,
                _ => unreachable!("a configuration is an object"),
            }
        });
        let objects: Vec<Map<String, Value>> = objects.collect();
        let (names, _) = distinct(objects.iter().flat_map(Map::keys).cloned());
        let entry = |value: Option<&Value>| value.map_or(Entry::Absent, Entry::of);
        let columns = names
            .iter()
            .map(|name| distinct(objects.iter().map(|object| entry(object.get(name)))));
        let (entries, choices): (Vec<_>, Vec<_>) = columns.unzip();
        Settings {
            names,
            entries,
            choices,
        }
    }

    pub fn read(&self, count: usize) -> Result<Vec<Config>, PackError> {
        let columns = || self.names.iter().zip(&self.entries).zip(&self.choices);
        let member = |run: usize, name: &String, entries: &[Entry], choices: &[usize]| {
            let entry = entries.get(*choices.get(run)?)?;
            Some((name.clone(), entry.value()))
        };
        let row = |run| {
            let members = columns().map(|((name, e), c)| member(run, name, e, c));
            let mut row = members.collect::<Option<Map<String, Value>>>()?;
            row.retain(|_, value| !value.is_null());
            Some(row)
        };
        let config = |run| {
            let row = Value::Object(row(run).ok_or(PackError::Version)?);
            Config::from_value(row).map_err(|_| PackError::Version)
        };
        (0..count).map(config).collect()
    }
}

/// The different ones among `all`, in the order of their first appearance, and which of them each is.
pub fn distinct<V: PartialEq>(all: impl Iterator<Item = V>) -> (Vec<V>, Vec<usize>) {
    let mut different: Vec<V> = Vec::new();
    let which = all.map(|value| {
        let known = different.iter().position(|other| *other == value);
        known.unwrap_or_else(|| {
            different.push(value);
            different.len() - 1
        })
    });
    let which = which.collect();
    (different, which)
}

/// How many bytes of a value its upper half has.
const HALF: usize = 4;

/// Of the upper half of each value the first bytes, then the second bytes and so on, from the sign on: neighbours are alike,
/// so that it compresses.
pub fn planes(values: &[f64]) -> Vec<u8> {
    let bytes: Vec<[u8; 8]> = values.iter().map(|value| value.to_be_bytes()).collect();
    (0..HALF)
        .flat_map(|nth| bytes.iter().map(move |bytes| bytes[nth]))
        .collect()
}

/// The inverse of [`planes`], of values whose lower half is zero.
pub fn from_planes(planes: &[u8]) -> Vec<f64> {
    let count = planes.len() / HALF;
    let byte = |i: usize, nth: usize| {
        if nth < HALF {
            planes[nth * count + i]
        } else {
            0
        }
    };
    let value = |i: usize| f64::from_be_bytes(std::array::from_fn(|nth| byte(i, nth)));
    (0..count).map(value).collect()
}
