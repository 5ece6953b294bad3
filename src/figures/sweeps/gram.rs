//! Which vectors point the same way, in as many dimensions as there are? The Gram matrix of unit vectors.

use plotters::style::RGBColor;

use crate::figures::tools::pen::{Align, Pen, text_width};
use crate::figures::tools::style::{Style, TEXT, blend};
use crate::math::order;
use crate::measure::norm;

/// Cosines of the angles between vectors (count, m): the longest of them, each beside the one most like it.
#[derive(Clone, Copy, Debug)]
pub struct Gram<'a> {
    pub m: usize,
    pub vectors: &'a [f32],
}

/// Most vectors in the matrix: 1,600 cells, which an SVG can hold.
const MOST: usize = 40;
/// Shades of a colour, so that equal neighbours are one rectangle.
const SHADES: f64 = 24.0;

impl Gram<'_> {
    /// Unit vectors of those that are longest, in the order of the matrix.
    fn rows(&self) -> Vec<Vec<f64>> {
        let length = |v: &[f32]| norm(v);
        let rows: Vec<&[f32]> = (self.vectors.chunks_exact(self.m))
            .filter(|v| length(v) > 0.0 && length(v).is_finite())
            .collect();
        let shortness: Vec<f64> = rows.iter().map(|v| -length(v)).collect();
        let longest = order(&shortness).into_iter().take(MOST);
        let unit = |v: &[f32]| v.iter().map(|&x| f64::from(x) / length(v)).collect();
        let mut left: Vec<Vec<f64>> = longest.map(|k| unit(rows[k])).collect();
        let mut ordered: Vec<Vec<f64>> = Vec::new();
        while !left.is_empty() {
            let next = ordered.last().map_or(0, |last| {
                let likeness = |k: &usize| cosine(last, &left[*k]);
                let nearest = (0..left.len()).max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
                nearest.unwrap_or(0)
            });
            ordered.push(left.remove(next));
        }
        ordered
    }
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The surface at 0, one hue for angles below 90° and one for those above.
fn shade(style: &Style, cosine: f64) -> RGBColor {
    let hue = if cosine > 0.0 {
        style.examples
    } else {
        style.features
    };
    blend(style.surface, hue, (cosine.abs() * SHADES).round() / SHADES)
}

impl Gram<'_> {
    pub fn draw(&self, pen: &mut Pen) {
        let style = *pen.style;
        let rows = self.rows();
        let side = pen.width.min(pen.height - TEXT - 8.0).max(1.0);
        let (left, cell) = ((pen.width - side) / 2.0, side / rows.len().max(1) as f64);
        for (i, row) in rows.iter().enumerate() {
            let shades: Vec<RGBColor> =
                rows.iter().map(|v| shade(&style, cosine(row, v))).collect();
            let mut from = 0;
            for equal in shades.chunk_by(|a, b| a == b) {
                let to = from + equal.len();
                // Drawn a little too far, lest the surface shine through between.
                let corner = (left + to as f64 * cell + 0.25, (i + 1) as f64 * cell + 0.25);
                pen.block(
                    (left + from as f64 * cell, i as f64 * cell),
                    corner,
                    equal[0],
                );
                from = to;
            }
        }
        let y = side + TEXT / 2.0 + 6.0;
        pen.text("cosine", (left, y), Align::Start, style.faint);
        let mut x = left + text_width("cosine") + 8.0;
        for (cosine, label) in [(-1.0, "−1"), (0.0, "0"), (1.0, "1")] {
            pen.block((x - 1.0, y - 6.0), (x + 11.0, y + 6.0), style.grid);
            pen.block((x, y - 5.0), (x + 10.0, y + 5.0), shade(&style, cosine));
            pen.text(label, (x + 14.0, y), Align::Start, style.faint);
            x += 22.0 + text_width(label);
        }
    }
}
