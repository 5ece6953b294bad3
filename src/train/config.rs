//! Is it a run that can be made? Checks of each setting and of those that depend on one another, and what follows from several.
//! A configuration determines every bit of a run.

use serde_json::Value;

use super::number::{Number, Why, Wrong};
use super::settings::{Config, Kind, SETTINGS, Setting};
use super::values::{Nudge, Repeat};
use crate::optim::AdamW;
use crate::theory;
use crate::variant::{Loss, Variant};

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
    /// Refuses what lies outside its range.
    ///
    /// # Errors
    /// Names the first wrong setting, its value and its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        for (setting, value) in SETTINGS.iter().zip(self.numbers()) {
            if let (Kind::Number(range), Some(value)) = (setting.kind, value) {
                range.check(setting.name, value)?;
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
        let value = as_stored(value);
        // Before serde sees them: its own messages lack the range.
        for setting in &SETTINGS {
            if let Some(value) = value.get(setting.name) {
                setting.check(value)?;
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
        let config: Config = serde_json::from_value(value).map_err(unreadable)?;
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

    /// The radius of the polygon that all T hidden vectors form if the closed form holds; none in more dimensions than two, for
    /// T = ∞ and below T = 3.
    pub fn closed_form_radius(&self) -> Option<f64> {
        let examples = self.t.finite().filter(|_| self.m == 2)?;
        theory::polygon_radius(examples).filter(|_| self.has_closed_form())
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

/// Numbers as they are stored: JavaScript has one kind of number, so 5.0 is 5 where a whole number is; and −0 is 0, but its text is
/// another, and so would be the run.
fn as_stored(mut value: Value) -> Value {
    for setting in &SETTINGS {
        if let Kind::Number(range) = setting.kind
            && let Some(number) = value.get_mut(setting.name)
            && let Some(x) = number.as_f64()
        {
            let fits = x.fract() == 0.0 && (0.0..=range.max).contains(&x);
            *number = match range.is_whole() && fits {
                true => Value::from(x as u64),
                false => Value::from(x + 0.0),
            };
        }
    }
    value
}

impl Setting {
    /// Refuses a value as JSON has it.
    fn check(&self, value: &Value) -> Result<(), ConfigError> {
        let Setting { name, kind, .. } = self;
        match (kind, value) {
            (Kind::Number(range), Value::Number(number)) => {
                range.check(name, number.as_f64().unwrap_or(f64::NAN))
            }
            (Kind::Number(range), Value::String(text))
                if range.number == Number::Count && text == "inf" =>
            {
                Ok(())
            }
            (Kind::Number(range), other) => {
                Err(range.refusal(name, &other.to_string(), &Wrong::NO_NUMBER))
            }
            (Kind::Choice(options), value) if !options.iter().any(|option| value == option) => {
                let list = options.join(", ");
                let message = format!("{name} is {value}; it must be one of {list}.");
                Err(ConfigError::new(name, message))
            }
            (Kind::Flag, value) if !value.is_boolean() => {
                let message = format!("{name} is {value}; it must be true or false.");
                Err(ConfigError::new(name, message))
            }
            _ => Ok(()),
        }
    }

    /// What a text says, as JSON has it. `number` turns plain digits into a number, as for [`Range::read`](super::number::Range::read).
    ///
    /// # Errors
    /// If it says nothing that is allowed.
    pub fn read(&self, text: &str, number: impl Fn(&str) -> f64) -> Result<Value, ConfigError> {
        let value = match self.kind {
            Kind::Number(range) => match range.read(text, number) {
                Ok(Some(value)) => Value::from(value),
                Ok(None) => Value::from("inf"),
                Err(wrong) if wrong.why == Why::Number => {
                    return Err(range.refusal(self.name, &format!("{text:?}"), &wrong));
                }
                Err(wrong) => {
                    return Err(range.refusal(self.name, &wrong.value.to_string(), &wrong));
                }
            },
            Kind::Flag if ["true", "false"].contains(&text) => Value::from(text == "true"),
            Kind::Flag | Kind::Choice(_) | Kind::Other => Value::from(text),
        };
        self.check(&value).map(|()| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::ExampleCount;

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
