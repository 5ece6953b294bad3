//! How much of a dimension does each feature and each example have? Two strips of dots, D_f and D_X.

use super::Figure;
use super::axis::{Area, Axis, round_up};
use super::pen::{Align, Pen, Point, text_width};
use super::vectors::{jitter, thinned};

/// Dimensionalities of a model. What is not between 0 and 1 is left out.
#[derive(Clone, Copy, Debug)]
pub struct Dimensionalities<'a> {
    /// D_f of every feature.
    pub features: &'a [f64],
    /// D_X of every example.
    pub examples: &'a [f64],
    /// m, the number of hidden dimensions.
    pub m: usize,
    /// Number of examples; infinite for a stream.
    pub t: f64,
    /// The feature that is brought out.
    pub selected_feature: Option<usize>,
    /// The example that is brought out.
    pub selected_example: Option<usize>,
    /// A dimensionality that must fit on the axis, so that figures beside each other have one scale; 0 where the data alone decide.
    pub reach: f64,
}

impl Figure for Dimensionalities<'_> {
    fn title(&self) -> String {
        let (features, examples) = (self.features.len(), self.examples.len());
        format!("Dimensionality of {features} features and {examples} examples")
    }

    /// Draws the figure. On the axis of x, features lie between 0 and 1 and examples between 1 and 2; where in between has no
    /// meaning and only keeps dots apart.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        Some(compose(pen, self))
    }
}

impl Dimensionalities<'_> {
    /// m/T, the share that each example has if they divide the hidden dimensions evenly.
    fn even_share(&self) -> Option<f64> {
        let share = self.m as f64 / self.t;
        (share > 0.0 && share <= 1.0).then_some(share)
    }
}

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
    let all = data.features.iter().chain(data.examples).copied();
    let highest = all.filter(drawable).fold(0.0, f64::max);
    let highest = highest.max(even_share.unwrap_or(0.0)).max(data.reach);
    let steps = [1.0, 1.2, 1.4, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
    let (top, bottom) = (24.0, (pen.height - 26.0).max(25.0));
    let y = Axis::linear((bottom, top), (0.0, round_up(highest * 1.06, &steps)));
    let ticks = y.ticks(((bottom - top) / 34.0) as usize);
    let left = ticks
        .iter()
        .map(|tick| text_width(&tick.label))
        .fold(20.0, f64::max)
        + 8.0;
    let right = (pen.width - text_width("m/T") - 8.0).max(left + 1.0);
    let area = Area {
        x: Axis::linear((left, right), (0.0, 2.0)),
        y,
    };

    let style = *pen.style;
    for tick in ticks {
        let at = y.pixel(tick.value);
        pen.line((left, at), (right, at), style.grid.into(), 1.0);
        pen.text(&tick.label, (left - 6.0, at), Align::End, style.faint);
    }
    pen.text("dimensionality D", (2.0, 9.0), Align::Start, style.faint);
    pen.line((left, bottom), (right, bottom), style.faint.into(), 1.0);
    for (name, middle) in [("features", 0.5), ("examples", 1.5)] {
        let at = (area.x.pixel(middle), bottom + 15.0);
        pen.text(name, at, Align::Middle, style.ink);
    }

    let place = |strip: f64, index: usize, d: f64| {
        (
            area.x.pixel(strip + 0.5 + 0.5 * SPREAD * jitter(index)),
            y.pixel(d),
        )
    };
    let strip = |strip: f64, values: &[f64]| -> Vec<Point> {
        let finite = values.iter().enumerate().filter(|(_, d)| drawable(d));
        finite.map(|(index, &d)| place(strip, index, d)).collect()
    };
    let radius = |dots: &[Point]| if dots.len() <= 64 { 3.5 } else { 2.25 };

    let dots = strip(0.0, data.features);
    let r = radius(&dots);
    for at in thinned(&dots, MOST_DOTS, r) {
        pen.dot(at, r, style.features);
    }
    let dots = strip(1.0, data.examples);
    let r = radius(&dots) + 0.25;
    let line = even_share.map(|share| y.pixel(share));
    if let Some(at) = line {
        let ends = [(area.x.pixel(1.0), at), (right, at)];
        pen.dashes(&ends, style.ink.into(), 1.25, 4.0, 3.0);
        pen.text("m/T", (right + 4.0, at), Align::Start, style.ink);
    }
    for at in thinned(&dots, MOST_DOTS, r) {
        pen.ring(at, r, style.examples, 1.5);
    }

    for (strip, values, selected, colour) in [
        (0.0, data.features, data.selected_feature, style.features),
        (1.0, data.examples, data.selected_example, style.examples),
    ] {
        let value = selected.and_then(|index| Some((index, *values.get(index)?)));
        if let Some((index, d)) = value.filter(|(_, d)| drawable(d)) {
            let at = place(strip, index, d);
            pen.dot(at, 4.5, colour);
            pen.ring(at, 7.5, style.ink, 1.5);
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
            features: &[],
            examples: &[],
            m: 2,
            t: 5.0,
            selected_feature: None,
            selected_example: None,
            reach: 0.0,
        };
        assert_eq!(data.even_share(), Some(0.4));
        for t in [f64::INFINITY, f64::NAN, 0.0, 1.0] {
            assert_eq!(Dimensionalities { t, ..data }.even_share(), None, "{t}");
        }
    }
}
