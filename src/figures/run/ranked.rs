//! Who is memorised? D* of all examples in order, with both tails stretched.

use std::borrow::Cow;

use crate::figures::tools::axis::{Area, Axis, power_of_ten};
use crate::figures::tools::frame::{draw_labels, draw_values};
use crate::figures::tools::numbers::{fixed, grouped, reading, short};
use crate::figures::tools::pen::{Align, Pen, Point};
use crate::figures::{Figure, Table};
use crate::math::{exp, ln, log10};

/// The sorted curve of D*. Ranks count from 0, the lowest D*.
#[derive(Clone, Debug, Default)]
pub struct Ranked<'a> {
    /// How many examples.
    pub count: usize,
    /// Some ranks, ascending.
    pub ranks: Cow<'a, [f64]>,
    /// D* at these ranks, between 0 and 1.
    pub d_star: Cow<'a, [f64]>,
    /// The mean of D*: the rank of the hidden vectors over the number of examples.
    pub mean: f64,
    /// The lowest D* that must fit, so that curves of several moments share a scale; 0 for none.
    pub lowest: f64,
    /// The highest D* that must fit; 0 for none.
    pub highest: f64,
    /// The first and last rank that the reader has chosen.
    pub brush: Option<(f64, f64)>,
    /// Ranks of the examples that are shown.
    pub shown: Cow<'a, [f64]>,
    /// Ranks of those of them that the network gets wrong.
    pub wrong: Cow<'a, [f64]>,
    /// The rank that is read.
    pub selected: Option<usize>,
}

/// Where a rank lies on the axis of x: the logarithm of the share of examples below it over that above, which stretches
/// both ends alike.
pub fn stretched(rank: f64, count: usize) -> f64 {
    ln((rank + 0.5) / (count as f64 - rank - 0.5))
}

/// The rank at a place on that axis: the way back.
pub fn rank_at(x: f64, count: usize) -> usize {
    let rank = (count as f64 / (1.0 + exp(-x)) - 0.5).round();
    (rank.max(0.0) as usize).min(count.saturating_sub(1))
}

/// 2nd, 3rd, 11th; nothing for the first.
fn nth(place: usize) -> String {
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    match place {
        1 => String::new(),
        _ => format!("{}{ending} ", grouped(place)),
    }
}

/// A ratio in two digits.
fn times(ratio: f64) -> String {
    let decimals = match ratio {
        9.95.. => 0,
        0.995.. => 1,
        _ => 2,
    };
    format!("{}×", fixed(ratio, decimals))
}

impl Figure for Ranked<'_> {
    fn title(&self) -> String {
        format!(
            "Maximal data dimensionality D* of {} examples, in order",
            self.count
        )
    }

    fn summary(&self) -> String {
        let [low, high] =
            [self.d_star.first(), self.d_star.last()].map(|d| d.map_or(f64::NAN, |d| *d));
        format!(
            "D* of {} training examples in order: lowest {}, median {}, highest {}.",
            grouped(self.count),
            reading(low),
            reading(self.median()),
            reading(high)
        )
    }

    /// The highest first.
    fn table(&self) -> Table {
        let mut table = Table::new(["rank from the lowest", "D*"]);
        for (rank, d) in self.ranks.iter().zip(self.d_star.iter()).rev() {
            table.push(Vec::new(), vec![(rank + 1.0).into(), (*d).into()]);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        0.6 * width
    }

    /// The ranks at which D* is given.
    fn stops(&self) -> Option<Vec<usize>> {
        Some(self.ranks.iter().map(|&rank| rank as usize).collect())
    }

    fn read(&self, stop: usize) -> Option<String> {
        if stop >= self.count {
            return None;
        }
        let (place, end) = match 2 * stop < self.count {
            true => (stop + 1, "lowest"),
            false => (self.count - stop, "highest"),
        };
        let d = self.at(stop as f64);
        Some(format!(
            "The {}{end} of {}: D* {}, {} the median",
            nth(place),
            grouped(self.count),
            reading(d),
            times(d / self.median())
        ))
    }

    /// Draws the figure. Values on the axis of x are [`stretched`] ranks.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (top, bottom) = (24.0, (pen.height - 42.0).max(25.0));
        let y = self.axis((bottom, top));
        let (left, right) = draw_values(pen, &y, 12.0, "D*");
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
        self.mark_ranks(pen, &x, bottom);
        if self.mean > y.value0 && self.mean < y.value1 {
            let at = y.pixel(self.mean);
            pen.dashes(&[(left, at), (right, at)], style.ink.into(), 1.25, 1.5, 4.0);
        }

        let point = |rank: f64, d: f64| -> Point {
            let d = d.clamp(y.value0, y.value1);
            (x.pixel(stretched(rank, self.count)), y.pixel(d))
        };
        let curve: Vec<Point> = (self.ranks.iter().zip(self.d_star.iter()))
            .filter(|(rank, d)| rank.is_finite() && d.is_finite())
            .map(|(&rank, &d)| point(rank, d))
            .collect();
        pen.path(&curve, style.ink.into(), 1.75);
        for &rank in self.shown.iter() {
            pen.ring(point(rank, self.at(rank)), 3.75, style.examples, 1.5);
        }
        for &rank in self.wrong.iter() {
            pen.square(point(rank, self.at(rank)), 3.5, style.test);
        }
        if let Some(rank) = self.selected {
            let rank = rank as f64;
            let at = point(rank, self.at(rank));
            pen.dot(at, 4.0, style.ink);
            pen.ring(at, 7.5, style.ink, 1.5);
        }
        // Every pixel is the rank there.
        for pixel in left as usize..right as usize {
            let (from, to) = (pixel as f64, (pixel + 1) as f64);
            let rank = rank_at(x.value(from + 0.5), self.count);
            pen.mark_block((from, top), (to, bottom), rank);
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

    fn median(&self) -> f64 {
        self.at((self.count as f64 - 1.0) / 2.0)
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
        let faint = pen.style.faint;
        pen.line((x.pixel0, bottom), (x.pixel1, bottom), faint.into(), 1.0);
        let last = self.count as f64 - 1.0;
        let nths = (0..).map(power_of_ten);
        let nths = nths.take_while(|nth| *nth <= 0.3 * self.count as f64);
        let mut ticks: Vec<(f64, String)> = nths
            .flat_map(|nth| [(nth - 1.0, short(nth)), (last - (nth - 1.0), short(nth))])
            .collect();
        ticks.push((last / 2.0, "half".to_owned()));
        // The ends come first.
        let place = |(rank, label)| (x.pixel(stretched(rank, self.count)), label);
        draw_labels(pen, ticks.into_iter().map(place), bottom, 6.0);
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
            ranks: ranks.into(),
            d_star: d_star.into(),
            mean: 0.1,
            ..Ranked::default()
        }
    }

    #[test]
    fn both_ends_are_stretched_alike() {
        assert_eq!(stretched(49.5, 100), 0.0);
        assert!((stretched(0.0, 100) + stretched(99.0, 100)).abs() < 1e-12);
        for rank in 0..100 {
            assert_eq!(rank_at(stretched(rank as f64, 100), 100), rank);
        }
        assert_eq!((rank_at(-50.0, 100), rank_at(50.0, 100)), (0, 99));
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
