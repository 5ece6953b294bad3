//! What does a line of a store say? Read here without serde's help, which for all of a record's parts would be a tenth of the page's
//! module; `lab` reads with it, and tests hold both together.

use serde_json::Value;

use super::course::Moment;
use super::finished::measures_of;
use super::record::{Record, Vectors};
use super::repeated::Repeated;
use crate::gradient::Path;
use crate::train::{Config, HistoryPoint};

impl Record {
    /// The record of a line, without what nothing is compared with: polygon, clusters and dimensionalities on the way.
    ///
    /// # Errors
    /// What is missing, or something else, as the end of a sentence.
    pub fn from_value(line: &Value) -> Result<Record, String> {
        let path = |name: &Value| {
            let mut paths = Path::ALL.into_iter();
            let found = paths.find(|path| name.as_str() == Some(path.name()));
            found.ok_or_else(|| format!("there is no path {name}"))
        };
        if !member(line, "program")?.is_string() {
            return Err("program is no text".to_string());
        }
        let config = member(line, "config")?.clone();
        Ok(Record {
            numerics: whole(line, "numerics")? as u32,
            path: given(line, "path").map(path).transpose()?,
            program: String::new(),
            config: Config::from_value(config).map_err(|error| error.to_string())?,
            step: whole(line, "step")?,
            diverged_at: match given(line, "diverged_at") {
                None => None,
                Some(_) => Some(whole(line, "diverged_at")?),
            },
            measures: match given(line, "measures") {
                None => None,
                Some(measures) => Some(measures_of([
                    number(measures, "train_loss")?,
                    number(measures, "test_loss")?,
                    number(measures, "w_norm")?,
                    number(measures, "b_norm")?,
                    number(measures, "active_share")?,
                ])),
            },
            history: each(list(line, "history")?, |point| {
                Ok(HistoryPoint {
                    step: whole(point, "step")?,
                    train_loss: number(point, "train_loss")?,
                    test_loss: number(point, "test_loss")?,
                })
            })?,
            losses_checksum: None,
            repeated: each(optional(line, "repeated")?, |repeated| {
                Ok(Repeated {
                    example: whole(repeated, "example")? as usize,
                    times: whole(repeated, "times")? as usize,
                    dimensionality: number(repeated, "dimensionality")?,
                    above: whole(repeated, "above")? as usize,
                    loss: number(repeated, "loss")?,
                    hidden: numbers(repeated, "hidden")?,
                })
            })?,
            course: each(optional(line, "course")?, |moment| {
                Ok(Moment {
                    step: whole(moment, "step")?,
                    features: Vec::new(),
                    examples: Vec::new(),
                    repeated: numbers(moment, "repeated")?,
                })
            })?,
            clusters: Vec::new(),
            keep: whole(line, "keep")? as usize,
            features: vectors(member(line, "features")?)?,
            examples: vectors(member(line, "examples")?)?,
        })
    }
}

fn vectors(of: &Value) -> Result<Vectors, String> {
    Ok(Vectors {
        count: whole(of, "count")? as usize,
        index: each(list(of, "index")?, |index| as_whole(index, "an index"))?
            .into_iter()
            .map(|index| index as u32)
            .collect(),
        dimensionality: numbers(of, "dimensionality")?,
        coordinates: numbers(of, "coordinates")?,
    })
}

fn member<'a>(of: &'a Value, name: &str) -> Result<&'a Value, String> {
    of.get(name)
        .ok_or_else(|| format!("missing field `{name}`"))
}

/// A member that may be missing.
fn given<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    of.get(name).filter(|value| !value.is_null())
}

fn number(of: &Value, name: &str) -> Result<f64, String> {
    as_number(member(of, name)?, name)
}

fn as_number(value: &Value, name: &str) -> Result<f64, String> {
    value
        .as_f64()
        .ok_or_else(|| format!("{name} is {value}, and should be a number"))
}

/// Below 2³², as all that a record counts.
fn whole(of: &Value, name: &str) -> Result<u64, String> {
    as_whole(member(of, name)?, name)
}

fn as_whole(value: &Value, name: &str) -> Result<u64, String> {
    let whole = value.as_u64().filter(|&whole| whole <= u32::MAX.into());
    whole.ok_or_else(|| format!("{name} is {value}, and should be a whole number"))
}

fn list<'a>(of: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let list = member(of, name)?.as_array();
    list.map(Vec::as_slice)
        .ok_or_else(|| format!("{name} is no list"))
}

/// A list that is left out where it is empty.
fn optional<'a>(of: &'a Value, name: &str) -> Result<&'a [Value], String> {
    match of.get(name) {
        None => Ok(&[]),
        Some(_) => list(of, name),
    }
}

/// As pictures show them.
fn numbers(of: &Value, name: &str) -> Result<Vec<f32>, String> {
    each(list(of, name)?, |value| {
        let number = as_number(value, name)? as f32;
        match number.is_finite() {
            true => Ok(number),
            false => Err(format!("{name} has {value}, which is too large")),
        }
    })
}

fn each<T>(list: &[Value], read: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<T>, String> {
    list.iter().map(read).collect()
}
