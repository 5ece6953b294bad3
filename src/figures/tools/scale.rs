//! How are many runs laid out? An axis of T with infinity one step beyond, and axes of losses from 0.9987 to 5,000.

use super::axis::{Axis, Tick};
use super::frame::draw_labels;
use super::numbers::{fixed, short};
use super::pen::{Align, Pen, text_width};
use super::style::TEXT;
use crate::math::{ln, log10, order};

/// The axis of T: logarithmic, with a place for infinity.
#[derive(Clone, Debug, PartialEq)]
pub struct TAxis {
    axis: Axis,
    /// The values that are marked, ascending.
    ts: Vec<f64>,
    /// Where infinity lies.
    beyond: f64,
    /// The value that has its label whatever others lose theirs.
    kept: Option<f64>,
}

/// Room between the plot's edge and the first and last T.
const MARGIN: f64 = 10.0;
/// Infinity is drawn at this multiple of the largest finite T.
const BEYOND: f64 = 2.5;

impl TAxis {
    /// The axis of a plot between `left` and `right` for those T, in any order.
    pub fn new((left, right): (f64, f64), ts: &[f64]) -> TAxis {
        let mut ts: Vec<f64> = ts.iter().copied().filter(|t| *t > 0.0).collect();
        ts.sort_by(f64::total_cmp);
        ts.dedup();
        let finite = || ts.iter().copied().filter(|t| t.is_finite());
        let first = finite().next().unwrap_or(1.0);
        let last = finite().next_back().unwrap_or(first);
        let beyond = BEYOND * last;
        let end = if ts.last() == Some(&f64::INFINITY) {
            beyond
        } else {
            last
        };
        // A single T lies in the middle.
        let (first, end) = if end > first {
            (first, end)
        } else {
            (first / 2.0, first * 2.0)
        };
        let (left, right) = (left + MARGIN, right - MARGIN);
        let axis = Axis::log((left, right.max(left + 1.0)), (first, end));
        TAxis {
            axis,
            ts,
            beyond,
            kept: None,
        }
    }

    /// With the label of one value in any case.
    pub fn keeping(self, kept: Option<f64>) -> TAxis {
        TAxis { kept, ..self }
    }

    pub fn pixel(&self, t: f64) -> f64 {
        self.axis.pixel(if t.is_finite() { t } else { self.beyond })
    }

    /// The values on it, ascending.
    pub fn values(&self) -> &[f64] {
        &self.ts
    }

    /// Least distance between two of its values, pixels.
    pub fn spacing(&self) -> f64 {
        let pairs = self.ts.windows(2);
        pairs
            .map(|pair| self.pixel(pair[1]) - self.pixel(pair[0]))
            .fold(self.axis.pixel1 - self.axis.pixel0, f64::min)
    }

    /// Ticks at every T below `bottom`, with labels where they don't touch, and the axis' name before or below them.
    pub fn draw(&self, pen: &mut Pen, (left, right): (f64, f64), bottom: f64, name: &str) {
        let faint = pen.style.faint;
        pen.line((left, bottom), (right, bottom), faint.into(), 1.0);
        match stands_before_labels(name) {
            true => pen.text(name, (left - 6.0, bottom + 13.0), Align::End, faint),
            false => pen.text(name, (right, bottom + 13.0 + NAME_ROW), Align::End, faint),
        }
        // Infinity and powers of ten come first and keep their place.
        let rank = |t: f64| match t {
            t if Some(t) == self.kept => -1.0,
            t if t.is_infinite() => 0.0,
            t if (log10(t) - log10(t).round()).abs() < 1e-9 => 1.0,
            _ => 2.0,
        };
        let ranks: Vec<f64> = self.ts.iter().copied().map(rank).collect();
        let ts = order(&ranks).into_iter().map(|k| self.ts[k]);
        draw_labels(pen, ts.map(|t| (self.pixel(t), short(t))), bottom, 4.0);
    }
}

/// Room left and right of every plot against T, so that plots below each other have their T below each other.
pub const LEFT: f64 = 46.0;
pub const RIGHT: f64 = 10.0;

/// Height of the labels below an axis of T.
pub const T_LABELS: f64 = 13.0 + TEXT;
const NAME_ROW: f64 = TEXT + 3.0;

/// The same with the axis' name, which has a row of its own where it is too long to stand before the labels.
pub fn below_axis(name: &str) -> f64 {
    match stands_before_labels(name) {
        true => T_LABELS,
        false => T_LABELS + NAME_ROW,
    }
}

fn stands_before_labels(name: &str) -> bool {
    text_width(name) + 6.0 <= LEFT
}

/// How values are spread over an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spacing {
    Linear,
    /// Logarithmic; what is below `floor` lies on the edge.
    Log {
        floor: f64,
    },
    /// No wider than its values: linear, or logarithmic if the highest is many times the lowest.
    Tight,
    /// Of losses: symmetric logarithm of loss − 1, so that 0.9988, 1.015 and 5,000 are all told from 1.
    Excess,
}

/// From this multiple of the lowest value on, [`Spacing::Tight`] is logarithmic.
const MANY: f64 = 4.0;

/// The excess over 1 up to which [`Spacing::Excess`] is about linear.
const KNEE: f64 = 1e-3;

/// A loss on [`Spacing::Excess`]: 0 for 1.
pub fn excess(loss: f64) -> f64 {
    let size = ln(1.0 + (loss - 1.0).abs() / KNEE);
    if loss < 1.0 { -size } else { size }
}

/// An axis of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueAxis {
    axis: Axis,
    spacing: Spacing,
}

/// Least extent of a linear axis: labels of smaller numbers would not fit beside it.
const LEAST: f64 = 0.01;

impl ValueAxis {
    /// The axis on `pixels` that holds all of `values`, and 1 if they are spread around it.
    pub fn new(pixels: (f64, f64), spacing: Spacing, values: &[f64]) -> ValueAxis {
        let range = |(low, high): (f64, f64), x: f64| (low.min(x), high.max(x));
        let finite = values.iter().copied().filter(|x| x.is_finite());
        let empty = (f64::INFINITY, f64::NEG_INFINITY);
        let axis = match spacing {
            Spacing::Linear => {
                let (low, high) = finite.fold((0.0, 0.0), range);
                let high = if high > low { high } else { low + 1.0 };
                let high = high.max(low + LEAST);
                Axis::linear(pixels, (low, low + 1.05 * (high - low)))
            }
            Spacing::Tight => {
                let (low, high) = finite.fold(empty, range);
                let margin = 0.06 * (high - low).max(1e-6);
                if low > high {
                    Axis::linear(pixels, (0.0, 1.0))
                } else if low > 0.0 && high > MANY * low {
                    Axis::log(pixels, (low / 1.15, high * 1.15))
                } else {
                    Axis::linear(pixels, (low - margin, high + margin))
                }
            }
            Spacing::Log { floor } => {
                let (low, high) = finite.map(|x| x.max(floor)).fold(empty, range);
                let (low, high) = if low <= high {
                    (low, high)
                } else {
                    (floor, 1.0)
                };
                Axis::log(pixels, (low / 1.3, high.max(low) * 1.3))
            }
            Spacing::Excess => {
                let (low, high) = finite.map(excess).fold((-1.0, 1.0), range);
                let margin = 0.04 * (high - low);
                Axis::linear(pixels, (low - margin, high + margin))
            }
        };
        ValueAxis { axis, spacing }
    }

    pub fn pixel(&self, value: f64) -> f64 {
        let at = match self.spacing {
            Spacing::Linear | Spacing::Tight => value,
            Spacing::Log { floor } => value.max(floor),
            Spacing::Excess => excess(value),
        };
        let (a, b) = (self.axis.pixel0, self.axis.pixel1);
        self.axis.pixel(at).clamp(a.min(b), a.max(b))
    }

    /// Does the axis hold it?
    pub fn holds(&self, value: f64) -> bool {
        let at = if self.spacing == Spacing::Excess {
            excess(value)
        } else {
            value
        };
        (self.axis.value0..=self.axis.value1).contains(&at)
    }

    fn ticks(&self) -> Vec<Tick> {
        let count = ((self.axis.pixel0 - self.axis.pixel1).abs() / 30.0) as usize;
        if self.spacing != Spacing::Excess {
            return self.axis.ticks(count);
        }
        let digits = [1.0, 0.1, 0.01, 0.001, 10.0, 100.0, 1000.0, 1e4, 1e6, 1e8];
        let above = digits.map(|excess| if excess < 9.0 { 1.0 + excess } else { excess });
        let below = [1.0, 0.1, 0.01, 0.001].map(|excess| 1.0 - excess);
        let mut kept: Vec<f64> = Vec::new();
        // 1 first, then the powers of ten; what would be too close to those has no tick.
        for value in [1.0].into_iter().chain(above).chain(below) {
            let at = self.pixel(value);
            let far = |&other: &f64| (self.pixel(other) - at).abs() >= TEXT + 4.0;
            if self.holds(value) && kept.iter().all(far) {
                kept.push(value);
            }
        }
        let label = |value: f64| match (value - 1.0).abs() {
            0.0 => "1".to_string(),
            d if d >= 0.999 => short(value),
            d => fixed(value, (-log10(d)).round() as usize),
        };
        let tick = |value| Tick {
            value,
            label: label(value),
        };
        kept.into_iter().map(tick).collect()
    }

    /// The same for an axis from left to right: lines between `top` and `bottom`, and labels below.
    pub fn draw_across(&self, pen: &mut Pen, (top, bottom): (f64, f64)) {
        let style = *pen.style;
        let mut end = f64::NEG_INFINITY;
        let ticks = self.ticks();
        let values: Vec<f64> = ticks.iter().map(|tick| tick.value).collect();
        for tick in order(&values).into_iter().map(|k| &ticks[k]) {
            let (at, half) = (self.pixel(tick.value), text_width(&tick.label) / 2.0);
            pen.line((at, top), (at, bottom), style.grid.into(), 1.0);
            if at - half > end + 3.0 {
                pen.text_inside(&tick.label, (at, bottom + 11.0), style.faint);
                end = at + half;
            }
        }
    }

    /// Lines of the grid between `left` and `right`, with labels left of them.
    pub fn draw(&self, pen: &mut Pen, (left, right): (f64, f64)) {
        let style = *pen.style;
        for tick in self.ticks() {
            let at = self.pixel(tick.value);
            pen.line((left, at), (right, at), style.grid.into(), 1.0);
            pen.text(&tick.label, (left - 6.0, at), Align::End, style.faint);
        }
        if self.spacing == Spacing::Excess {
            let at = self.pixel(1.0);
            pen.dashes(&[(left, at), (right, at)], style.ink.into(), 1.25, 1.5, 4.0);
        }
    }
}
