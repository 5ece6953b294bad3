//! When do T examples on a plane keep out of each other's way? Their hidden vectors, and what one of them puts into the features of
//! all: what comes in, what the bias takes away, what comes out.

mod bars;

use plotters::style::RGBColor;

use crate::figures::Figure;
use crate::figures::tools::axis::{Area, Axis};
use crate::figures::tools::key::Line;
use crate::figures::tools::numbers::{degrees, fixed, reading};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::style::TEXT;
use crate::figures::tools::table::{Cell, Table};
use crate::math::{atan2, cos, sin};
use crate::theory::{Recall, polygon_radius};

/// T unit examples with disjoint features, and the one that is shown to the model.
#[derive(Clone, Debug)]
pub struct Tgon {
    hidden: Vec<[f64; 2]>,
    chosen: usize,
    recall: Recall,
}

/// From this width on the two halves are beside each other.
const WIDE: f64 = 560.0;
const GAP: f64 = 20.0;
const LEFT: f64 = 34.0;
const NAME: f64 = TEXT + 8.0;
/// Heights of the two rows of bars with their names.
const ROWS: (f64, f64) = (168.0, 140.0);
/// How far the plane reaches, as a multiple of the closed form's radius.
const REACH: f64 = 1.35;
/// Losses below this are rounding.
const EXACT: f64 = 1e-9;
/// What is told of an output: less is not seen.
const SEEN: f64 = 0.005;

impl Tgon {
    /// That of these hidden vectors, of which one example is shown. None below three, or if a vector is not finite.
    pub fn new(hidden: &[[f64; 2]], chosen: usize) -> Option<Tgon> {
        let finite = hidden.iter().flatten().all(|x| x.is_finite());
        (hidden.len() >= 3 && chosen < hidden.len() && finite).then(|| Tgon {
            hidden: hidden.to_vec(),
            chosen,
            recall: Recall::of(hidden),
        })
    }

    /// The same of hidden vectors given by their lengths and angles in degrees.
    pub fn polar(lengths: &[f64], angles: &[f64], chosen: usize) -> Option<Tgon> {
        let polar = lengths.iter().zip(angles);
        let hidden: Vec<[f64; 2]> = polar
            .map(|(&length, &angle)| {
                [
                    length * cos(angle.to_radians()),
                    length * sin(angle.to_radians()),
                ]
            })
            .collect();
        Tgon::new(&hidden, chosen)
    }

    fn count(&self) -> usize {
        self.hidden.len()
    }

    /// The least radius of an exact regular polygon.
    fn radius(&self) -> f64 {
        polygon_radius(self.count()).expect("three at least")
    }

    /// The length that is on the plane's edge.
    fn edge(&self) -> f64 {
        let lengths = self.hidden.iter().map(|&u| length(u));
        lengths.fold(REACH * self.radius(), f64::max)
    }

    fn is_exact(&self) -> bool {
        self.recall.loss() < EXACT
    }

    /// Pairs of which one comes out where the other is shown, with how much.
    fn leaks(&self) -> Vec<(usize, usize, f64)> {
        let all = 0..self.count();
        let pairs = all
            .clone()
            .flat_map(|shown| all.clone().map(move |of| (shown, of)));
        pairs
            .filter(|(shown, of)| shown != of)
            .map(|(shown, of)| (shown, of, self.recall.output(shown, of)))
            .filter(|leak| leak.2 * leak.2 >= EXACT)
            .collect()
    }

    /// All examples, the one that is shown in the middle and its neighbours around it.
    fn around(&self) -> Vec<usize> {
        let (count, before) = (self.count(), (self.count() - 1) / 2);
        (0..count)
            .map(|k| (self.chosen + count - before + k) % count)
            .collect()
    }
}

fn length([x, y]: [f64; 2]) -> f64 {
    (x * x + y * y).sqrt()
}

/// Degrees from 0 to 360.
fn direction([x, y]: [f64; 2]) -> f64 {
    let turn = atan2(y, x).to_degrees();
    if turn < 0.0 { turn + 360.0 } else { turn }
}

/// The colour of what comes out where nothing should.
fn leak(pen: &Pen) -> RGBColor {
    pen.style.ramp[1]
}

impl Figure for Tgon {
    fn title(&self) -> String {
        format!(
            "{} memorised examples, and what example {} puts out",
            self.count(),
            self.chosen + 1
        )
    }

    /// The map is that of the plane.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (width, height) = (pen.width, pen.height);
        let rows = ROWS.0 + ROWS.1;
        if width >= WIDE {
            let side = height.min(0.46 * width);
            let area = self.draw_plane(&mut pen.part((0.0, (height - side) / 2.0), (side, side)));
            let right = side + GAP;
            self.draw_bars(&mut pen.part(
                (right, (height - rows).max(0.0) / 2.0),
                (width - right, rows.min(height)),
            ));
            Some(moved(area, (height - side) / 2.0, 0.0))
        } else {
            let side = (height - rows - GAP).min(width).max(1.0);
            let left = (width - side) / 2.0;
            let area = self.draw_plane(&mut pen.part((left, 0.0), (side, side)));
            self.draw_bars(
                &mut pen.part((0.0, side + GAP), (width, (height - side - GAP).max(1.0))),
            );
            Some(moved(area, 0.0, left))
        }
    }

    fn summary(&self) -> String {
        if self.is_exact() {
            return "Memorised exactly: each example gets its own features back, and nothing else comes out.".into();
        }
        let loss = reading(self.recall.loss());
        // The worst, or what is as bad where the example is shown that the bars show.
        let leaks = self.leaks();
        let worst = leaks.iter().map(|leak| leak.2).fold(0.0, f64::max);
        let bad = |leak: &&(usize, usize, f64)| leak.2 >= SEEN.max(0.999 * worst);
        let here = leaks.iter().filter(bad).find(|leak| leak.0 == self.chosen);
        let leak = here.or(leaks.iter().find(bad));
        let leaking = leak.map(|&(shown, of, out)| {
            format!(
                "when example {} is shown, {} of example {} comes out as well",
                shown + 1,
                fixed(out, 2),
                of + 1
            )
        });
        let short = (0..self.count()).map(|k| (k, self.recall.output(k, k)));
        let worst = short
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .expect("three at least");
        let words = leaking.unwrap_or_else(|| {
            format!(
                "of example {} only {} of 1 comes back",
                worst.0 + 1,
                fixed(worst.1, 2)
            )
        });
        format!("Not memorised: {words}. Even with the best biases the train loss is {loss}.")
    }

    fn table(&self) -> Table {
        let shown = self.chosen + 1;
        let of = |what: &str| format!("{what} when example {shown} is shown");
        let mut table = Table::new([
            "example".into(),
            "length".into(),
            "angle, degrees".into(),
            of("comes in"),
            "bias".into(),
            of("comes out"),
        ]);
        for (k, &vector) in self.hidden.iter().enumerate() {
            let recall = &self.recall;
            let numbers = [
                (k + 1) as f64,
                length(vector),
                direction(vector),
                recall.input(self.chosen, k),
                recall.bias(k),
                recall.output(self.chosen, k),
            ];
            table.push(Vec::new(), numbers.map(Cell::from).into());
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        let rows = ROWS.0 + ROWS.1;
        match width >= WIDE {
            true => (0.46 * width).clamp(rows, 380.0),
            false => width.min(330.0) + GAP + rows,
        }
    }
}

/// The map of a part as that of the whole.
fn moved(area: Area, down: f64, right: f64) -> Area {
    let by = |axis: Axis, way: f64| Axis {
        pixel0: axis.pixel0 + way,
        pixel1: axis.pixel1 + way,
        ..axis
    };
    Area {
        x: by(area.x, right),
        y: by(area.y, down),
    }
}

impl Tgon {
    fn draw_plane(&self, pen: &mut Pen) -> Area {
        let style = *pen.style;
        let reach = self.edge();
        let (middle, half) = (pen.width / 2.0, (pen.width / 2.0 - TEXT - 10.0).max(1.0));
        let area = Area {
            x: Axis::linear((middle - half, middle + half), (-reach, reach)),
            y: Axis::linear((middle + half, middle - half), (-reach, reach)),
        };
        let place = |[x, y]: [f64; 2]| (area.x.pixel(x), area.y.pixel(y));
        let origin = place([0.0, 0.0]);
        pen.cross((middle, middle), half);
        let r = self.radius();
        let turn = std::f64::consts::TAU / 120.0;
        let circle: Vec<Point> = (0..=120)
            .map(|k| k as f64 * turn)
            .map(|angle| place([r * cos(angle), r * sin(angle)]))
            .collect();
        pen.dashes(&circle, style.faint.into(), 1.0, 4.0, 4.0);

        for (shown, of, _) in self.leaks() {
            let ends = [place(self.hidden[shown]), place(self.hidden[of])];
            Line::Solid.draw(pen, &ends, leak(pen), 3.0);
        }
        for (k, &vector) in self.hidden.iter().enumerate() {
            let at = place(vector);
            let (thick, radius) = if k == self.chosen {
                (3.0, 7.0)
            } else {
                (1.5, 5.0)
            };
            pen.line(origin, at, style.examples.into(), thick);
            pen.dot(at, radius, style.surface);
            pen.ring(at, radius, style.examples, thick.max(2.0));
        }
        for (k, &vector) in self.hidden.iter().enumerate() {
            let (at, long) = (place(vector), length(vector).max(1e-9));
            let beyond = |c: f64| 16.0 * c / long;
            let text = (at.0 + beyond(vector[0]), at.1 - beyond(vector[1]));
            let colour = if k == self.chosen {
                style.ink
            } else {
                style.faint
            };
            pen.text_inside(&(k + 1).to_string(), text, colour);
            let words = format!(
                "Example {}: length {}, at {}; of its own features {} of 1 comes back",
                k + 1,
                reading(length(vector)),
                degrees(direction(vector)),
                fixed(self.recall.output(k, k), 2),
            );
            pen.place(at, k, words);
        }
        area
    }
}
