//! What do the inputs look like? A row for each example, with a stroke for each active feature, as high as its value.

use super::axis::{Area, Axis};
use super::pen::{Align, Pen};
use super::{Figure, style::TEXT};

/// Sparse examples, in compressed rows.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// Number of features.
    pub n: usize,
    /// Example k has the features at `offsets[k]..offsets[k + 1]`.
    pub offsets: &'a [u32],
    /// Features of one example after the other, ascending within each.
    pub features: &'a [u32],
    /// Their values, from 0 to 1, as many as `features`.
    pub values: &'a [f32],
    /// A place among `features`.
    pub selected: Option<usize>,
}

/// A stroke has this width, and so has the raster on which strokes stand: of those in one place the highest is drawn.
const STROKE: f64 = 1.5;
/// Between the rows, where the foot of a feature is that others have as well.
const GAP: f64 = 9.0;

impl Inputs<'_> {
    fn rows(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let ends = self.offsets.windows(2);
        ends.map(|pair| pair[0] as usize..pair[1] as usize)
    }
}

impl Figure for Inputs<'_> {
    fn title(&self) -> String {
        let examples = self.rows().count();
        format!("Features of {examples} examples, of {} each", self.n)
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

        let highest = self
            .values
            .iter()
            .copied()
            .fold(f32::MIN_POSITIVE, f32::max);
        let mut owners = vec![0u32; self.n];
        for &feature in self.features {
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
            if let Some(i) = self.selected.filter(|i| row.contains(i)) {
                let x = area.x.pixel(f64::from(self.features[i]) + 0.5);
                pen.ring((x, high(self.values[i])), 5.0, style.ink, 1.5);
            }
        }
        Some(area)
    }
}
