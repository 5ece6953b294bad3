//! From how many examples on does a model do something else with them? Three regimes of T, read off the stored runs.

use serde::Serialize;

use super::curves::curves;
use super::record::Record;
use crate::measure::outcome::Kind;

/// What a model does with its examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Regime {
    /// It has memorised all or some of them.
    Memorises,
    /// Neither.
    Confused,
    /// It has learned features.
    Generalises,
}

/// A stretch of the axis of T that belongs to one regime.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// The regime.
    pub regime: Regime,
    /// Where it begins; 0 for the first.
    pub from: f64,
    /// Where it ends; infinite for the last.
    pub to: f64,
}

impl Regime {
    /// What it is called in figures.
    pub fn name(self) -> &'static str {
        match self {
            Regime::Memorises => "memorises",
            Regime::Confused => "confused",
            Regime::Generalises => "generalises",
        }
    }

    /// That of a run, by its outcome.
    pub fn of(run: &Record) -> Regime {
        match run.outcome().map(|outcome| outcome.kind) {
            Some(Kind::Memorised { .. } | Kind::AllBut { .. } | Kind::Partly { .. }) => {
                Regime::Memorises
            }
            Some(Kind::Features { .. }) => Regime::Generalises,
            _ => Regime::Confused,
        }
    }
}

/// The regimes that runs pass through as T grows, in their order, of the run of lowest train loss at each T. One ends halfway, in
/// ratio, between its last T and the next: memorising after the last T at which a run does, generalising from the T on from which
/// all do. None without runs.
pub fn regimes(records: &[Record]) -> Vec<Stretch> {
    let points = curves(records, None).pop().map_or(Vec::new(), |c| c.points);
    let found: Vec<Regime> = (points.iter())
        .map(|point| Regime::of(point.best(records).1))
        .collect();
    let after_last = |is: &dyn Fn(Regime) -> bool| {
        let last = found.iter().rposition(|&regime| is(regime));
        last.map_or(0, |k| k + 1)
    };
    let ends = [
        after_last(&|regime| regime == Regime::Memorises),
        after_last(&|regime| regime != Regime::Generalises),
        points.len(),
    ];
    let border = |k: usize| match k {
        0 => 0.0,
        k if k == points.len() => f64::INFINITY,
        // Nothing lies halfway to infinity.
        k if points[k].t.is_infinite() => points[k - 1].t * std::f64::consts::SQRT_2,
        k => (points[k - 1].t * points[k].t).sqrt(),
    };
    let all = [Regime::Memorises, Regime::Confused, Regime::Generalises];
    let mut begin = 0;
    let mut stretches = Vec::new();
    for (regime, end) in all.into_iter().zip(ends) {
        if end > begin {
            let (from, to) = (border(begin), border(end));
            stretches.push(Stretch { regime, from, to });
            begin = end;
        }
    }
    stretches
}
