//! Which figures of a run does the page make?

use wasm_bindgen::prelude::*;

use super::figure::{Fields, JsFigure};
use crate::figures::{Dimensionalities, Losses, Role, Vectors};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Vectors of m coordinates each, row after row. `beside` is the reach of a figure that shares its scale, here and below. */
export interface VectorsData {
  m: number; vectors: Float32Array;
  dimensionality?: Float64Array; index?: Uint32Array;
  closedFormRadius?: number; selected?: number; beside?: number[];
}

export interface LossesData {
  steps: Float64Array; train: Float64Array; test: Float64Array; liveSteps: number[]; liveTrain: number[];
  /** The step that is read, and the one that other figures show if not the last. */
  selectedStep?: number; shownStep?: number;
  totalSteps: number; beside?: number[];
  /** The loss of a model that outputs zero. */
  zero: number;
}

/** `t` is Infinity for a stream. Stops are features, and then examples. */
export interface DimensionalitiesData {
  features: Float64Array; examples: Float64Array; maximal?: Float64Array;
  m: number; t: number;
  selectedFeature?: number; selectedExample?: number; beside?: number[];
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "VectorsData")]
    pub type JsVectors;
    #[wasm_bindgen(typescript_type = "LossesData")]
    pub type JsLosses;
    #[wasm_bindgen(typescript_type = "DimensionalitiesData")]
    pub type JsDimensionalities;
}

/// Columns of W in the hidden space.
#[wasm_bindgen(js_name = featuresFigure)]
pub fn features_figure(data: &JsVectors) -> JsFigure {
    vectors(Role::Features, data)
}

/// Hidden vectors of examples.
#[wasm_bindgen(js_name = examplesFigure)]
pub fn examples_figure(data: &JsVectors) -> JsFigure {
    vectors(Role::Examples, data)
}

fn vectors(role: Role, data: &JsVectors) -> JsFigure {
    let data = Fields(data);
    JsFigure::of(Vectors {
        dimensionality: data.floats("dimensionality").into(),
        index: data.indices("index").into(),
        closed_form_radius: data.number("closedFormRadius"),
        selected: data.index("selected"),
        beside: data.floats("beside"),
        ..Vectors::new(role, data.count("m"), data.singles("vectors"))
    })
}

/// Train and test loss against the step.
#[wasm_bindgen(js_name = lossesFigure)]
pub fn losses_figure(data: &JsLosses) -> JsFigure {
    let data = Fields(data);
    JsFigure::of(Losses {
        steps: data.floats("steps").into(),
        train: data.floats("train").into(),
        test: data.floats("test").into(),
        live_steps: data.floats("liveSteps").into(),
        live_train: data.floats("liveTrain").into(),
        selected_step: data.number("selectedStep"),
        shown_step: data.number("shownStep"),
        total_steps: data.number("totalSteps").unwrap_or(1.0),
        beside: data.floats("beside"),
        zero: data.number("zero"),
    })
}

/// Dimensionalities of features and examples.
#[wasm_bindgen(js_name = dimensionalitiesFigure)]
pub fn dimensionalities_figure(data: &JsDimensionalities) -> JsFigure {
    let data = Fields(data);
    JsFigure::of(Dimensionalities {
        features: data.floats("features").into(),
        examples: data.floats("examples").into(),
        maximal: data.floats("maximal").into(),
        m: data.count("m"),
        t: data.number("t").unwrap_or(f64::INFINITY),
        selected_feature: data.index("selectedFeature"),
        selected_example: data.index("selectedExample"),
        beside: data.floats("beside"),
    })
}
