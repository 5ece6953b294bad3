//! Why five features? F of them on a regular polygon: what each shows of itself in its neighbours, and how much they lower the loss
//! for every F.

use crate::figures::Figure;
use crate::figures::tools::axis::{Area, Axis};
use crate::figures::tools::numbers::{degrees, fixed, in_words, percent};
use crate::figures::tools::pen::{Align, Pen, Point};
use crate::figures::tools::style::{TEXT, blend};
use crate::figures::tools::table::{Cell, Table};
use crate::math::{cos, sin};
use crate::theory::feature_polygon_gain;

/// Unit vectors of this many features, evenly around the plane.
#[derive(Clone, Copy, Debug)]
pub struct Fgon {
    features: usize,
}

/// The F that are compared.
const ALL: std::ops::RangeInclusive<usize> = 3..=7;
const WIDE: f64 = 560.0;
const GAP: f64 = 24.0;
const LEFT: f64 = 40.0;
const NAME: f64 = TEXT + 8.0;
const BARS: f64 = 250.0;

/// What F features would lower the loss by, each alone: a third each.
fn alone(features: usize) -> f64 {
    features as f64 / 3.0
}

/// By how much they lower the loss.
fn gain(features: usize) -> f64 {
    -feature_polygon_gain(features)
}

impl Fgon {
    /// That of F features; none but for 3 to 7.
    pub fn new(features: usize) -> Option<Fgon> {
        ALL.contains(&features).then_some(Fgon { features })
    }

    fn angle(self, k: usize) -> f64 {
        (0.25 + k as f64 / self.features as f64) * std::f64::consts::TAU
    }

    /// The share of a feature that shows in each of its neighbours; 0 where they are at right angles or more.
    fn shown(self) -> f64 {
        let between = std::f64::consts::TAU / self.features as f64;
        match self.features {
            ..=4 => 0.0,
            _ => cos(between),
        }
    }

    fn draw_plane(self, pen: &mut Pen) {
        let style = *pen.style;
        let (middle, half) = (pen.width / 2.0, (pen.width / 2.0 - TEXT - 10.0).max(1.0));
        let place = |length: f64, angle: f64| {
            (
                middle + half * length * cos(angle),
                middle - half * length * sin(angle),
            )
        };
        pen.cross((middle, middle), half);
        let circle: Vec<Point> = (0..=120)
            .map(|k| place(1.0, k as f64 / 120.0 * std::f64::consts::TAU))
            .collect();
        pen.dashes(&circle, style.faint.into(), 1.0, 4.0, 4.0);
        let origin = (middle, middle);
        for k in 0..self.features {
            let at = place(1.0, self.angle(k));
            pen.line(
                origin,
                at,
                style.features.into(),
                if k == 0 { 3.0 } else { 1.5 },
            );
        }
        // The first feature, seen from its neighbours.
        let shown = self.shown();
        let neighbours = [1, self.features - 1];
        for k in neighbours.into_iter().filter(|_| shown > 0.0) {
            let foot = place(shown, self.angle(k));
            pen.dashes(
                &[place(1.0, self.angle(0)), foot],
                style.ink.into(),
                1.25,
                2.0,
                3.0,
            );
            pen.line(origin, foot, style.ramp[1].into(), 5.0);
            let words = place(shown / 2.0, self.angle(k));
            let side = if k == 1 { -1.0 } else { 1.0 };
            let align = if k == 1 { Align::End } else { Align::Start };
            let text = fixed(shown, 2);
            pen.text(
                &text,
                (words.0 + 9.0 * side, words.1 + 12.0),
                align,
                style.ink,
            );
        }
        for k in 0..self.features {
            let at = place(1.0, self.angle(k));
            pen.dot(at, if k == 0 { 7.0 } else { 5.0 }, style.features);
            let words = match k {
                0 => "A feature that is active".to_string(),
                k if neighbours.contains(&k) => {
                    format!(
                        "Its neighbour at {}: {} of it shows here",
                        degrees(360.0 / self.features as f64),
                        fixed(shown, 2)
                    )
                }
                _ => "A feature that sees nothing of it".to_string(),
            };
            pen.place(at, self.features, words);
        }
    }

    fn draw_bars(self, pen: &mut Pen) {
        let style = *pen.style;
        let (top, bottom) = (NAME + TEXT + 4.0, pen.height - TEXT - 8.0);
        let y = Axis::linear((top, bottom.max(top + 1.0)), (0.0, 2.5));
        let right = pen.width - 4.0;
        for value in [0.0, 0.5, 1.0, 1.5, 2.0, 2.5] {
            let at = y.pixel(value);
            let colour = if value == 0.0 {
                style.faint
            } else {
                style.grid
            };
            pen.line((LEFT, at), (right, at), colour.into(), 1.0);
            let label = match value {
                0.0 => "0".into(),
                _ => fixed(-value, 1),
            };
            pen.text(&label, (LEFT - 6.0, at), Align::End, style.faint);
        }
        pen.text(
            "change of the loss, in units of 1 − S",
            (2.0, 7.0),
            Align::Start,
            style.faint,
        );
        let pitch = (right - LEFT).max(1.0) / ALL.count() as f64;
        for (k, features) in ALL.enumerate() {
            let (left, wide) = (LEFT + k as f64 * pitch, 0.6 * pitch);
            let (x0, x1) = (left + (pitch - wide) / 2.0, left + (pitch + wide) / 2.0);
            let chosen = features == self.features;
            let net = y.pixel(gain(features));
            let whole = y.pixel(alone(features));
            let colour = match chosen {
                true => style.features,
                false => blend(style.surface, style.features, 0.45),
            };
            pen.block((x0, y.pixel(0.0)), (x1, net), colour);
            if whole > net + 0.5 {
                pen.block(
                    (x0, net),
                    (x1, whole),
                    blend(style.surface, style.ramp[1], 0.22),
                );
                let edge = [(x0, net), (x0, whole), (x1, whole), (x1, net)];
                pen.dashes(&edge, style.ramp[1].into(), 1.25, 3.0, 3.0);
            }
            let middle = (x0 + x1) / 2.0;
            let ink = if chosen { style.ink } else { style.faint };
            pen.text(
                &fixed(-gain(features), 3),
                (middle, top - 9.0),
                Align::Middle,
                ink,
            );
            pen.text(
                &features.to_string(),
                (middle, bottom + 12.0),
                Align::Middle,
                ink,
            );
            if chosen {
                let frame = [
                    (x0 - 3.0, top),
                    (x0 - 3.0, whole + 3.0),
                    (x1 + 3.0, whole + 3.0),
                    (x1 + 3.0, top),
                ];
                pen.path(&frame, style.ink.into(), 1.5);
            }
            let words = Fgon { features }.summary();
            pen.place_block((left, NAME), (left + pitch, pen.height), features, words);
        }
    }
}

impl Figure for Fgon {
    fn title(&self) -> String {
        format!(
            "{} features on a regular polygon, and how much 3 to 7 lower the loss",
            self.features
        )
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (width, height) = (pen.width, pen.height);
        if width >= WIDE {
            let side = height.min(0.42 * width);
            self.draw_plane(&mut pen.part((0.0, (height - side) / 2.0), (side, side)));
            let left = side + GAP;
            self.draw_bars(&mut pen.part((left, 0.0), (width - left, height)));
        } else {
            let side = (height - BARS - GAP).min(width).max(1.0);
            self.draw_plane(&mut pen.part(((width - side) / 2.0, 0.0), (side, side)));
            self.draw_bars(
                &mut pen.part((0.0, side + GAP), (width, (height - side - GAP).max(1.0))),
            );
        }
        None
    }

    fn summary(&self) -> String {
        let (features, net) = (self.features, gain(self.features));
        let name = in_words(features);
        let angle = degrees(360.0 / features as f64);
        let whole = alone(features);
        if features <= 4 {
            let more = match features {
                3 => "there is room for more",
                _ => "none disturbs another",
            };
            let begin = name[..1].to_uppercase() + &name[1..];
            return format!(
                "{begin} features lower the loss by a third each, {} in all: at {angle} {more}.",
                fixed(net, 3)
            );
        }
        let (shown, cost) = (self.shown(), whole - net);
        let best = ALL
            .max_by(|&a, &b| gain(a).total_cmp(&gain(b)))
            .unwrap_or(5);
        let verdict = match features == best {
            true => {
                let more = percent(fixed(100.0 * (net / gain(4) - 1.0), 1));
                format!(
                    "the most there is: {more} more than with four. A sixth costs more than it brings, so the rest is ignored"
                )
            }
            false => format!(
                "less than with {}. Whatever comes after the fifth costs more than it brings, so it is ignored",
                in_words(best)
            ),
        };
        format!(
            "If they did not disturb each other, {name} features would lower the loss by {} (times 1 − S). But {} of each shows up in each of its two \
             neighbours, {angle} away. That costs {} and leaves {}, {verdict}.",
            fixed(whole, 3),
            fixed(shown, 2),
            fixed(cost, 3),
            fixed(net, 3)
        )
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            "features",
            "angle between neighbours, degrees",
            "shows in a neighbour",
            "gain alone",
            "cost of neighbours",
            "change of the loss, in units of 1 − S",
        ]);
        for features in ALL {
            let numbers = [
                features as f64,
                360.0 / features as f64,
                Fgon { features }.shown(),
                alone(features),
                alone(features) - gain(features),
                -gain(features),
            ];
            table.push(Vec::new(), numbers.map(Cell::from).into());
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        match width >= WIDE {
            true => (0.4 * width).clamp(BARS, 340.0),
            false => width.min(300.0) + GAP + BARS,
        }
    }
}
