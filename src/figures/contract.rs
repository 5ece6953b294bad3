//! What is a figure? Marks, words and numbers of some data, whether these are stored or change while one looks.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use serde::Serialize;

use super::tools::axis::Area;
use super::tools::pen::{Pen, draw_on};
use super::tools::style::{self, Style, Theme};
use super::tools::table::Table;

/// Data that a figure can be drawn of.
pub trait Figure {
    /// One line that says what the figure shows: the title of its SVG.
    fn title(&self) -> String;

    /// What it shows in one sentence, with the numbers that matter.
    fn summary(&self) -> String;

    /// Its numbers.
    fn table(&self) -> Table;

    /// The height that suits a width, css pixels.
    fn height(&self, width: f64) -> f64;

    /// The marks of the figure, and its map; none if it has not one pair of linear or logarithmic axes. Marks that are read are
    /// noted as places.
    fn compose(&self, pen: &mut Pen) -> Option<Area>;

    /// What the keys go through, where figures beside each other are read together: what the marks stand for, by number. None:
    /// the keys go from place to place.
    fn stops(&self) -> Option<Vec<usize>> {
        None
    }

    /// What is read at one of these stops, in words.
    fn read(&self, _stop: usize) -> Option<String> {
        None
    }

    /// What it takes of its axes. The figure of another run beside it is given that, so that both have one scale.
    fn reach(&self) -> Vec<f64> {
        Vec::new()
    }
}

/// A mark of a figure that stands for a run, or for another thing that is read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Its middle from the left edge, css pixels.
    pub x: f64,
    /// Its middle from the upper edge, css pixels.
    pub y: f64,
    /// How far it reaches from there to either side; what is inside is it. 0 for a point.
    pub half_width: f64,
    /// How far it reaches up and down.
    pub half_height: f64,
    /// What it stands for: the run's index among the figure's records, an example, a feature.
    pub record: usize,
    /// What is read there, in words; none where [`Figure::read`] says it, as one drawing may have ten thousand marks.
    pub reading: Option<String>,
}

/// What is known of a figure that was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// The map between pixels and values; none if the figure does not have one pair of axes.
    pub area: Option<Area>,
    /// Where marks are that are read.
    pub places: Vec<Place>,
}

/// Within so many pixels of a mark the pointer reads it.
const REACH: f64 = 20.0;

impl Drawn {
    /// The place whose mark a pixel is in, or else nearest to; none if all are far.
    pub fn at(&self, x: f64, y: f64) -> Option<usize> {
        let (mut best, mut least) = (None, REACH * REACH);
        for (k, place) in self.places.iter().enumerate() {
            let dx = ((place.x - x).abs() - place.half_width).max(0.0);
            let dy = ((place.y - y).abs() - place.half_height).max(0.0);
            let distance = dx * dx + dy * dy;
            if distance < least {
                (best, least) = (Some(k), distance);
            }
        }
        best
    }

    /// The stop that a pixel reads: what the mark there stands for, or its place where the figure is read by places.
    pub fn stop(&self, x: f64, y: f64) -> Option<usize> {
        let at = self.at(x, y)?;
        let place = &self.places[at];
        Some(place.reading.as_ref().map_or(place.record, |_| at))
    }

    /// Where the keys stop.
    pub fn stops(&self, figure: &dyn Figure) -> Vec<usize> {
        let places = || (0..self.places.len()).collect();
        figure.stops().unwrap_or_else(places)
    }

    /// What is read at a stop, in words.
    pub fn read(&self, figure: &dyn Figure, stop: usize) -> Option<String> {
        let place = || self.places.get(stop)?.reading.clone();
        figure.read(stop).or_else(place)
    }
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
