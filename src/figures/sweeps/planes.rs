//! What does a model make of T examples? Its features and its examples as vectors, beside each other, of one T.

use super::multiples::{plot, ring_in_words};
use super::strips::largest;
use crate::figures::run::vectors::Role;
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Align, Pen};
use crate::figures::tools::style::TEXT;
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};
use crate::sweep::{Record, Regime, curves, t_of};

/// The run of lowest train loss at one T.
pub struct Planes<'a> {
    /// With its index among the figure's records.
    run: (usize, &'a Record),
}

const GAP: f64 = 12.0;
/// A plane is so much higher than wide, so that its scale bar is clear of the circle.
const BAR: f64 = 12.0;
const HEAD: f64 = TEXT + 10.0;
const WIDEST: f64 = 380.0;

impl<'a> Planes<'a> {
    /// The planes of that T; of the next larger one where there is none, and else of the largest. None without runs.
    pub fn new(records: &'a [Record], t: f64) -> Option<Planes<'a>> {
        let points = curves(records, None).pop()?.points;
        let point = points.iter().find(|point| point.t >= t);
        let point = point.or(points.last())?;
        Some(Planes {
            run: point.best(records),
        })
    }

    fn side(width: f64) -> f64 {
        ((width - GAP) / 2.0).clamp(1.0, WIDEST)
    }

    fn t(&self) -> String {
        short(t_of(&self.run.1.config))
    }

    fn regime(&self) -> &'static str {
        Regime::of(self.run.1).name()
    }
}

impl Figure for Planes<'_> {
    fn title(&self) -> String {
        format!("Columns of W and hidden vectors at T = {}", self.t())
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (index, run) = self.run;
        let (ink, faint) = (pen.style.ink, pen.style.faint);
        let side = Planes::side(pen.width)
            .min(pen.height - 2.0 * HEAD - BAR)
            .max(1.0);
        let words = format!("T = {}: {}", self.t(), self.regime());
        pen.text(&words, (2.0, HEAD / 2.0), Align::Start, ink);
        let of = [
            (Role::Examples, "training examples"),
            (Role::Features, "features"),
        ];
        for (k, (role, name)) in of.into_iter().enumerate() {
            let (left, top) = (k as f64 * (side + GAP), 2.0 * HEAD);
            pen.text(name, (left + 2.0, 1.5 * HEAD), Align::Start, faint);
            let figure = plot(role, run);
            figure.draw(&mut pen.part((left, top), (side, side + BAR)));
            if run.measures.is_none() {
                pen.text(
                    "diverged",
                    (left + side / 2.0, top + side / 2.0),
                    Align::Middle,
                    ink,
                );
            }
            let reading = format!("T = {}: {}", self.t(), figure.title());
            pen.place_block((left, top), (left + side, top + side), index, reading);
        }
        None
    }

    fn summary(&self) -> String {
        let (_, run) = self.run;
        let circle = ring_in_words(run).map_or(String::new(), |words| format!(" {words};"));
        let d = [&run.features, &run.examples].map(largest);
        match d {
            [Some(feature), Some(example)] => format!(
                "At T = {} the model {}:{circle} D is at most {} of a feature and {} of an example.",
                self.t(),
                match Regime::of(run) {
                    Regime::Confused => "is confused",
                    other => other.name(),
                },
                reading(feature),
                reading(example)
            ),
            _ => format!("At T = {} there are no vectors.", self.t()),
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["T", "of", "x", "y", "D"]);
        let (index, run) = self.run;
        for (name, vectors) in [("examples", &run.examples), ("features", &run.features)] {
            let m = run.config.m.max(1);
            let rows = vectors.coordinates.chunks_exact(m);
            for (vector, &d) in rows.zip(&vectors.dimensionality) {
                let y = vector.get(1).map_or(f64::NAN, |&y| y.into());
                let numbers = [f64::from(vector[0]), y, d.into()];
                let mut cells = vec![t_of(&run.config).into(), name.into()];
                cells.extend(numbers.map(crate::figures::Cell::from));
                table.push(vec![index], cells);
            }
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        Planes::side(width) + BAR + 2.0 * HEAD
    }
}
