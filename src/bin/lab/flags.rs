//! Which run do the flags ask for? A flag for each setting; their ranges, defaults and words are the library's.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use serde_json::Value;

use superposition::train::{
    Config, ConfigError, HELP, InFull, Kind, Nudge, Repeat, SETTINGS, Setting,
};

/// The settings of a run. What is left out takes the paper's value, or the checkpoint's.
pub struct Flags {
    /// Those that were given, as they were typed.
    texts: BTreeMap<&'static str, String>,
    repeats: Vec<Repeat>,
    nudge: Option<Nudge>,
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let papers = json(&Config::default());
        let command = command.next_help_heading("Settings");
        let settings = SETTINGS.iter().zip(HELP);
        command.args(settings.map(|(setting, help)| arg(setting, help, &papers[setting.name])))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args(command)
    }
}

fn arg(setting: &'static Setting, help: &'static str, default: &Value) -> Arg {
    let words = help.trim().trim_end_matches('.');
    let arg = Arg::new(setting.name)
        // Made once, kept as long as the program runs.
        .long(&*flag(setting.name).leak())
        .value_name(&*setting.name.to_uppercase().leak())
        .allow_negative_numbers(true);
    let default = default
        .as_str()
        .map_or_else(|| default.to_string(), str::to_owned);
    match (setting.kind, setting.name) {
        (Kind::Number(range), _) => arg.help(format!(
            "{words} [default: {default}, from {} to {}]",
            range.min, range.max
        )),
        (Kind::Flag, _) => arg
            .help(format!("{words} [default: {default}]"))
            .value_name("BOOL")
            .value_parser(["true", "false"]),
        (Kind::Choice(options), _) => arg
            .help(format!("{words} [default: {default}]"))
            .value_parser(options.to_vec()),
        (Kind::Other, "repeats") => arg
            .help(format!("{words}; may be given again"))
            .value_name("EXAMPLE:TIMES")
            .action(ArgAction::Append)
            .value_parser(parse_repeat),
        (Kind::Other, _) => arg
            .help(words)
            .value_name("STEP:SIZE")
            .value_parser(parse_nudge),
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let typed = |name| matches.get_one::<String>(name).cloned();
        let of_text = SETTINGS
            .iter()
            .filter(|setting| setting.kind != Kind::Other);
        let repeats = matches.get_many::<Repeat>("repeats");
        Ok(Flags {
            texts: of_text
                .filter_map(|setting| Some((setting.name, typed(setting.name)?)))
                .collect(),
            repeats: repeats.into_iter().flatten().copied().collect(),
            nudge: matches.get_one("nudge").copied(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Flags::from_arg_matches(matches)?;
        Ok(())
    }
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

impl Flags {
    /// The settings that were given, under the names that they have in [`Config`].
    fn given(&self) -> Result<Vec<(&'static str, Value)>, String> {
        let mut given = Vec::new();
        for setting in &SETTINGS {
            if let Some(text) = self.texts.get(setting.name) {
                let number = |digits: &str| digits.parse().unwrap_or(f64::NAN);
                let value = setting
                    .read(text, number)
                    .map_err(|error| sentence(&error))?;
                given.push((setting.name, value));
            }
        }
        if !self.repeats.is_empty() {
            let repeats = serde_json::to_value(&self.repeats).expect("plain numbers");
            given.push(("repeats", repeats));
        }
        if let Some(nudge) = &self.nudge {
            given.push(("nudge", serde_json::to_value(nudge).expect("plain numbers")));
        }
        Ok(given)
    }

    /// `base` with the given settings in their place.
    pub fn over(&self, base: &Config) -> Result<Config, String> {
        let mut object = json(base);
        for (name, value) in self.given()? {
            object[name] = value;
        }
        Config::from_json(&object.to_string()).map_err(|error| sentence(&error))
    }

    /// Refuses flags that say something else than `config`, the configuration of a checkpoint.
    pub fn agree_with(&self, config: &Config, checkpoint: &Path) -> Result<(), String> {
        let (asked, written) = (json(&self.over(config)?), json(config));
        let mut given = self.given()?.into_iter();
        match given.find(|(name, _)| asked[name] != written[name]) {
            None => Ok(()),
            Some((name, _)) => Err(format!(
                "--{} is {}, but the run in {} has {}. Leave the flag out to continue that run.",
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
    serde_json::to_value(InFull(config)).expect("a configuration is valid JSON")
}

/// The flag of a setting, without its dashes.
fn flag(name: &str) -> String {
    match name {
        // One at a time.
        "repeats" => "repeat".to_string(),
        _ => name.replace('_', "-"),
    }
}

/// The library's message, with the flag in front.
fn sentence(error: &ConfigError) -> String {
    match &error.field {
        Some(name) => format!("--{}: {error}", flag(name)),
        None => error.to_string(),
    }
}
