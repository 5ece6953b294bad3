//! How often does training fail at m = 2, and how many inits does it take? What hidden vectors form, and the best of k.

use super::mean;
use crate::figures::tools::frame::{Frame, NAME};
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{fixed, percent, short};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::scale::{Spacing, TAxis, ValueAxis};
use crate::figures::tools::style::Style;
use crate::figures::tools::table::{Cell, Table};
use crate::figures::{Area, Figure};
use crate::measure::outcome::{Form, Kind};
use crate::sweep::{Point as AtT, Record, curves};

/// What runs end as at each T: of single inits, and of the best of several.
pub struct Failures {
    /// By ascending T.
    rates: Vec<Rate>,
}

/// The runs of one T.
struct Rate {
    t: f64,
    /// Every run, and what it ended as.
    runs: Vec<(usize, End)>,
    data_seeds: usize,
    /// For each of [`INITS`], the share that ends as a polygon, of each data seed that has that many inits.
    best_of: Vec<Vec<f64>>,
}

/// How many inits the best is chosen among.
const INITS: [usize; 4] = [1, 2, 5, 10];
const BAR: f64 = 11.0;

/// What a run with few examples ends as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All are memorised, on one circle.
    Polygon,
    /// All are memorised exactly, on two circles.
    TwoCircles,
    /// All are memorised, in other places.
    Uneven,
    /// Not all are memorised.
    Unlearned,
}

impl End {
    /// Every one, from the best on.
    pub const ALL: [End; 4] = [End::Polygon, End::TwoCircles, End::Uneven, End::Unlearned];

    /// That of a run; none unless m = 2 and T at least 3 and finite.
    pub fn of(record: &Record) -> Option<End> {
        let polygon = record.measures.as_ref()?.polygon.as_ref()?;
        if polygon.examples < 3 {
            return None;
        }
        Some(match record.outcome()?.kind {
            Kind::Memorised { form, .. } => match form {
                Some(Form::Polygon | Form::Circle) => End::Polygon,
                Some(Form::TwoCircles) => End::TwoCircles,
                Some(Form::Uneven) | None => End::Uneven,
            },
            _ => End::Unlearned,
        })
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            End::Polygon => "polygon",
            End::TwoCircles => "two circles",
            End::Uneven => "uneven",
            End::Unlearned => "unlearned examples",
        }
    }
}

/// The share of choices of `k` among runs, given from the best on, whose best is a success; none if there are fewer.
fn best_of(k: usize, successes: &[bool]) -> Option<f64> {
    let count = successes.len();
    // Of all choices without one of the first j runs, k / (count − j) have the next.
    let mut without = 1.0;
    let mut share = 0.0;
    for (j, &success) in successes.iter().enumerate() {
        let with = (k as f64 / (count - j) as f64).min(1.0);
        share += if success { without * with } else { 0.0 };
        without *= 1.0 - with;
    }
    (1..=count).contains(&k).then_some(share)
}

impl Rate {
    fn new(records: &[Record], point: &AtT) -> Option<Rate> {
        let of = |&run: &usize| Some((run, End::of(&records[run])?));
        // Of each data seed from the best run on, as curves sort them.
        let seeds: Vec<Vec<(usize, End)>> = (point.seeds.iter())
            .map(|seed| {
                let runs = std::iter::once(&seed.best).chain(&seed.others);
                runs.filter_map(of).collect()
            })
            .filter(|runs: &Vec<_>| !runs.is_empty())
            .collect();
        let polygons = |runs: &Vec<(usize, End)>| -> Vec<bool> {
            let kinds = runs.iter().map(|&(_, kind)| kind);
            kinds.map(|kind| kind == End::Polygon).collect()
        };
        let shares = |&k: &usize| {
            let seeds = seeds.iter();
            seeds
                .filter_map(|runs| best_of(k, &polygons(runs)))
                .collect()
        };
        (!seeds.is_empty()).then(|| Rate {
            t: point.t,
            best_of: INITS.iter().map(shares).collect(),
            data_seeds: seeds.len(),
            runs: seeds.concat(),
        })
    }

    /// The share of runs that ended so.
    fn share(&self, kind: End) -> f64 {
        let count = self.runs.iter().filter(|(_, other)| *other == kind).count();
        count as f64 / self.runs.len() as f64
    }
}

impl Failures {
    /// The rates at every T of the records at m = 2; none if there is none.
    pub fn new(records: &[Record]) -> Option<Failures> {
        let curve = curves(records, None).pop()?;
        let points = curve.points.iter().filter(|point| point.t.is_finite());
        let rates: Vec<Rate> = points.filter_map(|p| Rate::new(records, p)).collect();
        (!rates.is_empty()).then_some(Failures { rates })
    }

    fn colour(style: &Style, k: usize) -> plotters::style::RGBColor {
        style.along_ramp(k, End::ALL.len())
    }

    /// One bar for each T: what single inits end as.
    fn draw_kinds(&self, pen: &mut Pen, x: &TAxis, (top, bottom): (f64, f64)) {
        let style = *pen.style;
        let half = (0.4 * x.spacing()).clamp(1.5, BAR);
        for rate in &self.rates {
            let (at, mut low) = (x.pixel(rate.t), bottom);
            for (k, kind) in End::ALL.into_iter().enumerate() {
                let share = rate.share(kind);
                let high = low - share * (bottom - top);
                if share > 0.0 {
                    let (colour, edge) = (Self::colour(&style, k), style.surface);
                    pen.block((at - half, high), (at + half, low), colour);
                    // Borders tell kinds apart where colours don't.
                    pen.line((at - half, high), (at + half, high), edge.into(), 1.5);
                    let run = rate.runs.iter().find(|(_, other)| *other == kind);
                    let run = run.expect("its share is above zero").0;
                    let words = format!(
                        "T = {}: {} of {} inits end as {}",
                        short(rate.t),
                        percent(fixed(100.0 * share, 0)),
                        rate.runs.len(),
                        kind.name()
                    );
                    pen.place_block((at - half, high), (at + half, low), run, words);
                }
                low = high;
            }
        }
    }

    /// A curve for each number of inits.
    fn draw_best(&self, pen: &mut Pen, x: &TAxis, y: &ValueAxis) {
        for (k, inits) in INITS.iter().enumerate() {
            let colour = pen.style.along_ramp(k, INITS.len());
            let rates = self.rates.iter().filter(|rate| !rate.best_of[k].is_empty());
            let at = |rate: &Rate, share| (x.pixel(rate.t), y.pixel(share));
            let line: Vec<Point> = (rates.clone())
                .map(|rate| at(rate, mean(&rate.best_of[k])))
                .collect();
            Line::Solid.draw(pen, &line, colour, 2.0);
            for rate in rates {
                let shares = &rate.best_of[k];
                let point = at(rate, mean(shares));
                Shape::of(k).draw(pen, point, 3.5, colour);
                let words = format!(
                    "T = {}: the best of {inits} is a polygon in {}",
                    short(rate.t),
                    percent(fixed(100.0 * mean(shares), 0))
                );
                pen.place(point, rate.runs[0].0, words);
            }
        }
    }
}

impl Figure for Failures {
    fn title(&self) -> String {
        "What hidden vectors form against T, of single inits and of the best of several".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let mut kinds = Key::default();
        for (k, kind) in End::ALL.into_iter().enumerate() {
            kinds.add(
                kind.name(),
                Self::colour(&style, k),
                Shape::Square,
                Line::None,
            );
        }
        let mut best = Key::default();
        for (k, inits) in INITS.iter().enumerate() {
            let name = match inits {
                1 => "one init".to_string(),
                _ => format!("best of {inits}"),
            };
            let colour = style.along_ramp(k, INITS.len());
            best.add(&name, colour, Shape::of(k), Line::Solid);
        }
        let ts: Vec<f64> = self.rates.iter().map(|rate| rate.t).collect();
        let (width, height) = (pen.width, pen.height / 2.0);
        let names = ["share of single inits", "share that is a polygon"];
        for (panel, key) in [kinds, best].iter().enumerate() {
            let pen = &mut pen.part((0.0, panel as f64 * height), (width, height));
            key.draw(pen, (2.0, NAME), width);
            let top = NAME + key.height(width) + 4.0;
            let frame = Frame::new(width, (top, height), "T");
            let x = frame.x(&ts);
            let y = frame.y(Spacing::Linear, &[1.0 / 1.05]);
            frame.draw(pen, &x, &y, names[panel]);
            match panel {
                0 => self.draw_kinds(pen, &x, (frame.top, frame.bottom)),
                _ => self.draw_best(pen, &x, &y),
            }
        }
        None
    }

    /// At the first, middle and last T, of single inits and of the best of five.
    fn summary(&self) -> String {
        let last = self.rates.len() - 1;
        let mut which = vec![0, last / 2, last];
        which.dedup();
        let list = |share: &dyn Fn(&Rate) -> Option<f64>| {
            let shares = which.iter().filter_map(|&k| {
                let rate = &self.rates[k];
                Some(format!(
                    "{} at T = {}",
                    percent(fixed(100.0 * share(rate)?, 0)),
                    short(rate.t)
                ))
            });
            shares.collect::<Vec<_>>().join(", ")
        };
        let single = list(&|rate| Some(rate.share(End::Polygon)));
        let five = INITS.iter().position(|&inits| inits == 5);
        let best = list(&|rate| {
            let shares = &rate.best_of[five?];
            (!shares.is_empty()).then(|| mean(shares))
        });
        match best.is_empty() {
            true => format!("Polygons: {single} of single inits."),
            false => format!("Polygons: {single} of single inits; {best} of the best of five."),
        }
    }

    fn table(&self) -> Table {
        let mut columns = vec!["T".to_string(), "runs".into(), "data seeds".into()];
        columns.extend(End::ALL.map(|kind| kind.name().into()));
        for inits in &INITS[1..] {
            let of = |what: &str| format!("polygon, best of {inits}{what}");
            columns.extend([of(""), of(", lowest data seed"), of(", highest data seed")]);
        }
        let mut table = Table::new(columns);
        for rate in &self.rates {
            let mut cells: Vec<Cell> = vec![
                rate.t.into(),
                (rate.runs.len() as f64).into(),
                (rate.data_seeds as f64).into(),
            ];
            cells.extend(End::ALL.map(|kind| Cell::from(rate.share(kind))));
            for shares in &rate.best_of[1..] {
                let range = match shares.is_empty() {
                    true => [f64::NAN; 3],
                    false => [
                        mean(shares),
                        shares.iter().copied().fold(f64::INFINITY, f64::min),
                        shares.iter().copied().fold(0.0, f64::max),
                    ],
                };
                cells.extend(range.map(Cell::from));
            }
            table.push(rate.runs.iter().map(|run| run.0).collect(), cells);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        2.0 * (0.26 * width).clamp(210.0, 270.0)
    }
}

#[cfg(test)]
mod tests {
    use super::best_of;

    #[test]
    fn the_best_of_k_is_that_of_all_choices_counted() {
        let successes = [false, true, false, true, true, false];
        for k in 1..=6 {
            let choices = (0u32..1 << 6).filter(|choice| choice.count_ones() == k);
            let (mut all, mut won) = (0, 0);
            for choice in choices {
                let best = choice.trailing_zeros() as usize;
                all += 1;
                won += u32::from(successes[best]);
            }
            let counted = f64::from(won) / f64::from(all);
            assert!((best_of(k as usize, &successes).unwrap() - counted).abs() < 1e-12);
        }
        assert_eq!(best_of(7, &successes), None);
        assert_eq!(best_of(0, &successes), None);
    }
}
