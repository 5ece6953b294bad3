//! How often must an example occur to be memorised? R against T/n, memorised or not by either rule.

use plotters::style::RGBColor;

use crate::figures::tools::frame::{Frame, NAME};
use crate::figures::tools::key::{Key, Line, Shape};
use crate::figures::tools::numbers::{percent, reading, short};
use crate::figures::tools::pen::{Align, Pen, Point};
use crate::figures::tools::scale::{Spacing, TAxis};
use crate::figures::tools::table::{Cell, Table};
use crate::figures::{Area, Figure};
use crate::math::order;
use crate::sweep::{Record, Repeated, t_of};

/// Runs in which one example is repeated.
pub struct Repeats {
    marks: Vec<Mark>,
    /// The different n, ascending.
    setups: Vec<usize>,
}

struct Mark {
    /// Index among the figure's records.
    run: usize,
    n: usize,
    t: f64,
    data_seed: u32,
    repeated: Repeated,
}

/// What memorises according to the comment on the paper: R is at least this multiple of T/n.
const SHARE: f64 = 0.4;
/// Distance between marks of neighbouring data seeds, pixels.
const APART: f64 = 8.0;
const WIDE: f64 = 640.0;
const GAP: f64 = 18.0;
const RADIUS: f64 = 4.25;

/// When does an example count as memorised?
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    StandsOut,
    Rebuilt,
}

/// The share of the examples that stand out.
fn few() -> String {
    percent(0.1)
}

impl Rule {
    const BOTH: [Rule; 2] = [Rule::StandsOut, Rule::Rebuilt];

    fn name(self) -> String {
        match self {
            Rule::StandsOut => format!("among the {} of largest D", few()),
            Rule::Rebuilt => "loss on it below 1/2".into(),
        }
    }

    fn holds(self, mark: &Mark) -> bool {
        match self {
            Rule::StandsOut => mark.repeated.stands_out(mark.t as usize),
            Rule::Rebuilt => mark.repeated.is_rebuilt(),
        }
    }
}

impl Mark {
    fn per_feature(&self) -> f64 {
        self.t / self.n as f64
    }

    fn above_line(&self) -> bool {
        self.repeated.times as f64 >= SHARE * self.per_feature()
    }

    fn name(&self) -> String {
        format!(
            "n = {}, T = {}, R = {}, data seed {}",
            self.n, self.t, self.repeated.times, self.data_seed
        )
    }
}

impl Repeats {
    /// The runs among the records that repeat one example; none if there is none.
    pub fn new(records: &[Record]) -> Option<Repeats> {
        let mark = |(run, record): (usize, &Record)| match &record.repeated[..] {
            [repeated] => Some(Mark {
                run,
                n: record.config.n,
                t: t_of(&record.config),
                data_seed: record.config.data_seed,
                repeated: repeated.clone(),
            }),
            _ => None,
        };
        let marks: Vec<Mark> = records.iter().enumerate().filter_map(mark).collect();
        let mut setups: Vec<usize> = marks.iter().map(|mark| mark.n).collect();
        setups.sort_unstable();
        setups.dedup();
        (!marks.is_empty()).then_some(Repeats { marks, setups })
    }

    /// The form of a setup's marks.
    fn shape(&self, n: usize) -> Shape {
        match self.setups.iter().position(|&other| other == n) {
            Some(k) => [Shape::Dot, Shape::Diamond, Shape::Square][k % 3],
            None => Shape::None,
        }
    }

    /// Marks of one place stand beside each other.
    fn shift(&self, mark: &Mark) -> f64 {
        let same = |other: &&Mark| {
            other.per_feature() == mark.per_feature() && other.repeated.times == mark.repeated.times
        };
        let beside: Vec<&Mark> = self.marks.iter().filter(same).collect();
        let keys: Vec<f64> = (beside.iter())
            .map(|other| f64::from(other.data_seed) + 1e3 * other.n as f64)
            .collect();
        let place = order(&keys).into_iter();
        let mut places = place.map(|k| beside[k].run);
        let at = places.position(|run| run == mark.run).unwrap_or(0);
        APART * (at as f64 - 0.5 * (beside.len() - 1) as f64)
    }

    fn draw_panel(&self, pen: &mut Pen, rule: Rule) {
        let ink = pen.style.ink;
        let frame = Frame::new(pen.width, (NAME, pen.height), "T/n");
        let ends = frame.ends;
        let xs: Vec<f64> = self.marks.iter().map(Mark::per_feature).collect();
        let inner = (ends.0 + APART, (ends.1 - APART).max(ends.0 + APART + 1.0));
        let x = TAxis::new(inner, &xs);
        let times = self.marks.iter().map(|mark| mark.repeated.times as f64);
        let times: Vec<f64> = times.collect();
        let y = frame.y(Spacing::Log { floor: 1.0 }, &times);
        frame.draw(pen, &x, &y, "R");
        let title = (0.5 * (ends.0 + ends.1), 7.0);
        pen.text(&rule.name(), title, Align::Middle, ink);
        // The line, from where it enters the plot to where it leaves it.
        let steps = 60;
        let values = x.values();
        if let [first, .., last] = *values {
            let along = |k: usize| first + (last - first) * k as f64 / f64::from(steps);
            let line = (0..=steps as usize).map(along);
            let line = line.filter(|&at| y.holds(SHARE * at));
            let line: Vec<Point> = line.map(|at| (x.pixel(at), y.pixel(SHARE * at))).collect();
            Line::Dashed.draw(pen, &line, ink, 1.25);
        }
        for mark in &self.marks {
            let at = x.pixel(mark.per_feature()) + self.shift(mark);
            let at = (at, y.pixel(mark.repeated.times as f64));
            let holds = rule.holds(mark);
            draw_mark(pen, self.shape(mark.n), at, holds);
            let words = format!(
                "{}: {} by this rule (loss on it {}, {} examples of larger D)",
                mark.name(),
                if holds { "memorised" } else { "not memorised" },
                reading(mark.repeated.loss),
                mark.repeated.above
            );
            pen.place(at, mark.run, words);
        }
    }

    fn key(&self, examples: RGBColor, features: RGBColor, ink: RGBColor) -> Key {
        let mut key = Key::default();
        for &n in &self.setups {
            key.add(
                &format!("n = {}", short(n as f64)),
                ink,
                self.shape(n),
                Line::None,
            );
        }
        key.add("memorised", examples, Shape::Dot, Line::None);
        key.add("not memorised", features, Shape::Ring, Line::None);
        key.add(&format!("R = {SHARE} T/n"), ink, Shape::None, Line::Dashed);
        key
    }

    /// In how many runs the rule says what the line says, and how many memorise.
    fn counts(&self, rule: Rule) -> (usize, usize) {
        let marks = || self.marks.iter();
        let memorised = marks().filter(|mark| rule.holds(mark)).count();
        let agree = marks().filter(|mark| rule.holds(mark) == mark.above_line());
        (memorised, agree.count())
    }
}

/// Filled if memorised, else hollow.
fn draw_mark(pen: &mut Pen, shape: Shape, at: Point, memorised: bool) {
    let style = *pen.style;
    match memorised {
        true => shape.draw(pen, at, RADIUS, style.examples),
        false => {
            shape.draw(pen, at, RADIUS, style.features);
            shape.draw(pen, at, RADIUS - 1.75, style.surface);
        }
    }
}

impl Figure for Repeats {
    fn title(&self) -> String {
        "Which repeated examples are memorised: R against T/n".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let style = *pen.style;
        let key = self.key(style.examples, style.features, style.ink);
        let above = key.height(pen.width) + 6.0;
        key.draw(pen, (2.0, 0.0), pen.width);
        let (width, height) = (pen.width, pen.height - above);
        for (k, rule) in Rule::BOTH.into_iter().enumerate() {
            let (corner, size) = if width >= WIDE {
                let half = (width - GAP) / 2.0;
                ((k as f64 * (half + GAP), above), (half, height))
            } else {
                let half = (height - GAP) / 2.0;
                ((0.0, above + k as f64 * (half + GAP)), (width, half))
            };
            self.draw_panel(&mut pen.part(corner, size), rule);
        }
        None
    }

    fn summary(&self) -> String {
        let all = self.marks.len();
        let [ranked, rebuilt] = Rule::BOTH.map(|rule| self.counts(rule));
        format!(
            "Of {all} runs, {} have the repeated example {} and {} rebuild it; the line R = {SHARE} T/n says so of {} and of {}.",
            ranked.0,
            Rule::StandsOut.name(),
            rebuilt.0,
            ranked.1,
            rebuilt.1
        )
    }

    fn table(&self) -> Table {
        let among = format!("among the {}", few());
        let mut table = Table::new([
            "n",
            "T",
            "T/n",
            "R",
            "data seed",
            "D",
            "examples of larger D",
            "loss on it",
            among.as_str(),
            "rebuilt",
        ]);
        for mark in &self.marks {
            let yes = |rule: Rule| Cell::from(if rule.holds(mark) { "yes" } else { "no" });
            let mut cells: Vec<Cell> = [
                mark.n as f64,
                mark.t,
                mark.per_feature(),
                mark.repeated.times as f64,
                mark.data_seed.into(),
                mark.repeated.dimensionality,
                mark.repeated.above as f64,
                mark.repeated.loss,
            ]
            .map(Cell::from)
            .to_vec();
            cells.extend(Rule::BOTH.map(yes));
            table.push(vec![mark.run], cells);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        match width >= WIDE {
            true => (0.42 * width).clamp(320.0, 420.0),
            false => 2.0 * (0.8 * width).clamp(260.0, 360.0),
        }
    }
}
