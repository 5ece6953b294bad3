//! What do both modules about runs hand over? Settings, measures and losses.

use js_sys::{Array, Float64Array, Object, Reflect};
use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::train::{Config, HistoryPoint, InFull};

#[wasm_bindgen(typescript_custom_section)]
const CONFIG: &str = crate::train::TYPESCRIPT;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Losses at about eight steps per decade. */
export interface History { steps: Float64Array; train: Float64Array; test: Float64Array; }

/** Sparse examples of n features each: k has the features at offsets[k] to offsets[k + 1]. */
export interface Inputs { n: number; offsets: Uint32Array; features: Uint32Array; values: Float32Array; }

/** How close hidden vectors are to a regular polygon. */
export interface Polygon {
  examples: number; on_ring: number; unlearned: number; radius: number; closed_form_radius: number | null;
  angular_error_degrees: number; regular: boolean;
}

/**
 * What a run became; `measure/outcome.rs` has the rules, and `www/outcome.js` the words. `harm` is the test loss as a multiple of that
 * of outputs of zero, if it is far above that.
 */
export type Outcome = { harm: number | null } & (
  | { kind: "diverged"; step: number }
  | { kind: "nothing" } | { kind: "harmed"; harm: number }
  | { kind: "memorised"; examples: number; exact: boolean; form: "polygon" | "circle" | "two-circles" | "uneven" | null }
  | { kind: "all-but"; examples: number; missing: number }
  | { kind: "partly"; examples: number; memorised: number }
  | { kind: "features"; count: number | null; largest: number; least: number | null; next: number | null }
  | { kind: "between"; memorised: number | null; standing: number | null; largest: number }
);

/** What came out. Losses sum over features and average over examples. */
export interface Measures {
  train_loss: number; test_loss: number; w_norm: number; b_norm: number; active_share: number;
  polygon: Polygon | null;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "History")]
    pub type JsHistory;
    #[wasm_bindgen(typescript_type = "Config")]
    pub type JsConfig;
}

pub fn history_to_js(history: &[HistoryPoint]) -> Result<JsHistory, JsValue> {
    let column = |value: fn(&HistoryPoint) -> f64| -> Float64Array {
        let values: Vec<f64> = history.iter().map(value).collect();
        values.as_slice().into()
    };
    let object = Object::new();
    for (name, column) in [
        ("steps", column(|point| point.step as f64)),
        ("train", column(|point| point.train_loss)),
        ("test", column(|point| point.test_loss)),
    ] {
        Reflect::set(&object, &name.into(), &column)?;
    }
    Ok(object.unchecked_into())
}

/// Every setting, also those that a configuration leaves out where they are as in the paper.
pub fn config_to_js(config: &Config) -> Result<JsValue, JsValue> {
    to_js(&InFull(config))
}

/// What the browser has parsed, as JSON is here: a second parser, with its tables for floats, would be a tenth of the page.
pub fn value_of(parsed: &JsValue) -> Value {
    value_within(parsed, DEPTH)
}

/// Deeper than anything that is read.
const DEPTH: u32 = 16;

fn value_within(parsed: &JsValue, depth: u32) -> Value {
    if let Some(number) = parsed.as_f64() {
        // JavaScript has one kind of number.
        const MOST: f64 = 9e15;
        return match number.fract() == 0.0 && number.abs() < MOST {
            true => Value::from(number as i64),
            false => Value::from(number),
        };
    }
    if let Some(text) = parsed.as_string() {
        return Value::from(text);
    }
    if let Some(flag) = parsed.as_bool() {
        return Value::from(flag);
    }
    if depth == 0 || !parsed.is_object() {
        return Value::Null;
    }
    if Array::is_array(parsed) {
        let mut list = Vec::new();
        for value in Array::from(parsed).iter() {
            list.push(value_within(&value, depth - 1));
        }
        return Value::Array(list);
    }
    let mut members = Map::new();
    for entry in Object::entries(parsed.unchecked_ref()).iter() {
        let entry = Array::from(&entry);
        let name = entry.get(0).as_string().unwrap_or_default();
        members.insert(name, value_within(&entry.get(1), depth - 1));
    }
    Value::Object(members)
}

pub fn to_js(value: &(impl Serialize + ?Sized)) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}
