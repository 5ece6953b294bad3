//! Where does a value lie? The map between pixels and values that every figure returns, and its ticks.

use super::numbers::{on_axis, short};
use serde::Serialize;

use crate::math::{ln, log10, powf};

/// One axis: css pixels from the drawing area's upper left corner, against values. `pixel0` belongs to `value0`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Axis {
    /// Where the axis begins, css pixels.
    pub pixel0: f64,
    /// Where it ends, css pixels; for an axis that goes up that is less.
    pub pixel1: f64,
    /// The value at `pixel0`.
    pub value0: f64,
    /// The value at `pixel1`; it is above `value0`.
    pub value1: f64,
    /// Equal distances are equal ratios; then both values are positive.
    pub log: bool,
}

/// The map of a figure that was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Area {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
}

/// A value that is marked on an axis, with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value.
    pub value: f64,
    /// What is written there; empty for a mark without a number.
    pub label: String,
}

impl Axis {
    /// A linear axis over these css pixels and values.
    ///
    /// # Panics
    /// If the range of values is empty.
    pub fn linear((pixel0, pixel1): (f64, f64), (value0, value1): (f64, f64)) -> Axis {
        assert!(
            value0 < value1,
            "an empty range of values: {value0}, {value1}"
        );
        Axis {
            pixel0,
            pixel1,
            value0,
            value1,
            log: false,
        }
    }

    /// A logarithmic axis over these css pixels and values.
    ///
    /// # Panics
    /// If the range of values is empty or does not begin above zero.
    pub fn log(pixels: (f64, f64), values: (f64, f64)) -> Axis {
        assert!(
            values.0 > 0.0,
            "a logarithmic axis begins above zero: {}",
            values.0
        );
        Axis {
            log: true,
            ..Axis::linear(pixels, values)
        }
    }

    /// The pixel of a value. What is not positive has no place on a logarithmic axis and lies at its beginning, so
    /// that step 0 and a loss of zero stay on the chart.
    #[inline(never)] // its many calls are less code than its body in each of their places
    pub fn pixel(&self, value: f64) -> f64 {
        let share = if !self.log {
            (value - self.value0) / (self.value1 - self.value0)
        } else if value <= 0.0 {
            0.0
        } else {
            ln(value / self.value0) / ln(self.value1 / self.value0)
        };
        self.pixel0 + share * (self.pixel1 - self.pixel0)
    }

    /// The value at a pixel: the inverse of `pixel`.
    pub fn value(&self, pixel: f64) -> f64 {
        let share = (pixel - self.pixel0) / (self.pixel1 - self.pixel0);
        if self.log {
            self.value0 * powf(self.value1 / self.value0, share)
        } else {
            self.value0 + share * (self.value1 - self.value0)
        }
    }

    /// At most about `count` ticks at round values: powers of ten on a logarithmic axis (with 2 and 5 between when there
    /// are few), else multiples of 1, 2 or 5 times a power of ten.
    pub fn ticks(&self, count: usize) -> Vec<Tick> {
        let count = count.max(2);
        if self.log {
            self.log_ticks(count)
        } else {
            self.linear_ticks(count)
        }
    }

    fn linear_ticks(&self, count: usize) -> Vec<Tick> {
        let step = round_up((self.value1 - self.value0) / count as f64, &[1.0, 2.0, 5.0]);
        let first = (self.value0 / step - 1e-9).ceil();
        let last = (self.value1 / step + 1e-9).floor();
        // Values that no run has, of a damaged one, have no round steps between them, or none that a number can count.
        if last - first > count as f64 || first.abs().max(last.abs()) > 1e15 {
            return Vec::new();
        }
        (first as i64..=last as i64)
            .map(|k| Tick {
                value: k as f64 * step,
                label: on_axis(k as f64 * step, step),
            })
            .collect()
    }

    fn log_ticks(&self, count: usize) -> Vec<Tick> {
        let first = (log10(self.value0) - 1e-9).ceil() as i32;
        let last = (log10(self.value1) + 1e-9).floor() as i32;
        let decades = (last - first + 1).max(0) as usize;
        // With few decades also 2 and 5 of each. With many some are left out, so that 1, the most telling value of both axes, keeps its tick.
        let dense = decades * 3 <= count + 1;
        let every = decades.div_ceil(count) as i32;
        let digits: &[f64] = if dense { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let mut ticks = Vec::new();
        for k in first - 1..=last {
            for digit in digits.iter().filter(|_| dense || k.rem_euclid(every) == 0) {
                let value = digit * power_of_ten(k);
                if value >= self.value0 * (1.0 - 1e-9) && value <= self.value1 * (1.0 + 1e-9) {
                    ticks.push(Tick {
                        value,
                        label: short(value),
                    });
                }
            }
        }
        ticks
    }
}

/// The smallest digit times a power of ten that is not below `value`; 1 for what is too
/// small or large to be a length in a figure.
pub fn round_up(value: f64, digits: &[f64]) -> f64 {
    if !(1e-100..=1e100).contains(&value) {
        return 1.0;
    }
    let power = power_of_ten((log10(value) + 1e-9).floor() as i32);
    digits
        .iter()
        .map(|digit| digit * power)
        .find(|round| *round >= value * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// Ten to an integer power; up to 22 places on either side as close as the literal, because up to there the powers are
/// exact in f64 and one division rounds once. Parsing the literal would put a table of 10 KB into the page.
pub fn power_of_ten(k: i32) -> f64 {
    let power = (0..k.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
    if k < 0 { 1.0 / power } else { power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_the_literals() {
        for k in -22..=22 {
            assert_eq!(power_of_ten(k), format!("1e{k}").parse::<f64>().unwrap());
        }
    }
    use proptest::prelude::*;

    fn labels(axis: Axis, count: usize) -> Vec<String> {
        axis.ticks(count)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn values_beyond_all_figures_have_no_ticks() {
        for values in [(0.0, 1e274), (-1e308, 1e308), (1.0, 1.0 + 1e-15)] {
            assert!(labels(Axis::linear((0.0, 100.0), values), 6).len() < 2);
        }
    }

    #[test]
    fn log_ticks_are_powers_of_ten() {
        let axis = Axis::log((40.0, 300.0), (0.5, 50_000.0));
        assert_eq!(labels(axis, 6), ["1", "10", "100", "1k", "10k"]);
        let axis = Axis::log((300.0, 0.0), (1e-7, 1e4));
        assert_eq!(labels(axis, 5), ["10⁻⁶", "0.001", "1", "1k"]);
    }

    #[test]
    fn a_short_log_axis_has_ticks_between_the_powers() {
        let axis = Axis::log((0.0, 100.0), (0.3, 30.0));
        assert_eq!(labels(axis, 6), ["0.5", "1", "2", "5", "10", "20"]);
    }

    #[test]
    fn linear_ticks_carry_the_decimals_they_need() {
        assert_eq!(
            labels(Axis::linear((0.0, 1.0), (0.99, 1.02)), 4),
            ["0.99", "1.00", "1.01", "1.02"]
        );
        assert_eq!(
            labels(Axis::linear((0.0, 1.0), (-1.0, 1.0)), 4),
            ["−1.0", "−0.5", "0.0", "0.5", "1.0"]
        );
        assert_eq!(labels(Axis::linear((0.0, 1.0), (0.0, 0.5)), 5).len(), 6);
        assert_eq!(
            labels(Axis::linear((0.0, 1.0), (0.0, 6000.0)), 3),
            ["0", "2k", "4k", "6k"]
        );
    }

    proptest! {
        #[test]
        fn pixel_to_value_and_back(
            pixel in 0.0..900.0f64, p0 in -50.0..400.0f64, width in 10.0..900.0f64,
            v0 in 1e-9..1e3f64, ratio in 1.001..1e9f64, log: bool, flip: bool,
        ) {
            let pixels = if flip { (p0 + width, p0) } else { (p0, p0 + width) };
            let axis = if log { Axis::log(pixels, (v0, v0 * ratio)) } else { Axis::linear(pixels, (v0, v0 * ratio)) };
            let pixel = p0 + pixel / 900.0 * width;
            prop_assert!((axis.pixel(axis.value(pixel)) - pixel).abs() < 1e-6);
        }

        #[test]
        fn ticks_lie_on_the_axis_and_are_few(v0 in 1e-9..1e3f64, ratio in 1.001..1e12f64, count in 2..12usize, log: bool) {
            let axis = if log { Axis::log((0.0, 1.0), (v0, v0 * ratio)) } else { Axis::linear((0.0, 1.0), (v0, v0 * ratio)) };
            let ticks = axis.ticks(count);
            prop_assert!(ticks.len() <= count + 1, "{:?}", ticks);
            for tick in ticks {
                let at = axis.pixel(tick.value);
                prop_assert!((-1e-6..=1.0 + 1e-6).contains(&at), "{:?} at {}", tick, at);
            }
        }
    }
}
