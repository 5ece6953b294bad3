//! Which run is it? Every setting with its default and its range. A configuration determines every bit of a run.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::optim::{AdamW, Reduction};
use crate::variant::{Loss, Variant};

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

/// All settings of a run, with the paper's values as default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Number of features.
    pub n: usize,
    /// Number of hidden dimensions.
    pub m: usize,
    /// T, number of training examples.
    pub t: ExampleCount,
    /// S, the probability that a feature of an example is 0.
    pub sparsity: f64,
    /// Are examples rescaled to length 1?
    pub unit_length: bool,
    /// Number of full-batch updates.
    pub steps: u64,
    /// Peak learning rate.
    pub lr: f64,
    /// Decoupled decay of W and b.
    pub weight_decay: f64,
    /// Adam's memory of the gradient.
    pub beta1: f64,
    /// Adam's memory of its square.
    pub beta2: f64,
    /// Adam's eps.
    pub eps: f64,
    /// Reduction of the training loss.
    pub reduction: Reduction,
    /// Seed of the training and test examples.
    pub data_seed: u32,
    /// Seed of the initial W.
    pub init_seed: u32,
    /// Examples of each step's batch where T is infinite.
    pub batch: usize,
    /// Number of test examples.
    pub test_examples: usize,
    /// Training examples that appear more than once. Their copies take the last places among the T.
    pub repeats: Vec<Repeat>,
    /// Does the model have a W_up of its own instead of Wᵀ? This and the next three are written only where they differ from
    /// the paper.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub untied: bool,
    /// Does the hidden layer have a ReLU?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden_relu: bool,
    /// What is lowered.
    #[serde(skip_serializing_if = "is_l2")]
    pub loss: Loss,
    /// Importance of the last feature; it falls from 1 for the first by the same factor from each to the next.
    #[serde(skip_serializing_if = "is_one")]
    pub importance: f64,
    /// A kick to the biases; not written where there is none, as in the paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nudge: Option<Nudge>,
}

fn is_l2(loss: &Loss) -> bool {
    *loss == Loss::L2
}

fn is_one(x: &f64) -> bool {
    *x == 1.0
}

/// The first data seed at which the best of the init seeds 1 to 5 reaches both a regular decagon at T = 10 and 13 of 15
/// corners at T = 15. At most data seeds five inits do not suffice for that (README, "The trainer on the command line").
const DATA_SEED: u32 = 9;

impl Default for Config {
    fn default() -> Self {
        Config {
            n: 10_000,
            m: 2,
            t: ExampleCount::Finite(5),
            sparsity: 0.999,
            unit_length: true,
            steps: 50_000,
            lr: 1e-3,
            weight_decay: 1e-2,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            reduction: Reduction::Mean,
            data_seed: DATA_SEED,
            init_seed: 1,
            batch: 1024,
            test_examples: 10_000,
            repeats: Vec::new(),
            untied: false,
            hidden_relu: false,
            loss: Loss::L2,
            importance: 1.0,
            nudge: None,
        }
    }
}

/// A number among the settings: its name, range and default. The one place that knows the ranges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name in [`Config`], in JSON and, with `-` for `_`, on the command line.
    pub name: &'static str,
    /// Least allowed value.
    pub min: f64,
    /// Largest allowed value.
    pub max: f64,
    /// Must it be whole?
    pub integer: bool,
}

const fn whole(name: &'static str, min: f64, max: f64) -> Field {
    let integer = true;
    Field {
        name,
        min,
        max,
        integer,
    }
}

const fn real(name: &'static str, min: f64, max: f64) -> Field {
    let integer = false;
    Field {
        name,
        min,
        max,
        integer,
    }
}

/// Every number among the settings, in the order of [`Config::numbers`].
pub const FIELDS: [Field; 15] = [
    whole("n", 1.0, 100_000.0),
    whole("m", 1.0, 256.0),
    whole("t", 1.0, 500_000.0),
    real("sparsity", 0.0, 0.99999),
    whole("steps", 1.0, 1_000_000.0),
    real("lr", 1e-6, 1.0),
    real("weight_decay", 0.0, 10.0),
    real("beta1", 0.0, 0.99999),
    real("beta2", 0.0, 0.99999),
    real("eps", 1e-12, 1.0),
    whole("data_seed", 0.0, u32::MAX as f64),
    whole("init_seed", 0.0, u32::MAX as f64),
    whole("batch", 1.0, 100_000.0),
    whole("test_examples", 1.0, 100_000.0),
    real("importance", 1e-6, 1.0),
];

/// Fewer expected active features than this, and drawing an example that isn't zero takes too long.
const LEAST_ACTIVE: f64 = 0.1;

/// Several times any bias of a trained model.
const MOST_NUDGE: f64 = 100.0;

/// A setting outside its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// The setting's name in [`Config`], where there is one.
    pub field: Option<String>,
    /// A sentence with the value and the allowed range.
    pub message: String,
    /// The allowed value nearest to the wrong one, where that can be said.
    pub nearest: Option<f64>,
}

impl ConfigError {
    pub(crate) fn new(field: &str, message: String) -> Self {
        ConfigError {
            field: Some(field.to_string()),
            message,
            nearest: None,
        }
    }
}

impl Config {
    /// The values of [`FIELDS`]; none for T where it is infinite.
    pub fn numbers(&self) -> [Option<f64>; FIELDS.len()] {
        [
            Some(self.n as f64),
            Some(self.m as f64),
            self.t.finite().map(|t| t as f64),
            Some(self.sparsity),
            Some(self.steps as f64),
            Some(self.lr),
            Some(self.weight_decay),
            Some(self.beta1),
            Some(self.beta2),
            Some(self.eps),
            Some(self.data_seed.into()),
            Some(self.init_seed.into()),
            Some(self.batch as f64),
            Some(self.test_examples as f64),
            Some(self.importance),
        ]
    }

    /// Refuses what lies outside its range.
    ///
    /// # Errors
    /// Names the first wrong setting, its value and its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        for (field, value) in FIELDS.iter().zip(self.numbers()) {
            if let Some(value) = value {
                field.check(value)?;
            }
        }
        let active = self.n as f64 * (1.0 - self.sparsity);
        // As good as equal: 1 − 0.9 is not quite 0.1.
        if active < LEAST_ACTIVE * (1.0 - 1e-9) {
            // Rounded down, so that what the message allows is allowed.
            let most = ((1.0 - LEAST_ACTIVE / self.n as f64) * 1e5).floor() / 1e5;
            let message = format!(
                "sparsity is {}, which with n = {} leaves {active:.2} active features per example; it must leave \
                 at least {LEAST_ACTIVE}, so sparsity must be at most {most}.",
                self.sparsity, self.n
            );
            return Err(ConfigError {
                nearest: Some(most),
                ..ConfigError::new("sparsity", message)
            });
        }
        if let Some(Nudge { step, size }) = self.nudge
            && (step >= self.steps || !(size > 0.0 && size <= MOST_NUDGE))
        {
            let message = format!(
                "nudge is of size {size} after {step} steps; its size must be above 0 and at most {MOST_NUDGE}, and with \
                 steps = {} it must come after fewer.",
                self.steps
            );
            return Err(ConfigError::new("nudge", message));
        }
        if self.repeats.is_empty() {
            return Ok(());
        }
        let Some(t) = self.t.finite() else {
            let message = "repeats need a finite t, but t is inf.".to_string();
            return Err(ConfigError::new("repeats", message));
        };
        // In f64, so that absurd counts can't overflow.
        let copies: f64 = self.repeats.iter().map(|r| r.times as f64 - 1.0).sum();
        let distinct = t as f64 - copies;
        for Repeat { example, times } in &self.repeats {
            if self
                .repeats
                .iter()
                .filter(|other| other.example == *example)
                .count()
                > 1
            {
                let message = format!(
                    "repeats has example {example} several times; each example may be there once, with how often it \
                     appears in all."
                );
                return Err(ConfigError::new("repeats", message));
            }
            if *times < 1 || distinct < 1.0 || *example as f64 >= distinct {
                let message = format!(
                    "repeats has example {example} appear {times} times; times must be at least 1, and with t = {t} \
                     there are {} distinct examples, so example must be below that.",
                    distinct.max(0.0)
                );
                return Err(ConfigError::new("repeats", message));
            }
        }
        Ok(())
    }

    /// A checked configuration from a JSON object; what it leaves out takes its default.
    ///
    /// # Errors
    /// Names the first wrong setting, its value and its range.
    pub fn from_json(text: &str) -> Result<Config, ConfigError> {
        Config::from_value(serde_json::from_str(text).map_err(unreadable)?)
    }

    /// Like [`from_json`](Self::from_json), from JSON that is read already: the page leaves that to the browser.
    ///
    /// # Errors
    /// Names the first wrong setting, its value and its range.
    pub fn from_value(value: Value) -> Result<Config, ConfigError> {
        let value = without_negative_zeros(value);
        // Numbers are checked before serde sees them: its own messages lack the range.
        for field in &FIELDS {
            match value.get(field.name) {
                None => {}
                Some(Value::String(text)) if field.name == "t" && text == "inf" => {}
                Some(Value::Number(number)) => field.check(number.as_f64().unwrap_or(f64::NAN))?,
                Some(other) => return Err(field.error(&other.to_string())),
            }
        }
        // What JSON writes for a number that is none.
        if let Some(nudge) = value.get("nudge")
            && !nudge.is_null()
            && !nudge["size"].is_number()
        {
            let message = format!(
                "nudge is of size {}; its size must be a number above 0 and at most {MOST_NUDGE}.",
                nudge["size"]
            );
            return Err(ConfigError::new("nudge", message));
        }
        let config: Config = serde_json::from_value(integral(value)).map_err(unreadable)?;
        config.check()?;
        Ok(config)
    }

    /// Examples of each step: T, or the batch where T is infinite.
    pub fn examples_a_step(&self) -> usize {
        self.t.finite().unwrap_or(self.batch)
    }

    /// Which model it is.
    pub fn variant(&self) -> Variant {
        Variant {
            untied: self.untied,
            hidden_relu: self.hidden_relu,
            loss: self.loss,
            importance: self.importance,
        }
    }

    /// Does the least exact polygon have the closed form's radius? With tied weights, a linear hidden layer, a loss of errors, and
    /// examples of one length.
    pub fn has_closed_form(&self) -> bool {
        !self.untied && !self.hidden_relu && self.loss != Loss::CrossEntropy && self.unit_length
    }

    /// What is not as in the paper's model and data, in a few words; none if nothing is.
    pub fn model_in_words(&self) -> String {
        let loss = match self.loss {
            Loss::L2 => "",
            Loss::L1 => "absolute errors",
            Loss::L4 => "fourth powers",
            Loss::CrossEntropy => "cross-entropy",
        };
        let importance = match self.importance {
            1.0 => String::new(),
            last => format!("importance 1 to {last}"),
        };
        let flag = |is_set: bool, words: &'static str| if is_set { words } else { "" };
        let all = [
            flag(self.untied, "untied weights"),
            flag(self.hidden_relu, "hidden ReLU"),
            loss,
            flag(!self.unit_length, "any length"),
            &importance,
        ];
        let words = all.into_iter().filter(|words| !words.is_empty());
        words.collect::<Vec<_>>().join(", ")
    }

    /// Settings of the optimiser.
    pub fn adamw(&self) -> AdamW {
        AdamW {
            lr: self.lr,
            weight_decay: self.weight_decay,
            beta1: self.beta1,
            beta2: self.beta2,
            eps: self.eps,
        }
    }
}

fn unreadable(error: serde_json::Error) -> ConfigError {
    ConfigError {
        field: None,
        message: format!("the configuration can't be read: {error}."),
        nearest: None,
    }
}

/// JavaScript has one kind of number: turns 5.0 into 5 where a whole number is stored.
fn integral(mut value: Value) -> Value {
    for field in FIELDS.iter().filter(|field| field.integer) {
        if let Some(number) = value.get_mut(field.name)
            && let Some(x) = number.as_f64()
        {
            *number = Value::from(x as u64);
        }
    }
    value
}

/// −0 is 0, but its text is another, and so would be the run.
fn without_negative_zeros(mut value: Value) -> Value {
    for field in &FIELDS {
        if let Some(number) = value.get_mut(field.name)
            && number.as_f64() == Some(0.0)
        {
            *number = if field.integer { 0.into() } else { 0.0.into() };
        }
    }
    value
}

impl Field {
    pub(crate) fn check(&self, value: f64) -> Result<(), ConfigError> {
        let fits = (self.min..=self.max).contains(&value)
            && (!self.integer || value.fract() == 0.0)
            // Another text than 0, and so another run.
            && !(value == 0.0 && value.is_sign_negative());
        if fits {
            return Ok(());
        }
        let whole = if self.integer { value.round() } else { value };
        Err(ConfigError {
            nearest: (!value.is_nan()).then(|| whole.clamp(self.min, self.max)),
            ..self.error(&value.to_string())
        })
    }

    fn error(&self, value: &str) -> ConfigError {
        let Field {
            name,
            min,
            max,
            integer,
        } = *self;
        let kind = if integer { "a whole number " } else { "" };
        let infinite = if name == "t" { ", or \"inf\"" } else { "" };
        ConfigError::new(
            name,
            format!("{name} is {value}; it must be {kind}from {min} to {max}{infinite}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(json: &str) -> String {
        Config::from_json(json).unwrap_err().to_string()
    }

    #[test]
    fn defaults_are_the_papers() {
        assert_eq!(Config::from_json("{}").unwrap(), Config::default());
        let json = serde_json::to_string(&Config::default()).unwrap();
        assert_eq!(Config::from_json(&json).unwrap(), Config::default());
    }

    #[test]
    fn a_value_outside_its_range_is_named_with_value_and_range() {
        assert_eq!(
            message(r#"{"n": 0}"#),
            "n is 0; it must be a whole number from 1 to 100000."
        );
        assert_eq!(
            message(r#"{"t": 2.5}"#),
            "t is 2.5; it must be a whole number from 1 to 500000, or \"inf\"."
        );
        assert_eq!(
            message(r#"{"lr": "fast"}"#),
            "lr is \"fast\"; it must be from 0.000001 to 1."
        );
        assert_eq!(
            message(r#"{"sparsity": 1}"#),
            "sparsity is 1; it must be from 0 to 0.99999."
        );
        assert!(message(r#"{"n": 10, "sparsity": 0.999}"#).contains("at most 0.99"));
        assert!(message(r#"{"speed": 3}"#).contains("speed"));
        assert!(message("[").contains("can't be read"));
    }

    #[test]
    fn taking_the_nearest_allowed_values_ends_with_a_config() {
        for json in [
            r#"{"n": 0}"#,
            r#"{"t": 2.5}"#,
            r#"{"lr": 1e9}"#,
            r#"{"n": 30}"#,
            r#"{"n": 7, "sparsity": 0.99}"#,
        ] {
            let mut mended: Value = serde_json::from_str(json).unwrap();
            let mut repairs = 0;
            while let Err(error) = Config::from_json(&mended.to_string()) {
                mended[error.field.unwrap()] = error.nearest.unwrap().into();
                repairs += 1;
                assert!(repairs <= 2, "{mended}");
            }
            assert!(repairs > 0);
        }
    }

    #[test]
    fn whole_numbers_may_be_written_as_reals() {
        let config = Config::from_json(r#"{"n": 1000.0, "t": "inf"}"#).unwrap();
        assert_eq!((config.n, config.t), (1000, ExampleCount::Infinite));
    }

    #[test]
    fn a_nudge_is_written_only_where_there_is_one_and_must_come_before_the_end() {
        let plain = serde_json::to_string(&Config::default()).unwrap();
        assert!(!plain.contains("nudge"));
        let nudged = r#"{"steps": 50, "nudge": {"step": 49, "size": 0.5}}"#;
        let nudged = Config::from_json(nudged).unwrap();
        let json = serde_json::to_string(&nudged).unwrap();
        assert_eq!(Config::from_json(&json).unwrap(), nudged);
        for nudge in [r#"{"step": 50, "size": 1}"#, r#"{"step": 1, "size": 0}"#] {
            let message = message(&format!(r#"{{"steps": 50, "nudge": {nudge}}}"#));
            assert!(message.contains("above 0 and at most 100") && message.contains("steps = 50"));
        }
    }

    #[test]
    fn repeats_must_fit_among_the_examples() {
        assert!(Config::from_json(r#"{"t": 10, "repeats": [{"example": 4, "times": 6}]}"#).is_ok());
        assert!(
            message(r#"{"t": 10, "repeats": [{"example": 5, "times": 6}]}"#).contains("5 distinct")
        );
        assert!(
            message(r#"{"t": "inf", "repeats": [{"example": 5, "times": 6}]}"#).contains("finite")
        );
        assert!(
            message(r#"{"t": 10, "repeats": [{"example": 0, "times": 0}]}"#).contains("at least 1")
        );
        let twice =
            r#"{"t": 10, "repeats": [{"example": 0, "times": 2}, {"example": 0, "times": 4}]}"#;
        assert!(message(twice).contains("example 0 several times"));
    }

    #[test]
    fn minus_zero_is_zero_where_settings_are_read_and_refused_where_they_are_stored() {
        let zero =
            Config::from_json(r#"{"sparsity": 0, "weight_decay": 0, "data_seed": 0}"#).unwrap();
        let minus = r#"{"sparsity": -0.0, "weight_decay": -0, "data_seed": -0}"#;
        let minus = Config::from_json(minus).unwrap();
        let text = |config| serde_json::to_string(config).unwrap();
        assert_eq!(text(&minus), text(&zero));
        let stored: Config = serde_json::from_str(r#"{"beta1": -0.0}"#).unwrap();
        assert!(
            stored
                .check()
                .unwrap_err()
                .to_string()
                .starts_with("beta1 is -0;")
        );
    }
}
