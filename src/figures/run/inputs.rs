//! What do the inputs look like? A row for each example, with a stroke for each active feature, as high as its value.

use std::borrow::Cow;
use std::ops::Range;

use crate::figures::run::vectors::Role;
use crate::figures::tools::axis::{Area, Axis};
use crate::figures::tools::numbers::{grouped, in_words, reading};
use crate::figures::tools::pen::{Align, Pen};
use crate::figures::tools::style::TEXT;
use crate::figures::{Figure, Table};

/// Sparse examples, in compressed rows.
#[derive(Clone, Debug, Default)]
pub struct Inputs<'a> {
    /// Number of features.
    pub n: usize,
    /// Example k has the features at `offsets[k]..offsets[k + 1]`.
    pub offsets: Cow<'a, [u32]>,
    /// Features of one example after the other, ascending within each.
    pub features: Cow<'a, [u32]>,
    /// Their values, from 0 to 1, as many as `features`.
    pub values: Cow<'a, [f32]>,
    /// A place among `features`.
    pub selected: Option<usize>,
}

/// A stroke has this width, and so has the raster on which strokes stand: of those in one place the highest is drawn.
const STROKE: f64 = 1.5;
/// Between the rows, where the foot of a feature is that others have as well.
const GAP: f64 = 9.0;

/// Keys stop at so many places at most: nobody goes further.
const MOST_STOPS: usize = 500;

impl Inputs<'_> {
    fn rows(&self) -> impl Iterator<Item = Range<usize>> {
        let ends = self.offsets.windows(2);
        ends.map(|pair| pair[0] as usize..pair[1] as usize)
    }

    /// Example by example, the place of a feature among `features`, if it has that.
    fn owners(&self, feature: u32) -> impl Iterator<Item = Option<usize>> {
        self.rows().map(move |row| {
            let among = self.features[row.clone()].binary_search(&feature);
            among.ok().map(|place| row.start + place)
        })
    }

    /// How many pairs of examples have a feature in common, and how many there are.
    fn pairs(&self) -> (usize, usize) {
        let rows: Vec<Range<usize>> = self.rows().collect();
        let share = |a: &Range<usize>, b: &Range<usize>| {
            let of_b = &self.features[b.clone()];
            let mut of_a = self.features[a.clone()].iter();
            of_a.any(|feature| of_b.binary_search(feature).is_ok())
        };
        let (mut common, mut all) = (0, 0);
        for (k, b) in rows.iter().enumerate() {
            common += rows[..k].iter().filter(|a| share(a, b)).count();
            all += k;
        }
        (common, all)
    }
}

impl Figure for Inputs<'_> {
    fn title(&self) -> String {
        let examples = self.rows().count();
        format!("Features of {examples} examples, of {} each", self.n)
    }

    fn summary(&self) -> String {
        let counts = || self.rows().map(|row| row.len());
        let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        let examples = in_words(self.rows().count());
        let features = match least == most {
            true => format!(
                "Each of the {examples} examples has {} non-zero features",
                grouped(least)
            ),
            false => format!(
                "The {examples} examples have {} to {} non-zero features each",
                grouped(least),
                grouped(most)
            ),
        };
        match self.pairs() {
            (0, _) => format!("{features}; no two have one in common."),
            (1, all) => format!("{features}; one of the {all} pairs has at least one in common."),
            (common, all) => {
                format!("{features}; {common} of the {all} pairs have at least one in common.")
            }
        }
    }

    /// Example by example.
    fn table(&self) -> Table {
        let mut table = Table::new(["example", "feature", "value"]);
        for (k, row) in self.rows().enumerate() {
            for i in row {
                let numbers = [
                    (k + 1) as f64,
                    f64::from(self.features[i] + 1),
                    self.values[i].into(),
                ];
                table.push(Vec::new(), numbers.map(Into::into).into());
            }
        }
        table
    }

    fn height(&self, _: f64) -> f64 {
        250.0
    }

    fn stops(&self) -> Option<Vec<usize>> {
        Some((0..self.features.len().min(MOST_STOPS)).collect())
    }

    fn read(&self, stop: usize) -> Option<String> {
        let feature = *self.features.get(stop)?;
        let example = self.rows().position(|row| row.contains(&stop))?;
        let owners = self.owners(feature).enumerate();
        let others = owners.filter(|(other, place)| *other != example && place.is_some());
        let others: Vec<String> = others.map(|(k, _)| (k + 1).to_string()).collect();
        let others = match &others[..] {
            [] => String::new(),
            [other] => format!("; not zero either in example {other}"),
            [first @ .., last] => {
                format!(
                    "; not zero either in examples {} and {last}",
                    first.join(", ")
                )
            }
        };
        Some(format!(
            "{}: feature {} is {}{others}",
            Role::Examples.nth(example),
            grouped(feature as usize + 1),
            reading(self.values[stop].into())
        ))
    }

    /// Values on the axis of y are rows: example k lies between k and k + 1.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let count = self.rows().count().max(1);
        let (left, right) = (16.0, (pen.width - 10.0).max(17.0));
        let (top, bottom) = (2.0, (pen.height - 13.0 - TEXT).max(3.0));
        let area = Area {
            x: Axis::linear((left, right), (0.0, self.n as f64)),
            y: Axis::linear((top, bottom), (0.0, count as f64)),
        };
        for tick in area.x.ticks(((right - left) / 110.0) as usize) {
            let at = area.x.pixel(tick.value);
            pen.line((at, top), (at, bottom), style.grid.into(), 1.0);
            pen.text_inside(&tick.label, (at, bottom + 10.0), style.faint);
        }

        let values = self.values.iter().copied();
        let highest = values.fold(f32::MIN_POSITIVE, f32::max);
        let mut owners = vec![0u32; self.n];
        for &feature in self.features.iter() {
            owners[feature as usize] += 1;
        }
        let places = ((right - left) / STROKE) as usize + 1;
        for (k, row) in self.rows().enumerate() {
            let above = area.y.pixel(k as f64);
            let base = area.y.pixel((k + 1) as f64) - GAP;
            let name = (k + 1).to_string();
            let middle = (above + base) / 2.0;
            pen.text(&name, (left - 6.0, middle), Align::End, style.faint);
            pen.line((left, base), (right, base), style.faint.into(), 1.0);
            let mut strokes = vec![(0.0f32, false); places];
            for i in row.clone() {
                let feature = self.features[i] as usize;
                let at = (area.x.pixel(feature as f64 + 0.5) - left) / STROKE;
                let (value, shared) = &mut strokes[at as usize];
                *value = value.max(self.values[i]);
                *shared |= owners[feature] > 1;
            }
            let x = |place: usize| left + place as f64 * STROKE;
            let high = |value: f32| base - (base - above) * f64::from(value / highest);
            for (place, (value, shared)) in strokes.into_iter().enumerate() {
                if value > 0.0 {
                    let ends = ((x(place), high(value)), (x(place + 1), base));
                    pen.block(ends.0, ends.1, style.examples);
                }
                if shared {
                    let foot = (
                        (x(place) - 0.75, base + 2.0),
                        (x(place + 1) + 0.75, base + 6.0),
                    );
                    pen.block(foot.0, foot.1, style.ink);
                }
            }
            for i in row {
                let x = area.x.pixel(f64::from(self.features[i]) + 0.5);
                pen.mark_block((x, above), (x, base), i);
                if self.selected == Some(i) {
                    pen.ring((x, high(self.values[i])), 5.0, style.ink, 1.5);
                }
            }
        }
        Some(area)
    }
}
