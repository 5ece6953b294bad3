//! How much of a dimension does each feature and each example have? Two strips of dots, D_f and D_X.

use std::borrow::Cow;

use crate::figures::run::vectors::Role;
use crate::figures::tools::axis::{Area, Axis, round_up};
use crate::figures::tools::dots::{jitter, thinned};
use crate::figures::tools::frame::draw_values;
use crate::figures::tools::numbers::reading;
use crate::figures::tools::pen::{Align, Pen, Point, text_width};
use crate::figures::{Figure, Table};
use crate::math::largest_first;

/// Dimensionalities of a model. What is not between 0 and 1 is left out of the drawing.
#[derive(Clone, Debug, Default)]
pub struct Dimensionalities<'a> {
    /// D_f of every feature.
    pub features: Cow<'a, [f64]>,
    /// D_X of every example.
    pub examples: Cow<'a, [f64]>,
    /// D* of every example; none where it is not known.
    pub maximal: Cow<'a, [f64]>,
    /// m, the number of hidden dimensions.
    pub m: usize,
    /// Number of examples; infinite for a stream.
    pub t: f64,
    /// The feature that is brought out.
    pub selected_feature: Option<usize>,
    /// The example that is brought out.
    pub selected_example: Option<usize>,
    /// The [`reach`](Figure::reach) of a figure beside this one; none where the data alone decide.
    pub beside: Vec<f64>,
}

impl Figure for Dimensionalities<'_> {
    fn title(&self) -> String {
        let (features, examples) = (self.features.len(), self.examples.len());
        format!("Dimensionality of {features} features and {examples} examples")
    }

    fn summary(&self) -> String {
        let (_, feature) = range(&self.features);
        let (low, high) = range(&self.examples);
        let mut words = format!(
            "Dimensionalities: features up to {}, examples from {} to {}",
            reading(feature),
            reading(low),
            reading(high)
        );
        if let Some(share) = self.even_share() {
            words += &format!("; m/T is {}", reading(share));
        }
        if !self.maximal.is_empty() {
            let (low, high) = range(&self.maximal);
            words += &format!(
                "; D* of the examples from {} to {}",
                reading(low),
                reading(high)
            );
        }
        words + "."
    }

    /// The largest first.
    fn table(&self) -> Table {
        let mut table = Table::new(["kind", "number", "D", "D*"]);
        for stop in self.largest_first() {
            let (role, index, d) = self.of(stop).expect("there are as many");
            let d_star = self.d_star(role, index);
            let d_star = d_star.unwrap_or(f64::NAN);
            let number = (index + 1) as f64;
            let cells = vec![role.name().into(), number.into(), d.into(), d_star.into()];
            table.push(Vec::new(), cells);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        0.6 * width
    }

    /// Draws the figure. On the axis of x, features lie between 0 and 1 and examples between 1 and 2; where in between has no
    /// meaning and only keeps dots apart.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        Some(compose(pen, self))
    }

    /// Features, then examples, by number; of all these the largest first.
    fn stops(&self) -> Option<Vec<usize>> {
        let mut stops = self.largest_first();
        stops.truncate(MOST_STOPS);
        Some(stops)
    }

    fn read(&self, stop: usize) -> Option<String> {
        let (role, index, d) = self.of(stop)?;
        let d_star = self.d_star(role, index);
        let d_star = d_star.map_or(String::new(), |d| format!(", D* {}", reading(d)));
        Some(format!("{}: D {}{d_star}", role.nth(index), reading(d)))
    }

    /// The dimensionality that must fit.
    fn reach(&self) -> Vec<f64> {
        let all = self.features.iter().chain(self.examples.iter()).copied();
        vec![all.filter(drawable).fold(0.0, f64::max)]
    }
}

/// Least and largest; NaN of none.
#[inline(never)]
fn range(values: &[f64]) -> (f64, f64) {
    let values = values.iter().copied();
    (
        values.clone().fold(f64::NAN, f64::min),
        values.fold(f64::NAN, f64::max),
    )
}

impl Dimensionalities<'_> {
    /// m/T, the share that each example has if they divide the hidden dimensions evenly.
    fn even_share(&self) -> Option<f64> {
        let share = self.m as f64 / self.t;
        (share > 0.0 && share <= 1.0).then_some(share)
    }

    /// What a stop is, its number and its D.
    fn of(&self, stop: usize) -> Option<(Role, usize, f64)> {
        match stop.checked_sub(self.features.len()) {
            None => Some((Role::Features, stop, self.features[stop])),
            Some(example) => Some((Role::Examples, example, *self.examples.get(example)?)),
        }
    }

    fn d_star(&self, role: Role, index: usize) -> Option<f64> {
        let of = (role == Role::Examples).then_some(&self.maximal)?;
        of.get(index).copied()
    }

    /// Stops by D; of equal ones examples before features.
    fn largest_first(&self) -> Vec<usize> {
        let (features, examples) = (self.features.len(), self.examples.len());
        let keys = [&self.examples[..], &self.features[..]].concat();
        let stop = |k: usize| match k.checked_sub(examples) {
            None => features + k,
            Some(feature) => feature,
        };
        largest_first(&keys).into_iter().map(stop).collect()
    }
}

/// Keys stop at so many at most.
const MOST_STOPS: usize = 200;
/// Dots of one strip at most.
const MOST_DOTS: usize = 600;
/// Share of a strip's width that its dots are spread over.
const SPREAD: f64 = 0.72;

/// A dimensionality, give or take rounding.
fn drawable(d: &f64) -> bool {
    (-1e-6..=1.0 + 1e-6).contains(d)
}

fn compose(pen: &mut Pen, data: &Dimensionalities) -> Area {
    let even_share = data.even_share();
    let needed = data.reach().into_iter().chain(data.beside.iter().copied());
    let highest = needed.fold(even_share.unwrap_or(0.0), f64::max);
    let steps = [1.0, 1.2, 1.4, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
    let (top, bottom) = (24.0, (pen.height - 26.0).max(25.0));
    let y = Axis::linear((bottom, top), (0.0, round_up(highest * 1.06, &steps)));
    let room = text_width("m/T") + 8.0;
    let (left, right) = draw_values(pen, &y, room, "dimensionality D");
    let area = Area {
        x: Axis::linear((left, right), (0.0, 2.0)),
        y,
    };

    let style = *pen.style;
    pen.line((left, bottom), (right, bottom), style.faint.into(), 1.0);
    for (name, middle) in [("features", 0.5), ("examples", 1.5)] {
        let at = (area.x.pixel(middle), bottom + 15.0);
        pen.text(name, at, Align::Middle, style.ink);
    }
    if let Some(share) = even_share {
        let at = y.pixel(share);
        let ends = [(area.x.pixel(1.0), at), (right, at)];
        pen.dashes(&ends, style.ink.into(), 1.25, 4.0, 3.0);
        pen.text("m/T", (right + 4.0, at), Align::Start, style.ink);
    }

    for (role, left, values, selected, first) in [
        (
            Role::Features,
            0.0,
            &data.features,
            data.selected_feature,
            0,
        ),
        (
            Role::Examples,
            1.0,
            &data.examples,
            data.selected_example,
            data.features.len(),
        ),
    ] {
        let drawn = values.iter().enumerate().filter(|(_, d)| drawable(d));
        let place = |(index, &d): (usize, &f64)| {
            let x = left + 0.5 + 0.5 * SPREAD * jitter(index);
            (area.x.pixel(x), y.pixel(d))
        };
        let dots: Vec<Point> = drawn.clone().map(place).collect();
        let radius = if dots.len() <= 64 { 3.5 } else { 2.25 };
        let colour = role.colour(&style);
        match role {
            Role::Features => {
                for at in thinned(&dots, MOST_DOTS, radius) {
                    pen.dot(at, radius, colour);
                }
            }
            Role::Examples => {
                for at in thinned(&dots, MOST_DOTS, radius + 0.25) {
                    pen.ring(at, radius + 0.25, colour, 1.5);
                }
            }
        }
        for ((index, _), at) in drawn.zip(dots) {
            pen.mark(at, first + index);
            if Some(index) == selected {
                pen.dot(at, 4.5, colour);
                pen.ring(at, 7.5, style.ink, 1.5);
            }
        }
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_even_share_is_drawn_where_it_can_be_reached() {
        let data = Dimensionalities {
            m: 2,
            t: 5.0,
            ..Default::default()
        };
        assert_eq!(data.even_share(), Some(0.4));
        for t in [f64::INFINITY, f64::NAN, 0.0, 1.0] {
            assert_eq!(
                Dimensionalities { t, ..data.clone() }.even_share(),
                None,
                "{t}"
            );
        }
    }
}
