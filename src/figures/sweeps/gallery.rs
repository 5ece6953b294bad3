//! Which figures are made from sweeps, and of which grids' runs? The list that the page and `lab figures` share.

use std::rc::Rc;

use super::arrangements::Arrangements;
use super::clusters::Clusters;
use super::curves::{Curves, Panel};
use super::each_run::EachRun;
use super::failures::Failures;
use super::heat_map::HeatMap;
use super::histories::Histories;
use super::models::Models;
use super::multiples::{Multiples, Row};
use super::nudges::Nudges;
use super::planes::Planes;
use super::polytopes::Polytopes;
use super::reference::{
    JERMYN_HIGHEST, PAPER_TEST_LOSS, REPLICATION_B_NORM, REPLICATION_W_NORM, Reference,
};
use super::repeats::Repeats;
use super::stack::Stack;
use super::strips::Strips;
use crate::figures::run::vectors::Role;
use crate::figures::tools::pen::Pen;
use crate::figures::tools::scale::Spacing;
use crate::figures::{Area, Figure, Table};
use crate::optim::Reduction;
use crate::sweep::{Along, Plan, Quantity, Record, Setting};
use crate::theory;

/// A figure by name.
pub struct Entry {
    /// Its name, on the command line and in the page.
    pub name: &'static str,
    /// The grids whose records it takes, those of the first before those of the second.
    pub grids: &'static [&'static str],
    /// The figure of all their records.
    pub of: for<'a> fn(&'a [Record], View) -> Made<'a>,
}

/// A figure of some records, if they have what it shows.
pub type Made<'a> = Option<Box<dyn Figure + 'a>>;

/// What the reader has chosen. Figures take what concerns them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    /// A run, as an index among the records.
    pub selected: Option<usize>,
    /// The T that is marked, and of which planes are drawn.
    pub t: Option<f64>,
    /// Angles by which a solid is turned, radians: around the vertical axis, then around the horizontal one.
    pub turn: (f64, f64),
}

/// Makes a figure of records.
type Make = Box<dyn for<'a> Fn(&'a [Record]) -> Made<'a>>;

/// A figure that holds its records, so that it may stay when those who made it are gone.
pub struct Stored {
    make: Make,
    records: Rc<[Record]>,
}

impl Stored {
    /// None if the records don't have what it shows.
    pub fn new(entry: &'static Entry, records: Rc<[Record]>, view: View) -> Option<Stored> {
        Stored::made(records, move |records| (entry.of)(records, view))
    }

    /// The figure of a reader's own sweep; none without runs.
    pub fn of_plan(
        plan: Plan,
        records: Rc<[Record]>,
        behind: Option<Reference>,
        selected: Option<usize>,
    ) -> Option<Stored> {
        Stored::made(records, move |records| {
            of_plan(&plan, records, behind, selected)
        })
    }

    fn made<F>(records: Rc<[Record]>, make: F) -> Option<Stored>
    where
        F: for<'a> Fn(&'a [Record]) -> Made<'a> + 'static,
    {
        make(&records)?;
        let make = Box::new(make);
        Some(Stored { make, records })
    }

    fn figure(&self) -> Box<dyn Figure + '_> {
        (self.make)(&self.records).expect("there was one")
    }
}

impl Figure for Stored {
    fn title(&self) -> String {
        self.figure().title()
    }

    fn summary(&self) -> String {
        self.figure().summary()
    }

    fn table(&self) -> Table {
        self.figure().table()
    }

    fn height(&self, width: f64) -> f64 {
        self.figure().height(width)
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        self.figure().compose(pen)
    }
}

const fn entry(
    name: &'static str,
    grids: &'static [&'static str],
    of: for<'a> fn(&'a [Record], View) -> Made<'a>,
) -> Entry {
    Entry { name, grids, of }
}

/// Every figure, in the order of the argument.
#[rustfmt::skip] // a table
pub const FIGURES: [Entry; 35] = [
    entry("main", &["main", "main-large"], main),
    entry("every-run", &["main", "bump"], |records, _| some(EachRun::new(records))),
    entry("dimensionalities", &["main", "main-large"], dimensionalities),
    entry("planes", &["main", "main-large"], planes),
    entry("polygons", &["main"], polygons),
    entry("norms", &["main", "main-large", "main-sum"], norms),
    entry("reduction", &["main", "main-sum"], |records, _| beside_replications(records, Setting::Reduction, vec![PAPER_TEST_LOSS])),
    entry("warm-up", &["main-sum", "warm-up"], |records, _| beside_replications(records, Setting::WarmUp, Vec::new())),
    entry("eps", &["eps"], |records, _| test_losses(records, Setting::Eps)),
    entry("eps-paper", &["eps-paper"], |records, _| test_losses(records, Setting::Eps)),
    entry("rates", &["rates"], rates),
    entry("classroom", &["classroom"], |records, _| test_losses(records, Setting::Reduction)),
    entry("map", &["map", "map-large"], map),
    entry("map-rows", &["map-rows"], map),
    entry("map-paper", &["map-paper"], map),
    entry("polytopes", &["map"], polytopes),
    entry("decay", &["decay"], |records, _| test_losses(records, Setting::WeightDecay)),
    entry("decay-paper", &["decay-paper"], |records, _| test_losses(records, Setting::WeightDecay)),
    entry("length", &["length"], |records, _| test_losses(records, Setting::Steps)),
    entry("length-paper", &["length-paper"], |records, _| test_losses(records, Setting::Steps)),
    entry("decay-m2", &["decay-m2"], decay_m2),
    entry("decay-m2-paper", &["decay-m2-paper"], decay_m2),
    entry("sparsity", &["sparsity"], sparsity),
    entry("sparsity-paper", &["sparsity-paper"], sparsity),
    entry("sparsity-m4", &["sparsity-m4"], sparsity),
    entry("repeated", &["repeated"], |records, _| some(Histories::by_repeated(records))),
    entry("repeated-paper", &["repeated-paper"], |records, _| some(Histories::by_repeated(records))),
    entry("repeats", &["repeats", "repeats-paper"], |records, _| some(Repeats::new(records))),
    entry("mixture", &["mixture"], mixture),
    entry("wavering", &["wavering"], |records, _| some(Histories::that_let_go(records, 3))),
    entry("wavering-paper", &["wavering-paper"], |records, _| some(Histories::that_let_go(records, 3))),
    entry("clusters", &["clusters"], |records, _| some(Clusters::new(records))),
    entry("failures", &["failures"], failures),
    entry("nudged", &["nudged"], |records, _| some(Nudges::new(records))),
    entry("models", &["models"], |records, _| some(Models::new(records))),
];

impl Entry {
    /// The figure of that name.
    pub fn named(name: &str) -> Option<&'static Entry> {
        FIGURES.iter().find(|entry| entry.name == name)
    }
}

/// The figure, if there is one.
fn some<'a>(figure: Option<impl Figure + 'a>) -> Made<'a> {
    figure.map(|figure| Box::new(figure) as _)
}

/// The figure, unless there are no records to draw.
fn made<'a>(records: &[Record], figure: impl Figure + 'a) -> Made<'a> {
    (!records.is_empty()).then(|| Box::new(figure) as _)
}

const POLYGON_T: [f64; 7] = [3.0, 5.0, 6.0, 8.0, 10.0, 15.0, 30.0];

const fn row(role: Role, common_scale: bool) -> Row {
    Row { role, common_scale }
}

fn test_loss() -> Panel {
    Panel::new(Quantity::TestLoss, Spacing::Excess)
}

fn main(records: &[Record], view: View) -> Made<'_> {
    let losses = Panel {
        references: vec![PAPER_TEST_LOSS],
        ..test_loss()
    };
    let losses = Curves::new(records, None, vec![losses]);
    made(records, losses.with_regimes(view.t))
}

fn dimensionalities(records: &[Record], view: View) -> Made<'_> {
    // The axis of the losses, which has the paper's T as well.
    let papers = PAPER_TEST_LOSS.points.iter().map(|&(t, _)| t);
    let ts: Vec<f64> = papers.collect();
    made(records, Strips::new(records, &ts, view.t))
}

/// Runs of a reader's own sweep: a map over T and m where both vary, else a curve for each value of what varies besides T. None
/// without runs.
fn of_plan<'a>(
    plan: &Plan,
    records: &'a [Record],
    behind: Option<Reference>,
    selected: Option<usize>,
) -> Made<'a> {
    let setting = plan.setting();
    let rows = plan.vary.as_ref().map_or(0, |vary| vary.values.len());
    if setting == Some(Setting::HiddenSize) && plan.t.len() > 1 && rows > 1 {
        return made(records, HeatMap::new(records, selected));
    }
    let losses = Panel {
        references: behind.into_iter().collect(),
        ..test_loss()
    };
    let ts = plan
        .t
        .iter()
        .map(|t| t.finite().map_or(f64::INFINITY, |t| t as f64));
    made(
        records,
        Curves::new(records, setting, vec![losses]).over(ts),
    )
}

/// Before a reader has chosen a T: the first that is told of.
const FIRST_T: f64 = 5.0;

fn planes(records: &[Record], view: View) -> Made<'_> {
    some(Planes::new(records, view.t.unwrap_or(FIRST_T)))
}

fn polygons(records: &[Record], _: View) -> Made<'_> {
    let rows = vec![
        row(Role::Features, false),
        row(Role::Examples, false),
        row(Role::Examples, true),
    ];
    made(records, Multiples::new(records, &POLYGON_T, rows))
}

/// A plane, space, and as many dimensions as need another form.
const POLYTOPE_M: [f64; 3] = [2.0, 3.0, 8.0];
const POLYTOPE_T: f64 = 10.0;

fn polytopes(records: &[Record], view: View) -> Made<'_> {
    let polytopes = Polytopes::new(records, &POLYTOPE_M, POLYTOPE_T, view.turn);
    (!polytopes.is_empty()).then(|| Box::new(polytopes) as _)
}

const NORM: Spacing = Spacing::Log { floor: 0.1 };

/// One curve for each reduction that there are runs of, beside the replication's and the closed form.
fn norms(records: &[Record], _: View) -> Made<'_> {
    let panel = |quantity, closed_form, reference| Panel {
        closed_form: Some(closed_form),
        references: vec![reference],
        ..Panel::new(quantity, NORM)
    };
    let w = panel(Quantity::WNorm, theory::polygon_w_norm, REPLICATION_W_NORM);
    let b = panel(Quantity::BNorm, theory::polygon_b_norm, REPLICATION_B_NORM);
    let sums = records
        .iter()
        .filter(|r| r.config.reduction == Reduction::Sum);
    let setting = (sums.count() > 0).then_some(Setting::Reduction);
    made(records, Curves::new(records, setting, vec![w, b]))
}

/// Test loss and norms for each value of a setting, beside what replications have published.
fn beside_replications(records: &[Record], setting: Setting, losses: Vec<Reference>) -> Made<'_> {
    let norm = |quantity, reference| Panel {
        references: vec![reference],
        ..Panel::new(quantity, NORM)
    };
    let losses = Panel {
        references: losses,
        level: Some(JERMYN_HIGHEST),
        ..test_loss()
    };
    let panels = vec![
        losses,
        norm(Quantity::WNorm, REPLICATION_W_NORM),
        norm(Quantity::BNorm, REPLICATION_B_NORM),
    ];
    made(records, Curves::new(records, Some(setting), panels))
}

fn map(records: &[Record], view: View) -> Made<'_> {
    made(records, HeatMap::new(records, view.selected))
}

fn test_losses(records: &[Record], setting: Setting) -> Made<'_> {
    made(
        records,
        Curves::new(records, Some(setting), vec![test_loss()]),
    )
}

/// Of the failures' T those that are shown: small enough to be seen, and large enough to fail in every way.
const FAILED_T: [f64; 2] = [8.0, 10.0];

fn failures(records: &[Record], _: View) -> Made<'_> {
    let rates: Box<dyn Figure> = Box::new(Failures::new(records)?);
    let shapes = Arrangements::new(records, &FAILED_T).map(|shapes| Box::new(shapes) as _);
    let parts = std::iter::once(rates).chain(shapes).collect();
    some(Some(Stack { parts }))
}

fn largest_feature() -> Vec<Panel> {
    vec![Panel::new(Quantity::LargestFeature, Spacing::Linear)]
}

fn decay_m2(records: &[Record], _: View) -> Made<'_> {
    let decay = Some(Setting::WeightDecay);
    made(records, Curves::new(records, decay, largest_feature()))
}

fn sparsity(records: &[Record], _: View) -> Made<'_> {
    let sparsity = Some(Setting::Sparsity);
    let curves = Curves::along(Along::Occurrences, records, sparsity, largest_feature());
    made(records, curves)
}

/// How the dimensions of the hidden space are shared by features and by repeated examples.
fn mixture(records: &[Record], _: View) -> Made<'_> {
    let panels = [
        Quantity::FiveFeatures,
        Quantity::RepeatedExamples,
        Quantity::Rebuilt,
    ];
    let panels = panels.map(|quantity| Panel::new(quantity, Spacing::Linear));
    let (share, times) = (Along::RepeatedShare, Some(Setting::Times));
    let repeating = records.iter().any(|record| !record.repeated.is_empty());
    let curves = Curves::along(share, records, times, panels.into());
    some(repeating.then_some(curves))
}

fn rates(records: &[Record], _: View) -> Made<'_> {
    let losses = Panel::new(Quantity::TrainLoss, Spacing::Linear);
    let curves = Curves::new(records, Some(Setting::LearningRate), vec![losses]);
    made(records, curves.with_envelope())
}
