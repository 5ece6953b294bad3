//! What stands around a plot? Its edges, axes with their ticks and names, and the lines of its grid.

use super::axis::Axis;
use super::pen::{Align, Pen, text_width};
use super::scale::{LEFT, RIGHT, Spacing, TAxis, ValueAxis, below_axis};

/// The edges of a plot of many runs, whose axes lie below those of the plots above.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Its left and right edge.
    pub ends: (f64, f64),
    pub top: f64,
    pub bottom: f64,
    /// The name of the horizontal axis.
    along: &'static str,
}

/// Height of the name of the vertical axis, which stands above the plot.
pub const NAME: f64 = 20.0;

impl Frame {
    /// That of a plot which begins at `top` and ends at the height `end` with the labels of the axis `along`.
    pub fn new(width: f64, (top, end): (f64, f64), along: &'static str) -> Frame {
        Frame {
            ends: (LEFT, (width - RIGHT).max(LEFT + 1.0)),
            top,
            bottom: (end - below_axis(along)).max(top + 1.0),
            along,
        }
    }

    /// The horizontal axis for these values.
    pub fn x(&self, values: &[f64]) -> TAxis {
        TAxis::new(self.ends, values)
    }

    /// The vertical axis for these values.
    pub fn y(&self, spacing: Spacing, values: &[f64]) -> ValueAxis {
        ValueAxis::new((self.bottom, self.top), spacing, values)
    }

    /// Draws both axes, with the name of the vertical one at the upper edge of the pen's part.
    pub fn draw(&self, pen: &mut Pen, x: &TAxis, y: &ValueAxis, name: &str) {
        y.draw(pen, self.ends);
        x.draw(pen, self.ends, self.bottom, self.along);
        name_above(pen, name, 7.0);
    }
}

/// The name of a vertical axis.
pub fn name_above(pen: &mut Pen, name: &str, y: f64) {
    let faint = pen.style.faint;
    pen.text(name, (2.0, y), Align::Start, faint);
}

/// The vertical axis of a plot of one run with its name: lines at round values, from the labels left of them up to `room` before the
/// right edge. Returns where the lines end.
pub fn draw_values(pen: &mut Pen, y: &Axis, room: f64, name: &str) -> (f64, f64) {
    let ticks = y.ticks(((y.pixel0 - y.pixel1) / 34.0) as usize);
    let widest = ticks.iter().map(|tick| text_width(&tick.label));
    let left = widest.fold(20.0, f64::max) + 10.0;
    let right = (pen.width - room).max(left + 1.0);
    let style = *pen.style;
    for tick in ticks {
        let at = y.pixel(tick.value);
        pen.line((left, at), (right, at), style.grid.into(), 1.0);
        pen.text(&tick.label, (left - 6.0, at), Align::End, style.faint);
    }
    name_above(pen, name, 9.0);
    (left, right)
}

/// Labels below a horizontal axis, each at its stroke. Those that come first keep their place; what would be nearer than `apart` to one
/// of them has a stroke alone.
pub fn draw_labels(
    pen: &mut Pen,
    labels: impl IntoIterator<Item = (f64, String)>,
    bottom: f64,
    apart: f64,
) {
    let (faint, grid) = (pen.style.faint, pen.style.grid);
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for (at, label) in labels {
        pen.line((at, bottom), (at, bottom + 4.0), grid.into(), 1.0);
        let half = text_width(&label) / 2.0;
        let (from, to) = (at - half - apart, at + half + apart);
        if taken.iter().all(|&(low, high)| to <= low || from >= high) {
            taken.push((at - half, at + half));
            pen.text_inside(&label, (at, bottom + 13.0), faint);
        }
    }
}
