//! What does a run learn on the way? D against the step, above the vectors that training ends with.

use std::collections::BTreeMap;

use crate::figures::run::vectors::{Role, Vectors};
use crate::figures::tools::axis::Axis;
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{fixed, short};
use crate::figures::tools::pen::{Align, Pen, Point};
use crate::figures::tools::scale::{Spacing, ValueAxis};
use crate::figures::tools::style::TEXT;
use crate::figures::tools::table::{Cell, Table};
use crate::figures::{Area, Figure};
use crate::math::order;
use crate::measure::outcome::LEARNED;
use crate::optim::Reduction;
use crate::sweep::{LARGEST, Moment, Record, is_better, name_of_run, t_of};

/// Runs that keep dimensionalities on the way, one column each.
pub struct Histories<'a> {
    columns: Vec<Column<'a>>,
    /// What they show, in sentences.
    summary: String,
}

struct Column<'a> {
    /// Index among the figure's records.
    run: usize,
    record: &'a Record,
    head: String,
}

/// Least width of a column.
const COLUMN: f64 = 132.5;
const GAP: f64 = 16.0;
const CHART: f64 = 120.0;
const HEAD: f64 = TEXT + 8.0;
/// Room for the labels left of charts and below them.
const LEFT: f64 = 34.0;
const BELOW: f64 = TEXT + 8.0;
const BAR: f64 = 12.0;
const LARGEST_PLOT: f64 = 170.0;

/// R times D of a repeated example: what its copies have together.
fn together(record: &Record, moment: &Moment) -> Vec<f64> {
    let times = record.config.repeats.iter().map(|r| r.times as f64);
    let d = moment.repeated.iter().map(|&d| f64::from(d));
    times.zip(d).map(|(times, d)| times * d).collect()
}

/// What a run may let go again: the repeated example if there is one, else the largest D of a feature.
fn at_stake(record: &Record, moment: &Moment) -> f64 {
    let copies = together(record, moment).into_iter().next();
    let feature = moment.features.first().map_or(0.0, |&d| f64::from(d));
    copies.unwrap_or(feature)
}

/// From a peak to the end.
struct Fall {
    peak: f64,
    /// The step of the peak.
    step: u64,
    end: f64,
}

impl Fall {
    fn of(record: &Record) -> Option<Fall> {
        let end = at_stake(record, record.course.last()?);
        let course = record.course.iter().map(|m| (at_stake(record, m), m.step));
        let (peak, step) = course.max_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(Fall { peak, step, end })
    }

    fn depth(&self) -> f64 {
        self.peak - self.end
    }

    fn words(&self) -> String {
        let [peak, end] = [self.peak, self.end].map(|d| fixed(d, 3));
        let step = short(self.step as f64);
        format!("{peak} at step {step}, {end} at the end")
    }
}

impl Column<'_> {
    /// What it has learned at the end.
    fn end(&self) -> Option<String> {
        let learned = |&&d: &&f32| f64::from(d) >= LEARNED;
        let learned = self
            .record
            .course
            .last()?
            .features
            .iter()
            .filter(learned)
            .count();
        let rebuilt = self
            .record
            .repeated
            .iter()
            .filter(|r| r.is_rebuilt())
            .count();
        Some(match self.record.config.repeats.len() {
            0 => format!("{learned} with none repeated"),
            count => format!("{learned} and {rebuilt} of {count}"),
        })
    }

    fn fallen(&self) -> Option<String> {
        Some(format!("{}, {}", self.head, Fall::of(self.record)?.words()))
    }
}

impl<'a> Histories<'a> {
    /// For each reduction, number of repeated examples and number of their copies the run of lowest train loss.
    pub fn by_repeated(records: &'a [Record]) -> Option<Histories<'a>> {
        let times = |record: &Record| record.config.repeats.first().map(|repeat| repeat.times);
        let mut best: BTreeMap<(bool, Option<usize>, usize), (usize, &Record)> = BTreeMap::new();
        for (run, record) in records.iter().enumerate() {
            let config = &record.config;
            let sum = config.reduction == Reduction::Sum;
            let known = best.entry((sum, times(record), config.repeats.len()));
            let known = known.or_insert((run, record));
            if is_better(record, known.1) {
                *known = (run, record);
            }
        }
        let with_course = |(_, record): &(usize, &Record)| !record.course.is_empty();
        let mut copies = best.keys().filter_map(|&(_, times, _)| times);
        let first = copies.next();
        let differ = copies.any(|times| Some(times) != first);
        let column = |(run, record): (usize, &'a Record)| {
            let mut head = match (record.config.repeats.len(), times(record)) {
                (0, _) => "none repeated".to_string(),
                (count, Some(times)) if differ => format!("{count} repeated {times}×"),
                (count, _) => format!("{count} repeated"),
            };
            if record.config.reduction == Reduction::Sum {
                head += ", sum";
            }
            Column { run, record, head }
        };
        let runs = best.into_values().filter(with_course);
        let columns: Vec<Column> = runs.map(column).collect();
        let ends: Vec<String> = columns.iter().filter_map(Column::end).collect();
        let summary = format!(
            "Features of D above {LEARNED}, and repeated examples that the model rebuilds (loss on them below 1/2): {}.",
            ends.join("; ")
        );
        Histories::of(columns, summary)
    }

    /// Those that let go most: `few` of the runs without a repeated example, then `few` of those with one.
    pub fn that_let_go(records: &'a [Record], few: usize) -> Option<Histories<'a>> {
        let mut columns = Vec::new();
        let mut sentences = Vec::new();
        for repeated in [false, true] {
            let falls = records.iter().enumerate().filter_map(|(run, record)| {
                let wanted = record.config.repeats.is_empty() != repeated;
                Some((Fall::of(record)?, run, record)).filter(|_| wanted)
            });
            let falls: Vec<_> = falls.collect();
            let of_feature =
                |fell: &&(Fall, usize, &Record)| fell.0.peak >= LEARNED && fell.0.end < LEARNED;
            let lost = falls.iter().filter(of_feature).count();
            let what = match repeated {
                false => "without a repeated example had a feature of D above",
                true => "with one had R · D of it above",
            };
            if !falls.is_empty() {
                sentences.push(format!(
                    "{lost} of {} runs {what} {LEARNED} on the way and no longer at the end.",
                    falls.len()
                ));
            }
            let keys: Vec<f64> = falls.iter().map(|(fall, ..)| -fall.depth()).collect();
            let most = order(&keys).into_iter().take(few);
            columns.extend(most.map(|k| Column {
                run: falls[k].1,
                record: falls[k].2,
                head: format!(
                    "T = {}, data seed {}",
                    short(t_of(&falls[k].2.config)),
                    falls[k].2.config.data_seed
                ),
            }));
        }
        let falls: Vec<String> = columns.iter().filter_map(Column::fallen).collect();
        sentences.push(format!("Shown: {}.", falls.join("; ")));
        Histories::of(columns, sentences.join(" "))
    }

    fn of(columns: Vec<Column<'a>>, summary: String) -> Option<Histories<'a>> {
        (!columns.is_empty()).then_some(Histories { columns, summary })
    }

    /// Columns beside each other, and the width of each.
    fn layout(&self, width: f64) -> (usize, f64) {
        let count = self.columns.len();
        let fit = (((width + GAP) / (COLUMN + GAP)) as usize).max(1);
        let lines = count.div_ceil(fit);
        let columns = count.div_ceil(lines);
        (columns, (width + GAP) / columns as f64 - GAP)
    }

    /// Height of a line of columns with plots of that size.
    fn line(size: f64) -> f64 {
        HEAD + CHART + BELOW + 2.0 * (size + BAR + GAP) + GAP
    }

    fn plot(width: f64) -> f64 {
        (width - 4.0).clamp(1.0, LARGEST_PLOT)
    }

    /// The largest D of all charts.
    fn highest(&self) -> f64 {
        let of = |column: &Column| {
            let moments = column.record.course.iter();
            moments
                .flat_map(|m| {
                    let features = m.features.iter().map(|&d| f64::from(d));
                    features
                        .chain(together(column.record, m))
                        .collect::<Vec<_>>()
                })
                .fold(0.0, f64::max)
        };
        self.columns.iter().map(of).fold(0.0, f64::max)
    }
}

/// D of every kept feature and repeated example against the step.
fn draw_chart(pen: &mut Pen, record: &Record, highest: f64) {
    let style = *pen.style;
    let ends = (LEFT, (pen.width - 4.0).max(LEFT + 1.0));
    let bottom = (pen.height - BELOW).max(5.0);
    let y = ValueAxis::new((bottom, 4.0), Spacing::Linear, &[highest]);
    y.draw(pen, ends);
    pen.line((ends.0, bottom), (ends.1, bottom), style.faint.into(), 1.0);
    let x = Axis::linear(ends, (0.0, record.config.steps.max(1) as f64));
    for tick in x.ticks(2) {
        let at = (x.pixel(tick.value), bottom + 11.0);
        pen.text_inside(&tick.label, at, style.faint);
    }
    let lines = |of: &dyn Fn(&Moment) -> Vec<f64>| -> Vec<Vec<Point>> {
        let values: Vec<Vec<f64>> = record.course.iter().map(of).collect();
        let count = values.iter().map(Vec::len).max().unwrap_or(0);
        let line = |k: usize| {
            let moments = record.course.iter().zip(&values);
            let points = moments.filter_map(|(m, values)| Some((m.step, *values.get(k)?)));
            points
                .map(|(step, d)| (x.pixel(step as f64), y.pixel(d)))
                .collect()
        };
        (0..count).map(line).collect()
    };
    for line in lines(&|m| m.features.iter().map(|&d| d.into()).collect()) {
        Line::Solid.draw(pen, &line, style.features, 1.5);
    }
    for line in lines(&|m| together(record, m)) {
        Line::Dashed.draw(pen, &line, style.examples, 2.0);
    }
}

/// The kept vectors of one kind, repeated examples marked.
fn draw_vectors(pen: &mut Pen, record: &Record, role: Role) {
    let kept = match role {
        Role::Features => &record.features,
        Role::Examples => &record.examples,
    };
    let figure = Vectors::new(role, record.config.m, &kept.coordinates);
    let (area, _) = figure.draw(pen);
    if (role, record.config.m) != (Role::Examples, 2) {
        return;
    }
    let style = *pen.style;
    for repeated in &record.repeated {
        let [x, y] = repeated.hidden[..] else {
            continue;
        };
        let centre = (area.x.pixel(0.0), area.y.pixel(0.0));
        let at = (area.x.pixel(x.into()), area.y.pixel(y.into()));
        pen.line(centre, at, style.examples.into(), 1.0);
        Shape::Diamond.draw(pen, at, 5.5, style.surface);
        Shape::Diamond.draw(pen, at, 4.0, style.ink);
    }
}

impl Figure for Histories<'_> {
    fn title(&self) -> String {
        let heads: Vec<&str> = self
            .columns
            .iter()
            .map(|column| column.head.as_str())
            .collect();
        format!(
            "D against the step, and vectors at the end: {}",
            heads.join("; ")
        )
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let mut key = Key::default();
        key.add(
            "D of the six largest features",
            style.features,
            Shape::None,
            Line::Solid,
        );
        let repeats = self
            .columns
            .iter()
            .any(|c| !c.record.config.repeats.is_empty());
        if repeats {
            key.add(
                "R · D of a repeated example",
                style.examples,
                Shape::None,
                Line::Dashed,
            );
            key.add("repeated example", style.ink, Shape::Diamond, Line::None);
        }
        key.draw(pen, (2.0, 0.0), pen.width);
        let above = key.height(pen.width) + 4.0;
        let (columns, width) = self.layout(pen.width);
        let (size, highest) = (Self::plot(width), self.highest());
        for (k, column) in self.columns.iter().enumerate() {
            let x = (k % columns) as f64 * (width + GAP);
            let mut y = above + (k / columns) as f64 * Self::line(size);
            let middle = x + width / 2.0;
            pen.text(
                &column.head,
                (middle, y + HEAD / 2.0),
                Align::Middle,
                style.ink,
            );
            y += HEAD;
            let chart = &mut pen.part((x, y), (width, CHART + BELOW));
            draw_chart(chart, column.record, highest);
            let name = name_of_run(&column.record.config);
            let words = match Fall::of(column.record) {
                Some(fall) if column.record.config.repeats.is_empty() => {
                    format!("{name}: largest D of a feature {}", fall.words())
                }
                Some(fall) => format!("{name}: R · D {}", fall.words()),
                None => name,
            };
            pen.place_block((x, y), (x + width, y + CHART), column.run, words);
            y += CHART + BELOW + GAP;
            for role in [Role::Features, Role::Examples] {
                let corner = (middle - size / 2.0, y);
                if k % columns == 0 {
                    pen.text(role.names(), (2.0, y - 5.0), Align::Start, style.faint);
                }
                draw_vectors(
                    &mut pen.part(corner, (size, size + BAR)),
                    column.record,
                    role,
                );
                y += size + BAR + GAP;
            }
        }
        None
    }

    fn summary(&self) -> String {
        self.summary.clone()
    }

    fn table(&self) -> Table {
        let mut columns: Vec<String> = ["run", "step"].map(String::from).to_vec();
        columns.extend((1..=LARGEST).map(|k| format!("D of feature {k}")));
        let copies = self
            .columns
            .iter()
            .map(|c| c.record.config.repeats.len())
            .max();
        let copies = copies.unwrap_or(0);
        columns.extend((1..=copies).map(|k| format!("R D of repeated example {k}")));
        let mut table = Table::new(columns);
        for column in &self.columns {
            for moment in &column.record.course {
                let mut cells = vec![
                    Cell::from(column.head.as_str()),
                    (moment.step as f64).into(),
                ];
                let features = moment.features.iter().map(|&d| f64::from(d));
                cells.extend(padded(features.collect(), LARGEST));
                cells.extend(padded(together(column.record, moment), copies));
                table.push(vec![column.run], cells);
            }
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        let (columns, column) = self.layout(width);
        let lines = self.columns.len().div_ceil(columns) as f64;
        // The key takes two rows where it is narrow.
        let key = if width < 520.0 {
            3.0 * HEAD
        } else {
            HEAD + 4.0
        };
        key + lines * Self::line(Self::plot(column))
    }
}

fn padded(mut values: Vec<f64>, count: usize) -> Vec<Cell> {
    values.resize(count, f64::NAN);
    values.into_iter().map(Cell::from).collect()
}
