//! How does the page show digits and train on them? Stored runs out of a file, and one small live run, in a wasm of their own
//! that is loaded when the reader comes near.

use std::sync::Arc;

use js_sys::{Float64Array, JSON, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use wasm_bindgen::prelude::*;

use super::errors::error;
use crate::checksum;
use crate::mnist::{self, Config, Digits, Pack, Sheet, Trainer, area_under_curve, read_live_file};

#[wasm_bindgen(typescript_custom_section)]
const CONFIG: &str = mnist::TYPESCRIPT;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Where some of the examples stand among all; see src/mnist/findings.rs. */
export interface DigitsGroup { count: number; extent: [number, number, number] | null; tenths: number[]; auc: number | null; }

/** D* at one snapshot. */
export interface DigitsFindings {
  step: number; train_loss: number; train_accuracy: number; test_loss: number; test_accuracy: number; rank: number;
  quantiles: number[]; alike: number; above: number[]; unlike_class: number;
  classes: DigitsGroup[]; misclassified: DigitsGroup; mislabelled: DigitsGroup | null;
  /** Mislabelled examples that get their wrong label. */
  memorised: DigitsGroup | null;
}

/** The digits that a file shows: their labels, and images of 28 × 28 bytes, 255 being full ink. */
export interface LiveDigits { digits: Uint8Array; images: Uint8Array; }

/** Stored runs: some examples by index, what each run was told they are, and the ranks at which curves are given. */
export interface DigitsHead extends LiveDigits {
  knots: Uint32Array; indices: Uint32Array; runs: { config: DigitsConfig; labels: Uint8Array; moments: number }[];
}

/** A snapshot: D* at the knots; and of each example D*, rank (0: the lowest D*) and the class that it is given. */
export interface DigitsMoment {
  findings: DigitsFindings; curve: Float64Array; dStar: Float64Array; ranks: Uint16Array; predictions: Uint8Array;
}

/** A live run as it stands. */
export interface DigitsFrame {
  step: number; trainAccuracy: number; testAccuracy: number; dStar: Float64Array; predictions: Uint8Array; labels: Uint8Array;
  /** Probability that a mislabelled example has a higher D* than another; undefined if there are none. */
  auc?: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "DigitsHead")]
    pub type JsDigitsHead;
    #[wasm_bindgen(typescript_type = "DigitsMoment")]
    pub type JsDigitsMoment;
    #[wasm_bindgen(typescript_type = "LiveDigits")]
    pub type JsLiveDigits;
    #[wasm_bindgen(typescript_type = "DigitsFrame")]
    pub type JsDigitsFrame;
}

/// Stored runs: a file that `lab mnist` wrote.
#[wasm_bindgen]
pub struct DigitsPack(Pack);

#[wasm_bindgen]
impl DigitsPack {
    /// Throws if the bytes are something else, of another version, or damaged.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<DigitsPack, JsValue> {
        Pack::from_bytes(bytes).map(DigitsPack).map_err(error)
    }

    /// What does not change with time.
    pub fn head(&self) -> Result<JsDigitsHead, JsValue> {
        let DigitsPack(pack) = self;
        let runs = js_sys::Array::new();
        for run in &pack.runs {
            runs.push(&object(&[
                ("config", JSON::parse(&run.config)?),
                ("labels", bytes(&run.labels)),
                ("moments", run.moments.len().into()),
            ])?);
        }
        let head = object(&[
            ("knots", Uint32Array::from(pack.knots.as_slice()).into()),
            ("indices", Uint32Array::from(pack.indices.as_slice()).into()),
            ("digits", bytes(pack.sheet.labels())),
            ("images", bytes(&images_of(&pack.sheet)?)),
            ("runs", runs.into()),
        ]);
        head.map(JsCast::unchecked_into)
    }

    /// A snapshot of a run.
    pub fn moment(&self, run: usize, moment: usize) -> Result<JsDigitsMoment, JsValue> {
        let run = self.0.runs.get(run);
        let moment = run.and_then(|run| run.moments.get(moment));
        let moment = moment.ok_or_else(|| error("there is no such snapshot"))?;
        let moment = object(&[
            ("findings", JSON::parse(&moment.findings)?),
            ("curve", numbers(&moment.curve())),
            ("dStar", numbers(&moment.d_star())),
            ("ranks", Uint16Array::from(moment.ranks.as_slice()).into()),
            ("predictions", bytes(&moment.predictions)),
        ]);
        moment.map(JsCast::unchecked_into)
    }
}

/// The training digits of the file that a live run takes.
#[wasm_bindgen(js_name = liveDigits)]
pub fn live_digits(file: &[u8]) -> Result<JsLiveDigits, JsValue> {
    let [train, _] = read_live_file(file).map_err(error)?;
    let images = bytes(&images_of(&train)?);
    object(&[("digits", bytes(train.labels())), ("images", images)]).map(JsCast::unchecked_into)
}

/// A run of the classifier in the page.
#[wasm_bindgen]
pub struct DigitsRun {
    trainer: Trainer,
    test: Digits,
}

#[wasm_bindgen]
impl DigitsRun {
    /// A run at step 0 on all training digits of the file; `seed` is both seeds. Throws if a setting is outside its range.
    #[wasm_bindgen(constructor)]
    pub fn new(
        file: &[u8],
        hidden: usize,
        epochs: u32,
        weight_decay: f64,
        label_noise: f64,
        seed: u32,
    ) -> Result<DigitsRun, JsValue> {
        let [train, test] = read_live_file(file).map_err(error)?;
        let digits = |sheet: Sheet| {
            sheet
                .digits()
                .ok_or_else(|| error("the digits are damaged"))
        };
        let (train, test) = (digits(train)?, digits(test)?);
        let config = Config {
            hidden,
            examples: train.len(),
            epochs: epochs.into(),
            weight_decay,
            label_noise,
            data_seed: seed,
            init_seed: seed,
            ..Config::default()
        };
        let trainer = Trainer::new(config, Arc::new(train)).map_err(error)?;
        Ok(DigitsRun { trainer, test })
    }

    /// Makes at most this many updates and returns how many it made.
    pub fn advance(&mut self, steps: u32) -> u32 {
        for done in 0..steps {
            if self.trainer.is_finished() {
                return done;
            }
            self.trainer.step();
        }
        steps
    }

    /// Updates made.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> f64 {
        self.trainer.steps_done() as f64
    }

    /// Updates in all.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> f64 {
        self.trainer.config().steps() as f64
    }

    /// All updates made, or diverged.
    #[wasm_bindgen(getter)]
    pub fn finished(&self) -> bool {
        self.trainer.is_finished()
    }

    /// The step after which a parameter was no longer finite.
    #[wasm_bindgen(getter, js_name = divergedAt)]
    pub fn diverged_at(&self) -> Option<f64> {
        self.trainer.diverged_at().map(|step| step as f64)
    }

    /// CRC-32 of the parameters, by which two runs can be compared.
    pub fn checksum(&self) -> u32 {
        checksum::of_floats(self.trainer.params().values())
    }

    /// Accuracies, predictions and D* of every training example, now.
    pub fn frame(&self) -> Result<JsDigitsFrame, JsValue> {
        let Self { trainer, test } = self;
        let labels = trainer.labels();
        let on_train = mnist::evaluate(trainer.params(), trainer.digits(), labels);
        let on_test = mnist::evaluate(trainer.params(), test, test.labels());
        let d_star = trainer.d_star();
        let shown = trainer.digits().labels();
        let auc = area_under_curve(&d_star, |i| labels[i] != shown[i]);
        let frame = object(&[
            ("step", self.step().into()),
            ("trainAccuracy", on_train.accuracy.into()),
            ("testAccuracy", on_test.accuracy.into()),
            ("dStar", numbers(&d_star)),
            ("predictions", bytes(&on_train.predictions)),
            ("labels", bytes(labels)),
            ("auc", auc.into()),
        ]);
        frame.map(JsCast::unchecked_into)
    }
}

fn object(fields: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = JsValue::from(Object::new());
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from(*name), value)?;
    }
    Ok(object)
}

fn bytes(values: &[u8]) -> JsValue {
    Uint8Array::from(values).into()
}

fn numbers(values: &[f64]) -> JsValue {
    Float64Array::from(values).into()
}

fn images_of(sheet: &Sheet) -> Result<Vec<u8>, JsValue> {
    sheet
        .images()
        .ok_or_else(|| error("its images are damaged"))
}
