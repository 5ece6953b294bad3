//! What do failures look like? Hidden vectors of runs that differ in nothing but their init, beside the perfect polygon.

use super::failures::End;
use crate::figures::run::vectors::{Role, Vectors};
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Align, Pen};
use crate::figures::tools::style::TEXT;
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};
use crate::sweep::{self, Quantity, Record, curves};
use crate::theory;

/// A row of plots for each T: the best polygon, and of every failure the worst run, which shows it best.
pub struct Arrangements<'a> {
    rows: Vec<Row<'a>>,
}

/// T, and each run with its index among the figure's records.
type Row<'a> = (f64, Vec<(usize, &'a Record, End)>);

/// Largest width of a plot, and room for its heads and scale bar.
const PLOT: f64 = 190.0;
const GAP: f64 = 10.0;
const BAR: f64 = 20.0;
const HEAD: f64 = 2.0 * TEXT + 12.0;

impl<'a> Arrangements<'a> {
    /// Those of `ts` that are among the records; none if nothing is known of how they ended.
    pub fn new(records: &'a [Record], ts: &[f64]) -> Option<Arrangements<'a>> {
        let curve = curves(records, None).pop()?;
        let points = curve.points.iter().filter(|point| ts.contains(&point.t));
        let row = |point: &sweep::Point| {
            // One data seed, so that nothing but the init differs; the one of the most kinds.
            let kinds = |seed: &sweep::Seed| {
                let runs = std::iter::once(seed.best).chain(seed.others.iter().copied());
                let known: Vec<(usize, End)> = runs
                    .filter(|&run| has_all(&records[run].examples))
                    .filter_map(|run| Some((run, End::of(&records[run])?)))
                    .collect();
                let typical = |kind| {
                    let mut of_kind = known.iter().filter(move |(_, other)| *other == kind);
                    match kind {
                        End::Polygon => of_kind.next(),
                        _ => of_kind.next_back(),
                    }
                };
                let typical = End::ALL.into_iter().filter_map(typical);
                typical
                    .map(|&(run, kind)| (run, &records[run], kind))
                    .collect::<Vec<_>>()
            };
            // Of equal numbers the first seed.
            let most = point.seeds.iter().map(kinds).rev().max_by_key(Vec::len)?;
            (!most.is_empty()).then_some((point.t, most))
        };
        let rows: Vec<_> = points.filter_map(row).collect();
        (!rows.is_empty()).then_some(Arrangements { rows })
    }

    fn columns(&self, width: f64) -> (usize, f64) {
        let most = self.rows.iter().map(|row| row.1.len()).max().unwrap_or(1);
        let columns = if width < 480.0 { most.min(2) } else { most };
        let plot = (width + GAP) / columns as f64 - GAP;
        (columns, plot.clamp(1.0, PLOT))
    }

    /// Lines of plots that a row takes.
    fn lines(&self, columns: usize) -> impl Iterator<Item = usize> {
        self.rows
            .iter()
            .map(move |row| row.1.len().div_ceil(columns))
    }
}

fn has_all(vectors: &sweep::Vectors) -> bool {
    vectors.index.len() == vectors.count
}

fn plot<'b>(t: f64, run: &'b Record) -> Vectors<'b> {
    Vectors {
        closed_form_radius: theory::polygon_radius(t as usize),
        ..Vectors::new(Role::Examples, 2, &run.examples.coordinates)
    }
}

impl Figure for Arrangements<'_> {
    fn title(&self) -> String {
        let ts: Vec<String> = self.rows.iter().map(|(t, _)| short(*t)).collect();
        format!(
            "Hidden vectors of runs that differ in their init, T = {}",
            ts.join(", ")
        )
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (columns, size) = self.columns(pen.width);
        let (ink, faint) = (pen.style.ink, pen.style.faint);
        let mut top = 0.0;
        for ((t, runs), lines) in self.rows.iter().zip(self.lines(columns)) {
            let beside: Vec<f64> = (runs.iter())
                .flat_map(|(_, run, _)| plot(*t, run).reach())
                .collect();
            for (k, &(index, run, kind)) in runs.iter().enumerate() {
                let x = (k % columns) as f64 * (size + GAP);
                let y = top + (k / columns) as f64 * (HEAD + size + BAR + GAP) + HEAD;
                let figure = Vectors {
                    beside: beside.clone(),
                    ..plot(*t, run)
                };
                figure.draw(&mut pen.part((x, y), (size, size + BAR)));
                let middle = x + size / 2.0;
                let name = format!("T = {}: {}", short(*t), kind.name());
                pen.text_inside(&name, (middle, y - HEAD + 8.0), ink);
                let [loss, norm] = [Quantity::TrainLoss, Quantity::WNorm]
                    .map(|quantity| quantity.in_run(run).map_or("–".into(), reading));
                let words = format!("train loss {loss}");
                pen.text(&words, (middle, y - HEAD + 23.0), Align::Middle, faint);
                pen.place_block(
                    (x, y),
                    (x + size, y + size),
                    index,
                    format!(
                        "{name}, {words}, ‖W‖ {norm}, init seed {}",
                        run.config.init_seed
                    ),
                );
            }
            top += lines as f64 * (HEAD + size + BAR + GAP);
        }
        None
    }

    fn summary(&self) -> String {
        let row = |(t, runs): &Row| {
            let kinds: Vec<&str> = runs.iter().map(|(_, _, kind)| kind.name()).collect();
            format!("at T = {} {}", short(*t), kinds.join(", "))
        };
        let rows: Vec<String> = self.rows.iter().map(row).collect();
        format!(
            "Below, what inits of one data seed end as: {}.",
            rows.join("; ")
        )
    }

    /// Nothing that the rates don't have.
    fn table(&self) -> Table {
        Table::new(["T"])
    }

    fn height(&self, width: f64) -> f64 {
        let (columns, size) = self.columns(width);
        let lines: usize = self.lines(columns).sum();
        lines as f64 * (HEAD + size + BAR + GAP)
    }
}
