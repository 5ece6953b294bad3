//! How does the page draw a figure of a run? On a canvas of its own, or as an SVG for download.

use js_sys::{Float32Array, Float64Array};
use plotters::style::RGBColor;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::convert::to_js;
use super::errors::error;
use super::surface::{JsSize, JsTheme, draw_on, read_theme, svg};
use crate::figures::{Dimensionalities, Figure, Losses, Ranked, Role, Style, Vectors, stretched};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface VectorsData {
  role: "examples" | "features";
  m: number;
  /** (count, m), row after row. */
  vectors: Float32Array;
  closedFormRadius?: number | null;
  selected?: number | null;
  /** A length that must fit. */
  reach?: number;
}

export interface LossesData {
  steps: Float64Array; train: Float64Array; test: Float64Array;
  liveSteps?: Float64Array | null; liveTrain?: Float64Array | null;
  /** The step that is read, and the one that other figures show if not the last. */
  selectedStep?: number | null; shownStep?: number | null;
  /** Losses that must fit. */
  reach?: Float64Array | null;
  totalSteps: number;
}

/** On the axis of x, features lie between 0 and 1 and examples between 1 and 2. */
export interface DimensionalitiesData {
  features: Float64Array; examples: Float64Array;
  m: number;
  /** Infinity for a stream. */
  t: number;
  selectedFeature?: number | null; selectedExample?: number | null;
  /** A dimensionality that must fit. */
  reach?: number;
}

/** Examples in the order of D*; ranks from 0, the lowest. Values on the axis of x are stretched ranks. */
export interface RankedData {
  count: number;
  ranks: Float64Array; dStar: Float64Array;
  mean: number; lowest: number; highest: number;
  from?: number; to?: number;
  shown: Float64Array; wrong: Float64Array;
  selected?: number;
}

/** The colours of the figures as css writes them, for legends. */
export interface Colours {
  surface: string; ink: string; faint: string; grid: string;
  features: string; examples: string; train: string; test: string;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Area")]
    pub type JsArea;
    #[wasm_bindgen(typescript_type = "Colours")]
    pub type JsColours;
    #[wasm_bindgen(typescript_type = "VectorsData")]
    pub type JsVectors;
    #[wasm_bindgen(method, getter)]
    fn role(this: &JsVectors) -> String;
    #[wasm_bindgen(method, getter)]
    fn m(this: &JsVectors) -> usize;
    #[wasm_bindgen(method, getter)]
    fn vectors(this: &JsVectors) -> Float32Array;
    #[wasm_bindgen(method, getter, js_name = closedFormRadius)]
    fn closed_form_radius(this: &JsVectors) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn selected(this: &JsVectors) -> Option<usize>;
    #[wasm_bindgen(method, getter)]
    fn reach(this: &JsVectors) -> Option<f64>;

    #[wasm_bindgen(typescript_type = "LossesData")]
    pub type JsLosses;
    #[wasm_bindgen(method, getter)]
    fn steps(this: &JsLosses) -> Float64Array;
    #[wasm_bindgen(method, getter)]
    fn train(this: &JsLosses) -> Float64Array;
    #[wasm_bindgen(method, getter)]
    fn test(this: &JsLosses) -> Float64Array;
    #[wasm_bindgen(method, getter, js_name = liveSteps)]
    fn live_steps(this: &JsLosses) -> Option<Float64Array>;
    #[wasm_bindgen(method, getter, js_name = liveTrain)]
    fn live_train(this: &JsLosses) -> Option<Float64Array>;
    #[wasm_bindgen(method, getter, js_name = selectedStep)]
    fn selected_step(this: &JsLosses) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = shownStep)]
    fn shown_step(this: &JsLosses) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = reach)]
    fn losses_reach(this: &JsLosses) -> Option<Float64Array>;
    #[wasm_bindgen(method, getter, js_name = totalSteps)]
    fn total_steps(this: &JsLosses) -> f64;

    #[wasm_bindgen(typescript_type = "DimensionalitiesData")]
    pub type JsDimensionalities;
    #[wasm_bindgen(method, getter)]
    fn features(this: &JsDimensionalities) -> Float64Array;
    #[wasm_bindgen(method, getter)]
    fn examples(this: &JsDimensionalities) -> Float64Array;
    #[wasm_bindgen(method, getter, js_name = m)]
    fn hidden_size(this: &JsDimensionalities) -> usize;
    #[wasm_bindgen(method, getter)]
    fn t(this: &JsDimensionalities) -> f64;
    #[wasm_bindgen(method, getter, js_name = selectedFeature)]
    fn selected_feature(this: &JsDimensionalities) -> Option<usize>;
    #[wasm_bindgen(method, getter, js_name = selectedExample)]
    fn selected_example(this: &JsDimensionalities) -> Option<usize>;
    #[wasm_bindgen(method, getter, js_name = reach)]
    fn dimensionalities_reach(this: &JsDimensionalities) -> Option<f64>;

    #[wasm_bindgen(typescript_type = "RankedData")]
    pub type JsRanked;
    #[wasm_bindgen(method, getter)]
    fn count(this: &JsRanked) -> usize;
    #[wasm_bindgen(method, getter)]
    fn ranks(this: &JsRanked) -> Float64Array;
    #[wasm_bindgen(method, getter, js_name = dStar)]
    fn d_star(this: &JsRanked) -> Float64Array;
    #[wasm_bindgen(method, getter)]
    fn mean(this: &JsRanked) -> f64;
    #[wasm_bindgen(method, getter)]
    fn lowest(this: &JsRanked) -> f64;
    #[wasm_bindgen(method, getter)]
    fn highest(this: &JsRanked) -> f64;
    #[wasm_bindgen(method, getter)]
    fn from(this: &JsRanked) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn to(this: &JsRanked) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn shown(this: &JsRanked) -> Float64Array;
    #[wasm_bindgen(method, getter)]
    fn wrong(this: &JsRanked) -> Float64Array;
    #[wasm_bindgen(method, getter, js_name = selected)]
    fn selected_rank(this: &JsRanked) -> Option<f64>;
}

/// Draws features or examples in the hidden space on the canvas of `ctx`, which it clears first.
#[wasm_bindgen(js_name = drawVectors)]
pub fn draw_vectors(
    ctx: CanvasRenderingContext2d,
    size: &JsSize,
    data: &JsVectors,
) -> Result<JsArea, JsValue> {
    data.with(|figure| draw(ctx, size, figure))?
}

/// Draws train and test loss against the step.
#[wasm_bindgen(js_name = drawLosses)]
pub fn draw_losses(
    ctx: CanvasRenderingContext2d,
    size: &JsSize,
    data: &JsLosses,
) -> Result<JsArea, JsValue> {
    data.with(|figure| draw(ctx, size, figure))
}

/// Draws the dimensionalities of features and examples.
#[wasm_bindgen(js_name = drawDimensionalities)]
pub fn draw_dimensionalities(
    ctx: CanvasRenderingContext2d,
    size: &JsSize,
    data: &JsDimensionalities,
) -> Result<JsArea, JsValue> {
    data.with(|figure| draw(ctx, size, figure))
}

/// What `drawVectors` draws, as an SVG document.
#[wasm_bindgen(js_name = svgVectors)]
pub fn svg_vectors(size: &JsSize, data: &JsVectors) -> Result<String, JsValue> {
    data.with(|figure| svg(size, figure))?
}

/// What `drawLosses` draws, as an SVG document.
#[wasm_bindgen(js_name = svgLosses)]
pub fn svg_losses(size: &JsSize, data: &JsLosses) -> Result<String, JsValue> {
    data.with(|figure| svg(size, figure))
}

/// What `drawDimensionalities` draws, as an SVG document.
#[wasm_bindgen(js_name = svgDimensionalities)]
pub fn svg_dimensionalities(size: &JsSize, data: &JsDimensionalities) -> Result<String, JsValue> {
    data.with(|figure| svg(size, figure))
}

/// Draws the sorted curve of D* on the canvas of `ctx`, which it clears first. Values on the axis of x are stretched ranks.
#[wasm_bindgen(js_name = drawRanked)]
pub fn draw_ranked(
    ctx: CanvasRenderingContext2d,
    size: &JsSize,
    data: &JsRanked,
) -> Result<JsArea, JsValue> {
    data.with(|figure| draw(ctx, size, figure))
}

/// What `drawRanked` draws, as an SVG document.
#[wasm_bindgen(js_name = svgRanked)]
pub fn svg_ranked(size: &JsSize, data: &JsRanked) -> Result<String, JsValue> {
    data.with(|figure| svg(size, figure))
}

/// Where a rank lies on that axis.
#[wasm_bindgen(js_name = stretchedRank)]
pub fn stretched_rank(rank: f64, count: usize) -> f64 {
    stretched(rank, count)
}

/// The colours of a theme's figures.
#[wasm_bindgen(js_name = figureColours)]
pub fn figure_colours(theme: JsTheme) -> Result<JsColours, JsValue> {
    let style = Style::new(read_theme(theme)?);
    let css = |RGBColor(r, g, b): RGBColor| format!("#{r:02x}{g:02x}{b:02x}");
    #[derive(Serialize)]
    struct Colours {
        surface: String,
        ink: String,
        faint: String,
        grid: String,
        features: String,
        examples: String,
        train: String,
        test: String,
    }
    to_js(&Colours {
        surface: css(style.surface),
        ink: css(style.ink),
        faint: css(style.faint),
        grid: css(style.grid),
        features: css(style.features),
        examples: css(style.examples),
        train: css(style.train),
        test: css(style.test),
    })
    .map(JsCast::unchecked_into)
}

fn draw(
    context: CanvasRenderingContext2d,
    size: &JsSize,
    figure: &dyn Figure,
) -> Result<JsArea, JsValue> {
    let drawn = draw_on(context, size, figure)?;
    to_js(&drawn.area).map(JsCast::unchecked_into)
}

impl JsVectors {
    fn with<R>(&self, figure: impl FnOnce(&dyn Figure) -> R) -> Result<R, JsValue> {
        let role = match self.role().as_str() {
            "features" => Role::Features,
            "examples" => Role::Examples,
            other => {
                return Err(error(format!(
                    "role {other:?} is neither features nor examples"
                )));
            }
        };
        Ok(figure(&Vectors {
            role,
            m: self.m(),
            vectors: &self.vectors().to_vec(),
            closed_form_radius: self.closed_form_radius(),
            selected: self.selected(),
            reach: self.reach().unwrap_or(0.0),
        }))
    }
}

impl JsLosses {
    fn with<R>(&self, figure: impl FnOnce(&dyn Figure) -> R) -> R {
        let optional = |series: Option<Float64Array>| series.map_or(Vec::new(), |s| s.to_vec());
        figure(&Losses {
            steps: &self.steps().to_vec(),
            train: &self.train().to_vec(),
            test: &self.test().to_vec(),
            live_steps: &optional(self.live_steps()),
            live_train: &optional(self.live_train()),
            selected_step: self.selected_step(),
            shown_step: self.shown_step(),
            reach: &optional(self.losses_reach()),
            total_steps: self.total_steps(),
        })
    }
}

impl JsDimensionalities {
    fn with<R>(&self, figure: impl FnOnce(&dyn Figure) -> R) -> R {
        figure(&Dimensionalities {
            features: &self.features().to_vec(),
            examples: &self.examples().to_vec(),
            m: self.hidden_size(),
            t: self.t(),
            selected_feature: self.selected_feature(),
            selected_example: self.selected_example(),
            reach: self.dimensionalities_reach().unwrap_or(0.0),
        })
    }
}

impl JsRanked {
    fn with<R>(&self, figure: impl FnOnce(&dyn Figure) -> R) -> R {
        figure(&Ranked {
            count: self.count(),
            ranks: &self.ranks().to_vec(),
            d_star: &self.d_star().to_vec(),
            mean: self.mean(),
            lowest: self.lowest(),
            highest: self.highest(),
            brush: self.from().zip(self.to()),
            shown: &self.shown().to_vec(),
            wrong: &self.wrong().to_vec(),
            selected: self.selected_rank(),
        })
    }
}
