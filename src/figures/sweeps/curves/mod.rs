//! How do measures change with T? Curves, one for each value of a setting: mean and range over data seeds.

mod drawing;
mod notes;
mod words;

use drawing::Drawing;

use super::reference::{Level, Reference};
use crate::figures::tools::key::{Key, Line, Look, Shape};
use crate::figures::tools::numbers::short;
use crate::figures::tools::pen::Pen;
use crate::figures::tools::scale::Spacing;
use crate::figures::tools::table::{Cell, Table};
use crate::figures::{Area, Figure};
use crate::sweep::{
    self, Along, Curve, Quantity, Record, Setting, Spread, Stretch, curves, curves_along, regimes,
};

/// Measures of runs against T, one panel below the other.
pub struct Curves<'a> {
    records: &'a [Record],
    along: Along,
    setting: Option<Setting>,
    panels: Vec<Panel>,
    curves: Vec<Curve>,
    /// The run of lowest train loss over all values of the setting.
    envelope: Option<Curve>,
    /// The T that the axis has.
    ts: Vec<f64>,
    /// Shaded and named, with the peaks in them, where there are any.
    regimes: Vec<Stretch>,
    /// The T that is marked.
    marked: Option<f64>,
}

/// One measure.
pub struct Panel {
    pub quantity: Quantity,
    pub spacing: Spacing,
    /// Published curves, drawn behind.
    pub references: Vec<Reference>,
    /// A published value of no certain T.
    pub level: Option<Level>,
    /// What theory says at T.
    pub closed_form: Option<fn(usize) -> Option<f64>>,
}

/// With at most this many curves every run is a point; with more, a range stands for the data seeds.
const FEW: usize = 2;

impl Panel {
    pub fn new(quantity: Quantity, spacing: Spacing) -> Panel {
        Panel {
            quantity,
            spacing,
            references: Vec::new(),
            level: None,
            closed_form: None,
        }
    }
}

impl<'a> Curves<'a> {
    /// One curve in each panel for each value of `setting` in `records`.
    pub fn new(records: &'a [Record], setting: Option<Setting>, panels: Vec<Panel>) -> Curves<'a> {
        Curves::along(Along::Examples, records, setting, panels)
    }

    /// The same along something else than T.
    pub fn along(
        along: Along,
        records: &'a [Record],
        setting: Option<Setting>,
        panels: Vec<Panel>,
    ) -> Curves<'a> {
        let curves = curves_along(along, records, setting);
        let ours = curves.iter().flat_map(|curve| &curve.points);
        let theirs = panels.iter().flat_map(|panel| &panel.references);
        let theirs = theirs.flat_map(|series| series.points);
        let ts = ours.map(|point| point.t).chain(theirs.map(|&(t, _)| t));
        Curves {
            records,
            along,
            setting,
            ts: ts.collect(),
            panels,
            curves,
            envelope: None,
            regimes: Vec::new(),
            marked: None,
        }
    }

    /// With a curve through the runs of lowest train loss over all values of the setting.
    pub fn with_envelope(mut self) -> Curves<'a> {
        self.envelope = curves(self.records, None).pop();
        self
    }

    /// With the regimes of T shaded and named, and one T marked if there is a point at it.
    pub fn with_regimes(mut self, marked: Option<f64>) -> Curves<'a> {
        self.regimes = regimes(self.records);
        let mut points = self.curves.iter().flat_map(|curve| &curve.points);
        self.marked = marked.filter(|&t| points.any(|point| point.t == t));
        self
    }

    /// With an axis that has these T as well, whether or not there are runs at them yet.
    pub fn over(mut self, ts: impl IntoIterator<Item = f64>) -> Curves<'a> {
        self.ts.extend(ts);
        self
    }

    /// All curves, the envelope last.
    fn all(&self) -> impl Iterator<Item = &Curve> {
        self.curves.iter().chain(&self.envelope)
    }

    fn name_of(&self, curve: &Curve) -> String {
        match (self.setting, curve.value) {
            (Some(setting), Some(value)) => label(setting, value),
            (Some(_), None) => "lowest of all".into(),
            (None, _) => match self.seeds() {
                (1, 1) => "1 data seed".into(),
                (fewest, most) if fewest == most => format!("mean of {most} data seeds"),
                (fewest, most) => format!("mean of {fewest} to {most} data seeds"),
            },
        }
    }

    /// Fewest and most data seeds at one T.
    fn seeds(&self) -> (usize, usize) {
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        let counts = || points.clone().map(|point| point.seeds.len());
        (counts().min().unwrap_or(0), counts().max().unwrap_or(0))
    }

    /// Is there one line, and is it a mean?
    fn is_mean(&self) -> bool {
        self.setting.is_none() && self.seeds().1 > 1
    }

    /// Is every run a point?
    fn each_run(&self) -> bool {
        self.curves.len() <= FEW
    }

    /// The place of curve `k` among the values of its setting. A value of the grids has the same place in every figure.
    fn rank(&self, k: usize) -> (usize, usize) {
        let values = self.setting.map(sweep::values_of).unwrap_or_default();
        let place = |curve: &Curve| values.iter().position(|&v| Some(v) == curve.value);
        match self.curves.iter().map(place).collect::<Option<Vec<_>>>() {
            Some(places) => (places[k], values.len()),
            None => (k, self.curves.len()),
        }
    }

    fn look_of(&self, pen: &Pen, k: usize) -> Look {
        let (rank, of) = self.rank(k);
        let (colour, shape) = (pen.style.along_ramp(rank, of), Shape::of(rank));
        Look {
            colour,
            shape,
            line: Line::Solid,
        }
    }

    fn key(&self, pen: &Pen) -> Key {
        let (ink, faint) = (pen.style.ink, pen.style.faint);
        let mut key = Key::default();
        for (k, curve) in self.curves.iter().enumerate() {
            // The setting is named once.
            let name = match (self.setting, curve.value) {
                (Some(setting), Some(value)) if k > 0 => value_of(setting, value),
                _ => self.name_of(curve),
            };
            let look = self.look_of(pen, k);
            if self.is_mean() {
                // The line is the mean; points are what it is of.
                key.add(&name, look.colour, Shape::None, look.line);
                key.add("each data seed", look.colour, look.shape, Line::None);
            } else {
                key.items.push((name, look));
            }
        }
        if !self.each_run() && self.seeds().1 > 1 {
            key.add(
                "lowest to highest data seed",
                faint,
                Shape::Range,
                Line::None,
            );
        }
        let mut seeds = self.all().flat_map(|c| &c.points).flat_map(|p| &p.seeds);
        if self.each_run() && seeds.any(|seed| !seed.others.is_empty()) {
            key.add("other inits", faint, Shape::Ring, Line::None);
        }
        if let Some(envelope) = &self.envelope {
            key.add(&self.name_of(envelope), ink, Shape::None, Line::Solid);
        }
        for series in self.panels.iter().flat_map(|panel| &panel.references) {
            if key.items.iter().all(|(name, _)| name != series.name) {
                key.add(series.name, faint, series.shape, Line::Dotted);
            }
        }
        if self.panels.iter().any(|panel| panel.closed_form.is_some()) {
            key.add("closed form", ink, Shape::None, Line::Dashed);
        }
        if self.records.iter().any(|record| record.measures.is_none()) {
            key.add("diverged", ink, Shape::Cross, Line::None);
        }
        key
    }

    /// What tells a run from the others of the figure.
    fn run_in_words(&self, run: usize) -> String {
        let config = &self.records[run].config;
        let setting = self.setting.map_or(String::new(), |setting| {
            format!(", {}", label(setting, setting.of(config)))
        });
        let share = match self.along {
            Along::RepeatedShare => {
                format!(", {} {}", short(self.along.of(config)), self.along.name())
            }
            Along::Examples | Along::Occurrences => String::new(),
        };
        format!(
            "T = {}{share}{setting}, data seed {}, init seed {}",
            short(sweep::t_of(config)),
            config.data_seed,
            config.init_seed
        )
    }
}

/// A value of a setting in few characters.
fn value_of(setting: Setting, value: f64) -> String {
    match setting {
        Setting::Reduction if value == 0.0 => "mean".into(),
        Setting::Reduction => "sum".into(),
        // 0.999 and 0.9995 are not 1.
        Setting::Sparsity => value.to_string(),
        _ => short(value),
    }
}

/// The same with the setting's name.
fn label(setting: Setting, value: f64) -> String {
    match setting {
        Setting::Reduction => value_of(setting, value),
        _ => format!("{} {}", setting.name(), value_of(setting, value)),
    }
}

impl Figure for Curves<'_> {
    fn title(&self) -> String {
        let names: Vec<&str> = self.panels.iter().map(|p| p.quantity.name()).collect();
        let by = self
            .setting
            .map_or(String::new(), |setting| format!(", by {}", setting.name()));
        format!("{} against {}{by}", names.join(", "), self.along.name())
    }

    /// Lines connect means over data seeds. Runs that diverged are crosses on the upper edge.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let key = self.key(pen);
        key.above(pen, &self.panels, |pen, panel| {
            Drawing::new(self, panel, (pen.width, pen.height)).draw(pen);
        });
        None
    }

    fn summary(&self) -> String {
        self.in_words()
    }

    /// A row for each T and value of the setting, with what others have published for that T.
    fn table(&self) -> Table {
        let mut columns = vec![self.along.name().to_string()];
        columns.extend(self.setting.map(|setting| setting.name().into()));
        columns.extend(["data seeds".into(), "diverged".into()]);
        for panel in &self.panels {
            let name = panel.quantity.name();
            let published = panel.references.iter().map(|series| series.name);
            let ours = ["mean", "lowest", "highest"].into_iter();
            columns.extend(ours.chain(published).map(|what| format!("{name}, {what}")));
        }
        let mut table = Table::new(columns);
        for curve in self.all() {
            for point in &curve.points {
                table.push(
                    point.seeds.iter().map(|seed| seed.best).collect(),
                    self.cells(curve, point),
                );
            }
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        if !self.regimes.is_empty() {
            return (0.55 * width).clamp(300.0, 400.0);
        }
        let alone = if self.panels.len() == 1 { 1.0 } else { 0.75 };
        (0.4 * width).clamp(260.0, 380.0) * alone * self.panels.len() as f64
    }
}

/// T and a mean over data seeds.
type Mean = (f64, f64);

impl Curves<'_> {
    fn cells(&self, curve: &Curve, point: &sweep::Point) -> Vec<Cell> {
        let mut cells = vec![point.t.into()];
        cells.extend(self.setting.map(|setting| match (setting, curve.value) {
            (Setting::Reduction, Some(value)) => label(setting, value).as_str().into(),
            (_, Some(value)) => value.into(),
            (_, None) => self.name_of(curve).as_str().into(),
        }));
        let seeds = || point.seeds.iter().map(|seed| &self.records[seed.best]);
        let diverged = seeds().filter(|record| record.measures.is_none()).count();
        cells.extend([seeds().count(), diverged].map(|count| Cell::from(count as f64)));
        for panel in &self.panels {
            let spread = point.spread(self.records, panel.quantity);
            let values = spread.map(
                |Spread {
                     mean, low, high, ..
                 }| [mean, low, high],
            );
            cells.extend(values.unwrap_or([f64::NAN; 3]).map(Cell::from));
            let published = panel.references.iter().map(|series| series.at(point.t));
            cells.extend(published.map(Cell::from));
        }
        cells
    }
}
