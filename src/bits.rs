//! Does a machine make the bits on record? A list of short runs, of every path and option, with the checksums of how they end.
//!
//! `tests/reference/bits.json` is the one list: `tests/bits.rs`, `lab bits` on any processor, and the browser's test read it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::checksum;
use crate::measure::Polygon;
use crate::mnist;
use crate::report::{self, Measures};
use crate::train::{Config, Numerics, Trainer};

/// The runs on record.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// What runs of the toy model have in common.
    base: Map<String, Value>,
    /// The runs, each there for something that no other has.
    pub runs: Vec<Run>,
}

/// A run and how it ends.
#[derive(Debug, Serialize, Deserialize)]
pub struct Run {
    /// What it is on the list for.
    pub name: String,
    /// Its settings.
    #[serde(flatten)]
    settings: Settings,
    /// The step at which it is saved as a checkpoint and goes on from that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<u64>,
    /// How it ends.
    #[serde(flatten)]
    pub sums: Sums,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Settings {
    /// Of the toy model: what differs from the base.
    Config(Map<String, Value>),
    /// Of the classifier.
    Digits(Live),
}

/// A run of the classifier on the digits of the page.
#[derive(Debug, Serialize, Deserialize)]
struct Live {
    hidden: usize,
    epochs: u64,
    weight_decay: f64,
    label_noise: f64,
    /// Of data and init.
    seed: u32,
}

/// CRC-32 as eight digits; empty for a run that is not on record yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sums {
    /// Of the [snapshot](report::snapshot) as little-endian f32; of the classifier's parameters.
    pub parameters: String,
    /// Of losses on the way, measures and dimensionalities as little-endian f64; of the classifier's D*.
    pub measures: String,
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Sums {
            parameters,
            measures,
        } = self;
        write!(f, "parameters {parameters}, measures {measures}")
    }
}

impl List {
    /// The list of a file.
    ///
    /// # Errors
    /// If the file is something else.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The list as a file, a run a line.
    pub fn to_text(&self) -> String {
        let runs: Vec<String> = self.runs.iter().map(json).collect();
        let (base, runs) = (json(&self.base), runs.join(",\n"));
        format!("{{\"base\":{base},\n\"runs\":[\n{runs}\n]}}\n")
    }

    /// The settings of a run of the toy model; none of the classifier's.
    ///
    /// # Errors
    /// If a setting is outside its range.
    pub fn config(&self, run: &Run) -> Result<Option<Config>, String> {
        let Settings::Config(own) = &run.settings else {
            return Ok(None);
        };
        let mut config = self.base.clone();
        config.extend(own.clone());
        let config = Config::from_value(Value::Object(config));
        config
            .map(Some)
            .map_err(|error| format!("{}: {error}", run.name))
    }

    /// What the run is made with, in words.
    ///
    /// # Errors
    /// If a setting is outside its range.
    pub fn made_with(&self, run: &Run) -> Result<String, String> {
        Ok(match self.config(run)? {
            Some(config) => Numerics::of(&config).to_string(),
            None => format!("version {} of the classifier", mnist::NUMERICS),
        })
    }

    /// How the run ends on this machine. `digits` is the page's file of live digits.
    ///
    /// # Errors
    /// If a setting is outside its range, or the file is something else.
    pub fn sums(&self, run: &Run, digits: &[u8]) -> Result<Sums, String> {
        let sums = match &run.settings {
            Settings::Config(_) => {
                let config = self.config(run)?.expect("of the toy model");
                of_toy_model(config, run.via)
            }
            Settings::Digits(live) => of_classifier(live, digits),
        };
        sums.map_err(|error| format!("{}: {error}", run.name))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it is valid JSON")
}

fn of_toy_model(config: Config, via: Option<u64>) -> Result<Sums, String> {
    let mut trainer = Trainer::new(config).map_err(|error| error.to_string())?;
    while !trainer.is_finished() {
        trainer.step();
        if Some(trainer.steps_done()) == via {
            trainer = Trainer::resume(&trainer.checkpoint()).expect("it was just written");
        }
    }
    let on_the_way = trainer.history().iter();
    let on_the_way = on_the_way.flat_map(|p| [p.step as f64, p.train_loss, p.test_loss]);
    let numbers = on_the_way
        .chain(numbers(&Measures::of(&trainer)))
        .chain(report::feature_dimensionality(&trainer))
        .chain(report::example_dimensionality(&trainer));
    Ok(Sums {
        parameters: written(checksum::of_floats(&report::snapshot(&trainer))),
        measures: written(checksum::of_doubles(numbers)),
    })
}

/// What there is for every run, and what there is of a polygon.
fn numbers(measures: &Measures) -> Vec<f64> {
    let mut numbers = vec![
        measures.train_loss,
        measures.test_loss,
        measures.w_norm,
        measures.b_norm,
        measures.active_share,
    ];
    if let Some(Polygon {
        on_ring,
        unlearned,
        radius,
        closed_form_radius,
        angular_error_degrees,
        ..
    }) = measures.polygon
    {
        numbers.extend([on_ring as f64, unlearned as f64, radius]);
        numbers.extend(closed_form_radius);
        numbers.push(angular_error_degrees);
    }
    numbers
}

fn of_classifier(live: &Live, digits: &[u8]) -> Result<Sums, String> {
    let [train, _] =
        mnist::read_live_file(digits).map_err(|error| format!("the digits: {error}"))?;
    let train = train.digits().ok_or("the file of digits is damaged")?;
    let config = mnist::Config {
        hidden: live.hidden,
        examples: train.len(),
        epochs: live.epochs,
        weight_decay: live.weight_decay,
        label_noise: live.label_noise,
        data_seed: live.seed,
        init_seed: live.seed,
        ..mnist::Config::default()
    };
    let trainer = mnist::Trainer::new(config, Arc::new(train));
    let mut trainer = trainer.map_err(|error| error.to_string())?;
    while !trainer.is_finished() {
        trainer.step();
    }
    Ok(Sums {
        parameters: written(checksum::of_floats(trainer.params().values())),
        measures: written(checksum::of_doubles(trainer.d_star())),
    })
}

fn written(sum: u32) -> String {
    format!("{sum:08x}")
}
