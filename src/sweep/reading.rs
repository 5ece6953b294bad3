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
    pub fn from_value(mut line: Value) -> Result<Record, String> {
        member(&line, "config")?;
        let config = line["config"].take();
        if !member(&line, "program")?.is_string() {
            return Err("program is no text".to_string());
        }
        let is_given = |name: &str| !line[name].is_null();
        let path = &line["path"];
        let path = path.as_str().and_then(Path::named);
        if is_given("path") && path.is_none() {
            return Err(format!("there is no path {}", line["path"]));
        }
        let diverged_at = match is_given("diverged_at") {
            true => Some(whole(&line, "diverged_at")?),
            false => None,
        };
        let measures = match is_given("measures") {
            true => {
                let mut numbers = [0.0; 5];
                let names = [
                    "train_loss",
                    "test_loss",
                    "w_norm",
                    "b_norm",
                    "active_share",
                ];
                for (measure, name) in numbers.iter_mut().zip(names) {
                    *measure = number(&line["measures"], name)?;
                }
                Some(measures_of(numbers))
            }
            false => None,
        };
        let mut history = Vec::new();
        for point in list(&line, "history")? {
            history.push(HistoryPoint {
                step: whole(point, "step")?,
                train_loss: number(point, "train_loss")?,
                test_loss: number(point, "test_loss")?,
            });
        }
        let mut repeated = Vec::new();
        for example in optional(&line, "repeated")? {
            repeated.push(Repeated {
                example: whole(example, "example")? as usize,
                times: whole(example, "times")? as usize,
                dimensionality: number(example, "dimensionality")?,
                above: whole(example, "above")? as usize,
                loss: number(example, "loss")?,
                hidden: numbers(example, "hidden")?,
            });
        }
        let mut course = Vec::new();
        for moment in optional(&line, "course")? {
            course.push(Moment {
                step: whole(moment, "step")?,
                features: Vec::new(),
                examples: Vec::new(),
                repeated: numbers(moment, "repeated")?,
            });
        }
        Ok(Record {
            numerics: whole(&line, "numerics")? as u32,
            path,
            program: String::new(),
            config: Config::from_value(config).map_err(|error| error.to_string())?,
            step: whole(&line, "step")?,
            diverged_at,
            measures,
            history,
            losses_checksum: None,
            repeated,
            course,
            clusters: Vec::new(),
            keep: whole(&line, "keep")? as usize,
            features: vectors(member(&line, "features")?)?,
            examples: vectors(member(&line, "examples")?)?,
        })
    }
}

fn vectors(of: &Value) -> Result<Vectors, String> {
    let mut index = Vec::new();
    for value in list(of, "index")? {
        index.push(as_whole(value, "an index")? as u32);
    }
    Ok(Vectors {
        count: whole(of, "count")? as usize,
        index,
        dimensionality: numbers(of, "dimensionality")?,
        coordinates: numbers(of, "coordinates")?,
    })
}

fn member<'a>(of: &'a Value, name: &str) -> Result<&'a Value, String> {
    of.get(name)
        .ok_or_else(|| format!("missing field `{name}`"))
}

fn number(of: &Value, name: &str) -> Result<f64, String> {
    as_number(member(of, name)?, name)
}

fn as_number(value: &Value, name: &str) -> Result<f64, String> {
    let number = value.as_f64();
    number.ok_or_else(|| format!("{name} is {value}, and should be a number"))
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
    match member(of, name)? {
        Value::Array(list) => Ok(list),
        _ => Err(format!("{name} is no list")),
    }
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
    let mut numbers = Vec::new();
    for value in list(of, name)? {
        let number = as_number(value, name)? as f32;
        if !number.is_finite() {
            return Err(format!("{name} has {value}, which is too large"));
        }
        numbers.push(number);
    }
    Ok(numbers)
}
