//! What is a figure to the page? One object, whatever it shows: drawn on a canvas or as an SVG, with its words, its numbers and what
//! is read at its marks.

use js_sys::{Array, Float32Array, Float64Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::convert::to_js;
use super::surface::{JsSize, draw_on, svg};
use crate::figures::{Cell, Drawn, Figure};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A mark of a figure: css pixels of its middle and to its edges, what it stands for, and what is read there if the figure has places. */
export interface Place { x: number; y: number; half_width: number; half_height: number; record: number; reading: string | null; }

/** A figure's numbers: the first rows of `count`. */
export interface FigureTable { columns: string[]; rows: (number | string)[][]; count: number; }
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Area | undefined")]
    pub type JsArea;
    #[wasm_bindgen(typescript_type = "Place[]")]
    pub type JsPlaces;
    #[wasm_bindgen(typescript_type = "FigureTable")]
    pub type JsTable;
}

/// A figure, and where its marks are since it was drawn last.
#[wasm_bindgen(js_name = Figure)]
pub struct JsFigure {
    figure: Box<dyn Figure>,
    drawn: Drawn,
}

impl JsFigure {
    pub fn of(figure: impl Figure + 'static) -> JsFigure {
        JsFigure {
            figure: Box::new(figure),
            drawn: Drawn::default(),
        }
    }
}

#[wasm_bindgen(js_class = Figure)]
impl JsFigure {
    /// What it shows, in one sentence.
    pub fn summary(&self) -> String {
        self.figure.summary()
    }

    /// The height that suits a width, css pixels.
    pub fn height(&self, width: f64) -> f64 {
        self.figure.height(width)
    }

    /// Its numbers: all, or so many rows of them.
    pub fn table(&self, most: Option<usize>) -> Result<JsTable, JsValue> {
        let table = self.figure.table();
        let (columns, rows, object) = (Array::new(), Array::new(), Object::new());
        for name in &table.columns {
            columns.push(&name.into());
        }
        for row in table.rows.iter().take(most.unwrap_or(usize::MAX)) {
            let cells = Array::new();
            for cell in &row.cells {
                cells.push(&match cell {
                    Cell::Number(x) => (*x).into(),
                    Cell::Text(text) => text.into(),
                });
            }
            rows.push(&cells);
        }
        Reflect::set(&object, &"columns".into(), &columns)?;
        Reflect::set(&object, &"rows".into(), &rows)?;
        Reflect::set(&object, &"count".into(), &table.rows.len().into())?;
        Ok(object.unchecked_into())
    }

    /// All its numbers as CSV.
    pub fn csv(&self) -> String {
        self.figure.table().to_csv()
    }

    /// Draws it on the canvas of `ctx`, which it clears first. Returns its map, if it has one pair of axes.
    pub fn draw(
        &mut self,
        ctx: CanvasRenderingContext2d,
        size: &JsSize,
    ) -> Result<JsArea, JsValue> {
        self.drawn = draw_on(ctx, size, &*self.figure)?;
        match &self.drawn.area {
            Some(area) => to_js(area).map(JsCast::unchecked_into),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }

    /// What `draw` draws, as an SVG document.
    pub fn svg(&self, size: &JsSize) -> Result<String, JsValue> {
        svg(size, &*self.figure)
    }

    /// Where its marks are in the last drawing.
    #[cfg(feature = "sweeps")]
    pub fn places(&self) -> Result<JsPlaces, JsValue> {
        to_js(&self.drawn.places).map(JsCast::unchecked_into)
    }

    /// What a pixel of that drawing reads: a number for `read`.
    pub fn stop(&self, x: f64, y: f64) -> Option<usize> {
        self.drawn.stop(x, y)
    }

    /// What the keys go through.
    pub fn stops(&self) -> Vec<u32> {
        let stops = self.drawn.stops(&*self.figure);
        stops.into_iter().map(|stop| stop as u32).collect()
    }

    /// What is read at a stop, in words.
    pub fn read(&self, stop: usize) -> Option<String> {
        self.drawn.read(&*self.figure, stop)
    }

    /// What it takes of its axes, for the figure beside it.
    pub fn reach(&self) -> Vec<f64> {
        self.figure.reach()
    }
}

/// What JavaScript hands over, field by field. One import reads all; a getter of its own for each field would cost the page more.
pub struct Fields<'a>(pub &'a JsValue);

impl Fields<'_> {
    fn get(&self, name: &str) -> Option<JsValue> {
        let value = Reflect::get(self.0, &name.into()).ok()?;
        (!value.is_null() && !value.is_undefined()).then_some(value)
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.as_f64()
    }

    /// An index or a count; 0 if it is missing.
    pub fn count(&self, name: &str) -> usize {
        self.index(name).unwrap_or(0)
    }

    pub fn index(&self, name: &str) -> Option<usize> {
        self.number(name).map(|x| x as usize)
    }

    /// Numbers; none if they are missing.
    pub fn floats(&self, name: &str) -> Vec<f64> {
        let array = self.get(name).map(|value| Float64Array::new(&value));
        array.map_or(Vec::new(), |array| array.to_vec())
    }

    pub fn singles(&self, name: &str) -> Vec<f32> {
        let array = self.get(name).map(|value| Float32Array::new(&value));
        array.map_or(Vec::new(), |array| array.to_vec())
    }

    pub fn indices(&self, name: &str) -> Vec<u32> {
        let array = self.get(name).map(|value| Uint32Array::new(&value));
        array.map_or(Vec::new(), |array| array.to_vec())
    }
}
