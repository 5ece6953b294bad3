//! What does a run look like, and what do many? One file per figure, generic over plotters' `DrawingBackend`.
//!
//! A figure is a function of a drawing area, data and a style that returns the map between its pixels and values. The
//! page calls it for a canvas, `svg` for a file: same code, same picture. Legends are not part of a figure.

mod arrangements;
mod axis;
mod clusters;
mod curves;
pub mod dimensionalities;
mod failures;
mod fgon;
mod gallery;
mod gram;
mod heat_map;
mod histories;
mod inputs;
mod key;
mod labels;
pub mod losses;
mod models;
mod multiples;
mod nudges;
mod pen;
mod planes;
mod polytopes;
mod ranked;
pub mod reference;
mod repeats;
mod scale;
mod solid;
mod stack;
mod strips;
pub mod style;
mod table;
mod tgon;
pub mod vectors;
mod zones;

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};

use pen::{Pen, draw_on};

pub use axis::{Area, Axis, Tick};
pub use dimensionalities::Dimensionalities;
pub use fgon::Fgon;
pub use gallery::{Entry, FIGURES, Made, View};
pub use inputs::Inputs;
pub use losses::Losses;
pub use pen::Place;
pub use polytopes::Polytope;
pub use ranked::{Ranked, stretched};
pub use style::{Style, Theme};
pub use table::{Cell, Row, Table};
pub use tgon::Tgon;
pub use vectors::{Role, Vectors};

/// Data that a figure can be drawn of.
pub trait Figure {
    /// One line that says what the figure shows: the title of its SVG.
    fn title(&self) -> String;

    /// The marks of the figure, and its map; none if it has not one pair of linear or logarithmic axes.
    fn compose(&self, pen: &mut Pen) -> Option<Area>;
}

/// A figure with words and numbers of its own: of many runs, or of a closed form.
pub trait SweepFigure: Figure {
    /// What it shows in one sentence, with the numbers that matter.
    fn summary(&self) -> String;

    /// Its numbers.
    fn table(&self) -> Table;

    /// The height that suits a width, css pixels.
    fn height(&self, width: f64) -> f64;
}

/// What is known of a figure that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The map between pixels and values; none if the figure does not have one pair of axes.
    pub area: Option<Area>,
    /// Where runs are; none in a figure of one run.
    pub places: Vec<Place>,
}

/// Draws a figure on an area of `style.unit` units per css pixel.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    figure: &dyn Figure,
    style: &Style,
) -> Result<Drawn, DrawingAreaErrorKind<DB::ErrorType>> {
    let (area, places) = draw_on(area, style, |pen| figure.compose(pen))?;
    Ok(Drawn { area, places })
}

/// The figure as an SVG document of that size in css pixels, on the theme's surface; on paper's own in print.
pub fn svg(figure: &dyn Figure, (width, height): (u32, u32), theme: Theme) -> String {
    let style = Style::new(theme).with_unit(style::UNITS);
    let style = match theme {
        Theme::Print => style,
        Theme::Light | Theme::Dark => style.on_surface(),
    };
    let unit = style::UNITS as u32;
    let mut drawn = String::new();
    {
        let backend = SVGBackend::with_string(&mut drawn, (width * unit, height * unit));
        let area = backend.into_drawing_area();
        let done = draw(&area, figure, &style).map(|_| area.present());
        done.and_then(|done| done)
            .expect("writing to a string does not fail");
    }
    // plotters' head takes units for pixels and has no title.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    format!(
        r#"<svg width="{width}" height="{height}" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>{}</title>
{body}"#,
        width * unit,
        height * unit,
        figure.title(),
    )
}

/// Puts values with the others of `key`; keys stay in the order in which they appeared.
fn gather<V>(groups: &mut Vec<(String, Vec<V>)>, key: String, values: impl IntoIterator<Item = V>) {
    match groups.iter_mut().find(|(known, _)| *known == key) {
        Some((_, group)) => group.extend(values),
        None => groups.push((key, values.into_iter().collect())),
    }
}
