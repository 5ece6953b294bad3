//! Which polytopes do hidden vectors make in m dimensions? For each m the form that suits it.

use super::gram::Gram;
use super::solid::Solid;
use crate::figures::run::vectors::{Role, Vectors};
use crate::figures::tools::numbers::{fixed, short};
use crate::figures::tools::pen::{Align, Pen};
use crate::figures::tools::style::TEXT;
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};
use crate::sweep::{Record, Setting, curves, t_of};

/// The hidden vectors of examples, or the features, of one run: in the plane, in space, or beyond as cosines beside the
/// plane of the two largest principal components.
struct Polytope<'a> {
    record: &'a Record,
    /// Whether its features are drawn or its examples.
    role: Role,
    /// Angles by which a solid is turned, radians: around the vertical axis, then around the horizontal one.
    turn: (f64, f64),
}

impl Polytope<'_> {
    /// How many squares beside each other it takes.
    fn squares(&self) -> usize {
        if self.record.config.m > 3 { 2 } else { 1 }
    }

    fn coordinates(&self) -> &[f32] {
        match self.role {
            Role::Features => &self.record.features.coordinates,
            Role::Examples => &self.record.examples.coordinates,
        }
    }

    fn plane(&self) -> Vectors<'_> {
        Vectors::new(self.role, self.record.config.m, self.coordinates())
    }
}

impl Polytope<'_> {
    fn title(&self) -> String {
        self.plane().title()
    }

    fn draw(&self, pen: &mut Pen) {
        let (m, vectors) = (self.record.config.m, self.coordinates());
        let role = self.role;
        let half = (pen.width / 2.0 - GAP / 2.0, pen.height);
        match m {
            0..3 => {
                self.plane().draw(pen);
            }
            3 => {
                let turn = self.turn;
                Solid {
                    role,
                    vectors,
                    turn,
                }
                .draw(pen);
            }
            _ => {
                Gram { m, vectors }.draw(&mut pen.part((0.0, 0.0), half));
                let corner = (half.0 + GAP, 0.0);
                self.plane().draw(&mut pen.part(corner, half));
            }
        }
    }
}

/// Polytopes of examples at one T, one run for each m: that of lowest train loss.
pub struct Polytopes<'a> {
    /// With their indices among the figure's records.
    runs: Vec<(usize, Polytope<'a>)>,
}

const GAP: f64 = 12.0;
const HEAD: f64 = TEXT + 10.0;
const SIDE: (f64, f64) = (150.0, 220.0);

impl<'a> Polytopes<'a> {
    /// Those of `ms` that are among the records, at T = `t`.
    pub fn new(records: &'a [Record], ms: &[f64], t: f64, turn: (f64, f64)) -> Polytopes<'a> {
        let mut runs = Vec::new();
        for curve in curves(records, Some(Setting::HiddenSize)) {
            let wanted = curve.value.is_some_and(|m| ms.contains(&m));
            let point = curve.points.iter().find(|point| point.t == t);
            if let Some(point) = point.filter(|_| wanted) {
                let (index, record) = point.best(records);
                let role = Role::Examples;
                runs.push((index, Polytope { record, role, turn }));
            }
        }
        Polytopes { runs }
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Places of the polytopes in lines of squares: line, first column. And the number of columns.
    fn layout(&self, width: f64) -> (Vec<(usize, usize)>, usize) {
        let total = self
            .runs
            .iter()
            .map(|(_, run)| run.squares())
            .sum::<usize>();
        let columns = (((width + GAP) / (SIDE.0 + GAP)) as usize).clamp(2, total.max(2));
        let (mut line, mut column) = (0, 0);
        let place = |(_, run): &(usize, Polytope)| {
            if column + run.squares() > columns {
                (line, column) = (line + 1, 0);
            }
            let at = (line, column);
            column += run.squares();
            at
        };
        (self.runs.iter().map(place).collect(), columns)
    }

    fn side(width: f64, columns: usize) -> f64 {
        ((width + GAP) / columns as f64 - GAP).clamp(1.0, SIDE.1)
    }
}

impl Figure for Polytopes<'_> {
    fn title(&self) -> String {
        let t = self
            .runs
            .first()
            .map_or(f64::NAN, |(_, run)| t_of(&run.record.config));
        format!("Hidden vectors of {} examples, by m", short(t))
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (places, columns) = self.layout(pen.width);
        let side = Self::side(pen.width, columns);
        let ink = pen.style.ink;
        for ((index, run), (line, column)) in self.runs.iter().zip(places) {
            let (x, y) = (
                column as f64 * (side + GAP),
                line as f64 * (side + HEAD + GAP),
            );
            let width = run.squares() as f64 * (side + GAP) - GAP;
            let name = format!("m = {}", run.record.config.m);
            pen.text(&name, (x + width / 2.0, y + HEAD / 2.0), Align::Middle, ink);
            run.draw(&mut pen.part((x, y + HEAD), (width, side)));
            let corner = (x + width, y + HEAD + side);
            pen.place_block((x, y), corner, *index, format!("{name}: {}", run.title()));
        }
        None
    }

    fn summary(&self) -> String {
        let d = |(_, run): &(usize, Polytope)| {
            let d = run.record.examples.dimensionality.iter().copied();
            let (low, high) = d.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), d| {
                (l.min(d), h.max(d))
            });
            format!(
                "m = {}: {} to {}",
                run.record.config.m,
                fixed(low.into(), 3),
                fixed(high.into(), 3)
            )
        };
        let all: Vec<String> = self.runs.iter().map(d).collect();
        format!("D of the examples at {}.", all.join("; "))
    }

    /// A row for each example.
    fn table(&self) -> Table {
        let mut table = Table::new(["m", "T", "example", "D"]);
        for (index, run) in &self.runs {
            let (config, examples) = (&run.record.config, &run.record.examples);
            for (&example, &d) in examples.index.iter().zip(&examples.dimensionality) {
                let cells = [config.m as f64, t_of(config), example.into(), d.into()];
                table.push(vec![*index], cells.map(Into::into).to_vec());
            }
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        let (places, columns) = self.layout(width);
        let lines = places.last().map_or(1, |(line, _)| line + 1);
        lines as f64 * (Self::side(width, columns) + HEAD + GAP)
    }
}
