//! Does a kick to the biases free a run that is stuck at m = 2? Runs with a nudge beside the same runs without.
//!
//! Whoever looks only at runs that ended badly finds that anything else ends better. So what counts as a success of the nudge
//! is more than another init would have had: the share of all inits that end as a polygon, drawn beside.

use super::failures::End;
use crate::figures::tools::frame::{Frame, NAME};
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::scale::Spacing;
use crate::figures::tools::table::{Cell, Table};
use crate::figures::{Area, Figure};
use crate::sweep::{Record, t_of};
use crate::train::{Config, Nudge};

/// Runs that differ from others in a nudge.
pub struct Nudges {
    /// By ascending T, then size.
    groups: Vec<Group>,
    ts: Vec<f64>,
}

/// All runs of one T with one nudge.
struct Group {
    t: f64,
    nudge: Nudge,
    pairs: Vec<Pair>,
}

/// A run with a nudge and the same without.
struct Pair {
    /// Index among the figure's records of the run with the nudge.
    run: usize,
    data_seed: u32,
    before: bool,
    after: bool,
}

/// What was asked of a run: to become a polygon if it would not have been one, to stay one if it would.
#[derive(Clone, Copy, PartialEq)]
enum Panel {
    Freed,
    Kept,
}

impl Panel {
    const BOTH: [Panel; 2] = [Panel::Freed, Panel::Kept];

    fn name(self) -> &'static str {
        match self {
            Panel::Freed => "share of stuck runs that end as a polygon",
            Panel::Kept => "share of polygons that stay polygons",
        }
    }
}

fn is_polygon(record: &Record) -> Option<bool> {
    Some(End::of(record)? == End::Polygon)
}

/// A share as its parts, which are few.
#[derive(Clone, Copy)]
struct Share {
    of: usize,
    all: usize,
}

impl Share {
    fn value(self) -> Option<f64> {
        (self.all > 0).then(|| self.of as f64 / self.all as f64)
    }

    fn words(self) -> String {
        format!("{} of {}", self.of, self.all)
    }
}

impl Group {
    fn share(&self, panel: Panel, data_seed: Option<u32>) -> Share {
        let concerned = |pair: &&Pair| {
            pair.before == (panel == Panel::Kept)
                && data_seed.is_none_or(|seed| pair.data_seed == seed)
        };
        let pairs = || self.pairs.iter().filter(concerned);
        Share {
            of: pairs().filter(|pair| pair.after).count(),
            all: pairs().count(),
        }
    }

    /// Without a nudge: what another init has.
    fn inits(&self) -> Share {
        Share {
            of: self.pairs.iter().filter(|pair| pair.before).count(),
            all: self.pairs.len(),
        }
    }

    fn data_seeds(&self) -> Vec<u32> {
        let mut seeds: Vec<u32> = self.pairs.iter().map(|pair| pair.data_seed).collect();
        seeds.sort_unstable();
        seeds.dedup();
        seeds
    }
}

impl Nudges {
    /// The runs with a nudge whose control is among the records; none if there is none.
    pub fn new(records: &[Record]) -> Option<Nudges> {
        let mut groups: Vec<Group> = Vec::new();
        for (run, record) in records.iter().enumerate() {
            let Some(nudge) = record.config.nudge else {
                continue;
            };
            let control = Config {
                nudge: None,
                ..record.config.clone()
            };
            let control = records.iter().find(|other| other.config == control);
            let ends = control.and_then(|c| Some((is_polygon(c)?, is_polygon(record)?)));
            let Some((before, after)) = ends else {
                continue;
            };
            let pair = Pair {
                run,
                data_seed: record.config.data_seed,
                before,
                after,
            };
            let t = t_of(&record.config);
            let known = (groups.iter_mut()).find(|g| g.t == t && g.nudge == nudge);
            match known {
                Some(group) => group.pairs.push(pair),
                None => groups.push(Group {
                    t,
                    nudge,
                    pairs: vec![pair],
                }),
            }
        }
        groups.sort_by(|a, b| {
            let key = |group: &Group| [group.t, group.nudge.step as f64, group.nudge.size];
            key(a).partial_cmp(&key(b)).expect("finite numbers")
        });
        let mut ts: Vec<f64> = groups.iter().map(|group| group.t).collect();
        ts.dedup();
        (!groups.is_empty()).then_some(Nudges { groups, ts })
    }

    fn draw_panel(&self, pen: &mut Pen, panel: Panel) {
        let frame = Frame::new(pen.width, (NAME, pen.height), "size");
        let sizes: Vec<f64> = self.groups.iter().map(|group| group.nudge.size).collect();
        let x = frame.x(&sizes);
        let y = frame.y(Spacing::Linear, &[1.0 / 1.05]);
        frame.draw(pen, &x, &y, panel.name());
        for (k, &t) in self.ts.iter().enumerate() {
            let colour = pen.style.along_ramp(k, self.ts.len());
            let groups = || self.groups.iter().filter(|group| group.t == t);
            let at = |group: &Group, share: f64| (x.pixel(group.nudge.size), y.pixel(share));
            let line: Vec<Point> = groups()
                .filter_map(|group| Some(at(group, group.share(panel, None).value()?)))
                .collect();
            Line::Solid.draw(pen, &line, colour, 2.0);
            if panel == Panel::Freed {
                let inits = groups().filter_map(|group| Some(at(group, group.inits().value()?)));
                Line::Dashed.draw(pen, &inits.collect::<Vec<_>>(), colour, 1.25);
            }
            for group in groups() {
                for seed in group.data_seeds() {
                    if let Some(share) = group.share(panel, Some(seed)).value() {
                        pen.ring(at(group, share), 2.0, colour, 0.75);
                    }
                }
                let share = group.share(panel, None);
                let Some(value) = share.value() else {
                    continue;
                };
                Shape::of(k).draw(pen, at(group, value), 3.5, colour);
                let words = format!(
                    "T = {}, size {}: {} {}",
                    short(t),
                    reading(group.nudge.size),
                    share.words(),
                    match panel {
                        Panel::Freed => "stuck runs end as a polygon",
                        Panel::Kept => "polygons stay polygons",
                    }
                );
                // A click opens a run that shows it.
                let typical = |pair: &&Pair| {
                    pair.before == (panel == Panel::Kept)
                        && pair.after == (2 * share.of >= share.all)
                };
                let run = group
                    .pairs
                    .iter()
                    .find(typical)
                    .unwrap_or(&group.pairs[0])
                    .run;
                pen.place(at(group, value), run, words);
            }
        }
    }
}

impl Figure for Nudges {
    fn title(&self) -> String {
        "What a kick to the biases does to stuck runs, and to polygons, against its size".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let mut key = Key::default();
        for (k, &t) in self.ts.iter().enumerate() {
            let colour = style.along_ramp(k, self.ts.len());
            key.add(
                &format!("T = {}", short(t)),
                colour,
                Shape::of(k),
                Line::Solid,
            );
        }
        key.add("another init instead", style.ink, Shape::None, Line::Dashed);
        key.add("each data seed", style.ink, Shape::Ring, Line::None);
        key.above(pen, &Panel::BOTH, |pen, &panel| self.draw_panel(pen, panel));
        None
    }

    /// For each T the size that frees most, and what that does to polygons.
    fn summary(&self) -> String {
        let best = |&t: &f64| {
            let groups = self.groups.iter().filter(|group| group.t == t);
            let freed = |group: &Group| group.share(Panel::Freed, None);
            let better = |a, b| if freed(b).of > freed(a).of { b } else { a };
            let best = groups.reduce(better)?;
            Some(format!(
                "at T = {} size {} frees {} stuck runs and keeps {} polygons ({} inits end as one without it)",
                short(t),
                reading(best.nudge.size),
                freed(best).words(),
                best.share(Panel::Kept, None).words(),
                best.inits().words()
            ))
        };
        let sentences: Vec<String> = self.ts.iter().filter_map(best).collect();
        format!("A nudge to the biases: {}.", sentences.join("; "))
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            "T",
            "nudge after step",
            "size",
            "data seeds",
            "inits",
            "polygons without a nudge",
            "stuck without",
            "of these polygons with it",
            "lowest share, data seed",
            "highest share, data seed",
            "polygons that stay",
        ]);
        for group in &self.groups {
            let (seeds, freed) = (group.data_seeds(), group.share(Panel::Freed, None));
            let shares = seeds.iter();
            let shares: Vec<f64> = shares
                .filter_map(|&seed| group.share(Panel::Freed, Some(seed)).value())
                .collect();
            let extreme = |start, pick: fn(f64, f64) -> f64| match shares.is_empty() {
                true => f64::NAN,
                false => shares.iter().copied().fold(start, pick),
            };
            let cells: [f64; 11] = [
                group.t,
                group.nudge.step as f64,
                group.nudge.size,
                seeds.len() as f64,
                group.pairs.len() as f64,
                group.inits().of as f64,
                freed.all as f64,
                freed.of as f64,
                extreme(f64::INFINITY, f64::min),
                extreme(0.0, f64::max),
                group.share(Panel::Kept, None).of as f64,
            ];
            let runs = group.pairs.iter().map(|pair| pair.run).collect();
            table.push(runs, cells.map(Cell::from).to_vec());
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        2.0 * (0.24 * width).clamp(190.0, 250.0)
    }
}
