//! What does a run look like? One file per figure, generic over plotters' `DrawingBackend`.
//!
//! A figure is a function of a drawing area, data and a style that returns the map between its pixels and values. The
//! page calls it for a canvas, `svg` for a file: same code, same picture. Legends are not part of a figure.

mod axis;
pub mod dimensionalities;
pub mod losses;
mod pen;
pub mod style;
pub mod vectors;

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};

use pen::{Pen, draw_on};

pub use axis::{Area, Axis, Tick};
pub use dimensionalities::Dimensionalities;
pub use losses::Losses;
pub use style::{Style, Theme};
pub use vectors::{Role, Vectors};

/// Data that a figure can be drawn of.
pub trait Figure {
    /// One line that says what the figure shows: the title of its SVG.
    fn title(&self) -> String;

    /// The marks of the figure, and its map.
    fn compose(&self, pen: &mut Pen) -> Area;
}

/// Draws a figure on an area of `style.unit` units per css pixel and returns its map.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    figure: &dyn Figure,
    style: &Style,
) -> Result<Area, DrawingAreaErrorKind<DB::ErrorType>> {
    draw_on(area, style, |pen| figure.compose(pen))
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
