//! Which shapes do models make of features and examples as T grows? Small multiples: columns of W and hidden vectors.

use crate::figures::run::vectors::{Role, Vectors};
use crate::figures::tools::numbers::short;
use crate::figures::tools::pen::{Align, Pen, Point};
use crate::figures::tools::style::TEXT;
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};
use crate::measure::Polygon;
use crate::sweep::{self, Record, curves, t_of};

/// A column of plots for each T: of the run of lowest train loss.
pub struct Multiples<'a> {
    /// Each with its index among the figure's records.
    runs: Vec<(usize, &'a Record)>,
    /// What each column shows, from above.
    rows: Vec<Row>,
}

/// One plot of each column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub role: Role,
    /// Do its plots share one scale?
    pub common_scale: bool,
}

/// Largest and least width of a plot.
const PLOT: (f64, f64) = (150.0, 80.0);
const GAP: f64 = 8.0;
/// A plot is so much higher than wide, so that its scale bar is clear of the circle.
const BAR: f64 = 20.0;
/// Height of a column's head, and of the names of rows above them where there is no room at the left.
const HEAD: f64 = TEXT + 8.0;
/// Width of the names of rows where there is room.
const NAMES: f64 = 92.0;
const WIDE: f64 = 640.0;

impl<'a> Multiples<'a> {
    /// Columns for those of `ts` that are among the records.
    pub fn new(records: &'a [Record], ts: &[f64], rows: Vec<Row>) -> Multiples<'a> {
        let points = curves(records, None)
            .pop()
            .map_or(Vec::new(), |curve| curve.points);
        let chosen = points.iter().filter(|point| ts.contains(&point.t));
        Multiples {
            runs: chosen.map(|point| point.best(records)).collect(),
            rows,
        }
    }

    /// What all plots of a row must hold.
    fn beside(&self, row: Row) -> Vec<f64> {
        let plots = self.runs.iter().filter(|_| row.common_scale);
        plots
            .flat_map(|(_, run)| plot(row.role, run).reach())
            .collect()
    }

    fn layout(&self, width: f64) -> Layout {
        let names = if width >= WIDE { NAMES } else { 0.0 };
        let count = self.runs.len().max(1);
        let fit = ((width - names + GAP) / (PLOT.1 + GAP)) as usize;
        // As many lines as it takes, filled evenly.
        let lines = count.div_ceil(fit.max(1));
        let columns = count.div_ceil(lines);
        let plot = ((width - names + GAP) / columns as f64 - GAP).clamp(1.0, PLOT.0);
        let above = if names > 0.0 { 0.0 } else { HEAD };
        Layout {
            names,
            columns,
            plot,
            row: plot + BAR + above + GAP,
            line: HEAD + self.rows.len() as f64 * (plot + BAR + above + GAP),
            lines,
        }
    }
}

/// Where plots are, pixels.
struct Layout {
    /// Room for names at the left; if there is none, they are above their rows.
    names: f64,
    columns: usize,
    plot: f64,
    /// Height of a row with its name.
    row: f64,
    /// Height of a line of columns.
    line: f64,
    lines: usize,
}

impl Layout {
    /// The upper left corner of a plot.
    fn corner(&self, row: usize, column: usize) -> Point {
        let (line, column) = (column / self.columns, column % self.columns);
        (
            self.names + column as f64 * (self.plot + GAP),
            line as f64 * self.line + HEAD + (row + 1) as f64 * self.row - self.plot - BAR - GAP,
        )
    }
}

/// The plot of a run, on its own scale.
pub(super) fn plot(role: Role, run: &Record) -> Vectors<'_> {
    let radius = ring_of(run).and_then(|polygon| polygon.closed_form_radius);
    Vectors {
        closed_form_radius: radius.filter(|_| role == Role::Examples),
        ..Vectors::new(role, run.config.m, &vectors_of(run, role).coordinates)
    }
}

/// What is on the circle of examples where there is one.
pub(super) fn ring_in_words(run: &Record) -> Option<String> {
    let polygon = ring_of(run)?;
    Some(match polygon.regular {
        true => format!("a regular polygon of {} corners", polygon.on_ring),
        false => format!("{} of {} on one circle", polygon.on_ring, polygon.examples),
    })
}

/// The circle of examples where there is one: with some of them on any circle, but a third only on one that is seen.
fn ring_of(run: &Record) -> Option<Polygon> {
    let polygon = run.measures.as_ref()?.polygon?;
    (3 * polygon.on_ring >= polygon.examples).then_some(polygon)
}

/// The kept vectors of a run.
fn vectors_of(run: &Record, role: Role) -> &sweep::Vectors {
    match role {
        Role::Features => &run.features,
        Role::Examples => &run.examples,
    }
}

impl Row {
    fn name(self) -> [&'static str; 2] {
        [
            self.role.names(),
            if self.common_scale {
                "on one scale"
            } else {
                ""
            },
        ]
    }
}

impl Figure for Multiples<'_> {
    fn title(&self) -> String {
        let ts: Vec<String> = self
            .runs
            .iter()
            .map(|(_, run)| short(t_of(&run.config)))
            .collect();
        format!("Columns of W and hidden vectors at T = {}", ts.join(", "))
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let layout = self.layout(pen.width);
        let (ink, faint) = (pen.style.ink, pen.style.faint);
        let half = layout.plot / 2.0;
        for (column, &(index, run)) in self.runs.iter().enumerate() {
            let t = short(t_of(&run.config));
            for (k, &row) in self.rows.iter().enumerate() {
                let (x, y) = layout.corner(k, column);
                let figure = Vectors {
                    beside: self.beside(row),
                    ..plot(row.role, run)
                };
                figure.draw(&mut pen.part((x, y), (layout.plot, layout.plot + BAR)));
                let middle = (x + half, y + half);
                if run.measures.is_none() {
                    pen.text("diverged", middle, Align::Middle, ink);
                }
                let corner = (x + layout.plot, y + layout.plot);
                pen.place_block(
                    (x, y),
                    corner,
                    index,
                    format!("T = {t}: {}", figure.title()),
                );
                if k == 0 {
                    let line = (column / layout.columns) as f64 * layout.line;
                    pen.text(
                        &format!("T = {t}"),
                        (x + half, line + HEAD / 2.0),
                        Align::Middle,
                        ink,
                    );
                }
                if column % layout.columns == 0 {
                    let name = row.name();
                    if layout.names > 0.0 {
                        for (line, words) in name.into_iter().enumerate() {
                            let at = (2.0, y + half + line as f64 * (TEXT + 3.0));
                            pen.text(words, at, Align::Start, faint);
                        }
                    } else {
                        let words = name.join(" ");
                        pen.text(words.trim_end(), (2.0, y - HEAD / 2.0), Align::Start, faint);
                    }
                }
            }
        }
        None
    }

    fn summary(&self) -> String {
        let shape = |(_, run): &(usize, &Record)| {
            let t = short(t_of(&run.config));
            Some(format!("at T = {t} {}", ring_in_words(run)?))
        };
        let shapes: Vec<String> = self.runs.iter().filter_map(shape).collect();
        if shapes.is_empty() {
            return "No hidden vectors on a circle.".into();
        }
        format!("Hidden vectors of the examples: {}.", shapes.join(", "))
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            "T",
            "on one circle",
            "unlearned",
            "radius",
            "closed form's radius",
        ]);
        for &(index, run) in &self.runs {
            let cells = ring_of(run).map_or([f64::NAN; 4], |polygon| {
                [
                    polygon.on_ring as f64,
                    polygon.unlearned as f64,
                    polygon.radius,
                    polygon.closed_form_radius.unwrap_or(f64::NAN),
                ]
            });
            let t = std::iter::once(t_of(&run.config).into());
            table.push(vec![index], t.chain(cells.map(Into::into)).collect());
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        let layout = self.layout(width);
        layout.lines as f64 * layout.line
    }
}
