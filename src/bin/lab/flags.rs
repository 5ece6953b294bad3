//! Which run do the flags ask for? Every setting as a flag; ranges and defaults are the library's.

use std::path::Path;

use clap::Args;
use serde_json::{Number, Value};

use superposition::train::{Config, ConfigError, FIELDS, Nudge, Repeat};
use superposition::variant::Loss;

/// The settings of a run. What is left out takes the paper's value, or the checkpoint's.
#[derive(Args)]
#[command(next_help_heading = "Settings")]
pub struct Flags {
    #[arg(long, help = help("n", "Number of features"), allow_negative_numbers = true)]
    n: Option<String>,
    #[arg(long, help = help("m", "Number of hidden dimensions"), allow_negative_numbers = true)]
    m: Option<String>,
    #[arg(long, help = help("t", "Number of training examples, or inf: a fresh batch at every step"),
          allow_negative_numbers = true)]
    t: Option<String>,
    #[arg(long, help = help("sparsity", "S, the probability that a feature is 0"),
          allow_negative_numbers = true)]
    sparsity: Option<String>,
    /// Rescale examples to length 1 [default: true]
    #[arg(long, value_name = "BOOL")]
    unit_length: Option<bool>,
    #[arg(long, help = help("steps", "Number of updates"), allow_negative_numbers = true)]
    steps: Option<String>,
    #[arg(long, help = help("lr", "Peak learning rate"), allow_negative_numbers = true)]
    lr: Option<String>,
    #[arg(long, help = help("weight_decay", "Decoupled decay of W and b"), allow_negative_numbers = true)]
    weight_decay: Option<String>,
    #[arg(long, help = help("beta1", "Adam's memory of the gradient"), allow_negative_numbers = true)]
    beta1: Option<String>,
    #[arg(long, help = help("beta2", "Adam's memory of its square"), allow_negative_numbers = true)]
    beta2: Option<String>,
    #[arg(long, help = help("eps", "Adam's eps"), allow_negative_numbers = true)]
    eps: Option<String>,
    /// Training loss: mean over examples and features (as in the paper), or sum over features [default: mean]
    #[arg(long, value_parser = ["mean", "sum"])]
    reduction: Option<String>,
    #[arg(long, help = help("data_seed", "Seed of the examples"), allow_negative_numbers = true)]
    data_seed: Option<String>,
    #[arg(long, help = help("init_seed", "Seed of the initial W"), allow_negative_numbers = true)]
    init_seed: Option<String>,
    #[arg(long, help = help("batch", "Examples per step where T is infinite"), allow_negative_numbers = true)]
    batch: Option<String>,
    #[arg(long, help = help("test_examples", "Number of test examples"), allow_negative_numbers = true)]
    test_examples: Option<String>,
    /// Let training example EXAMPLE (from 0) appear TIMES times among the T; may be given again
    #[arg(long = "repeat", value_name = "EXAMPLE:TIMES", value_parser = parse_repeat)]
    repeats: Vec<Repeat>,
    /// Outputs are made with W_up, a matrix of its own, in the place of Wᵀ [default: false]
    #[arg(long, value_name = "BOOL")]
    untied: Option<bool>,
    /// A ReLU in the hidden layer [default: false]
    #[arg(long, value_name = "BOOL")]
    hidden_relu: Option<bool>,
    /// Squared, absolute or fourth-power errors, or the cross-entropy of softmax outputs with examples divided by their sum
    /// [default: l2]
    #[arg(long, value_parser = Loss::ALL.map(Loss::name))]
    loss: Option<String>,
    #[arg(long, help = help("importance", "Importance of the last feature, to which it falls evenly from 1 for the first"),
          allow_negative_numbers = true)]
    importance: Option<String>,
    /// Add a normal number of standard deviation SIZE to every bias after STEP updates
    #[arg(long, value_name = "STEP:SIZE", value_parser = parse_nudge)]
    nudge: Option<Nudge>,
}

/// The help of a number: what it is, its default and its range.
fn help(name: &str, text: &str) -> &'static str {
    let at = FIELDS.iter().position(|field| field.name == name);
    let at = at.expect("every number among the settings has a field");
    let (min, max) = (FIELDS[at].min, FIELDS[at].max);
    let default = Config::default().numbers()[at].expect("the default T is finite");
    // Made once, kept as long as the program runs.
    format!("{text} [default: {default}, from {min} to {max}]").leak()
}

fn parse_repeat(text: &str) -> Result<Repeat, String> {
    let parts = text.split_once(':').and_then(|(example, times)| {
        Some(Repeat {
            example: example.parse().ok()?,
            times: times.parse().ok()?,
        })
    });
    parts.ok_or_else(|| "it must be two whole numbers, as in 3:10".to_string())
}

fn parse_nudge(text: &str) -> Result<Nudge, String> {
    let parts = text.split_once(':').and_then(|(step, size)| {
        Some(Nudge {
            step: step.parse().ok()?,
            size: size.parse().ok().filter(|size: &f64| size.is_finite())?,
        })
    });
    parts.ok_or_else(|| "it must be a whole number and a finite size, as in 10000:0.1".to_string())
}

/// A number as JSON; anything else as text, which the library refuses with the range.
fn number(text: &str) -> Value {
    if let Ok(whole) = text.parse::<u64>() {
        return Value::from(whole);
    }
    let real = text.parse::<f64>().ok().and_then(Number::from_f64);
    real.map_or_else(|| Value::from(text), Value::Number)
}

impl Flags {
    /// The settings that were given, under the names that they have in [`Config`].
    fn given(&self) -> Vec<(&'static str, Value)> {
        let numbers = [
            ("n", &self.n),
            ("m", &self.m),
            ("t", &self.t),
            ("sparsity", &self.sparsity),
            ("steps", &self.steps),
            ("lr", &self.lr),
            ("weight_decay", &self.weight_decay),
            ("beta1", &self.beta1),
            ("beta2", &self.beta2),
            ("eps", &self.eps),
            ("data_seed", &self.data_seed),
            ("init_seed", &self.init_seed),
            ("batch", &self.batch),
            ("test_examples", &self.test_examples),
            ("importance", &self.importance),
        ];
        let mut given: Vec<(&str, Value)> = numbers
            .into_iter()
            .filter_map(|(name, text)| Some((name, number(text.as_ref()?))))
            .collect();
        for (name, flag) in [
            ("unit_length", self.unit_length),
            ("untied", self.untied),
            ("hidden_relu", self.hidden_relu),
        ] {
            given.extend(flag.map(|flag| (name, Value::from(flag))));
        }
        for (name, choice) in [("reduction", &self.reduction), ("loss", &self.loss)] {
            let choice = choice.as_deref();
            given.extend(choice.map(|choice| (name, Value::from(choice))));
        }
        if !self.repeats.is_empty() {
            let repeats = serde_json::to_value(&self.repeats).expect("plain numbers");
            given.push(("repeats", repeats));
        }
        if let Some(nudge) = &self.nudge {
            given.push(("nudge", serde_json::to_value(nudge).expect("plain numbers")));
        }
        given
    }

    /// `base` with the given settings in their place.
    pub fn over(&self, base: &Config) -> Result<Config, String> {
        let mut object = json(base);
        for (name, value) in self.given() {
            object[name] = value;
        }
        Config::from_json(&object.to_string()).map_err(|error| sentence(&error))
    }

    /// Refuses flags that say something else than `config`, the configuration of a checkpoint.
    pub fn agree_with(&self, config: &Config, checkpoint: &Path) -> Result<(), String> {
        let (asked, written) = (json(&self.over(config)?), json(config));
        match self
            .given()
            .iter()
            .find(|(name, _)| asked[name] != written[name])
        {
            None => Ok(()),
            Some((name, _)) => Err(format!(
                "{} is {}, but the run in {} has {}. Leave the flag out to continue that run.",
                flag(name),
                asked[name],
                checkpoint.display(),
                written[name],
            )),
        }
    }
}

/// Every setting, also those that a configuration leaves out where they are as in the paper.
fn json(config: &Config) -> Value {
    let mut object = serde_json::to_value(config).expect("a configuration is valid JSON");
    object["untied"] = Value::from(config.untied);
    object["hidden_relu"] = Value::from(config.hidden_relu);
    object["loss"] = Value::from(config.loss.name());
    object["importance"] = Value::from(config.importance);
    object
}

/// The flag of a setting.
fn flag(name: &str) -> String {
    match name {
        "repeats" => "--repeat".to_string(),
        _ => format!("--{}", name.replace('_', "-")),
    }
}

/// The library's message, with the flag in front.
fn sentence(error: &ConfigError) -> String {
    match &error.field {
        Some(name) => format!("{}: {error}", flag(name)),
        None => error.to_string(),
    }
}
