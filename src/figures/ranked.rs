//! Who is memorised? D* of all examples in order, with both tails stretched.

use super::Figure;
use super::axis::{Area, Axis, power_of_ten, short};
use super::pen::{Align, Pen, Point, text_width};
use crate::math::{ln, log10};

/// The sorted curve of D*. Ranks count from 0, the lowest D*.
#[derive(Clone, Copy, Debug)]
pub struct Ranked<'a> {
    /// How many examples.
    pub count: usize,
    /// Some ranks, ascending.
    pub ranks: &'a [f64],
    /// D* at these ranks, between 0 and 1.
    pub d_star: &'a [f64],
    /// The mean of D*: the rank of the hidden vectors over the number of examples.
    pub mean: f64,
    /// The lowest D* that must fit, so that curves of several moments share a scale; 0 for none.
    pub lowest: f64,
    /// The highest D* that must fit; 0 for none.
    pub highest: f64,
    /// The first and last rank that the reader has chosen.
    pub brush: Option<(f64, f64)>,
    /// Ranks of the examples that are shown.
    pub shown: &'a [f64],
    /// Ranks of those of them that the network gets wrong.
    pub wrong: &'a [f64],
    /// The rank that is read.
    pub selected: Option<f64>,
}

/// Where a rank lies on the axis of x: the logarithm of the share of examples below it over that above, which stretches
/// both ends alike.
pub fn stretched(rank: f64, count: usize) -> f64 {
    ln((rank + 0.5) / (count as f64 - rank - 0.5))
}

impl Figure for Ranked<'_> {
    fn title(&self) -> String {
        format!(
            "Maximal data dimensionality D* of {} examples, in order",
            self.count
        )
    }

    /// Draws the figure. Values on the axis of x are [`stretched`] ranks.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (top, bottom) = (24.0, (pen.height - 42.0).max(25.0));
        let y = self.axis((bottom, top));
        let ticks = y.ticks(((bottom - top) / 34.0) as usize);
        let widest = (ticks.iter().map(|tick| text_width(&tick.label))).fold(20.0, f64::max);
        let left = widest + 10.0;
        let right = (pen.width - 12.0).max(left + 1.0);
        let end = stretched(self.count.max(2) as f64 - 1.0, self.count.max(2));
        let x = Axis::linear((left, right), (-end, end));
        let area = Area { x, y };
        let style = *pen.style;

        if let Some((first, last)) = self.brush {
            // As wide as the examples' own places, and never too narrow to be seen.
            let edge = |rank: f64| {
                x.pixel(stretched(
                    rank.clamp(0.0, self.count as f64 - 1.0),
                    self.count,
                ))
            };
            let (from, to) = (edge(first) - 3.0, edge(last) + 3.0);
            pen.block((from.max(left), top), (to.min(right), bottom), style.grid);
        }
        for tick in ticks {
            let at = y.pixel(tick.value);
            pen.line((left, at), (right, at), style.grid.into(), 1.0);
            pen.text(&tick.label, (left - 6.0, at), Align::End, style.faint);
        }
        pen.text("D*", (2.0, 9.0), Align::Start, style.faint);
        self.mark_ranks(pen, &x, bottom);
        if self.mean > y.value0 && self.mean < y.value1 {
            let at = y.pixel(self.mean);
            pen.dashes(&[(left, at), (right, at)], style.ink.into(), 1.25, 1.5, 4.0);
        }

        let point = |rank: f64, d: f64| -> Point {
            let d = d.clamp(y.value0, y.value1);
            (x.pixel(stretched(rank, self.count)), y.pixel(d))
        };
        let curve: Vec<Point> = (self.ranks.iter().zip(self.d_star))
            .filter(|(rank, d)| rank.is_finite() && d.is_finite())
            .map(|(&rank, &d)| point(rank, d))
            .collect();
        pen.path(&curve, style.ink.into(), 1.75);
        for &rank in self.shown {
            pen.ring(point(rank, self.at(rank)), 3.75, style.examples, 1.5);
        }
        for &rank in self.wrong {
            pen.square(point(rank, self.at(rank)), 3.5, style.test);
        }
        if let Some(rank) = self.selected {
            let at = point(rank, self.at(rank));
            pen.dot(at, 4.0, style.ink);
            pen.ring(at, 7.5, style.ink, 1.5);
        }
        Some(area)
    }
}

impl Ranked<'_> {
    /// An axis of whole and half decades that holds the curve and what must fit.
    fn axis(&self, pixels: (f64, f64)) -> Axis {
        let all = || {
            let values = self.d_star.iter().chain([&self.lowest, &self.highest]);
            values.copied().filter(|d| *d > 0.0 && d.is_finite())
        };
        let (low, high) = (all().fold(1.0, f64::min), all().fold(1e-12, f64::max));
        if low > high {
            return Axis::log(pixels, (1e-4, 1.0));
        }
        let half_decade = |d: f64, up: bool| {
            let halves = 2.0 * log10(d);
            let halves = if up { halves.ceil() } else { halves.floor() } as i32;
            let odd = if halves.rem_euclid(2) == 1 { 3.0 } else { 1.0 };
            odd * power_of_ten(halves.div_euclid(2))
        };
        let (low, high) = (
            half_decade(low * 0.97, false),
            half_decade(high * 1.03, true),
        );
        Axis::log(pixels, (low, if high > low { high } else { 10.0 * low }))
    }

    /// D* at a rank, between the knots of the curve.
    fn at(&self, rank: f64) -> f64 {
        let after = self.ranks.partition_point(|&knot| knot < rank);
        match (after.checked_sub(1), self.ranks.get(after)) {
            (Some(before), Some(&next)) => {
                let (from, to) = (self.ranks[before], next);
                let share = (rank - from) / (to - from);
                self.d_star[before] + share * (self.d_star[after] - self.d_star[before])
            }
            (None, Some(_)) => self.d_star[0],
            _ => self.d_star.last().copied().unwrap_or(0.0),
        }
    }

    /// Counts from either end, and the middle.
    fn mark_ranks(&self, pen: &mut Pen, x: &Axis, bottom: f64) {
        let (faint, grid) = (pen.style.faint, pen.style.grid);
        pen.line((x.pixel0, bottom), (x.pixel1, bottom), faint.into(), 1.0);
        let last = self.count as f64 - 1.0;
        let nths = (0..).map(power_of_ten);
        let nths = nths.take_while(|nth| *nth <= 0.3 * self.count as f64);
        let mut ticks: Vec<(f64, String)> = nths
            .flat_map(|nth| [(nth - 1.0, short(nth)), (last - (nth - 1.0), short(nth))])
            .collect();
        ticks.push((last / 2.0, "half".to_owned()));
        // The ends come first; what would touch a label is left without one.
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for (rank, label) in ticks {
            let at = x.pixel(stretched(rank, self.count));
            let half = text_width(&label) / 2.0 + 3.0;
            pen.line((at, bottom), (at, bottom + 4.0), grid.into(), 1.0);
            if (taken.iter()).all(|(low, high)| at + half < *low || at - half > *high) {
                taken.push((at - half, at + half));
                pen.text_inside(&label, (at, bottom + 13.0), faint);
            }
        }
        let y = bottom + 32.0;
        pen.text("← lowest D*", (x.pixel0, y), Align::Start, faint);
        pen.text("highest D* →", (x.pixel1, y), Align::End, faint);
        if x.pixel1 - x.pixel0 > 330.0 {
            let middle = (x.pixel0 + x.pixel1) / 2.0;
            pen.text(
                "examples, counted from either end",
                (middle, y),
                Align::Middle,
                faint,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked<'a>(ranks: &'a [f64], d_star: &'a [f64]) -> Ranked<'a> {
        Ranked {
            count: 100,
            ranks,
            d_star,
            mean: 0.1,
            lowest: 0.0,
            highest: 0.0,
            brush: None,
            shown: &[],
            wrong: &[],
            selected: None,
        }
    }

    #[test]
    fn both_ends_are_stretched_alike() {
        assert_eq!(stretched(49.5, 100), 0.0);
        assert!((stretched(0.0, 100) + stretched(99.0, 100)).abs() < 1e-12);
    }

    #[test]
    fn between_knots_d_is_interpolated() {
        let figure = ranked(&[0.0, 10.0, 99.0], &[0.1, 0.2, 0.9]);
        for (rank, d) in [
            (0.0, 0.1),
            (5.0, 0.15),
            (10.0, 0.2),
            (99.0, 0.9),
            (200.0, 0.9),
        ] {
            assert!((figure.at(rank) - d).abs() < 1e-12, "{rank}");
        }
        assert_eq!(ranked(&[], &[]).at(3.0), 0.0);
    }

    #[test]
    fn the_axis_holds_the_curve_and_what_must_fit() {
        let axis = |d: &[f64], highest| {
            Ranked {
                highest,
                ..ranked(&[0.0, 1.0], d)
            }
            .axis((100.0, 0.0))
        };
        let plain = axis(&[1e-3, 0.04], 0.0);
        assert!(
            (plain.value0 - 3e-4).abs() < 1e-12 && (plain.value1 - 0.1).abs() < 1e-12,
            "{plain:?}"
        );
        assert!((axis(&[1e-3, 0.04], 0.7).value1 - 1.0).abs() < 1e-12);
        for odd in [&[][..], &[0.0, 0.0], &[f64::NAN], &[1.0, 1.0]] {
            let axis = axis(odd, 0.0);
            assert!(axis.value0 > 0.0 && axis.value0 < axis.value1);
        }
    }
}
