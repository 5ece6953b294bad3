//! How is the figure of inputs drawn?

use js_sys::{Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::convert::to_js;
use super::surface::{JsSize, draw_on, svg};
use crate::figures::Inputs;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Inputs & { selected?: number }")]
    pub type JsInputs;
    #[wasm_bindgen(method, getter)]
    fn n(this: &JsInputs) -> usize;
    #[wasm_bindgen(method, getter)]
    fn offsets(this: &JsInputs) -> Uint32Array;
    #[wasm_bindgen(method, getter)]
    fn features(this: &JsInputs) -> Uint32Array;
    #[wasm_bindgen(method, getter)]
    fn values(this: &JsInputs) -> Float32Array;
    #[wasm_bindgen(method, getter)]
    fn selected(this: &JsInputs) -> Option<usize>;
    #[wasm_bindgen(typescript_type = "Area")]
    pub type JsArea;
}

impl JsInputs {
    fn with<R>(&self, figure: impl FnOnce(&Inputs) -> R) -> R {
        figure(&Inputs {
            n: self.n(),
            offsets: &self.offsets().to_vec(),
            features: &self.features().to_vec(),
            values: &self.values().to_vec(),
            selected: self.selected(),
        })
    }
}

/// Draws examples on the canvas of `ctx`, which it clears first.
#[wasm_bindgen(js_name = drawInputs)]
pub fn draw_inputs(
    ctx: CanvasRenderingContext2d,
    size: &JsSize,
    data: &JsInputs,
) -> Result<JsArea, JsValue> {
    let drawn = data.with(|figure| draw_on(ctx, size, figure))?;
    to_js(&drawn.area).map(JsCast::unchecked_into)
}

/// What `drawInputs` draws, as an SVG document.
#[wasm_bindgen(js_name = svgInputs)]
pub fn svg_inputs(size: &JsSize, data: &JsInputs) -> Result<String, JsValue> {
    data.with(|figure| svg(size, figure))
}
