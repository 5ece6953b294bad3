//! What do figures need of the page to be drawn? A canvas' context, or nothing for an SVG, and a size.

use plotters::drawing::IntoDrawingArea;
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::canvas::Canvas;
use super::errors::error;
use crate::figures::style::UNITS;
use crate::figures::{self, Drawn, Figure, Style, Theme};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Css pixels; `ratio` is the device's pixels per css pixel. */
export interface Size { width: number; height: number; ratio: number; theme: "light" | "dark" | "print"; }

/** The map between css pixels, from the canvas' upper left corner, and values. */
export interface Axis { pixel0: number; pixel1: number; value0: number; value1: number; log: boolean; }
export interface Area { x: Axis; y: Axis; }
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "\"light\" | \"dark\" | \"print\"")]
    pub type JsTheme;

    #[wasm_bindgen(typescript_type = "Size")]
    pub type JsSize;
    #[wasm_bindgen(method, getter)]
    fn width(this: &JsSize) -> f64;
    #[wasm_bindgen(method, getter)]
    fn height(this: &JsSize) -> f64;
    #[wasm_bindgen(method, getter)]
    fn ratio(this: &JsSize) -> f64;
    #[wasm_bindgen(method, getter)]
    fn theme(this: &JsSize) -> JsTheme;
}

/// Draws on the canvas of `context`, which it clears first.
pub fn draw_on(
    context: CanvasRenderingContext2d,
    size: &JsSize,
    figure: &dyn Figure,
) -> Result<Drawn, JsValue> {
    let style = Style::new(read_theme(size.theme())?).with_unit(UNITS);
    let ratio = size.ratio();
    if !(0.1..=16.0).contains(&ratio) {
        return Err(error(format!(
            "{ratio} device pixels to a css pixel are outside 0.1 to 16"
        )));
    }
    let canvas = Canvas::new(context, extent(size)?, ratio, UNITS as u32)
        .ok_or_else(|| error("this context has no canvas in the document"))?;
    let area = canvas.into_drawing_area();
    let drawn = figures::draw(&area, figure, &style).map_err(error)?;
    area.present().map_err(error)?;
    Ok(drawn)
}

/// The figure as an SVG document.
pub fn svg(size: &JsSize, figure: &dyn Figure) -> Result<String, JsValue> {
    Ok(figures::svg(
        figure,
        extent(size)?,
        read_theme(size.theme())?,
    ))
}

/// Whole css pixels; a canvas that is not laid out has none.
fn extent(size: &JsSize) -> Result<(u32, u32), JsValue> {
    let (width, height) = (size.width(), size.height());
    if (1.0..=8192.0).contains(&width) && (1.0..=8192.0).contains(&height) {
        return Ok((width as u32, height as u32));
    }
    Err(error(format!(
        "a figure is 1 to 8192 pixels wide and high, not {width} by {height}"
    )))
}

pub fn read_theme(theme: JsTheme) -> Result<Theme, JsValue> {
    let name = JsValue::from(theme).as_string().unwrap_or_default();
    Theme::named(&name)
        .ok_or_else(|| error(format!("theme {name:?} is none of light, dark and print")))
}
