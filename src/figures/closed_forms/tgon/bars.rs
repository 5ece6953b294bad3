//! What does each example's features get, and what is left of it? Two rows of bars.

use super::{LEFT, NAME, ROWS, SEEN, Tgon, leak, length};
use crate::figures::tools::axis::Axis;
use crate::figures::tools::numbers::fixed;
use crate::figures::tools::pen::{Align, Pen};
use crate::figures::tools::style::{TEXT, blend};
use plotters::style::RGBColor;

impl Tgon {
    pub(super) fn draw_bars(&self, pen: &mut Pen) {
        let scale = pen.height / (ROWS.0 + ROWS.1);
        let (width, upper) = (pen.width, ROWS.0 * scale);
        let order = self.around();
        let pitch = (width - LEFT - 4.0).max(1.0) / order.len() as f64;
        let wide = (0.62 * pitch).min(34.0);
        let columns: Vec<(usize, f64)> = (order.iter().enumerate())
            .map(|(k, &of)| (of, LEFT + (k as f64 + 0.5) * pitch))
            .collect();
        self.draw_inputs(
            &mut pen.part((0.0, 0.0), (width, upper - 10.0)),
            &columns,
            wide,
        );
        self.draw_outputs(
            &mut pen.part((0.0, upper), (width, pen.height - upper)),
            &columns,
            wide,
        );
        for &(of, x) in &columns {
            let (from, to) = ((x - pitch / 2.0, NAME), (x + pitch / 2.0, pen.height));
            pen.place_block(from, to, of, self.column_in_words(of));
        }
    }

    /// What comes in, and down to where the bias takes it away.
    fn draw_inputs(&self, pen: &mut Pen, columns: &[(usize, f64)], wide: f64) {
        let style = *pen.style;
        // No narrower than where a regular polygon is exact, so that it changes little while one is pulled.
        let lengths = self.hidden.iter().map(|&u| length(u));
        let longest = lengths.fold(self.radius(), f64::max);
        let most = 1.08 * longest * longest;
        let y = Axis::linear((pen.height - 4.0, NAME + 2.0), (-most, most));
        let ends = (LEFT, pen.width - 4.0);
        for tick in y.ticks(4) {
            let at = y.pixel(tick.value);
            let colour = if tick.value == 0.0 {
                style.faint
            } else {
                style.grid
            };
            pen.line((ends.0, at), (ends.1, at), colour.into(), 1.0);
            pen.text(&tick.label, (LEFT - 6.0, at), Align::End, style.faint);
        }
        let name = format!("What example {} puts in", self.chosen + 1);
        pen.text(&name, (2.0, 7.0), Align::Start, style.faint);
        for &(of, x) in columns {
            let (input, taken) = (self.recall.input(self.chosen, of), -self.recall.bias(of));
            let colour = self.colour(pen, of);
            let (left, right) = (x - wide / 2.0, x + wide / 2.0);
            pen.block(
                (left, y.pixel(0.0)),
                (right, y.pixel(input)),
                blend(style.surface, colour, 0.3),
            );
            if input > taken {
                pen.block((left, y.pixel(taken)), (right, y.pixel(input)), colour);
            }
            let level = y.pixel(taken.clamp(-most, most));
            pen.line(
                (left - 4.0, level),
                (right + 4.0, level),
                style.ink.into(),
                2.0,
            );
        }
    }

    /// What is left of it, beside what should be.
    fn draw_outputs(&self, pen: &mut Pen, columns: &[(usize, f64)], wide: f64) {
        let style = *pen.style;
        let bottom = pen.height - TEXT - 6.0;
        let y = Axis::linear((bottom, NAME + TEXT + 2.0), (0.0, 1.0));
        for (value, label) in [(0.0, "0"), (1.0, "1")] {
            let at = y.pixel(value);
            let colour = if value == 0.0 {
                style.faint
            } else {
                style.grid
            };
            pen.line((LEFT, at), (pen.width - 4.0, at), colour.into(), 1.0);
            pen.text(label, (LEFT - 6.0, at), Align::End, style.faint);
        }
        pen.text("What comes out", (2.0, 7.0), Align::Start, style.faint);
        let narrow = columns.len() > 1 && columns[1].1 - columns[0].1 < 32.0;
        for &(of, x) in columns {
            let output = self.recall.output(self.chosen, of);
            let own = of == self.chosen;
            let (left, right) = (x - wide / 2.0, x + wide / 2.0);
            if own {
                let (low, high) = (y.pixel(0.0), y.pixel(1.0));
                let frame = [(left, low), (left, high), (right, high), (right, low)];
                pen.dashes(&frame, style.ink.into(), 1.25, 3.0, 3.0);
            }
            let top = y.pixel(output);
            if output > 0.0 {
                pen.block((left, top), (right, y.pixel(0.0)), self.colour(pen, of));
            }
            if own || output >= SEEN && !narrow {
                // Clear of the frame around what should be.
                let above = if own { y.pixel(1.0) } else { top };
                pen.text(
                    &fixed(output, 2),
                    (x, above - 9.0),
                    Align::Middle,
                    style.ink,
                );
            }
            let colour = if own { style.ink } else { style.faint };
            pen.text(
                &(of + 1).to_string(),
                (x, bottom + 11.0),
                Align::Middle,
                colour,
            );
        }
    }

    fn colour(&self, pen: &Pen, of: usize) -> RGBColor {
        match of == self.chosen {
            true => pen.style.examples,
            false => leak(pen),
        }
    }

    fn column_in_words(&self, of: usize) -> String {
        let (shown, bias) = (self.chosen + 1, self.recall.bias(of));
        let whose = match of == self.chosen {
            true => "its own features".to_string(),
            false => format!("features of example {}", of + 1),
        };
        format!(
            "Example {shown} puts {} into {whose}, the bias {} {}: {} comes out",
            fixed(self.recall.input(self.chosen, of), 2),
            if bias > 0.0 { "adds" } else { "takes away" },
            fixed(bias.abs(), 2),
            fixed(self.recall.output(self.chosen, of), 2),
        )
    }
}
