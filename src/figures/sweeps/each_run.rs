//! How far apart do runs of one T end? Every run's test loss, with the median, the middle half and the mean.

use std::iter::once;

use plotters::style::Color;

use super::mean;
use crate::figures::tools::dots::GOLDEN;
use crate::figures::tools::frame::{Frame, NAME};
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::scale::{Spacing, TAxis};
use crate::figures::tools::style::blend;
use crate::figures::tools::table::{Cell, Table};
use crate::figures::{Area, Figure};
use crate::math::order;
use crate::sweep::{Point as AtT, Quantity, Record, curves};

/// All runs of those T that have many data seeds.
pub struct EachRun<'a> {
    records: &'a [Record],
    /// By ascending T.
    columns: Vec<Column>,
}

/// The runs of one T that did not diverge.
struct Column {
    t: f64,
    data_seeds: usize,
    /// From the lowest test loss up.
    runs: Vec<usize>,
    losses: Vec<f64>,
}

/// Of fewer data seeds quartiles say little.
const MANY: usize = 6;
/// How far runs stand apart from the middle of their column, as a share of the room there is.
const SPREAD: f64 = 0.32;
const WIDEST: f64 = 26.0;

impl Column {
    fn new(records: &[Record], point: &AtT) -> Column {
        let loss = |run: usize| Quantity::TestLoss.in_run(&records[run]);
        // The chosen run of a data seed has diverged only if all have.
        let seeds = point.seeds.iter().filter(|seed| loss(seed.best).is_some());
        let runs = seeds
            .clone()
            .flat_map(|seed| once(&seed.best).chain(&seed.others));
        let (runs, losses): (Vec<usize>, Vec<f64>) =
            runs.filter_map(|&run| Some((run, loss(run)?))).unzip();
        let ranked = order(&losses);
        Column {
            t: point.t,
            data_seeds: seeds.count(),
            runs: ranked.iter().map(|&k| runs[k]).collect(),
            losses: ranked.iter().map(|&k| losses[k]).collect(),
        }
    }

    /// The value below which a share of the runs lies, between those that are nearest.
    fn quantile(&self, share: f64) -> f64 {
        let rank = share * (self.losses.len() - 1) as f64;
        let below = self.losses[rank.floor() as usize];
        below + (self.losses[rank.ceil() as usize] - below) * rank.fract()
    }

    fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    fn mean(&self) -> f64 {
        mean(&self.losses)
    }

    fn lowest(&self) -> f64 {
        self.losses[0]
    }

    fn highest(&self) -> f64 {
        self.losses[self.losses.len() - 1]
    }
}

impl<'a> EachRun<'a> {
    /// None if no T has many data seeds.
    pub fn new(records: &'a [Record]) -> Option<EachRun<'a>> {
        let curve = curves(records, None).pop()?;
        let columns = curve.points.iter().map(|point| Column::new(records, point));
        let columns: Vec<Column> = columns.filter(|column| column.data_seeds >= MANY).collect();
        (!columns.is_empty()).then_some(EachRun { records, columns })
    }

    /// The column where something is largest.
    fn top(&self, of: impl Fn(&Column) -> f64) -> &Column {
        let by = |a: &&Column, b: &&Column| of(a).total_cmp(&of(b));
        self.columns.iter().max_by(by).expect("there is one")
    }
}

impl Figure for EachRun<'_> {
    fn title(&self) -> String {
        "Test loss of every run against T, with median, middle half and mean".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let half_colour = blend(style.test, style.surface, 0.75);
        let mut key = Key::default();
        key.add("one run", style.test, Shape::Ring, Line::None);
        key.add("median", style.ink, Shape::None, Line::Solid);
        key.add("middle half", half_colour, Shape::Square, Line::None);
        key.add("mean", style.ink, Shape::Diamond, Line::Dashed);
        key.above(pen, &[()], |pen, ()| {
            let frame = Frame::new(pen.width, (NAME, pen.height), "T");
            let ts: Vec<f64> = self.columns.iter().map(|column| column.t).collect();
            let losses = self.columns.iter().flat_map(|column| &column.losses);
            // The first and the last column lie whole within the plot.
            let x = TAxis::new((frame.ends.0 + WIDEST, frame.ends.1 - WIDEST), &ts);
            let y = frame.y(Spacing::Tight, &losses.copied().collect::<Vec<_>>());
            let room = (SPREAD * x.spacing()).clamp(2.0, WIDEST);
            for column in &self.columns {
                let at = x.pixel(column.t);
                let [high, low] = [0.75, 0.25].map(|share| y.pixel(column.quantile(share)));
                let room = room + 4.0;
                pen.block((at - room, high), (at + room, low), half_colour);
            }
            frame.draw(pen, &x, &y, "test loss");
            for column in &self.columns {
                let at = x.pixel(column.t);
                for (k, (&run, &loss)) in column.runs.iter().zip(&column.losses).enumerate() {
                    let aside = 2.0 * (GOLDEN * k as f64).fract() - 1.0;
                    let place = (at + aside * room, y.pixel(loss));
                    pen.ring(place, 2.25, style.test, 1.0);
                    let config = &self.records[run].config;
                    let words = format!(
                        "T = {}, data seed {}, init seed {}: test loss {}",
                        short(column.t),
                        config.data_seed,
                        config.init_seed,
                        reading(loss)
                    );
                    pen.place(place, run, words);
                }
                let (room, median) = (room + 4.0, y.pixel(column.median()));
                pen.path(
                    &[(at - room, median), (at + room, median)],
                    style.ink.to_rgba(),
                    2.0,
                );
            }
            let columns = self.columns.iter();
            let means: Vec<Point> = columns
                .map(|column| (x.pixel(column.t), y.pixel(column.mean())))
                .collect();
            Line::Dashed.draw(pen, &means, style.ink, 1.25);
            for at in means {
                Shape::Diamond.draw(pen, at, 4.0, style.ink);
            }
        });
        None
    }

    fn summary(&self) -> String {
        let top = self.top(Column::median);
        let mean = self.top(Column::mean);
        let place = match mean.t == top.t {
            true => "there as well".into(),
            false => format!("at T = {}", short(mean.t)),
        };
        format!(
            "The median is highest at T = {}, {}: half of its {} runs end between {} and {}, all between {} and {}. \
             The mean is highest {place}, {}.",
            short(top.t),
            reading(top.median()),
            top.runs.len(),
            reading(top.quantile(0.25)),
            reading(top.quantile(0.75)),
            reading(top.lowest()),
            reading(top.highest()),
            reading(mean.mean()),
        )
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            "T",
            "runs",
            "data seeds",
            "lowest",
            "lower quartile",
            "median",
            "upper quartile",
            "highest",
            "mean",
        ]);
        for column in &self.columns {
            let counts = [column.runs.len(), column.data_seeds];
            let mut cells: Vec<Cell> = vec![column.t.into()];
            cells.extend(counts.map(|count| Cell::from(count as f64)));
            let [lower, median, upper] = [0.25, 0.5, 0.75].map(|share| column.quantile(share));
            let losses = [column.lowest(), lower, median, upper, column.highest()];
            cells.extend(losses.map(Cell::from));
            cells.push(column.mean().into());
            table.push(column.runs.clone(), cells);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        (0.5 * width).clamp(280.0, 400.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn quartiles_lie_between_the_nearest_runs() {
        let column = |losses: &[f64]| Column {
            t: 1.0,
            data_seeds: losses.len(),
            runs: (0..losses.len()).collect(),
            losses: losses.to_vec(),
        };
        assert_eq!(column(&[1.0, 2.0, 4.0, 8.0, 16.0]).median(), 4.0);
        assert_eq!(column(&[1.0, 2.0, 4.0, 8.0]).median(), 3.0);
        assert_eq!(column(&[1.0, 2.0, 4.0, 8.0]).quantile(0.25), 1.75);
        assert_eq!(column(&[1.0, 2.0, 4.0, 8.0]).quantile(1.0), 8.0);
        assert_eq!(column(&[3.0]).quantile(0.75), 3.0);
    }
}
