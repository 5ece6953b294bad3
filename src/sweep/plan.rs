//! Which runs does somebody else's sweep have? A setting of everything, the T, perhaps one more setting that varies, and seeds: what
//! the page's form says, its links carry, and `lab sweep --plan` reads.

use serde_json::{Value, json};

use super::curves::Setting;
use super::finished::set_number;
use crate::optim::Reduction;
use crate::train::{Config, ConfigError, ExampleCount, Kind, Repeat, SETTINGS};

/// A sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Settings of all runs, but for what the plan says itself.
    pub base: Config,
    /// The T.
    pub t: Vec<ExampleCount>,
    /// What else varies, if anything does.
    pub vary: Option<Vary>,
    /// Data seeds 1 to so many.
    pub data_seeds: u32,
    /// Init seeds 1 to so many, for each data seed.
    pub init_seeds: u32,
}

/// A setting and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// Its name: m, weight_decay, lr, eps, sparsity, steps, reduction, or times, which is R of the first example.
    pub setting: String,
    /// Of the reduction 0 for mean and 1 for sum.
    pub values: Vec<f64>,
}

/// Why a plan has no runs.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// It can't be read.
    #[error("this is no plan of a sweep: {0}.")]
    Unreadable(String),
    /// A list without values.
    #[error("there is no value of {0}; a sweep needs at least one.")]
    Empty(&'static str),
    /// Nothing of this name can vary.
    #[error("{0:?} can't vary; what can is {names}.", names = names())]
    Unknown(String),
    /// A value that is none of this setting's.
    #[error("{setting} can't be {value}; it must be {allowed}.")]
    Value {
        /// The setting.
        setting: &'static str,
        /// The value.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// A setting outside its range, or settings that don't go together.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// No seeds, or too many.
    #[error("there are {seeds} {kind} seeds; a sweep has from 1 to {MOST_SEEDS}.")]
    Seeds {
        /// "data" or "init".
        kind: &'static str,
        /// How many.
        seeds: u32,
    },
    /// More runs than a sweep may have.
    #[error(
        "these are {0} runs, and a sweep of one's own has at most {MOST_RUNS}: take out values or seeds."
    )]
    TooMany(u64),
}

/// Most runs of a plan. Beyond, a tab is the wrong place, and a grid of `src/sweep/grids.rs` the right one.
pub const MOST_RUNS: u64 = 2000;
/// Most seeds of one kind.
pub const MOST_SEEDS: u32 = 64;
/// What can vary besides T: its name here, and what figures call it.
const VARIES: [(&str, Setting); 8] = [
    ("m", Setting::HiddenSize),
    ("weight_decay", Setting::WeightDecay),
    ("lr", Setting::LearningRate),
    ("eps", Setting::Eps),
    ("sparsity", Setting::Sparsity),
    ("steps", Setting::Steps),
    ("reduction", Setting::Reduction),
    ("times", Setting::Times),
];

fn names() -> String {
    VARIES.map(|(name, _)| name).join(", ")
}

impl Plan {
    /// A plan from JSON: the fields of a plan, where `base` may leave out what is as in the paper and the reduction's values are words.
    ///
    /// # Errors
    /// If it is something else. Its values are looked at by [`configs`](Self::configs).
    pub fn from_json(text: &str) -> Result<Plan, PlanError> {
        let read = serde_json::from_str(text);
        Plan::from_value(read.map_err(|error| PlanError::Unreadable(error.to_string()))?)
    }

    /// Like [`from_json`](Self::from_json), from JSON that is read already.
    ///
    /// # Errors
    /// The same.
    pub fn from_value(mut value: Value) -> Result<Plan, PlanError> {
        let wrong = PlanError::Unreadable;
        let only = |value: &Value, name: &str, members: &[&str]| {
            let Value::Object(object) = value else {
                return Err(wrong(format!("{name} is no object")));
            };
            let unknown = object.keys().find(|key| !members.contains(&key.as_str()));
            match unknown {
                Some(key) => Err(wrong(format!("{name} has no {key:?}"))),
                None => Ok(()),
            }
        };
        only(
            &value,
            "it",
            &["base", "t", "vary", "data_seeds", "init_seeds"],
        )?;
        let list = |value: &mut Value, name: &str| match value.take() {
            Value::Array(list) => Ok(list),
            _ => Err(wrong(format!("{name} is no list"))),
        };
        let seeds = |value: &Value, name: &str| {
            let seeds = value.as_u64().and_then(|seeds| u32::try_from(seeds).ok());
            seeds.ok_or_else(|| wrong(format!("{name} is {value}, and should be a whole number")))
        };
        // As a setting, whose refusal names the value and the range.
        let mut t = Vec::new();
        for value in list(&mut value["t"], "t")? {
            t.push(Config::from_value(json!({ "t": value }))?.t);
        }
        let mut vary = None;
        if let Some(varied) = value.get_mut("vary").filter(|value| !value.is_null()) {
            only(varied, "vary", &["setting", "values"])?;
            let setting = varied["setting"].as_str().unwrap_or_default().to_string();
            let mut values = Vec::new();
            for value in list(&mut varied["values"], "the list of values")? {
                values.push(match value.as_str() {
                    Some("mean") if setting == "reduction" => 0.0,
                    Some("sum") if setting == "reduction" => 1.0,
                    _ => value
                        .as_f64()
                        .ok_or_else(|| wrong(format!("{value} is no value of {setting:?}")))?,
                });
            }
            vary = Some(Vary { setting, values });
        }
        if !value["base"].is_object() {
            return Err(wrong("base is no object".into()));
        }
        Ok(Plan {
            base: Config::from_value(value["base"].take())?,
            t,
            vary,
            data_seeds: seeds(&value["data_seeds"], "data_seeds")?,
            init_seeds: seeds(&value["init_seeds"], "init_seeds")?,
        })
    }

    /// What varies besides T, as figures call it.
    pub fn setting(&self) -> Option<Setting> {
        let name = &self.vary.as_ref()?.setting;
        VARIES
            .iter()
            .find(|(known, _)| known == name)
            .map(|&(_, setting)| setting)
    }

    /// Its runs, each once, one pair of seeds after the other, so that an unfinished sweep has whole curves of fewer seeds.
    ///
    /// # Errors
    /// Names the first value that is wrong, and what would be right.
    pub fn configs(&self) -> Result<Vec<Config>, PlanError> {
        if self.t.is_empty() {
            return Err(PlanError::Empty("T"));
        }
        for (kind, seeds) in [("data", self.data_seeds), ("init", self.init_seeds)] {
            if !(1..=MOST_SEEDS).contains(&seeds) {
                return Err(PlanError::Seeds { kind, seeds });
            }
        }
        let values = match &self.vary {
            None => vec![None],
            Some(vary) if vary.values.is_empty() => return Err(PlanError::Empty(self.name()?)),
            Some(vary) => vary.values.iter().copied().map(Some).collect(),
        };
        let lists = [self.t.len(), values.len()].map(|length| length as u64);
        let seeds = u64::from(self.data_seeds) * u64::from(self.init_seeds);
        let asked = lists[0].saturating_mul(lists[1]).saturating_mul(seeds);
        if asked > MOST_RUNS {
            return Err(PlanError::TooMany(asked));
        }
        let mut kinds: Vec<Config> = Vec::new();
        for value in values {
            for &t in &self.t {
                let mut config = Config {
                    t,
                    ..self.base.clone()
                };
                if let Some(value) = value {
                    self.set(&mut config, value)?;
                }
                config.check()?;
                if !kinds.contains(&config) {
                    kinds.push(config);
                }
            }
        }
        let seeds = (1..=self.init_seeds).flat_map(|init_seed| {
            (1..=self.data_seeds).map(move |data_seed| (data_seed, init_seed))
        });
        let with = |(data_seed, init_seed)| {
            kinds.iter().map(move |config| Config {
                data_seed,
                init_seed,
                ..config.clone()
            })
        };
        Ok(seeds.flat_map(with).collect())
    }

    /// The name of what varies besides T.
    fn name(&self) -> Result<&'static str, PlanError> {
        let setting = self.vary.as_ref().map_or("", |vary| &vary.setting);
        let known = VARIES.iter().find(|(name, _)| *name == setting);
        known
            .map(|(name, _)| *name)
            .ok_or(PlanError::Unknown(setting.to_string()))
    }

    /// Gives what varies one of its values.
    fn set(&self, config: &mut Config, x: f64) -> Result<(), PlanError> {
        let setting = self.name()?;
        let wrong = |allowed| PlanError::Value {
            setting,
            value: x,
            allowed,
        };
        match setting {
            "reduction" if x == 0.0 => config.reduction = Reduction::Mean,
            "reduction" if x == 1.0 => config.reduction = Reduction::Sum,
            "reduction" => return Err(wrong("mean or sum")),
            "times" if x.fract() != 0.0 || !(1.0..=1e6).contains(&x) => {
                return Err(wrong("a whole number from 1 to 1000000"));
            }
            "times" => {
                let repeat = Repeat {
                    example: 0,
                    times: x as usize,
                };
                config.repeats = if x == 1.0 { Vec::new() } else { vec![repeat] };
            }
            _ => {
                let range = SETTINGS.iter().find_map(|known| match known.kind {
                    Kind::Number(range) if known.name == setting => Some(range),
                    _ => None,
                });
                // Before it becomes a whole number, so that a refusal has the value as it was given.
                range.expect("a number").check(setting, x)?;
                set_number(config, setting, Some(x));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(json: &str) -> Result<Vec<Config>, PlanError> {
        Plan::from_json(json)?.configs()
    }

    #[test]
    fn a_plan_has_every_value_with_every_seed_once_and_whole_curves_first() {
        let text = r#"{"base": {"n": 50, "sparsity": 0.9, "data_seed": 7}, "t": [3, 5, 3, "inf"],
            "vary": {"setting": "eps", "values": [1e-8, 0.001]}, "data_seeds": 2, "init_seeds": 2}"#;
        let configs = plan(text).unwrap();
        assert_eq!(configs.len(), 3 * 2 * 4);
        let seeds: Vec<_> = configs.iter().map(|c| (c.init_seed, c.data_seed)).collect();
        assert!(seeds.is_sorted());
        for (i, config) in configs.iter().enumerate() {
            assert!(!configs[..i].contains(config), "{config:?}");
            assert_eq!(
                (config.n, config.eps == 1e-8 || config.eps == 0.001),
                (50, true)
            );
        }
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_said_with_its_value() {
        let with = |t: &str, vary: &str, seeds: u32| {
            let text = format!(
                r#"{{"base": {{"n": 50, "sparsity": 0.9}}, "t": {t}, {vary} "data_seeds": {seeds}, "init_seeds": 1}}"#
            );
            plan(&text)
                .map(|configs| configs.len())
                .map_err(|error| error.to_string())
        };
        let varied = |setting: &str, values: &str| {
            with(
                "[5]",
                &format!(r#""vary": {{"setting": "{setting}", "values": {values}}},"#),
                1,
            )
        };
        let cases = [
            (with("[]", "", 1), "no value of T"),
            (with("[0]", "", 1), "t is 0"),
            (with("[5, 600000]", "", 1), "t is 600000"),
            (with("[5, 2.5]", "", 1), "t is 2.5"),
            (with("[3, 5]", "", 0), "0 data seeds"),
            (with("[3, 5]", "", 5000), "5000 data seeds"),
            (
                with(&format!("{:?}", (1..=200).collect::<Vec<_>>()), "", 50),
                "10000 runs",
            ),
            (varied("m", "[]"), "no value of m"),
            (varied("m", "[2.5]"), "m is 2.5"),
            (varied("m", "[-3]"), "m is -3"),
            (varied("steps", "[1e300]"), "steps is 1000000"),
            (varied("m", r#"["sum"]"#), "\"sum\" is no value of \"m\""),
            (varied("lr", "[2]"), "lr is 2"),
            (varied("eps", r#"["big"]"#), "is no value"),
            (varied("reduction", "[2]"), "mean or sum"),
            (varied("times", "[0]"), "times can't be 0"),
            (varied("times", "[9]"), "repeats"),
            (varied("width", "[9]"), "weight_decay"),
        ];
        for (said, expected) in cases {
            let said = said.unwrap_err();
            assert!(said.contains(expected), "{said}");
        }
        assert_eq!(varied("reduction", r#"["mean", "sum"]"#), Ok(2));
        assert_eq!(varied("times", "[1, 2]"), Ok(2));
        let plans = [
            "[]",
            "3",
            "{",
            "{}",
            r#"{"t": 3}"#,
            r#"{"base": {}, "t": [3], "data_seeds": 1}"#,
            r#"{"t": [3], "data_seeds": 1, "init_seeds": 1}"#,
            r#"{"base": {}, "t": [3], "vary": "m", "data_seeds": 1, "init_seeds": 1}"#,
            r#"{"base": {}, "t": [3], "vary": {"setting": "m", "values": [2], "from": 1}, "data_seeds": 1, "init_seeds": 1}"#,
            r#"{"base": {}, "t": [3], "data_seeds": 1.5, "init_seeds": 1}"#,
            r#"{"base": {}, "t": [3], "data_seeds": 1, "init_seeds": 1, "seeds": 1}"#,
        ];
        for text in plans {
            let said = plan(text).unwrap_err().to_string();
            assert!(said.contains("no plan"), "{text}: {said}");
        }
    }
}
