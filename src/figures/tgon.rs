//! When do T examples on a plane keep out of each other's way? Their hidden vectors, and what one of them puts into the features of
//! all: what comes in, what the bias takes away, what comes out.

use plotters::style::RGBColor;

use super::axis::{Area, Axis};
use super::key::Line;
use super::pen::{Align, Pen, Point};
use super::scale::reading;
use super::style::{TEXT, blend};
use super::table::{Cell, Table};
use super::{Figure, SweepFigure};
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
/// The plane reaches so many times as far as the circle of the closed form.
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
    fn reach(&self) -> f64 {
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
fn degrees([x, y]: [f64; 2]) -> f64 {
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
        let reach = self.reach();
        let (middle, half) = (pen.width / 2.0, (pen.width / 2.0 - TEXT - 10.0).max(1.0));
        let area = Area {
            x: Axis::linear((middle - half, middle + half), (-reach, reach)),
            y: Axis::linear((middle + half, middle - half), (-reach, reach)),
        };
        let place = |[x, y]: [f64; 2]| (area.x.pixel(x), area.y.pixel(y));
        let origin = place([0.0, 0.0]);
        pen.line(
            (middle - half, middle),
            (middle + half, middle),
            style.grid.into(),
            1.0,
        );
        pen.line(
            (middle, middle - half),
            (middle, middle + half),
            style.grid.into(),
            1.0,
        );
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
                "Example {}: length {}, at {:.0}°; of its own features {} of 1 comes back",
                k + 1,
                reading(length(vector)),
                degrees(vector),
                share(self.recall.output(k, k)),
            );
            pen.place(at, k, words);
        }
        area
    }

    fn draw_bars(&self, pen: &mut Pen) {
        let scale = pen.height / (ROWS.0 + ROWS.1);
        let (width, upper) = (pen.width, ROWS.0 * scale);
        let order = self.around();
        let pitch = (width - LEFT - 4.0).max(1.0) / order.len() as f64;
        let wide = (0.62 * pitch).min(34.0);
        let columns: Vec<(usize, f64)> = (order.iter().enumerate())
            .map(|(k, &of)| (of, LEFT + (k as f64 + 0.5) * pitch))
            .collect();
        self.draw_inputs(
            &mut pen.part((0.0, 0.0), (width, upper - 10.0)),
            &columns,
            wide,
        );
        self.draw_outputs(
            &mut pen.part((0.0, upper), (width, pen.height - upper)),
            &columns,
            wide,
        );
        for &(of, x) in &columns {
            let (from, to) = ((x - pitch / 2.0, NAME), (x + pitch / 2.0, pen.height));
            pen.place_block(from, to, of, self.column_in_words(of));
        }
    }

    /// What comes in, and down to where the bias takes it away.
    fn draw_inputs(&self, pen: &mut Pen, columns: &[(usize, f64)], wide: f64) {
        let style = *pen.style;
        // No narrower than where a regular polygon is exact, so that it changes little while one is pulled.
        let lengths = self.hidden.iter().map(|&u| length(u));
        let longest = lengths.fold(self.radius(), f64::max);
        let most = 1.08 * longest * longest;
        let y = Axis::linear((pen.height - 4.0, NAME + 2.0), (-most, most));
        let ends = (LEFT, pen.width - 4.0);
        for tick in y.ticks(4) {
            let at = y.pixel(tick.value);
            let colour = if tick.value == 0.0 {
                style.faint
            } else {
                style.grid
            };
            pen.line((ends.0, at), (ends.1, at), colour.into(), 1.0);
            pen.text(&tick.label, (LEFT - 6.0, at), Align::End, style.faint);
        }
        let name = format!("What example {} puts in", self.chosen + 1);
        pen.text(&name, (2.0, 7.0), Align::Start, style.faint);
        for &(of, x) in columns {
            let (input, taken) = (self.recall.input(self.chosen, of), -self.recall.bias(of));
            let colour = self.colour(pen, of);
            let (left, right) = (x - wide / 2.0, x + wide / 2.0);
            pen.block(
                (left, y.pixel(0.0)),
                (right, y.pixel(input)),
                blend(style.surface, colour, 0.3),
            );
            if input > taken {
                pen.block((left, y.pixel(taken)), (right, y.pixel(input)), colour);
            }
            let level = y.pixel(taken.clamp(-most, most));
            pen.line(
                (left - 4.0, level),
                (right + 4.0, level),
                style.ink.into(),
                2.0,
            );
        }
    }

    /// What is left of it, beside what should be.
    fn draw_outputs(&self, pen: &mut Pen, columns: &[(usize, f64)], wide: f64) {
        let style = *pen.style;
        let bottom = pen.height - TEXT - 6.0;
        let y = Axis::linear((bottom, NAME + TEXT + 2.0), (0.0, 1.0));
        for (value, label) in [(0.0, "0"), (1.0, "1")] {
            let at = y.pixel(value);
            let colour = if value == 0.0 {
                style.faint
            } else {
                style.grid
            };
            pen.line((LEFT, at), (pen.width - 4.0, at), colour.into(), 1.0);
            pen.text(label, (LEFT - 6.0, at), Align::End, style.faint);
        }
        pen.text("What comes out", (2.0, 7.0), Align::Start, style.faint);
        let narrow = columns.len() > 1 && columns[1].1 - columns[0].1 < 32.0;
        for &(of, x) in columns {
            let output = self.recall.output(self.chosen, of);
            let own = of == self.chosen;
            let (left, right) = (x - wide / 2.0, x + wide / 2.0);
            if own {
                let (low, high) = (y.pixel(0.0), y.pixel(1.0));
                let frame = [(left, low), (left, high), (right, high), (right, low)];
                pen.dashes(&frame, style.ink.into(), 1.25, 3.0, 3.0);
            }
            let top = y.pixel(output);
            if output > 0.0 {
                pen.block((left, top), (right, y.pixel(0.0)), self.colour(pen, of));
            }
            if own || output >= SEEN && !narrow {
                // Clear of the frame around what should be.
                let above = if own { y.pixel(1.0) } else { top };
                pen.text(&share(output), (x, above - 9.0), Align::Middle, style.ink);
            }
            let colour = if own { style.ink } else { style.faint };
            pen.text(
                &(of + 1).to_string(),
                (x, bottom + 11.0),
                Align::Middle,
                colour,
            );
        }
    }

    fn colour(&self, pen: &Pen, of: usize) -> RGBColor {
        match of == self.chosen {
            true => pen.style.examples,
            false => leak(pen),
        }
    }

    fn column_in_words(&self, of: usize) -> String {
        let (shown, bias) = (self.chosen + 1, self.recall.bias(of));
        let whose = match of == self.chosen {
            true => "its own features".to_string(),
            false => format!("features of example {}", of + 1),
        };
        format!(
            "Example {shown} puts {} into {whose}, the bias {} {}: {} comes out",
            share(self.recall.input(self.chosen, of)),
            if bias > 0.0 { "adds" } else { "takes away" },
            share(bias.abs()),
            share(self.recall.output(self.chosen, of)),
        )
    }
}

/// Two decimals, with a true minus sign.
fn share(x: f64) -> String {
    let text = format!("{:.2}", x.abs());
    match x < 0.0 && text != "0.00" {
        true => format!("−{text}"),
        false => text,
    }
}

impl SweepFigure for Tgon {
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
                "where example {} is shown, {} of example {} comes out as well",
                shown + 1,
                share(out),
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
                share(worst.1)
            )
        });
        format!("Not memorised: {words}. Even with the best biases the train loss is {loss}.")
    }

    fn table(&self) -> Table {
        let shown = self.chosen + 1;
        let of = |what: &str| format!("{what} where example {shown} is shown");
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
                degrees(vector),
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
