//! How is a panel of curves drawn? Published curves and theory behind, then ranges and lines, then runs.

use plotters::style::{Color, RGBColor};

use super::{Curves, Panel};
use crate::figures::sweeps::zones;
use crate::figures::tools::frame::{Frame, NAME};
use crate::figures::tools::key::{Line, Look, Shape};
use crate::figures::tools::labels::Labels;
use crate::figures::tools::numbers::reading;
use crate::figures::tools::pen::{Align, Pen, Point, text_width};
use crate::figures::tools::scale::{Spacing, TAxis, ValueAxis};
use crate::figures::tools::style::TEXT;
use crate::sweep::{self, Along, Curve};

/// A panel on its axes.
pub struct Drawing<'a> {
    figure: &'a Curves<'a>,
    panel: &'a Panel,
    frame: Frame,
    x: TAxis,
    y: ValueAxis,
}

fn axis_name(along: Along) -> &'static str {
    match along {
        Along::Examples => "T",
        Along::Occurrences | Along::RepeatedShare => along.name(),
    }
}

/// T, and the point there.
type Corner = (f64, Point);

impl<'a> Drawing<'a> {
    pub fn new(figure: &'a Curves, panel: &'a Panel, (width, height): (f64, f64)) -> Self {
        let top = match figure.regimes.is_empty() {
            true => NAME,
            false => NAME + zones::NAMES,
        };
        let frame = Frame::new(width, (top, height), axis_name(figure.along));
        let runs = figure.records.iter();
        let ours = runs.filter_map(|record| panel.quantity.in_run(record));
        let theirs = panel.references.iter().flat_map(|series| series.points);
        let mut values: Vec<f64> = ours.chain(theirs.map(|&(_, value)| value)).collect();
        values.extend(panel.level.map(|level| level.value));
        // The closed form grows beyond what any run reaches.
        let highest = values.iter().copied().fold(0.0, f64::max);
        let finite = figure.ts.iter().filter(|t| t.is_finite());
        let theory = finite.filter_map(|&t| panel.closed_form?(t as usize));
        values.extend(theory.filter(|value| *value <= highest));
        Drawing {
            figure,
            panel,
            frame,
            x: frame.x(&figure.ts).keeping(figure.marked),
            y: frame.y(panel.spacing, &values),
        }
    }

    pub fn draw(&self, pen: &mut Pen) {
        let (ink, faint) = (pen.style.ink, pen.style.faint);
        let plot = (NAME, self.frame.bottom);
        zones::draw(pen, &self.x, &self.figure.regimes, self.frame.ends, plot);
        self.frame.draw(pen, &self.x, &self.y, &self.name());
        for series in &self.panel.references {
            for piece in series.points.split(|(_, value)| value.is_nan()) {
                let corners: Vec<Corner> = piece.iter().map(|&(t, y)| self.corner(t, y)).collect();
                connect(pen, &corners, faint, Line::Dotted, 1.0);
                for (_, at) in corners {
                    series.shape.draw(pen, at, 3.0, faint);
                }
            }
        }
        if let Some(level) = self.panel.level {
            let (left, right) = self.frame.ends;
            let y = self.y.pixel(level.value);
            Line::Dotted.draw(pen, &[(left, y), (right, y)], faint, 1.0);
            // On the left, where losses are low.
            let (x, middle) = (left + 4.0, y + TEXT);
            let end = (x + text_width(level.words), middle + TEXT / 2.0);
            pen.block((x, y + 2.0), end, pen.style.surface);
            pen.text(level.words, (x, middle), Align::Start, faint);
        }
        if let Some(value) = self.panel.closed_form {
            let finite = self.x.values().iter().filter(|t| t.is_finite());
            let values = finite.map(|&t| (t, value(t as usize)));
            let corners: Vec<Corner> = values
                .filter_map(|(t, value)| Some(self.corner(t, value.filter(|v| self.y.holds(*v))?)))
                .collect();
            connect(pen, &corners, ink, Line::Dashed, 1.25);
        }
        if let Some(envelope) = &self.figure.envelope {
            connect(pen, &self.means(envelope), ink, Line::Solid, 3.5);
        }
        for (k, curve) in self.figure.curves.iter().enumerate() {
            self.draw_curve(pen, curve, self.figure.look_of(pen, k));
        }
        self.draw_notes(pen);
    }

    /// What the panel shows, and how its axis is spread where that changes what one sees.
    fn name(&self) -> String {
        let name = self.panel.quantity.name();
        match self.panel.spacing {
            Spacing::Excess => format!("{name}, logarithmic around 1"),
            _ => name.into(),
        }
    }

    /// The marked T brought out, the line at 1 explained, and peaks named.
    fn draw_notes(&self, pen: &mut Pen) {
        let (ink, faint) = (pen.style.ink, pen.style.faint);
        if self.figure.regimes.is_empty() {
            return;
        }
        let means = self.means(&self.figure.curves[0]);
        if let Some(&(t, at)) = means.iter().find(|(t, _)| Some(*t) == self.figure.marked) {
            // Down from the point only: words stay where they are whichever T is marked.
            zones::mark(pen, &self.x, t, (at.1, self.frame.bottom));
            pen.dot(at, 8.0, pen.style.surface);
            pen.ring(at, 8.0, ink, 2.5);
            pen.dot(at, 3.5, pen.style.test);
        }
        let mut labels = Labels::default();
        let line: Vec<Point> = means.iter().map(|&(_, at)| at).collect();
        labels.avoid_path(&line);
        for (run, record) in self.figure.records.iter().enumerate() {
            let t = self.figure.along.of(&record.config);
            if let Some(value) = self.value(run) {
                labels.avoid(self.corner(t, value).1, 5.0);
            }
        }
        let published = self.panel.references.iter();
        for &(t, value) in published.flat_map(|series| series.points) {
            labels.avoid(self.corner(t, value).1, 5.0);
        }
        let within = (
            (self.frame.ends.0 + 2.0, self.frame.top),
            (self.frame.ends.1 - 2.0, self.frame.bottom),
        );
        for note in self.figure.notes() {
            let at = self.corner(note.at.0, note.at.1).1;
            labels.write(pen, &note.words, at, within, ink);
        }
        let (right, one) = (self.frame.ends.1, self.y.pixel(1.0));
        labels.avoid_path(&[(self.frame.ends.0, one), (right, one)]);
        labels.write(pen, "outputs zeros", (right, one), within, faint);
    }

    fn corner(&self, t: f64, value: f64) -> Corner {
        (t, (self.x.pixel(t), self.y.pixel(value)))
    }

    fn means(&self, curve: &Curve) -> Vec<Corner> {
        let mean = |point: &sweep::Point| {
            let spread = point.spread(self.figure.records, self.panel.quantity)?;
            Some(self.corner(point.t, spread.mean))
        };
        curve.points.iter().filter_map(mean).collect()
    }

    /// Unchosen inits, ranges and the line below, then the chosen runs.
    fn draw_curve(&self, pen: &mut Pen, curve: &Curve, look: Look) {
        let (ink, faint) = (pen.style.ink, pen.style.faint);
        let each_run = self.figure.each_run();
        let means = self.means(curve);
        for point in &curve.points {
            for &run in point.seeds.iter().flat_map(|seed| &seed.others) {
                let at = self.place(pen, run);
                if each_run {
                    pen.ring(at, 2.0, faint, 0.75);
                }
            }
            let spread = point.spread(self.figure.records, self.panel.quantity);
            if let Some(spread) = spread.filter(|_| !each_run) {
                let ends = [spread.low, spread.high].map(|value| self.corner(point.t, value).1);
                pen.path(&ends, look.colour.mix(0.5), 1.5);
            }
        }
        connect(pen, &means, look.colour, look.line, 2.0);
        for (_, at) in means.into_iter().filter(|_| !each_run) {
            look.shape.draw(pen, at, 3.5, look.colour);
        }
        for seed in curve.points.iter().flat_map(|point| &point.seeds) {
            let at = self.place(pen, seed.best);
            if self.value(seed.best).is_none() {
                Shape::Cross.draw(pen, at, 4.0, ink);
            } else if each_run {
                look.shape.draw(pen, at, 2.75, look.colour);
            }
        }
    }

    fn value(&self, run: usize) -> Option<f64> {
        self.panel.quantity.in_run(&self.figure.records[run])
    }

    /// Where a run is; notes it for readers.
    fn place(&self, pen: &mut Pen, run: usize) -> Point {
        let t = self.figure.along.of(&self.figure.records[run].config);
        let value = self.value(run);
        let at = (
            self.x.pixel(t),
            value.map_or(self.frame.top, |value| self.y.pixel(value)),
        );
        let read = value.map_or("diverged".into(), |value| {
            format!("{} {}", self.panel.quantity.name(), reading(value))
        });
        let words = self.figure.run_in_words(run);
        pen.place(at, run, format!("{words}: {read}"));
        at
    }
}

/// Lines through points; to infinity by dots, as nothing lies between.
fn connect(pen: &mut Pen, corners: &[Corner], colour: RGBColor, line: Line, width: f64) {
    let finite = corners.iter().filter(|(t, _)| t.is_finite());
    let path: Vec<Point> = finite.map(|&(_, at)| at).collect();
    line.draw(pen, &path, colour, width);
    if let [.., (_, from), (t, to)] = *corners
        && t.is_infinite()
    {
        Line::Dotted.draw(pen, &[from, to], colour, width);
    }
}
