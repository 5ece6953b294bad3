//! Which figures does the page make of neither a run nor stored runs? Those of closed forms, of inputs, and of the classifier of digits.

use wasm_bindgen::prelude::*;

use super::errors::error;
use super::figure::{Fields, JsFigure};
use crate::figures::{self, Fgon, Inputs, Ranked, Tgon};
use crate::theory::polygon_radius;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Examples in the order of D*; ranks from 0, the lowest. Values on the axis of x are stretched ranks. */
export interface RankedData {
  count: number;
  ranks: Float64Array; dStar: Float64Array;
  mean: number; lowest: number; highest: number;
  from?: number; to?: number;
  shown: Float64Array; wrong: Float64Array;
  selected?: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Inputs & { selected?: number }")]
    pub type JsInputs;
    #[wasm_bindgen(typescript_type = "RankedData")]
    pub type JsRanked;
}

/// Hidden vectors of memorised examples, angles in degrees, and what the example `shown` puts out.
#[wasm_bindgen(js_name = tgonFigure)]
pub fn tgon_figure(lengths: &[f64], angles: &[f64], shown: usize) -> Result<JsFigure, JsValue> {
    let tgon = Tgon::polar(lengths, angles, shown);
    let words = "a polygon has three examples or more, finite, one of which is shown";
    tgon.map(JsFigure::of).ok_or_else(|| error(words))
}

/// Features on a regular polygon, 3 to 7.
#[wasm_bindgen(js_name = fgonFigure)]
pub fn fgon_figure(features: usize) -> Result<JsFigure, JsValue> {
    let words = format!("3 to 7 features are compared, not {features}");
    let fgon = Fgon::new(features);
    fgon.map(JsFigure::of).ok_or_else(|| error(words))
}

/// The least radius at which a regular polygon of this many examples is exact.
#[wasm_bindgen(js_name = leastRadius)]
pub fn least_radius(examples: usize) -> Option<f64> {
    polygon_radius(examples)
}

/// Training examples as the model sees them.
#[wasm_bindgen(js_name = inputsFigure)]
pub fn inputs_figure(data: &JsInputs) -> JsFigure {
    let data = Fields(data);
    JsFigure::of(Inputs {
        n: data.count("n"),
        offsets: data.indices("offsets").into(),
        features: data.indices("features").into(),
        values: data.singles("values").into(),
        selected: data.index("selected"),
    })
}

/// The sorted curve of D*.
#[wasm_bindgen(js_name = rankedFigure)]
pub fn ranked_figure(data: &JsRanked) -> JsFigure {
    let data = Fields(data);
    let number = |name| data.number(name).unwrap_or(0.0);
    JsFigure::of(Ranked {
        count: data.count("count"),
        ranks: data.floats("ranks").into(),
        d_star: data.floats("dStar").into(),
        mean: number("mean"),
        lowest: number("lowest"),
        highest: number("highest"),
        brush: data.number("from").zip(data.number("to")),
        shown: data.floats("shown").into(),
        wrong: data.floats("wrong").into(),
        selected: data.index("selected"),
    })
}

/// Where a rank lies on the axis of that curve.
#[wasm_bindgen(js_name = stretchedRank)]
pub fn stretched_rank(rank: f64, count: usize) -> f64 {
    figures::stretched(rank, count)
}

/// The rank at a place on it.
#[wasm_bindgen(js_name = rankAt)]
pub fn rank_at(x: f64, count: usize) -> usize {
    figures::rank_at(x, count)
}
