//! How is the map drawn? Its cells and their colours, the line at loss 1, the bump and the cuts.

use super::{CUT, HeatMap, Layout};
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Align, Pen, Point, text_width};
use crate::figures::tools::scale::{Spacing, ValueAxis, excess};
use crate::figures::tools::style::{Style, TEXT, blend};
use plotters::style::RGBColor;

/// What the map shows.
const QUANTITY: &str = "test loss";

/// Colours of losses: the surface at 1, one hue above and one below, as far from it as the excess is.
struct Colours {
    style: Style,
    /// Excess of the highest and of the lowest loss.
    reach: (f64, f64),
}

impl Colours {
    fn new(style: &Style, losses: &[f64]) -> Colours {
        let widen = |(high, low): (f64, f64), e: f64| (high.max(e), low.min(e));
        Colours {
            style: *style,
            reach: losses
                .iter()
                .copied()
                .map(excess)
                .fold((1e-9, -1e-9), widen),
        }
    }

    fn of(&self, loss: f64) -> RGBColor {
        let e = excess(loss);
        let (hue, share) = match e > 0.0 {
            true => (self.style.examples, e / self.reach.0),
            false => (self.style.features, e / self.reach.1),
        };
        // A step at 1, so that cells on its two sides are told apart.
        blend(self.style.surface, hue, 0.08 + 0.92 * share)
    }
}

impl HeatMap<'_> {
    /// What colours and lines mean.
    pub(super) fn draw_key(&self, pen: &mut Pen) {
        let style = *pen.style;
        let colours = Colours::new(&style, &self.losses());
        let (high, low) = self
            .losses()
            .into_iter()
            .fold((1.0, 1.0), |(h, l): (f64, f64), x| (h.max(x), l.min(x)));
        let y = TEXT / 2.0 + 3.0;
        pen.text(QUANTITY, (2.0, y), Align::Start, style.faint);
        let mut x = 2.0 + text_width(QUANTITY) + 10.0;
        let mut samples = vec![low, 1.0, high];
        samples.dedup();
        for loss in samples {
            let (text, colour) = match loss == 1.0 {
                true => ("1".into(), style.surface),
                false => (reading(loss), colours.of(loss)),
            };
            pen.block((x - 1.0, y - 7.0), (x + 13.0, y + 7.0), style.grid);
            pen.block((x, y - 6.0), (x + 12.0, y + 6.0), colour);
            pen.text(&text, (x + 16.0, y), Align::Start, style.ink);
            x += 26.0 + text_width(&text);
        }
        let mut key = Key::default();
        key.add("loss 1", style.ink, Shape::None, Line::Solid);
        key.add("bump", style.ink, Shape::Ring, Line::Dashed);
        // Their surface is the colour of a loss of 1.
        if self.cells.iter().flatten().any(|cell| cell.loss.is_none()) {
            key.add("diverged", style.ink, Shape::Cross, Line::None);
        }
        if self.cells.iter().any(Option::is_none) {
            key.add("no run", style.faint, Shape::Dot, Line::None);
        }
        key.draw(pen, (2.0, TEXT + 8.0), pen.width);
    }

    pub(super) fn draw_cells(&self, pen: &mut Pen, layout: &Layout) {
        let colours = Colours::new(pen.style, &self.losses());
        for row in 0..self.ms.len() {
            for column in 0..self.ts.len() {
                let middle = layout.middle(column, row);
                let Some(cell) = self.cell(column, row) else {
                    let faint = pen.style.faint;
                    Shape::Dot.draw(pen, middle, 2.5, faint);
                    continue;
                };
                let (x0, y1) = layout.at(column as f64, row as f64);
                let (x1, y0) = layout.at(column as f64 + 1.0, row as f64 + 1.0);
                let became = match cell.loss {
                    Some(loss) => {
                        let colour = colours.of(loss);
                        pen.block((x0 + 0.5, y0 + 0.5), (x1 - 0.5, y1 - 0.5), colour);
                        let of = match cell.seeds {
                            1 => "one data seed".into(),
                            seeds => format!("mean of {seeds} data seeds"),
                        };
                        format!("test loss {}, {of}", reading(loss))
                    }
                    None => {
                        let ink = pen.style.ink;
                        Shape::Cross.draw(pen, middle, 4.0, ink);
                        "diverged".into()
                    }
                };
                let (t, m) = (short(self.ts[column]), self.ms[row]);
                let words = format!("T = {t}, m = {m}: {became}");
                pen.place_block((x0, y0), (x1, y1), cell.run, words);
            }
        }
    }

    pub(super) fn draw_lines(&self, pen: &mut Pen, layout: &Layout) {
        let ink = pen.style.ink;
        for piece in self.contour(layout) {
            pen.path(&piece, ink.into(), 1.5);
        }
        let rows = 0..self.ms.len();
        let bumps: Vec<Point> = rows
            .filter_map(|row| Some(layout.middle(self.bump(row)?, row)))
            .collect();
        Line::Dashed.draw(pen, &bumps, ink, 1.25);
        for at in bumps {
            Shape::Ring.draw(pen, at, 4.5, ink);
        }
    }

    pub(super) fn draw_labels(&self, pen: &mut Pen, layout: &Layout) {
        let faint = pen.style.faint;
        let mut end = f64::NEG_INFINITY;
        for (column, &t) in self.ts.iter().enumerate() {
            let (x, label) = (layout.middle(column, 0).0, short(t));
            let half = text_width(&label) / 2.0;
            // What would touch the label before has none.
            if x - half > end + 2.0 {
                pen.text(&label, (x, layout.bottom + 11.0), Align::Middle, faint);
                end = x + half;
            }
        }
        for (row, &m) in self.ms.iter().enumerate() {
            let y = layout.middle(0, row).1;
            pen.text(&short(m), (layout.left - 6.0, y), Align::End, faint);
        }
        pen.text(
            "m",
            (8.0, (layout.top + layout.bottom) / 2.0),
            Align::Start,
            faint,
        );
        let middle = (layout.left + layout.right) / 2.0;
        pen.text(
            "T",
            (middle, layout.bottom + 11.0 + TEXT + 3.0),
            Align::Middle,
            faint,
        );
    }

    /// Test loss along the row and the column of the chosen cell.
    pub(super) fn draw_cuts(&self, pen: &mut Pen, layout: &Layout) {
        let style = *pen.style;
        let (column, row) = self.chosen;
        let (x0, y1) = layout.at(column as f64, row as f64);
        let (x1, y0) = layout.at(column as f64 + 1.0, row as f64 + 1.0);
        let frame = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)];
        pen.path(&frame, style.ink.into(), 1.5);

        let bottom = layout.top - 8.0;
        let losses = self.losses();
        let y = ValueAxis::new(
            (bottom, bottom - CUT + TEXT + 8.0),
            Spacing::Excess,
            &losses,
        );
        y.draw(pen, (layout.left, layout.right));
        let along: Vec<Point> = (0..self.ts.len())
            .filter_map(|c| Some((layout.middle(c, row).0, y.pixel(self.loss(c, row)?))))
            .collect();
        let name = format!("test loss at m = {}", self.ms[row]);
        pen.text(&name, (2.0, bottom - CUT + 2.0), Align::Start, style.faint);
        Line::Solid.draw(pen, &along, style.test, 1.75);
        for at in along {
            pen.dot(at, 2.5, style.test);
        }

        let (left, right) = (layout.right + 12.0, pen.width - 6.0);
        let x = ValueAxis::new((left, right.max(left + 1.0)), Spacing::Excess, &losses);
        x.draw_across(pen, (layout.top, layout.bottom));
        let across: Vec<Point> = (0..self.ms.len())
            .filter_map(|r| Some((x.pixel(self.loss(column, r)?), layout.middle(column, r).1)))
            .collect();
        let name = format!("at T = {}", short(self.ts[column]));
        pen.text(
            &name,
            ((left + right) / 2.0, layout.top - TEXT),
            Align::Middle,
            style.faint,
        );
        Line::Solid.draw(pen, &across, style.test, 1.75);
        for at in across {
            pen.dot(at, 2.5, style.test);
        }
    }
}
