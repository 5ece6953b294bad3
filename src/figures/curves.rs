//! How does a measure change with T? Curves, one for each value of a setting: mean and range over data seeds.

use plotters::style::Color;

use super::key::{Key, Line, Look, Shape};
use super::pen::{Align, Pen, Point};
use super::reference::Reference;
use super::scale::{Spacing, T_LABELS, TAxis, ValueAxis, reading, t_label};
use super::table::{Cell, Table};
use super::{Area, Figure, SweepFigure};
use crate::sweep::{self, Curve, Quantity, Record, Setting, curves};

/// A measure of runs against T.
pub struct Curves<'a> {
    records: &'a [Record],
    setting: Option<Setting>,
    quantity: Quantity,
    spacing: Spacing,
    curves: Vec<Curve>,
    /// Published curves, drawn behind.
    pub references: Vec<Reference>,
    /// What theory says at T.
    pub closed_form: Option<fn(usize) -> Option<f64>>,
    /// The lowest train loss over all values of the setting, as a curve of its own.
    pub envelope: Option<Curve>,
    /// The T that are marked on the axis, where figures are stacked; else those of the curves.
    pub ts: Vec<f64>,
}

/// Up to so many curves every run is a point; beyond, a range stands for the data seeds.
const FEW: usize = 2;
/// Height of the name above the plot.
const NAME: f64 = 18.0;

impl<'a> Curves<'a> {
    /// Curves of `quantity`, one for each value of `setting` in `records`.
    pub fn new(
        records: &'a [Record],
        setting: Option<Setting>,
        quantity: Quantity,
        spacing: Spacing,
    ) -> Curves<'a> {
        Curves {
            records,
            setting,
            quantity,
            spacing,
            curves: curves(records, setting),
            references: Vec::new(),
            closed_form: None,
            envelope: None,
            ts: Vec::new(),
        }
    }

    /// The T of its runs and of the references.
    pub fn all_t(&self) -> Vec<f64> {
        let ours = self.curves.iter().flat_map(|curve| &curve.points);
        let theirs = self.references.iter().flat_map(|series| series.points);
        ours.map(|point| point.t)
            .chain(theirs.map(|&(t, _)| t))
            .collect()
    }

    fn value(&self, run: usize) -> Option<f64> {
        self.quantity.in_run(&self.records[run])
    }

    /// Every value that is drawn, the references' included.
    fn values(&self) -> impl Iterator<Item = f64> {
        let runs = (0..self.records.len()).filter_map(|run| self.value(run));
        let theirs = self.references.iter().flat_map(|series| series.points);
        runs.chain(theirs.map(|&(_, value)| value))
    }

    fn name_of(&self, curve: &Curve) -> String {
        match (self.setting, curve.value) {
            (Some(setting), Some(value)) => setting.label(value),
            _ => match self.seeds() {
                1 => "1 data seed".into(),
                seeds => format!("mean of {seeds} data seeds"),
            },
        }
    }

    /// Most data seeds at one T.
    fn seeds(&self) -> usize {
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        points.map(|point| point.seeds.len()).max().unwrap_or(0)
    }

    fn look_of(&self, pen: &Pen, k: usize) -> Look {
        Look {
            colour: pen.style.along_ramp(k, self.curves.len()),
            shape: Shape::of(k),
            line: Line::Solid,
        }
    }

    fn key(&self, pen: &Pen) -> Key {
        let style = pen.style;
        let own = self.curves.iter().enumerate();
        let mut items: Vec<(String, Look)> = own
            .map(|(k, curve)| (self.name_of(curve), self.look_of(pen, k)))
            .collect();
        let look = |colour, shape, line| Look {
            colour,
            shape,
            line,
        };
        let unchosen = (self.curves.iter().flat_map(|curve| &curve.points))
            .any(|point| point.seeds.iter().any(|seed| !seed.others.is_empty()));
        if self.curves.len() <= FEW && unchosen {
            let ring = look(style.faint, Shape::Ring, Line::None);
            items.push(("inits of higher train loss".into(), ring));
        }
        if self.envelope.is_some() {
            items.push((
                "lowest of all".into(),
                look(style.ink, Shape::None, Line::Solid),
            ));
        }
        for series in &self.references {
            items.push((
                series.name.into(),
                look(style.faint, Shape::Cross, Line::Dotted),
            ));
        }
        if self.closed_form.is_some() {
            items.push((
                "closed form".into(),
                look(style.ink, Shape::None, Line::Dashed),
            ));
        }
        if (0..self.records.len()).any(|run| self.value(run).is_none()) {
            items.push(("diverged".into(), look(style.ink, Shape::Cross, Line::None)));
        }
        Key { items }
    }
}

impl Setting {
    /// A value of it in few characters.
    fn label(self, value: f64) -> String {
        match self {
            Setting::Reduction if value == 0.0 => "mean".into(),
            Setting::Reduction => "sum".into(),
            _ => format!("{} {}", self.name(), super::axis::short(value)),
        }
    }
}

impl Figure for Curves<'_> {
    fn title(&self) -> String {
        let what = self.quantity.name();
        match self.setting {
            None => format!("{what} against T"),
            Some(setting) => format!("{what} against T, by {}", setting.name()),
        }
    }

    /// Lines connect means over data seeds. Runs that diverged are crosses on the upper edge.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let key = self.key(pen);
        let top = NAME + key.height(pen.width) + 6.0;
        let bottom = (pen.height - T_LABELS).max(top + 1.0);
        let y = ValueAxis::new((bottom, top), self.spacing, self.values());
        let (left, right) = (y.room(), (pen.width - 12.0).max(y.room() + 1.0));
        let ts = if self.ts.is_empty() {
            self.all_t()
        } else {
            self.ts.clone()
        };
        let x = TAxis::new((left + 12.0, right - 8.0), ts);

        let faint = pen.style.faint;
        pen.text(self.quantity.name(), (2.0, 9.0), Align::Start, faint);
        key.draw(pen, (2.0, NAME), pen.width);
        y.draw(pen, (left, right));
        x.draw(pen, (left, right), bottom);
        for series in &self.references {
            for piece in series.points.split(|(_, value)| value.is_nan()) {
                let points = piece.iter();
                let points = points.map(|&(t, value)| (t, x.pixel(t), y.pixel(value)));
                let points: Vec<_> = points.collect();
                connect(pen, &points, faint, Line::Dotted, 1.0);
                for (_, x, y) in points {
                    Shape::Cross.draw(pen, (x, y), 3.0, faint);
                }
            }
        }
        self.draw_closed_form(pen, &x, &y);
        if let Some(envelope) = &self.envelope {
            let points = self.means(envelope, &x, &y);
            let ink = pen.style.ink;
            connect(pen, &points, ink, Line::Solid, 3.5);
        }
        for (k, curve) in self.curves.iter().enumerate() {
            let look = self.look_of(pen, k);
            self.draw_curve(pen, curve, look, (&x, &y));
        }
        None
    }
}

/// Connects points (T, x, y): from finite T to infinity by dashes, as nothing lies between.
fn connect(
    pen: &mut Pen,
    points: &[(f64, f64, f64)],
    colour: plotters::style::RGBColor,
    line: Line,
    width: f64,
) {
    let finite = points.iter().filter(|(t, ..)| t.is_finite());
    let path: Vec<Point> = finite.map(|&(_, x, y)| (x, y)).collect();
    line.draw(pen, &path, colour, width);
    if let [.., (last, x0, y0), (t, x1, y1)] = *points
        && t.is_infinite()
        && last.is_finite()
    {
        Line::Dotted.draw(pen, &[(x0, y0), (x1, y1)], colour, width);
    }
}

impl Curves<'_> {
    /// T and place of each mean.
    fn means(&self, curve: &Curve, x: &TAxis, y: &ValueAxis) -> Vec<(f64, f64, f64)> {
        let mean = |point: &sweep::Point| {
            let spread = point.spread(self.records, self.quantity)?;
            Some((point.t, x.pixel(point.t), y.pixel(spread.mean)))
        };
        curve.points.iter().filter_map(mean).collect()
    }

    fn draw_curve(&self, pen: &mut Pen, curve: &Curve, look: Look, (x, y): (&TAxis, &ValueAxis)) {
        let each_run = self.curves.len() <= FEW;
        let faint = pen.style.faint;
        for point in &curve.points {
            let at = x.pixel(point.t);
            if each_run {
                let others = point.seeds.iter().flat_map(|seed| &seed.others);
                for &run in others {
                    match self.value(run) {
                        Some(value) => pen.ring((at, y.pixel(value)), 2.0, faint, 0.75),
                        None => Shape::Cross.draw(pen, (at, y.top()), 3.0, faint),
                    }
                }
            } else if let Some(spread) = point.spread(self.records, self.quantity) {
                let ends = [(at, y.pixel(spread.low)), (at, y.pixel(spread.high))];
                pen.path(&ends, look.colour.mix(0.5), 1.5);
            }
        }
        let means = self.means(curve, x, y);
        connect(pen, &means, look.colour, look.line, 2.0);
        if !each_run || self.seeds() == 1 {
            for &(_, x, y) in &means {
                look.shape.draw(pen, (x, y), 3.5, look.colour);
            }
        }
        for point in &curve.points {
            let at = x.pixel(point.t);
            for seed in &point.seeds {
                let runs = std::iter::once(&seed.best).chain(&seed.others);
                for &run in runs {
                    let height = self.value(run).map_or(y.top(), |value| y.pixel(value));
                    pen.place((at, height), run, self.reading(run));
                }
                match self.value(seed.best) {
                    None => Shape::Cross.draw(pen, (at, y.top()), 4.0, pen.style.ink),
                    Some(value) if each_run => {
                        look.shape.draw(pen, (at, y.pixel(value)), 2.5, look.colour);
                    }
                    Some(_) => {}
                }
            }
        }
    }

    fn draw_closed_form(&self, pen: &mut Pen, x: &TAxis, y: &ValueAxis) {
        let Some(value) = self.closed_form else {
            return;
        };
        let at = |&t: &f64| {
            let value = value(t as usize).filter(|value| y.holds(*value))?;
            Some((x.pixel(t), y.pixel(value)))
        };
        let finite = x.values().iter().filter(|t| t.is_finite());
        let points: Vec<Point> = finite.map_while(at).collect();
        let ink = pen.style.ink;
        Line::Dashed.draw(pen, &points, ink, 1.25);
    }

    /// What is read at a run.
    fn reading(&self, run: usize) -> String {
        let config = &self.records[run].config;
        let mut text = format!("T = {}", t_label(sweep::t_of(config)));
        if let Some(setting) = self.setting {
            text += &format!(", {}", setting.label(setting.of(config)));
        }
        text += &format!(
            ", data seed {}, init seed {}: ",
            config.data_seed, config.init_seed
        );
        match self.value(run) {
            Some(value) => text + &format!("{} {}", self.quantity.name(), reading(value)),
            None => text + "diverged",
        }
    }
}

impl SweepFigure for Curves<'_> {
    /// Names the highest mean, and the last one.
    fn summary(&self) -> String {
        let what = self.quantity.name();
        let mut sentences = Vec::new();
        for curve in &self.curves {
            let means: Vec<(f64, f64)> = (curve.points.iter())
                .filter_map(|point| {
                    Some((point.t, point.spread(self.records, self.quantity)?.mean))
                })
                .collect();
            let (Some(last), Some(first)) = (means.last(), means.first()) else {
                continue;
            };
            let high = (means.iter()).fold(first, |a, b| if b.1 > a.1 { b } else { a });
            let at = |&(t, value): &(f64, f64)| format!("{} at T = {}", reading(value), t_label(t));
            let name = match self.setting {
                None => String::new(),
                Some(_) => format!("{}: ", self.name_of(curve)),
            };
            sentences.push(format!(
                "{name}{what} is highest, {}, and ends at {}",
                at(high),
                at(last)
            ));
        }
        if sentences.is_empty() {
            return format!("{}: no runs.", self.title());
        }
        sentences.join("; ") + "."
    }

    /// A row for each T and value of the setting.
    fn table(&self) -> Table {
        let setting = self.setting.map_or("", Setting::name);
        let mut columns = vec!["T", "data seeds", "mean", "lowest", "highest", "diverged"];
        if self.setting.is_some() {
            columns.insert(0, setting);
        }
        let mut table = Table::new(&columns);
        for curve in &self.curves {
            for point in &curve.points {
                let spread = point.spread(self.records, self.quantity);
                let number = |value: fn(&sweep::Spread) -> f64| -> Cell {
                    spread.as_ref().map_or(f64::NAN, value).into()
                };
                let seeds = spread.map_or(0, |spread| spread.seeds);
                let mut cells = vec![
                    point.t.into(),
                    (seeds as f64).into(),
                    number(|spread| spread.mean),
                    number(|spread| spread.low),
                    number(|spread| spread.high),
                    ((point.seeds.len() - seeds) as f64).into(),
                ];
                if let (Some(setting), Some(value)) = (self.setting, curve.value) {
                    cells.insert(
                        0,
                        match setting {
                            Setting::Reduction => setting.label(value).as_str().into(),
                            _ => value.into(),
                        },
                    );
                }
                table.push(point.seeds.iter().map(|seed| seed.best).collect(), cells);
            }
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        (0.4 * width).clamp(260.0, 400.0)
    }
}
