//! What do the figures draw with? Marks in css pixels, passed on to plotters as elements.
//!
//! A figure's logic is written against `Pen`, which hides the backend behind a trait object: it is compiled once and
//! not for the page's canvas and for SVG each. Its methods are not inlined, as there are hundreds of calls and the page pays
//! for each byte. The first error of the backend is kept and ends the drawing.

use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor, ShapeStyle, TextStyle,
};

use super::style::{FONT, Style, TEXT};
use crate::figures::Place;

/// A point in units of the backend.
type BackendCoord = (i32, i32);

/// A point in css pixels from the drawing area's upper left corner.
pub type Point = (f64, f64);

pub struct Pen<'a> {
    marks: &'a mut dyn Marks,
    /// Where runs have been drawn so far, from the area's upper left corner.
    places: &'a mut Vec<Place>,
    pub style: &'a Style,
    pub width: f64,
    pub height: f64,
    /// Upper left corner of the pen's part of the area.
    origin: Point,
}

/// The elements that figures are made of, in the backend's units.
trait Marks {
    fn path(&mut self, points: Vec<BackendCoord>, style: ShapeStyle);
    fn polygon(&mut self, points: Vec<BackendCoord>, style: ShapeStyle);
    fn circle(&mut self, at: BackendCoord, radius: i32, style: ShapeStyle);
    fn rectangle(&mut self, corners: [BackendCoord; 2], style: ShapeStyle);
    fn text(&mut self, text: &str, at: BackendCoord, style: TextStyle);
}

struct On<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    result: Result<(), DrawingAreaErrorKind<DB::ErrorType>>,
}

macro_rules! draw {
    ($self:ident, $element:expr) => {
        if $self.result.is_ok() {
            $self.result = $self.area.draw(&$element);
        }
    };
}

impl<DB: DrawingBackend> Marks for On<'_, DB> {
    fn path(&mut self, points: Vec<BackendCoord>, style: ShapeStyle) {
        draw!(self, PathElement::new(points, style));
    }

    fn polygon(&mut self, points: Vec<BackendCoord>, style: ShapeStyle) {
        draw!(self, Polygon::new(points, style));
    }

    fn circle(&mut self, at: BackendCoord, radius: i32, style: ShapeStyle) {
        draw!(self, Circle::new(at, radius, style));
    }

    fn rectangle(&mut self, corners: [BackendCoord; 2], style: ShapeStyle) {
        draw!(self, Rectangle::new(corners, style));
    }

    fn text(&mut self, text: &str, at: BackendCoord, style: TextStyle) {
        draw!(self, Text::new(text, at, style));
    }
}

/// Runs `figure` with a pen on `area`, after the style's background. Returns also where it has drawn runs.
pub fn draw_on<DB: DrawingBackend, R>(
    area: &DrawingArea<DB, Shift>,
    style: &Style,
    figure: impl FnOnce(&mut Pen) -> R,
) -> Result<(R, Vec<Place>), DrawingAreaErrorKind<DB::ErrorType>> {
    if let Some(background) = style.background {
        area.fill(&background)?;
    }
    let (width, height) = area.dim_in_pixel();
    let mut on = On {
        area,
        result: Ok(()),
    };
    let mut places = Vec::new();
    let drawn = figure(&mut Pen {
        marks: &mut on,
        places: &mut places,
        style,
        width: f64::from(width) / f64::from(style.unit),
        height: f64::from(height) / f64::from(style.unit),
        origin: (0.0, 0.0),
    });
    on.result.map(|()| (drawn, places))
}

/// Where text hangs at its point, horizontally.
#[derive(Clone, Copy)]
pub enum Align {
    Start,
    Middle,
    End,
}

/// Horizontal extent of text at size `TEXT`, css pixels: an estimate from above for the sans-serif faces that systems
/// come with. No backend is asked: an SVG has no font, and the same figure must have the same layout everywhere.
#[inline(never)]
pub fn text_width(text: &str) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            '.' | ',' | ':' | ' ' | '\u{a0}' | '·' | 'i' | 'l' | '/' => 0.32,
            '⁻' | '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => 0.45,
            'm' | 'M' | 'w' | 'W' | '%' => 0.9,
            _ => 0.62,
        })
        .sum();
    em * TEXT
}

impl Pen<'_> {
    /// A pen for a part of the area, which measures from that part's upper left corner.
    pub fn part(&mut self, (x, y): Point, (width, height): (f64, f64)) -> Pen<'_> {
        Pen {
            marks: &mut *self.marks,
            places: &mut *self.places,
            style: self.style,
            width,
            height,
            origin: (self.origin.0 + x, self.origin.1 + y),
        }
    }

    /// Notes that a run is drawn there, and what is read of it.
    pub fn place(&mut self, at: Point, record: usize, reading: String) {
        self.place_block(at, at, record, reading);
    }

    /// Notes that the rectangle between two corners stands for a run, and what is read of it.
    pub fn place_block(&mut self, from: Point, to: Point, record: usize, reading: String) {
        self.note(from, to, record, Some(reading));
    }

    /// Notes that the figure's own words are read there.
    pub fn mark(&mut self, at: Point, record: usize) {
        self.note(at, at, record, None);
    }

    /// Notes that the figure's own words are read between two corners.
    pub fn mark_block(&mut self, from: Point, to: Point, record: usize) {
        self.note(from, to, record, None);
    }

    #[inline(never)]
    fn note(&mut self, from: Point, to: Point, record: usize, reading: Option<String>) {
        self.places.push(Place {
            x: self.origin.0 + (from.0 + to.0) / 2.0,
            y: self.origin.1 + (from.1 + to.1) / 2.0,
            half_width: (to.0 - from.0).abs() / 2.0,
            half_height: (to.1 - from.1).abs() / 2.0,
            record,
            reading,
        });
    }

    fn unit(&self, length: f64) -> i32 {
        (length * f64::from(self.style.unit)).round() as i32
    }

    fn at(&self, (x, y): Point) -> BackendCoord {
        (self.unit(self.origin.0 + x), self.unit(self.origin.1 + y))
    }

    fn units(&self, points: &[Point]) -> Vec<BackendCoord> {
        points.iter().map(|&point| self.at(point)).collect()
    }

    fn stroke(&self, colour: RGBAColor, width: f64) -> ShapeStyle {
        ShapeStyle::from(colour).stroke_width(self.unit(width).max(1) as u32)
    }

    /// Connected lines.
    #[inline(never)]
    pub fn path(&mut self, points: &[Point], colour: RGBAColor, width: f64) {
        if points.len() > 1 {
            let (points, stroke) = (self.units(points), self.stroke(colour, width));
            self.marks.path(points, stroke);
        }
    }

    #[inline(never)]
    pub fn line(&mut self, from: Point, to: Point, colour: RGBAColor, width: f64) {
        self.path(&[from, to], colour, width);
    }

    /// The axes of a plane that are not numbered: pale lines through its middle, `half` long to each side.
    #[inline(never)]
    pub fn cross(&mut self, (x, y): Point, half: f64) {
        let grid = self.style.grid.into();
        self.line((x - half, y), (x + half, y), grid, 1.0);
        self.line((x, y - half), (x, y + half), grid, 1.0);
    }

    /// Connected lines in dashes: `dash` css pixels drawn, then `gap` left out, along the whole path.
    #[inline(never)]
    pub fn dashes(&mut self, points: &[Point], colour: RGBAColor, width: f64, dash: f64, gap: f64) {
        let mut stroke: Vec<Point> = Vec::new();
        // How much of the current dash or gap is left.
        let (mut on, mut left) = (true, dash);
        for pair in points.windows(2) {
            let (mut at, to) = (pair[0], pair[1]);
            if on && stroke.is_empty() {
                stroke.push(at);
            }
            let distance = |at: Point| {
                let (dx, dy) = (to.0 - at.0, to.1 - at.1);
                (dx * dx + dy * dy).sqrt()
            };
            while distance(at) > left {
                let share = left / distance(at);
                at = (at.0 + (to.0 - at.0) * share, at.1 + (to.1 - at.1) * share);
                stroke.push(at);
                if on {
                    self.path(&std::mem::take(&mut stroke), colour, width);
                }
                (on, left) = (!on, if on { gap } else { dash });
            }
            left -= distance(at);
            if on {
                stroke.push(to);
            }
        }
        self.path(&stroke, colour, width);
    }

    /// A filled disc.
    #[inline(never)]
    pub fn dot(&mut self, at: Point, radius: f64, colour: RGBColor) {
        let (at, radius) = (self.at(at), self.unit(radius).max(1));
        self.marks.circle(at, radius, colour.filled());
    }

    /// A hollow circle of that outer radius.
    #[inline(never)]
    pub fn ring(&mut self, at: Point, radius: f64, colour: RGBColor, width: f64) {
        let at = self.at(at);
        let (radius, stroke) = (
            self.unit(radius - width / 2.0).max(1),
            self.stroke(colour.into(), width),
        );
        self.marks.circle(at, radius, stroke);
    }

    /// A square that stands on its side, `half` from its centre to an edge.
    pub fn square(&mut self, (x, y): Point, half: f64, colour: RGBColor) {
        self.block((x - half, y - half), (x + half, y + half), colour);
    }

    /// A filled rectangle between two corners.
    #[inline(never)]
    pub fn block(&mut self, from: Point, to: Point, colour: RGBColor) {
        let corners = [self.at(from), self.at(to)];
        self.marks.rectangle(corners, colour.filled());
    }

    /// A filled polygon.
    #[inline(never)]
    pub fn polygon(&mut self, corners: &[Point], colour: RGBColor) {
        let corners = self.units(corners);
        self.marks.polygon(corners, colour.filled());
    }

    /// A triangle that points down, its tip at `(x, y)`.
    pub fn pointer(&mut self, (x, y): Point, size: f64, colour: RGBColor) {
        let corners = [
            (x, y),
            (x - size, y - 1.4 * size),
            (x + size, y - 1.4 * size),
        ];
        self.polygon(&corners, colour);
    }

    /// Text whose middle is at the height `y`.
    #[inline(never)]
    pub fn text(&mut self, text: &str, (x, y): Point, align: Align, colour: RGBColor) {
        let h_pos = match align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        // plotters' sizes are 1.24 times what SVG calls font-size.
        let size = TEXT * 1.24 * f64::from(self.style.unit);
        let font = FontDesc::new(FontFamily::Name(FONT), size, FontStyle::Normal);
        let style = font.color(&colour).pos(Pos::new(h_pos, VPos::Center));
        let at = self.at((x, y));
        self.marks.text(text, at, style);
    }

    /// The same, pushed sideways as far as it takes to end inside the area.
    #[inline(never)]
    pub fn text_inside(&mut self, text: &str, (x, y): Point, colour: RGBColor) {
        let half = text_width(text) / 2.0;
        let x = x.min(self.width - half - 1.0).max(half + 1.0);
        self.text(text, (x, y), Align::Middle, colour);
    }
}
