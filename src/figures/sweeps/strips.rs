//! Does a model spend its dimensions on examples or on features? D of both against T, with m/T.

use super::zones;
use crate::figures::tools::dots::{jitter, thinned};
use crate::figures::tools::frame::Frame;
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::scale::{Spacing, ValueAxis};
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};
use crate::sweep::{Record, Stretch, Vectors, curves, regimes, t_of};

/// Dimensionalities of one run for each T: that of lowest train loss.
pub struct Strips<'a> {
    /// Each with its index among the figure's records, by ascending T.
    runs: Vec<(usize, &'a Record)>,
    /// The T that the axis has.
    ts: Vec<f64>,
    regimes: Vec<Stretch>,
    /// The T that is marked.
    marked: Option<f64>,
}

/// Dots of one kind at one T at most.
const MOST_DOTS: usize = 150;
/// A strip is at most so wide on either side of its T, pixels.
const HALF: f64 = 9.0;
const NAME: f64 = 18.0;

impl<'a> Strips<'a> {
    /// The strips of all T in `records`, on an axis that has also `ts`.
    pub fn new(records: &'a [Record], ts: &[f64], marked: Option<f64>) -> Strips<'a> {
        let points = curves(records, None)
            .pop()
            .map_or(Vec::new(), |curve| curve.points);
        let own = points.iter().map(|point| point.t);
        let marked = marked.filter(|&t| own.clone().any(|own| own == t));
        Strips {
            ts: ts.iter().copied().chain(own).collect(),
            regimes: regimes(records),
            marked,
            runs: points.iter().map(|point| point.best(records)).collect(),
        }
    }

    fn highest(&self) -> f64 {
        let d = self
            .runs
            .iter()
            .flat_map(|(_, run)| [&run.features, &run.examples]);
        d.flat_map(|vectors| &vectors.dimensionality)
            .map(|&d| f64::from(d))
            .fold(0.0, f64::max)
    }
}

/// The largest D among the vectors; none if there are none.
pub(super) fn largest(vectors: &Vectors) -> Option<f64> {
    let d = vectors.dimensionality.iter().map(|&d| f64::from(d));
    d.max_by(f64::total_cmp)
}

/// m/T, which each example has if they divide the hidden dimensions evenly.
fn even_share(record: &Record, t: f64) -> f64 {
    (record.config.m as f64 / t).min(1.0)
}

impl Figure for Strips<'_> {
    fn title(&self) -> String {
        "Dimensionality of features and of training examples against T".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let mut key = Key::default();
        key.add("features", style.features, Shape::Dot, Line::None);
        key.add("training examples", style.examples, Shape::Ring, Line::None);
        key.add("m/T", style.ink, Shape::None, Line::Dashed);
        key.draw(pen, (2.0, NAME), pen.width);
        let above = NAME + key.height(pen.width) + 4.0;
        let frame = Frame::new(pen.width, (above + zones::NAMES, pen.height), "T");
        let Frame { top, bottom, .. } = frame;
        let y = ValueAxis::new((bottom - 4.0, top), Spacing::Linear, &[self.highest()]);
        let x = frame.x(&self.ts).keeping(self.marked);
        zones::draw(pen, &x, &self.regimes, frame.ends, (above, bottom));
        frame.draw(pen, &x, &y, "dimensionality D");
        if let Some(t) = self.marked {
            zones::mark(pen, &x, t, (top, bottom));
        }

        let half = (0.45 * x.spacing()).clamp(1.5, HALF);
        let radius = if half < 4.0 { 1.25 } else { 1.75 };
        let dots = |t: f64, vectors: &Vectors| -> Vec<Point> {
            let d = vectors.index.iter().zip(&vectors.dimensionality);
            let dots: Vec<Point> = d
                .map(|(&index, &d)| {
                    (
                        x.pixel(t) + half * jitter(index as usize),
                        y.pixel(d.into()),
                    )
                })
                .collect();
            thinned(&dots, MOST_DOTS, 1.2 * radius)
        };
        for &(run, record) in &self.runs {
            let t = t_of(&record.config);
            for at in dots(t, &record.features) {
                pen.dot(at, radius, style.features);
            }
            for at in dots(t, &record.examples) {
                pen.ring(at, radius + 0.5, style.examples, 1.0);
            }
            let height = largest(&record.examples).map_or(bottom, |d| y.pixel(d));
            pen.place((x.pixel(t), height), run, in_words(record));
        }
        let finite = self
            .runs
            .iter()
            .filter(|(_, run)| run.config.t.finite().is_some());
        let line: Vec<Point> = finite
            .map(|(_, run)| (t_of(&run.config), even_share(run, t_of(&run.config))))
            .map(|(t, share)| (x.pixel(t), y.pixel(share)))
            .collect();
        Line::Dashed.draw(pen, &line, style.ink, 1.25);
        None
    }

    fn summary(&self) -> String {
        let (Some((_, first)), Some((_, last))) = (self.runs.first(), self.runs.last()) else {
            return "No runs.".into();
        };
        match self.runs.len() {
            1 => format!("At {}.", in_words(first)),
            _ => format!("At {}; at {}.", in_words(first), in_words(last)),
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            "T",
            "m/T",
            "largest D of a feature",
            "largest D of an example",
        ]);
        for &(run, record) in &self.runs {
            let t = t_of(&record.config);
            let d = [&record.features, &record.examples].map(largest);
            let [feature, example] = d.map(|d| d.unwrap_or(f64::NAN).into());
            let share = even_share(record, t);
            table.push(vec![run], vec![t.into(), share.into(), feature, example]);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        (0.32 * width).clamp(220.0, 340.0)
    }
}

/// What is read at a run.
fn in_words(record: &Record) -> String {
    let t = short(t_of(&record.config));
    match (largest(&record.features), largest(&record.examples)) {
        (Some(feature), Some(example)) => format!(
            "T = {t}: D at most {} of a feature, {} of an example",
            reading(feature),
            reading(example)
        ),
        _ if record.measures.is_none() => format!("T = {t}: diverged"),
        _ => format!("T = {t}: no vectors"),
    }
}
