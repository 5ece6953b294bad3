//! How does a worker train? One [`Run`] per training run, advanced in slices.

use js_sys::{Error, Float32Array, Float64Array, Object, Reflect, Uint32Array};
use ndarray::ArrayView2;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{JsConfig, JsHistory, config_to_js, history_to_js, to_js, value_of};
use super::errors::error;
use crate::data::{Source, Stream};
use crate::gradient::Path;
use crate::measure::{self, Outcome};
use crate::model::Params;
use crate::report::{self, Checksums, Measures, Report};
use crate::sweep::Record;
use crate::train::{
    Config, ConfigError, Group, Kind, Number, Numerics, Range, SETTINGS, Setting, Trainer,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What stands beside and below a setting's field, as HTML. */
export interface SettingWords { label: string; hint: string; }

/** A setting that has a field; `place` in the form; `only`: shown for this T alone. */
export interface Setting extends SettingWords {
  name: string; kind: "real" | "whole" | "seed" | "count" | "flag" | "choice"; min: number; max: number; options: string[];
  group: "data" | "model" | "training" | "others" | "advanced"; place: number; only: string | null;
}

/** What a text says for a number; NaN if nothing. `nearest`: what is allowed instead; `write`: how what was meant is written. */
export interface Reading {
  value: number | "inf"; why?: "number" | "integer" | "range"; nearest?: number; write?: string;
}

/** Measures of a moment, and what the run is then. */
export interface Measured extends Measures { outcome: Outcome; }

/** CRC-32 of the initial W, and of the values of the training examples of step 0. */
export interface Checksums { w: number; values: number; }
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Setting[]")]
    pub type JsSettings;
    #[wasm_bindgen(typescript_type = "Reading")]
    pub type JsReading;
    #[wasm_bindgen(typescript_type = "Partial<Config>")]
    pub type JsPartialConfig;
    #[wasm_bindgen(typescript_type = "Measured")]
    pub type JsMeasured;
    #[wasm_bindgen(typescript_type = "Checksums")]
    pub type JsChecksums;
    #[wasm_bindgen(typescript_type = "Inputs")]
    pub type JsInputs;
}

/// A row of the table as the page has it.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    kind: &'static str,
    min: f64,
    max: f64,
    options: &'static [&'static str],
    group: Group,
    place: u32,
    label: &'static str,
    hint: &'static str,
    only: Option<&'static str>,
}

/// The settings that have a field.
#[wasm_bindgen(js_name = settingsTable)]
pub fn settings_table() -> Result<JsSettings, JsValue> {
    let shown = SETTINGS.iter().filter(|s| s.kind != Kind::Other);
    let rows: Vec<Row> = shown.map(row).collect();
    to_js(&rows).map(JsCast::unchecked_into)
}

fn row(setting: &Setting) -> Row {
    let (kind, min, max) = match setting.kind {
        Kind::Number(range) => (range.number.name(), range.min, range.max),
        Kind::Flag => ("flag", 0.0, 1.0),
        Kind::Choice(_) | Kind::Other => ("choice", 0.0, 0.0),
    };
    let options = match setting.kind {
        Kind::Choice(options) => options,
        _ => &[],
    };
    Row {
        name: setting.name,
        kind,
        min,
        max,
        options,
        group: setting.place.0,
        place: 100 * setting.place.0 as u32 + setting.place.1,
        label: setting.label,
        hint: setting.hint,
        only: setting.only,
    }
}

/// What a text says for a number from `min` to `max`.
#[wasm_bindgen(js_name = readNumber)]
pub fn read_number(text: &str, kind: &str, min: f64, max: f64) -> Result<JsReading, JsValue> {
    let number = Number::ALL.into_iter().find(|number| number.name() == kind);
    let number = number.ok_or_else(|| error("no kind of number"))?;
    let read = Range { number, min, max }.read(text, js_sys::parse_float);
    let object = Object::new();
    let set = |name: &str, value: JsValue| Reflect::set(&object, &name.into(), &value);
    match read {
        Ok(value) => set("value", value.map_or_else(|| "inf".into(), JsValue::from))?,
        Err(wrong) => {
            set("why", wrong.why.name().into())?;
            set("nearest", wrong.nearest.into())?;
            set("write", wrong.write.into())?;
            set("value", wrong.value.into())?
        }
    };
    Ok(object.unchecked_into())
}

/// The configuration with all defaults filled in, checked.
#[wasm_bindgen(js_name = checkConfig)]
pub fn check_config(config: JsPartialConfig) -> Result<JsConfig, JsValue> {
    config_to_js(&read_config(config)?).map(JsCast::unchecked_into)
}

/// The test loss of a model that outputs zero: 1, but for other losses, importance or examples of any length.
#[wasm_bindgen(js_name = zeroLoss)]
pub fn zero_loss(config: JsPartialConfig) -> Result<f64, JsValue> {
    Ok(read_config(config)?.baseline().test_zero)
}

/// The first `count` training examples of a configuration.
#[wasm_bindgen(js_name = trainingExamples)]
pub fn training_examples(config: JsPartialConfig, count: usize) -> Result<JsInputs, JsValue> {
    let Config {
        n,
        sparsity,
        unit_length,
        data_seed,
        ..
    } = read_config(config)?;
    let source = Source::new(n, sparsity, unit_length, data_seed, Stream::Train);
    let examples = source.examples(0..count as u64);
    let (mut offsets, mut features, mut values) = (vec![0], Vec::new(), Vec::new());
    for (row, x) in examples.rows() {
        features.extend_from_slice(row);
        values.extend_from_slice(x);
        offsets.push(features.len() as u32);
    }
    let inputs = Object::new();
    for (name, value) in [
        ("n", JsValue::from(n as u32)),
        ("offsets", Uint32Array::from(&offsets[..]).into()),
        ("features", Uint32Array::from(&features[..]).into()),
        ("values", Float32Array::from(&values[..]).into()),
    ] {
        Reflect::set(&inputs, &name.into(), &value)?;
    }
    Ok(inputs.unchecked_into())
}

/// Bytes that a run takes, about.
#[wasm_bindgen(js_name = runMemory)]
pub fn run_memory(config: JsPartialConfig) -> Result<f64, JsValue> {
    read_config(config).map(|config| config.memory())
}

/// D of each of `vectors` (count, m).
#[wasm_bindgen]
pub fn dimensionalities(vectors: &[f32], m: usize) -> Result<Float64Array, JsValue> {
    let d = measure::dimensionalities(rows_of(vectors, m)?);
    Ok(d.as_slice().into())
}

fn rows_of(vectors: &[f32], m: usize) -> Result<ArrayView2<'_, f32>, JsValue> {
    let rows = vectors.len().checked_div(m).unwrap_or(0);
    ArrayView2::from_shape((rows, m), vectors).map_err(error)
}

/// D* of each of `vectors` (count, m).
#[wasm_bindgen(js_name = maxDataDimensionality)]
pub fn max_data_dimensionality(vectors: &[f32], m: usize) -> Result<Float64Array, JsValue> {
    let d_star = measure::max_data_dimensionality(rows_of(vectors, m)?);
    Ok(d_star.as_slice().into())
}

/// Share of the examples whose D* is at least half of an even share.
#[wasm_bindgen(js_name = evenlyHeld)]
pub fn evenly_held(d_star: &[f64]) -> f64 {
    measure::evenly_held(d_star)
}

/// A seed from the platform's source of randomness.
#[wasm_bindgen(js_name = freshSeed)]
pub fn fresh_seed() -> Result<u32, JsValue> {
    getrandom::u32().map_err(error)
}

/// Radius of the polygon that all hidden vectors form where the closed form holds; none where it doesn't.
#[wasm_bindgen(js_name = closedFormRadius)]
pub fn closed_form_radius(config: JsPartialConfig) -> Result<Option<f64>, JsValue> {
    Ok(read_config(config)?.closed_form_radius())
}

/// The version of the program and of each path of the gradient.
#[wasm_bindgen]
pub fn version() -> String {
    format!(
        "{}, numerics {}",
        env!("CARGO_PKG_VERSION"),
        Numerics::list()
    )
}

/// One training run.
#[wasm_bindgen]
pub struct Run(Trainer);

#[wasm_bindgen]
impl Run {
    /// A run at step 0, with the path of the gradient of that name or, if none is given, the fastest. Throws an error with
    /// `field` if a setting is outside its range, and one if there is no such path.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsPartialConfig, path: Option<String>) -> Result<Run, JsValue> {
        let config = read_config(config)?;
        let numerics = match path {
            None => Numerics::of(&config),
            Some(name) => Path::named(&name)
                .map(Numerics::now)
                .ok_or_else(|| error(format!("no path is called {name:?}")))?,
        };
        Trainer::made_with(config, numerics)
            .map(Run)
            .map_err(config_error)
    }

    /// The run of a checkpoint. Throws if the bytes are something else, of another version, or damaged.
    pub fn resume(checkpoint: &[u8]) -> Result<Run, JsValue> {
        let read = |json: &str| config_from(&js_sys::JSON::parse(json).ok()?).ok();
        Trainer::resume_with(checkpoint, read)
            .map(Run)
            .map_err(error)
    }

    /// Makes at most this many updates and returns how many it made; fewer at the end or if the run diverges.
    pub fn advance(&mut self, steps: u32) -> u32 {
        for done in 0..steps {
            if self.0.is_finished() {
                return done;
            }
            self.0.step();
        }
        steps
    }

    /// Updates made.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> f64 {
        self.0.steps_done() as f64
    }

    /// Updates in all.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> f64 {
        self.0.config().steps as f64
    }

    /// All updates made, or diverged.
    #[wasm_bindgen(getter)]
    pub fn finished(&self) -> bool {
        self.0.is_finished()
    }

    /// The step after which a parameter was no longer finite.
    #[wasm_bindgen(getter, js_name = divergedAt)]
    pub fn diverged_at(&self) -> Option<f64> {
        self.0.diverged_at().map(|step| step as f64)
    }

    /// All settings.
    pub fn config(&self) -> Result<JsConfig, JsValue> {
        config_to_js(self.0.config()).map(JsCast::unchecked_into)
    }

    /// Loss on the training examples, now.
    #[wasm_bindgen(js_name = trainLoss)]
    pub fn train_loss(&self) -> f64 {
        self.0.train_loss()
    }

    /// Losses so far.
    pub fn history(&self) -> Result<JsHistory, JsValue> {
        history_to_js(self.0.history())
    }

    /// Hidden vectors of the training examples (T, m), example after example.
    pub fn hidden(&self) -> Float32Array {
        self.0.hidden().as_slice().into()
    }

    /// Columns of W (n, m), feature after feature.
    pub fn features(&self) -> Float32Array {
        self.0.params().columns().as_slice().into()
    }

    /// D of every feature.
    #[wasm_bindgen(js_name = featureDimensionality)]
    pub fn feature_dimensionality(&self) -> Float64Array {
        report::feature_dimensionality(&self.0).as_slice().into()
    }

    /// D of every training example.
    #[wasm_bindgen(js_name = exampleDimensionality)]
    pub fn example_dimensionality(&self) -> Float64Array {
        report::example_dimensionality(&self.0).as_slice().into()
    }

    /// Losses, norms, activity and polygon, now, and what the run is. Costs an evaluation of the test examples.
    pub fn measures(&self) -> Result<JsMeasured, JsValue> {
        let measures = Measures::of(&self.0);
        let outcome = report::outcome(&self.0, &measures);
        measured(measures, outcome)
    }

    /// What figures can be drawn of later, in one buffer: columns of W (n, m), rows of W_up (m, n) if weights are untied, b (n),
    /// hidden vectors (T, m).
    pub fn snapshot(&self) -> Float32Array {
        report::snapshot(&self.0).as_slice().into()
    }

    /// [`measures`](Self::measures) of an earlier step, from its snapshot.
    #[wasm_bindgen(js_name = measuresAt)]
    pub fn measures_at(&self, snapshot: &[f32], step: u32) -> Result<JsMeasured, JsValue> {
        let Config { n, m, untied, .. } = *self.0.config();
        let count = n * (if untied { 2 * m } else { m } + 1);
        if snapshot.len() < count {
            return Err(error("this snapshot is of another run"));
        }
        let (columns, rest) = snapshot[..count].split_at(n * m);
        let rows = (0..m).flat_map(|k| columns.iter().skip(k).step_by(m));
        let values: Vec<f32> = rows.chain(rest).copied().collect();
        let params = Params::from_rows(n, m, &values);
        let measures = Measures::at(&self.0, &params, step.into());
        let outcome = match self.0.diverged_at() {
            Some(at) if at == u64::from(step) => Outcome::diverged(at),
            _ => {
                let d = measure::dimensionalities(rows_of(columns, m)?);
                report::outcome_at(self.0.config(), &measures, d)
            }
        };
        measured(measures, outcome)
    }

    /// The JSON that `lab train --json` writes.
    pub fn report(&self, with_data: bool) -> String {
        Report::of(&self.0, with_data).to_json()
    }

    /// Sums of what the run starts from.
    pub fn checksums(&self) -> Result<JsChecksums, JsValue> {
        to_js(&Checksums::of(&self.0)).map(JsCast::unchecked_into)
    }

    /// The finished run as a line of a store without vectors, to be compared with `Sweep.record`.
    pub fn record(&self) -> String {
        Record::without_vectors_of(&self.0).compared().to_line()
    }

    /// The finished run as a line of a store without vectors, with all its losses.
    pub fn line(&self) -> String {
        Record::without_vectors_of(&self.0).to_line()
    }

    /// CRC-32 of W and b as they are now.
    pub fn weights(&self) -> u32 {
        report::weights(&self.0)
    }

    /// The run as bytes for [`resume`](Self::resume).
    pub fn checkpoint(&self) -> Vec<u8> {
        self.0.checkpoint()
    }
}

fn measured(measures: Measures, outcome: Outcome) -> Result<JsMeasured, JsValue> {
    #[derive(Serialize)]
    struct Measured {
        #[serde(flatten)]
        measures: Measures,
        outcome: Outcome,
    }
    to_js(&Measured { measures, outcome }).map(JsCast::unchecked_into)
}

/// JSON is the one way in, so that page, command line and checkpoint share their checks.
fn read_config(config: JsPartialConfig) -> Result<Config, JsValue> {
    let json = js_sys::JSON::stringify(&config)?;
    config_from(&js_sys::JSON::parse(&String::from(json))?)
}

fn config_from(parsed: &JsValue) -> Result<Config, JsValue> {
    Config::from_value(value_of(parsed)).map_err(config_error)
}

fn config_error(wrong: ConfigError) -> JsValue {
    let thrown = Error::new(&wrong.message);
    // Setting a property of a fresh, extensible object can't fail.
    let set = |name: &str, value: Option<JsValue>| {
        let _ = value.map(|value| Reflect::set(&thrown, &name.into(), &value));
    };
    set("field", wrong.field.map(JsValue::from));
    set("nearest", wrong.nearest.map(JsValue::from));
    thrown.into()
}
