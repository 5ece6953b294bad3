//! Which mark stands for what? A key above the plot, and the marks that tell curves apart without colour.

use plotters::style::{Color, RGBColor};

use super::pen::{Align, Pen, Point, text_width};
use super::style::TEXT;

/// The form of a curve's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Dot,
    Square,
    Diamond,
    Triangle,
    Ring,
    /// A triangle on its tip.
    Wedge,
    Cross,
    /// From the lowest to the highest.
    Range,
    /// No points.
    None,
}

/// Forms of the values of a setting, over and over.
const SHAPES: [Shape; 6] = [
    Shape::Dot,
    Shape::Square,
    Shape::Diamond,
    Shape::Triangle,
    Shape::Ring,
    Shape::Wedge,
];

/// How points are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Solid,
    Dashed,
    Dotted,
    None,
}

/// How a curve looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub colour: RGBColor,
    pub shape: Shape,
    pub line: Line,
}

impl Shape {
    /// The form of value `k` of a setting.
    pub fn of(k: usize) -> Shape {
        SHAPES[k % SHAPES.len()]
    }

    /// Draws it about `radius` large.
    pub fn draw(self, pen: &mut Pen, (x, y): Point, radius: f64, colour: RGBColor) {
        let r = radius;
        match self {
            Shape::Dot => pen.dot((x, y), r, colour),
            Shape::Square => pen.square((x, y), 0.88 * r, colour),
            Shape::Diamond => {
                let d = 1.3 * r;
                pen.polygon(&[(x, y - d), (x + d, y), (x, y + d), (x - d, y)], colour);
            }
            Shape::Triangle => {
                let d = 1.2 * r;
                let low = y + 0.8 * d;
                pen.polygon(&[(x, y - 1.1 * d), (x + d, low), (x - d, low)], colour);
            }
            Shape::Wedge => {
                let d = 1.2 * r;
                let high = y - 0.8 * d;
                pen.polygon(&[(x, y + 1.1 * d), (x + d, high), (x - d, high)], colour);
            }
            Shape::Ring => {
                let surface = pen.style.surface;
                pen.dot((x, y), r, surface);
                pen.ring((x, y), r, colour, 1.5);
            }
            Shape::Cross => {
                pen.line((x - r, y - r), (x + r, y + r), colour.into(), 1.5);
                pen.line((x - r, y + r), (x + r, y - r), colour.into(), 1.5);
            }
            Shape::Range => pen.line((x, y - 2.0 * r), (x, y + 2.0 * r), colour.mix(0.5), 1.5),
            Shape::None => {}
        }
    }
}

impl Line {
    pub fn draw(self, pen: &mut Pen, points: &[Point], colour: RGBColor, width: f64) {
        match self {
            Line::Solid => pen.path(points, colour.into(), width),
            Line::Dashed => pen.dashes(points, colour.mix(1.0), width, 6.0, 3.0),
            Line::Dotted => pen.dashes(points, colour.mix(1.0), width, 1.5, 3.5),
            Line::None => {}
        }
    }
}

const SAMPLE: f64 = 22.0;
const GAP: f64 = 14.0;
const ROW: f64 = TEXT + 6.0;
/// Above every panel but the first, whose name would seem to belong to the one above it.
const BETWEEN: f64 = 10.0;

/// Names beside samples of their curves, in as many rows as it takes.
#[derive(Default)]
pub struct Key {
    pub items: Vec<(String, Look)>,
}

impl Key {
    pub fn add(&mut self, name: &str, colour: RGBColor, shape: Shape, line: Line) {
        let look = Look {
            colour,
            shape,
            line,
        };
        self.items.push((name.into(), look));
    }

    /// Where each item begins.
    fn places(&self, width: f64) -> Vec<Point> {
        let (mut x, mut y) = (0.0, 0.0);
        let place = |(name, _): &(String, Look)| {
            let extent = SAMPLE + 4.0 + text_width(name);
            if x > 0.0 && x + extent + GAP > width {
                (x, y) = (0.0, y + ROW);
            }
            let at = (x, y);
            x += extent + GAP;
            at
        };
        self.items.iter().map(place).collect()
    }

    /// What it takes of a figure of that width.
    pub fn height(&self, width: f64) -> f64 {
        let places = self.places(width);
        places.last().map_or(0.0, |(_, y)| y + ROW)
    }

    /// Draws it on top, and the panels below it and each other in what is left.
    pub fn above<P>(&self, pen: &mut Pen, panels: &[P], draw: impl Fn(&mut Pen, &P)) {
        let above = self.height(pen.width) + 4.0;
        self.draw(pen, (2.0, 0.0), pen.width);
        let each = (pen.height - above + BETWEEN) / panels.len() as f64;
        for (k, panel) in panels.iter().enumerate() {
            let corner = (0.0, above + k as f64 * each);
            draw(&mut pen.part(corner, (pen.width, each - BETWEEN)), panel);
        }
    }

    /// Draws it from `(left, top)` on.
    pub fn draw(&self, pen: &mut Pen, (left, top): Point, width: f64) {
        for ((name, look), (x, y)) in self.items.iter().zip(self.places(width)) {
            let (x, y) = (left + x, top + y + ROW / 2.0);
            look.line
                .draw(pen, &[(x, y), (x + SAMPLE, y)], look.colour, 1.75);
            look.shape
                .draw(pen, (x + SAMPLE / 2.0, y), 3.5, look.colour);
            let ink = pen.style.ink;
            pen.text(name, (x + SAMPLE + 4.0, y), Align::Start, ink);
        }
    }
}
