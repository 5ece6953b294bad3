//! What are settings that are neither numbers nor choices?

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// T, the number of training examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleCount {
    /// The same T examples at every step.
    Finite(usize),
    /// A fresh batch at every step: T = ∞, written "inf".
    Infinite,
}

impl ExampleCount {
    /// T, or none if it is infinite.
    pub fn finite(self) -> Option<usize> {
        match self {
            ExampleCount::Finite(t) => Some(t),
            ExampleCount::Infinite => None,
        }
    }
}

impl std::fmt::Display for ExampleCount {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            ExampleCount::Finite(t) => t.fmt(f),
            ExampleCount::Infinite => "inf".fmt(f),
        }
    }
}

impl std::str::FromStr for ExampleCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "inf" => Ok(ExampleCount::Infinite),
            _ => text
                .parse()
                .map(ExampleCount::Finite)
                .map_err(|_| format!("{text:?} is neither a whole number nor \"inf\"")),
        }
    }
}

impl Serialize for ExampleCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ExampleCount::Finite(t) => serializer.serialize_u64(*t as u64),
            ExampleCount::Infinite => serializer.serialize_str("inf"),
        }
    }
}

impl<'de> Deserialize<'de> for ExampleCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(usize),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(t) => Ok(ExampleCount::Finite(t)),
            Written::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

/// One training example that appears several times among the T.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// Its index.
    pub example: usize,
    /// How often it appears in all.
    pub times: usize,
}

/// A kick to the biases on the way, which may free a run that is stuck.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nudge {
    /// Updates made before it.
    pub step: u64,
    /// Standard deviation of the normal number that each bias gains, drawn from the init seed.
    pub size: f64,
}
