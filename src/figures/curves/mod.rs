//! How do measures change with T? Curves, one for each value of a setting: mean and range over data seeds.

mod drawing;
mod notes;

use drawing::Drawing;

use super::key::{Key, Line, Look, Shape};
use super::pen::Pen;
use super::reference::Reference;
use super::scale::{Spacing, reading, t_label};
use super::table::{Cell, Table};
use super::{Area, Figure, SweepFigure, gather};
use crate::math::order;
use crate::measure::outcome::LEARNED;
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
    /// What theory says at T.
    pub closed_form: Option<fn(usize) -> Option<f64>>,
}

/// Up to so many curves every run is a point; beyond, a range stands for the data seeds.
const FEW: usize = 2;

impl Panel {
    pub fn new(quantity: Quantity, spacing: Spacing) -> Panel {
        Panel {
            quantity,
            spacing,
            references: Vec::new(),
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

    /// All curves, the envelope last.
    fn all(&self) -> impl Iterator<Item = &Curve> {
        self.curves.iter().chain(&self.envelope)
    }

    fn name_of(&self, curve: &Curve) -> String {
        match (self.setting, curve.value) {
            (Some(setting), Some(value)) => label(setting, value),
            (Some(_), None) => "lowest of all".into(),
            (None, _) => match self.seeds() {
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

    /// Is every run a point?
    fn each_run(&self) -> bool {
        self.curves.len() <= FEW
    }

    fn look_of(&self, pen: &Pen, k: usize) -> Look {
        let (colour, shape) = (pen.style.along_ramp(k, self.curves.len()), Shape::of(k));
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
            key.items.push((name, self.look_of(pen, k)));
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
                format!(", {} {}", t_label(self.along.of(config)), self.along.name())
            }
            Along::Examples | Along::Occurrences => String::new(),
        };
        format!(
            "T = {}{share}{setting}, data seed {}, init seed {}",
            t_label(sweep::t_of(config)),
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
        _ => super::axis::short(value),
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
}

/// A sentence that lists more curves than this is not read.
const MOST_LISTED: usize = 3;

const NONE_FINITE: &str = "No run has ended with finite parameters.";

/// T and a mean over data seeds.
type Mean = (f64, f64);

/// The means by ascending key.
fn by_key(means: &[Mean], key: fn(&Mean) -> f64) -> Vec<Mean> {
    let keys: Vec<f64> = means.iter().map(key).collect();
    order(&keys).into_iter().map(|k| means[k]).collect()
}

/// Means that are higher than both neighbours, the highest first; the highest of all where there are none.
fn peaks(means: &[Mean]) -> Vec<Mean> {
    let inner = means
        .windows(3)
        .filter(|m| m[1].1 > m[0].1 && m[1].1 >= m[2].1);
    let mut peaks: Vec<Mean> = inner.map(|m| m[1]).collect();
    if peaks.is_empty() {
        peaks = means.to_vec();
    }
    by_key(&peaks, |mean| -mean.1)
}

impl SweepFigure for Curves<'_> {
    /// Means in the first panel: the peaks and the last of few curves, the highest and the lowest peak of many, the ends
    /// of an envelope.
    fn summary(&self) -> String {
        let quantity = self.panels[0].quantity;
        let what = quantity.name();
        let means = |curve: &Curve| -> Vec<Mean> {
            let mean = |p: &sweep::Point| Some((p.t, p.spread(self.records, quantity)?.mean));
            curve.points.iter().filter_map(mean).collect()
        };
        let at = |(t, value): Mean| {
            format!(
                "{} at {} = {}",
                reading(value),
                self.along.name(),
                t_label(t)
            )
        };
        if self.along == Along::RepeatedShare {
            let at = |(share, value): Mean| format!("{} at {} %", reading(value), t_label(share));
            let ends = |curve: &Curve| match means(curve)[..] {
                [first, .., last] => Some(format!(
                    "{}, {} and {}",
                    self.name_of(curve),
                    at(first),
                    at(last)
                )),
                _ => None,
            };
            let ends: Vec<String> = self.curves.iter().filter_map(ends).collect();
            return match ends.is_empty() {
                true => NONE_FINITE.into(),
                false => format!("Mean {what}, by the share of repeats: {}.", ends.join("; ")),
            };
        }
        if quantity == Quantity::LargestFeature {
            return self.jumps(means);
        }
        if let Some(envelope) = &self.envelope
            && let [first, .., last] = means(envelope)[..]
        {
            return format!("Lowest mean {what}: {}, {}.", at(first), at(last));
        }
        if self.curves.len() > MOST_LISTED {
            let peak =
                |curve: &'_ Curve| Some((self.name_of(curve), *peaks(&means(curve)).first()?));
            let peaks: Vec<(String, Mean)> = self.curves.iter().filter_map(peak).collect();
            let heights: Vec<f64> = peaks.iter().map(|(_, mean)| mean.1).collect();
            if let [lowest, .., highest] = order(&heights)[..] {
                let [lowest, highest] = [lowest, highest].map(|k| &peaks[k]);
                return format!(
                    "The peak of the mean {what} is highest with {}, {}, and lowest with {}, {}.",
                    highest.0,
                    at(highest.1),
                    lowest.0,
                    at(lowest.1)
                );
            }
        }
        let of_curve = |curve: &Curve| {
            let means = means(curve);
            let mut peaks = peaks(&means);
            let several = self.each_run() && peaks.len() < means.len();
            peaks.truncate(if several { 2 } else { 1 });
            let peaks: Vec<String> = by_key(&peaks, |mean| mean.0).into_iter().map(at).collect();
            let name = match self.setting {
                None => String::new(),
                Some(_) => format!("{}: ", self.name_of(curve)),
            };
            let last = match self.each_run() {
                true => format!(", in the end {}", at(*means.last()?)),
                false => String::new(),
            };
            Some(format!("{name}{}{last}", peaks.join(" and ")))
        };
        let curves: Vec<String> = self.curves.iter().filter_map(of_curve).collect();
        match curves.is_empty() {
            true => NONE_FINITE.into(),
            false => {
                let borders = self.borders_in_words();
                format!("Peaks of the mean {what}: {}.{borders}", curves.join("; "))
            }
        }
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

impl Curves<'_> {
    /// Where features are first learned, with the values of the setting that have it in common.
    fn jumps(&self, means: impl Fn(&Curve) -> Vec<Mean>) -> String {
        let along = self.along.name();
        let mut jumps: Vec<(String, Vec<String>)> = Vec::new();
        for curve in &self.curves {
            let means = means(curve);
            if means.is_empty() {
                continue;
            }
            let place = match means.iter().find(|mean| mean.1 >= LEARNED) {
                None => "nowhere".to_string(),
                Some(&(t, _)) => format!("at {along} = {}", t_label(t)),
            };
            let value = self.setting.zip(curve.value);
            let value = value.map(|(setting, value)| value_of(setting, value));
            gather(&mut jumps, place, value);
        }
        let setting = self.setting.map_or("", Setting::name);
        let jumps: Vec<String> = match &jumps[..] {
            [] => return NONE_FINITE.into(),
            [(place, values)] if values.len() > 1 => {
                vec![format!("{place} with every {setting}")]
            }
            several => several
                .iter()
                .map(|(place, values)| match values.is_empty() {
                    true => place.clone(),
                    false => format!("{place} with {setting} {}", values.join(", ")),
                })
                .collect(),
        };
        format!(
            "The largest D of a feature (mean over data seeds) first reaches {LEARNED} {}.",
            jumps.join("; ")
        )
    }

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
