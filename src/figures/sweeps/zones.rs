//! How are the regimes of T shown? Tinted stretches behind a plot against T, with their names above it; and one T that is marked.

use plotters::style::RGBColor;

use crate::figures::tools::numbers::short;
use crate::figures::tools::pen::{Align, Pen, text_width};
use crate::figures::tools::scale::TAxis;
use crate::figures::tools::style::{Style, TEXT, blend};
use crate::sweep::{Regime, Stretch};

/// Height of the names.
pub const NAMES: f64 = TEXT + 8.0;
/// How much colour is in a tint.
const TINT: f64 = 0.1;

/// The tint of a regime: of examples or of features, whichever it holds.
pub fn tint(style: &Style, regime: Regime) -> RGBColor {
    let hue = match regime {
        Regime::Memorises => style.examples,
        Regime::Confused => style.faint,
        Regime::Generalises => style.features,
    };
    blend(style.surface, hue, TINT)
}

/// Draws the stretches over the plot between `left` and `right`, from `top`, where their names are, to `bottom`.
pub fn draw(
    pen: &mut Pen,
    x: &TAxis,
    stretches: &[Stretch],
    (left, right): (f64, f64),
    (top, bottom): (f64, f64),
) {
    let at = |t: f64| match t {
        t if t.is_infinite() => right,
        t => x.pixel(t).clamp(left, right),
    };
    for stretch in stretches {
        let (from, to) = (at(stretch.from.max(f64::MIN_POSITIVE)), at(stretch.to));
        let colour = tint(pen.style, stretch.regime);
        pen.block((from, top), (to, bottom), colour);
    }
    // A narrow stretch has a name that is wider; it may reach over its neighbours, but not over their names.
    let mut end = left;
    for stretch in stretches {
        let (from, to) = (at(stretch.from.max(f64::MIN_POSITIVE)), at(stretch.to));
        let (name, faint) = (stretch.regime.name(), pen.style.faint);
        let half = text_width(name) / 2.0;
        let middle = ((from + to) / 2.0).max(end + half).min(right - half);
        pen.text(name, (middle, top + NAMES / 2.0), Align::Middle, faint);
        end = middle + half + 2.0;
    }
}

/// Marks a T of the axis: a line over the plot, and its label once more in ink.
pub fn mark(pen: &mut Pen, x: &TAxis, t: f64, (top, bottom): (f64, f64)) {
    let (at, ink, surface) = (x.pixel(t), pen.style.ink, pen.style.surface);
    pen.line((at, top), (at, bottom + 4.0), ink.into(), 1.25);
    let label = short(t);
    let half = text_width(&label) / 2.0 + 3.0;
    let middle = at.min(pen.width - half - 1.0).max(half + 1.0);
    let y = bottom + 13.0;
    pen.block((middle - half, y - 8.0), (middle + half, y + 8.0), ink);
    pen.text(&label, (middle, y), Align::Middle, surface);
}
