//! Does every model descend twice? Test loss and the largest D of a feature against T, a pane for each model.

use super::gather;
use crate::figures::tools::frame::{Frame, name_above};
use crate::figures::tools::key::Shape;
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Align, Pen, Point};
use crate::figures::tools::scale::{Spacing, ValueAxis};
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};
use crate::measure::outcome::LEARNED;
use crate::sweep::{Curve, Quantity, Record, Setting, curves};

/// One curve for each model.
pub struct Models<'a> {
    records: &'a [Record],
    curves: Vec<Curve>,
}

/// Both measures of a pane, from above.
const QUANTITIES: [Quantity; 2] = [Quantity::TestLoss, Quantity::LargestFeature];
/// Least width of a pane, its height, and the heights of its name and of the names of both measures.
const PANE: (f64, f64) = (170.0, 300.0);
const NAME: f64 = 18.0;
const MEASURE: f64 = 20.0;
const GAP: f64 = 14.0;
/// Share of a pane that the upper plot takes.
const UPPER: f64 = 0.56;
/// Smaller sets are learned well or badly by chance of the init.
const FROM: f64 = 30.0;

/// T and a mean over data seeds.
type Mean = (f64, f64);

impl<'a> Models<'a> {
    /// The models that the records are of; none without records.
    pub fn new(records: &'a [Record]) -> Option<Models<'a>> {
        let curves = curves(records, Some(Setting::Model));
        (!curves.is_empty()).then_some(Models { records, curves })
    }

    fn name_of(&self, curve: &Curve) -> String {
        let run = curve.points[0].seeds[0].best;
        match self.records[run].config.model_in_words() {
            words if words.is_empty() => "the paper’s model".into(),
            words => words,
        }
    }

    fn means(&self, curve: &Curve, quantity: Quantity) -> Vec<Mean> {
        let mean = |p: &crate::sweep::Point| Some((p.t, p.spread(self.records, quantity)?.mean));
        curve.points.iter().filter_map(mean).collect()
    }

    fn values(&self, curve: &Curve, quantity: Quantity) -> Vec<f64> {
        let seeds = curve.points.iter().flat_map(|point| &point.seeds);
        seeds
            .filter_map(|seed| quantity.in_run(&self.records[seed.best]))
            .collect()
    }

    fn columns(&self, width: f64) -> usize {
        let fit = ((width + GAP) / (PANE.0 + GAP)) as usize;
        let count = self.curves.len();
        // As many lines as it takes, filled evenly.
        count.div_ceil(count.div_ceil(fit.clamp(1, count)))
    }

    fn draw_pane(&self, pen: &mut Pen, curve: &Curve, highest: f64) {
        let style = *pen.style;
        pen.text(&self.name_of(curve), (2.0, 8.0), Align::Start, style.ink);
        let ts: Vec<f64> = curve.points.iter().map(|point| point.t).collect();
        let frame = Frame::new(pen.width, (NAME + 3.0, pen.height), "T");
        let (x, last) = (frame.x(&ts), frame.bottom);
        let middle = NAME + UPPER * (last - NAME);
        for (quantity, (top, bottom)) in
            QUANTITIES.into_iter().zip([(NAME, middle), (middle, last)])
        {
            let (spacing, values, colour) = match quantity {
                Quantity::TestLoss => (Spacing::Tight, self.values(curve, quantity), style.test),
                _ => (Spacing::Linear, vec![highest], style.features),
            };
            let y = ValueAxis::new((bottom - 3.0, top + MEASURE), spacing, &values);
            y.draw(pen, frame.ends);
            name_above(pen, quantity.name(), top + 7.0);
            let mean = |&(t, value): &Mean| (x.pixel(t), y.pixel(value));
            let line: Vec<Point> = self.means(curve, quantity).iter().map(mean).collect();
            pen.path(&line, colour.into(), 2.0);
            for point in &curve.points {
                for seed in &point.seeds {
                    let value = quantity.in_run(&self.records[seed.best]);
                    let height = value.map_or(top + MEASURE, |value| y.pixel(value));
                    let at = (x.pixel(point.t), height);
                    match value {
                        Some(_) => pen.dot(at, 2.25, colour),
                        None => Shape::Cross.draw(pen, at, 4.0, style.ink),
                    }
                    let value = value.map_or("diverged".into(), reading);
                    let words = format!(
                        "{}, T = {}, data seed {}: {} {value}",
                        self.name_of(curve),
                        short(point.t),
                        seed.data_seed,
                        quantity.name(),
                    );
                    pen.place(at, seed.best, words);
                }
            }
        }
        x.draw(pen, frame.ends, last, "T");
    }
}

/// From which mean to which a curve rises most.
fn rise(means: &[Mean]) -> Option<[Mean; 2]> {
    let mut low = *means.first()?;
    let mut steepest = [low, low];
    for &mean in means {
        if mean.1 < low.1 {
            low = mean;
        }
        if mean.1 - low.1 > steepest[1].1 - steepest[0].1 {
            steepest = [low, mean];
        }
    }
    (steepest[1].1 > steepest[0].1).then_some(steepest)
}

impl Figure for Models<'_> {
    fn title(&self) -> String {
        "Test loss and largest D of a feature against T, by model".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let columns = self.columns(pen.width);
        let lines = self.curves.len().div_ceil(columns);
        let width = (pen.width + GAP) / columns as f64 - GAP;
        let height = (pen.height + GAP) / lines as f64 - GAP;
        let all = self.curves.iter();
        let highest = all
            .flat_map(|curve| self.values(curve, Quantity::LargestFeature))
            .fold(LEARNED, f64::max);
        for (k, curve) in self.curves.iter().enumerate() {
            let corner = (
                (k % columns) as f64 * (width + GAP),
                (k / columns) as f64 * (height + GAP),
            );
            self.draw_pane(&mut pen.part(corner, (width, height)), curve, highest);
        }
        None
    }

    /// How high the mean test loss of each model rises from T = 30 on, and where each learns features.
    fn summary(&self) -> String {
        let mut rises = Vec::new();
        let mut only_falls = Vec::new();
        let mut learned: Vec<(String, Vec<String>)> = Vec::new();
        for curve in &self.curves {
            let name = self.name_of(curve);
            let mut losses = self.means(curve, Quantity::TestLoss);
            losses.retain(|mean| mean.0 >= FROM);
            if losses.is_empty() {
                continue;
            }
            match rise(&losses) {
                None => only_falls.push(name.clone()),
                Some([low, peak]) => rises.push(format!(
                    "{name}, {} to {} at T = {}",
                    reading(low.1),
                    reading(peak.1),
                    short(peak.0)
                )),
            }
            let d = self.means(curve, Quantity::LargestFeature);
            // With very few examples a feature is a good part of one, so that a large D says little there.
            let from = d.iter().rev().take_while(|mean| mean.1 >= LEARNED).last();
            let from = from.map_or("nowhere".into(), |&(t, _)| {
                format!("from T = {} on", short(t))
            });
            gather(&mut learned, from, [name]);
        }
        if learned.is_empty() {
            return format!("No run from T = {FROM} on has ended with finite parameters.");
        }
        let mut summary = String::new();
        if !rises.is_empty() {
            let rises = rises.join("; ");
            summary += &format!("Mean test loss rises from T = {FROM} on with {rises}. ");
        }
        if !only_falls.is_empty() {
            summary += &format!("It only falls with {}. ", only_falls.join(", "));
        }
        let learned: Vec<String> = (learned.into_iter())
            .map(|(from, names)| format!("{from} with {}", names.join(", ")))
            .collect();
        let learned = learned.join("; ");
        summary + &format!("The largest D of a feature is {LEARNED} or more {learned}.")
    }

    fn table(&self) -> Table {
        let mut columns = vec!["T".to_string(), "model".into(), "data seeds".into()];
        for quantity in QUANTITIES {
            let name = quantity.name();
            columns.extend(["mean", "lowest", "highest"].map(|what| format!("{name}, {what}")));
        }
        let mut table = Table::new(columns);
        for curve in &self.curves {
            let name = self.name_of(curve);
            for point in &curve.points {
                let mut cells = vec![point.t.into(), name.as_str().into()];
                cells.push((point.seeds.len() as f64).into());
                for quantity in QUANTITIES {
                    let spread = point.spread(self.records, quantity);
                    let values = spread.map_or([f64::NAN; 3], |s| [s.mean, s.low, s.high]);
                    cells.extend(values.map(crate::figures::Cell::from));
                }
                let runs = point.seeds.iter().map(|seed| seed.best);
                table.push(runs.collect(), cells);
            }
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        let lines = self.curves.len().div_ceil(self.columns(width)) as f64;
        lines * (PANE.1 + GAP) - GAP
    }
}

#[cfg(test)]
mod tests {
    use super::rise;

    #[test]
    fn the_steepest_rise_is_from_the_lowest_before_the_peak() {
        let means = [(30.0, 5.0), (50.0, 2.0), (80.0, 3.0), (100.0, 1.0)];
        let rest = [(200.0, 4.0), (500.0, 2.5), (900.0, 0.5)];
        let all = [&means[..], &rest].concat();
        assert_eq!(rise(&all), Some([(100.0, 1.0), (200.0, 4.0)]));
        assert_eq!(rise(&[(30.0, 3.0), (50.0, 2.0)]), None);
        assert_eq!(rise(&[]), None);
    }
}
