//! How does the page show what needs no run? Figures of closed forms, made anew whenever the reader moves something.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::convert::to_js;
use super::errors::error;
use super::surface::{JsSize, draw_on, svg};
use super::sweeps::JsTable;
use crate::figures::{Fgon, SweepFigure, Tgon};
use crate::theory::polygon_radius;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The map of the figure's plane, if it can be moved, and its marks. */
export interface DrawnClosedForm { area: Area | undefined; places: Place[]; }
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "DrawnClosedForm")]
    pub type JsDrawn;
}

/// A figure of a closed form.
#[wasm_bindgen]
pub struct ClosedForm {
    figure: Box<dyn SweepFigure>,
}

#[wasm_bindgen]
impl ClosedForm {
    /// Hidden vectors of memorised examples, angles in degrees, and what the example `shown` puts out.
    pub fn tgon(lengths: &[f64], angles: &[f64], shown: usize) -> Result<ClosedForm, JsValue> {
        let tgon = Tgon::polar(lengths, angles, shown);
        let words = "a polygon has three examples or more, finite, one of which is shown";
        Ok(ClosedForm {
            figure: Box::new(tgon.ok_or_else(|| error(words))?),
        })
    }

    /// Features on a regular polygon, 3 to 7.
    pub fn fgon(features: usize) -> Result<ClosedForm, JsValue> {
        let fgon = Fgon::new(features);
        let words = format!("3 to 7 features are compared, not {features}");
        Ok(ClosedForm {
            figure: Box::new(fgon.ok_or_else(|| error(words))?),
        })
    }

    /// The least radius at which a regular polygon of so many examples is exact.
    #[wasm_bindgen(js_name = leastRadius)]
    pub fn least_radius(examples: usize) -> Option<f64> {
        polygon_radius(examples)
    }

    /// What it shows, in one sentence.
    pub fn summary(&self) -> String {
        self.figure.summary()
    }

    /// The height that suits a width, css pixels.
    pub fn height(&self, width: f64) -> f64 {
        self.figure.height(width)
    }

    /// Its numbers.
    pub fn table(&self) -> Result<JsTable, JsValue> {
        to_js(&self.figure.table()).map(JsCast::unchecked_into)
    }

    /// Its numbers as CSV.
    pub fn csv(&self) -> String {
        self.figure.table().to_csv()
    }

    /// Draws it on the canvas of `ctx`, which it clears first.
    pub fn draw(&self, ctx: CanvasRenderingContext2d, size: &JsSize) -> Result<JsDrawn, JsValue> {
        let drawn = draw_on(ctx, size, &*self.figure)?;
        let object = Object::new();
        Reflect::set(&object, &"area".into(), &to_js(&drawn.area)?)?;
        Reflect::set(&object, &"places".into(), &to_js(&drawn.places)?)?;
        Ok(object.unchecked_into())
    }

    /// What `draw` draws, as an SVG document.
    pub fn svg(&self, size: &JsSize) -> Result<String, JsValue> {
        svg(size, &*self.figure)
    }
}
