//! Where is there room for words beside a mark? Labels that cover neither marks and lines nor each other, as far as there is room.

use plotters::style::RGBColor;

use super::pen::{Align, Pen, Point, text_width};
use super::style::TEXT;

/// What labels must not cover, as rectangles: their upper left and lower right corners.
#[derive(Default)]
pub struct Labels {
    taken: Vec<(Point, Point)>,
}

/// Lines are kept clear as squares of this half side, this many pixels apart.
const LINE: f64 = 3.0;
/// How far from its mark a label may stand, the nearest first.
const GAPS: [f64; 4] = [9.0, 16.0, 26.0, 40.0];
/// On which side of its mark: a share of the label's width and of its height, from the middle.
const SIDES: [(f64, f64); 6] = [
    (1.0, 0.0),
    (0.0, -1.0),
    (1.0, -1.0),
    (-1.0, 0.0),
    (-1.0, -1.0),
    (0.0, 1.0),
];

impl Labels {
    /// Keeps a mark of that size free.
    pub fn avoid(&mut self, (x, y): Point, radius: f64) {
        self.taken
            .push(((x - radius, y - radius), (x + radius, y + radius)));
    }

    /// Keeps connected lines free.
    pub fn avoid_path(&mut self, points: &[Point]) {
        for pair in points.windows(2) {
            let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let steps = ((dx * dx + dy * dy).sqrt() / (2.0 * LINE)).ceil().max(1.0);
            for k in 0..=steps as usize {
                let share = k as f64 / steps;
                self.avoid((pair[0].0 + share * dx, pair[0].1 + share * dy), LINE);
            }
        }
    }

    /// Writes beside a mark, inside the rectangle `within`, where the fewest things are covered; of equal places the nearest.
    pub fn write(
        &mut self,
        pen: &mut Pen,
        text: &str,
        (x, y): Point,
        within: (Point, Point),
        colour: RGBColor,
    ) {
        let (half, high) = (text_width(text) / 2.0, TEXT / 2.0 + 1.0);
        let places = GAPS.iter().flat_map(|gap| {
            SIDES.iter().map(move |(right, down)| {
                let middle = (x + right * (half + gap), y + down * (high + gap));
                let inside = |at: f64, low: f64, up: f64| at.min(up).max(low);
                (
                    inside(middle.0, within.0.0 + half, within.1.0 - half),
                    inside(middle.1, within.0.1 + high, within.1.1 - high),
                )
            })
        });
        let covered = |&(x, y): &Point| {
            let meets = |(from, to): &&(Point, Point)| {
                from.0 < x + half && to.0 > x - half && from.1 < y + high && to.1 > y - high
            };
            self.taken.iter().filter(meets).count()
        };
        if let Some(at) = places.min_by_key(covered) {
            pen.text(text, at, Align::Middle, colour);
            self.taken
                .push(((at.0 - half, at.1 - high), (at.0 + half, at.1 + high)));
        }
    }
}
