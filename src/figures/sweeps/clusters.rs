//! What do examples have in common that a model keeps in one direction? What clusters share, against their size.

use plotters::style::Color;

use crate::figures::tools::frame::{Frame, NAME};
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{fixed, percent, reading, short};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::scale::Spacing;
use crate::figures::tools::table::{Cell, Table};
use crate::figures::{Area, Figure};
use crate::measure;
use crate::sweep::{Point as AtT, Record, curves};

/// Clusters of the runs of each T.
pub struct Clusters {
    /// By ascending T.
    sizes: Vec<Vec<OfSize>>,
}

/// All clusters of one size at one T.
struct OfSize {
    t: f64,
    size: usize,
    /// Each data seed's run that has some, and what they are.
    runs: Vec<(usize, measure::Clusters)>,
}

/// A number of clusters, of those found and of random groups.
#[derive(Clone, Copy, PartialEq)]
enum Panel {
    Sharing,
    Carrying,
}

impl Panel {
    const BOTH: [Panel; 2] = [Panel::Sharing, Panel::Carrying];

    fn name(self) -> &'static str {
        match self {
            Panel::Sharing => "examples that share the commonest feature",
            Panel::Carrying => "features that carry the cluster",
        }
    }

    fn of(self, clusters: &measure::Clusters) -> [f64; 2] {
        match self {
            Panel::Sharing => [clusters.sharing, clusters.sharing_by_chance],
            Panel::Carrying => [clusters.carrying, clusters.carrying_by_chance],
        }
    }
}

const SIZE: &str = "examples in the cluster";
/// A size is drawn if there are at least this many clusters of it; the table has all.
const DRAWN: usize = 5;

impl OfSize {
    fn count(&self) -> usize {
        self.runs.iter().map(|(_, clusters)| clusters.count).sum()
    }

    /// Mean over clusters, and over random groups.
    fn means(&self, panel: Panel) -> [f64; 2] {
        [0, 1].map(|k| {
            let sums = self
                .runs
                .iter()
                .map(|(_, c)| panel.of(c)[k] * c.count as f64);
            sums.sum::<f64>() / self.count() as f64
        })
    }

    /// Lowest and highest mean of a data seed.
    fn range(&self, panel: Panel) -> [f64; 2] {
        let means = || self.runs.iter().map(|(_, clusters)| panel.of(clusters)[0]);
        [
            means().fold(f64::INFINITY, f64::min),
            means().fold(0.0, f64::max),
        ]
    }
}

impl Clusters {
    /// Those of the records that keep any; none if none does.
    pub fn new(records: &[Record]) -> Option<Clusters> {
        let curve = curves(records, None).pop()?;
        let at = |point: &AtT| {
            let mut sizes: Vec<OfSize> = Vec::new();
            for run in point.seeds.iter().map(|seed| seed.best) {
                for clusters in &records[run].clusters {
                    let found = (run, clusters.clone());
                    match sizes.iter_mut().find(|of| of.size == clusters.size) {
                        Some(of) => of.runs.push(found),
                        None => sizes.push(OfSize {
                            t: point.t,
                            size: clusters.size,
                            runs: vec![found],
                        }),
                    }
                }
            }
            sizes.sort_by_key(|of| of.size);
            sizes
        };
        let sizes: Vec<Vec<OfSize>> = curve.points.iter().map(at).collect();
        let sizes: Vec<_> = sizes.into_iter().filter(|of| !of.is_empty()).collect();
        (!sizes.is_empty()).then_some(Clusters { sizes })
    }

    /// What is drawn of a T: sizes of which there are enough clusters.
    fn drawn(sizes: &[OfSize]) -> impl Iterator<Item = &OfSize> {
        sizes.iter().filter(|of| of.count() >= DRAWN)
    }

    fn draw_panel(&self, pen: &mut Pen, panel: Panel) {
        let frame = Frame::new(pen.width, (NAME, pen.height), SIZE);
        let all = || self.sizes.iter().flat_map(|sizes| Self::drawn(sizes));
        let at: Vec<f64> = all().map(|of| of.size as f64).collect();
        let values: Vec<f64> = all()
            .flat_map(|of| [of.means(panel), of.range(panel)].concat())
            .collect();
        let (x, y) = (frame.x(&at), frame.y(Spacing::Linear, &values));
        frame.draw(pen, &x, &y, panel.name());
        for (k, sizes) in self.sizes.iter().enumerate() {
            let colour = pen.style.along_ramp(k, self.sizes.len());
            let place = |of: &OfSize, value: f64| (x.pixel(of.size as f64), y.pixel(value));
            let line = |which: usize| -> Vec<Point> {
                let points = Self::drawn(sizes);
                points.map(|of| place(of, of.means(panel)[which])).collect()
            };
            Line::Dashed.draw(pen, &line(1), colour, 1.25);
            Line::Solid.draw(pen, &line(0), colour, 2.0);
            for of in Self::drawn(sizes) {
                let range = of.range(panel).map(|value| place(of, value));
                pen.path(&range, colour.mix(0.5), 1.5);
                let [found, by_chance] = of.means(panel);
                Shape::of(k).draw(pen, place(of, found), 3.5, colour);
                let words = format!(
                    "T = {}, {} clusters of {}: {} {}, by chance {}",
                    short(of.t),
                    of.count(),
                    of.size,
                    panel.name(),
                    reading(found),
                    reading(by_chance)
                );
                pen.place(place(of, found), of.runs[0].0, words);
            }
        }
    }
}

impl Figure for Clusters {
    fn title(&self) -> String {
        "What clusters of hidden vectors have in common, against their size".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let mut key = Key::default();
        for (k, sizes) in self.sizes.iter().enumerate() {
            let colour = style.along_ramp(k, self.sizes.len());
            let name = format!("T = {}", short(sizes[0].t));
            key.add(&name, colour, Shape::of(k), Line::Solid);
        }
        key.add("random groups", style.ink, Shape::None, Line::Dashed);
        key.above(pen, &Panel::BOTH, |pen, &panel| self.draw_panel(pen, panel));
        None
    }

    /// For the ends of T, what share of a cluster has its commonest feature.
    fn summary(&self) -> String {
        let share = |sizes: &Vec<OfSize>| {
            let examples: usize = sizes.iter().map(|of| of.size * of.count()).sum();
            let [found, by_chance] = [0, 1].map(|k| {
                let sharing = sizes.iter();
                let sharing = sharing.map(|of| of.means(Panel::Sharing)[k] * of.count() as f64);
                percent(fixed(100.0 * sharing.sum::<f64>() / examples as f64, 0))
            });
            format!(
                "at T = {} {found} of the examples in clusters have their cluster’s commonest feature (random groups: \
                 {by_chance})",
                short(sizes[0].t)
            )
        };
        let (first, last) = (&self.sizes[0], &self.sizes[self.sizes.len() - 1]);
        match self.sizes.len() {
            1 => format!("Of three or more neighbours in angle, {}.", share(first)),
            _ => format!(
                "Of three or more neighbours in angle, {}; {}.",
                share(first),
                share(last)
            ),
        }
    }

    fn table(&self) -> Table {
        let mut columns = ["T", "examples in the cluster", "data seeds", "clusters"]
            .map(String::from)
            .to_vec();
        for panel in Panel::BOTH {
            let of = [
                "mean",
                "random groups",
                "lowest data seed",
                "highest data seed",
            ];
            columns.extend(of.map(|what| format!("{}, {what}", panel.name())));
        }
        let mut table = Table::new(columns);
        for of in self.sizes.iter().flatten() {
            let mut cells: Vec<Cell> = [
                of.t,
                of.size as f64,
                of.runs.len() as f64,
                of.count() as f64,
            ]
            .map(Cell::from)
            .to_vec();
            for panel in Panel::BOTH {
                let values = [of.means(panel), of.range(panel)].concat();
                cells.extend(values.into_iter().map(Cell::from));
            }
            table.push(of.runs.iter().map(|run| run.0).collect(), cells);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        2.0 * (0.26 * width).clamp(200.0, 270.0)
    }
}
