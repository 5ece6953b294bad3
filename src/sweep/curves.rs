//! How does a measure change with T, or with how often a feature occurs? Records sorted into curves, one for each value of
//! a setting.
//!
//! A data seed counts once at each T: with its run of lowest train loss, as the paper chooses; of those that memorise
//! exactly with the one of least ‖W‖. What tells its runs apart is their init seed, or any setting that is not asked
//! for: without the learning rate, the lowest of all rates.

use super::record::Record;
use crate::math::{order, sort};
use crate::measure::outcome::MEMORISED;
use crate::train::{Config, ExampleCount};

/// A setting whose values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Mean or sum in the training loss.
    Reduction,
    /// Decoupled decay of W and b.
    WeightDecay,
    /// Number of updates.
    Steps,
    /// Peak learning rate.
    LearningRate,
    /// The share of the steps during which the rate rises.
    WarmUp,
    /// Adam's ε.
    Eps,
    /// m, the number of hidden dimensions.
    HiddenSize,
    /// S, the probability that a feature of an example is 0.
    Sparsity,
    /// Which model it is, with data that are not of unit length as one more.
    Model,
    /// R of the repeated examples.
    Times,
}

impl Setting {
    /// Its value; of the reduction 0 for mean and 1 for sum.
    pub fn of(self, config: &Config) -> f64 {
        match self {
            Setting::Reduction => {
                f64::from(u8::from(config.reduction == crate::optim::Reduction::Sum))
            }
            Setting::WeightDecay => config.weight_decay,
            Setting::Steps => config.steps as f64,
            Setting::LearningRate => config.lr,
            Setting::WarmUp => config.warm_up,
            Setting::Eps => config.eps,
            Setting::HiddenSize => config.m as f64,
            Setting::Sparsity => config.sparsity,
            // A digit for each option, so that every combination has a number of its own.
            Setting::Model => {
                let flag = f64::from;
                flag(config.untied)
                    + 2.0 * flag(config.hidden_relu)
                    + 4.0 * config.loss as u8 as f64
                    + 16.0 * flag(!config.unit_length)
                    + 32.0 * flag(config.importance != 1.0)
            }
            Setting::Times => config.repeats.first().map_or(1, |r| r.times) as f64,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Setting::Reduction => "reduction",
            Setting::WeightDecay => "weight decay",
            Setting::Steps => "steps",
            Setting::LearningRate => "learning rate",
            Setting::WarmUp => "warm-up",
            Setting::Eps => "ε",
            Setting::HiddenSize => "m",
            Setting::Sparsity => "S",
            Setting::Model => "model",
            Setting::Times => "R",
        }
    }
}

/// A number that a run ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Loss on the test examples, summed over features and averaged over examples.
    TestLoss,
    /// The same on the training examples.
    TrainLoss,
    /// ‖W‖_F.
    WNorm,
    /// ‖b‖₂.
    BNorm,
    /// The largest D of a feature: what it jumps to once features are learned.
    LargestFeature,
    /// Σ D of the five features of largest D, as many as a pentagon has. All features have at most m together.
    FiveFeatures,
    /// Σ R D of the repeated examples. All examples have at most m together.
    RepeatedExamples,
    /// How many of the repeated examples the model rebuilds.
    Rebuilt,
}

impl Quantity {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Quantity::TestLoss => "test loss",
            Quantity::TrainLoss => "train loss",
            Quantity::WNorm => "‖W‖",
            Quantity::BNorm => "‖b‖",
            Quantity::LargestFeature => "largest D of a feature",
            Quantity::FiveFeatures => "Σ D of the five best features",
            Quantity::RepeatedExamples => "Σ R · D of the repeated examples",
            Quantity::Rebuilt => "repeated examples rebuilt",
        }
    }

    /// Its value in a run; none if the run diverged.
    pub fn in_run(self, record: &Record) -> Option<f64> {
        let measures = record.measures.as_ref()?;
        let value = match self {
            Quantity::TestLoss => measures.test_loss,
            Quantity::TrainLoss => measures.train_loss,
            Quantity::WNorm => measures.w_norm,
            Quantity::BNorm => measures.b_norm,
            Quantity::LargestFeature => {
                let d = record.features.dimensionality.iter();
                d.copied().max_by(f32::total_cmp)?.into()
            }
            Quantity::FiveFeatures => {
                let d = record.features.dimensionality.iter();
                let mut d: Vec<f64> = d.map(|&d| d.into()).collect();
                sort(&mut d);
                d.iter().rev().take(5).sum()
            }
            Quantity::RepeatedExamples => {
                let repeated = record.repeated.iter();
                repeated.map(|r| r.times as f64 * r.dimensionality).sum()
            }
            Quantity::Rebuilt => {
                let rebuilt = record.repeated.iter().filter(|r| r.is_rebuilt());
                rebuilt.count() as f64
            }
        };
        value.is_finite().then_some(value)
    }
}

/// What runs are compared along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// T.
    Examples,
    /// T(1 − S): how often a feature occurs among the examples, on average.
    Occurrences,
    /// The share of the examples that are copies of repeated ones, in percent.
    RepeatedShare,
}

impl Along {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Along::Examples => "T",
            Along::Occurrences => "T(1 − S)",
            Along::RepeatedShare => "repeats, % of T",
        }
    }

    /// Where a run lies; infinite for a stream.
    pub fn of(self, config: &Config) -> f64 {
        match self {
            Along::Examples => t_of(config),
            // To six decimals, as 1 − 0.9 is not quite 0.1 and equal numbers are one point.
            Along::Occurrences => (t_of(config) * (1.0 - config.sparsity) * 1e6).round() / 1e6,
            Along::RepeatedShare => {
                let copies: usize = config.repeats.iter().map(|r| r.times).sum();
                100.0 * copies as f64 / t_of(config)
            }
        }
    }
}

/// The runs of one value of a setting. Runs are given by their index among the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// None if no setting was asked for.
    pub value: Option<f64>,
    /// By ascending T, infinity last.
    pub points: Vec<Point>,
}

/// The runs of one T, or of whatever curves are drawn along.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// T; infinite for a stream.
    pub t: f64,
    /// By ascending data seed.
    pub seeds: Vec<Seed>,
}

/// The runs of one data seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// The data seed that they share.
    pub data_seed: u32,
    /// The chosen run; one that diverged only if all did.
    pub best: usize,
    /// The other runs: those of other init seeds.
    pub others: Vec<usize>,
}

/// A measure over data seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean over data seeds.
    pub mean: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// Data seeds whose run has not diverged.
    pub seeds: usize,
}

/// T as a number.
pub fn t_of(config: &Config) -> f64 {
    match config.t {
        ExampleCount::Finite(t) => t as f64,
        ExampleCount::Infinite => f64::INFINITY,
    }
}

/// One curve along T for each value of `setting`, ascending; a single one without a setting, and none without records.
pub fn curves(records: &[Record], setting: Option<Setting>) -> Vec<Curve> {
    curves_along(Along::Examples, records, setting)
}

/// The same along something else than T.
pub fn curves_along(along: Along, records: &[Record], setting: Option<Setting>) -> Vec<Curve> {
    let value = |run: usize| setting.map(|setting| setting.of(&records[run].config));
    let t = |run: usize| along.of(&records[run].config);
    let seed = |run: usize| records[run].config.data_seed;
    // By value, then T, then data seed, then rank: sorting is stable, so the last comes first.
    let keys: [&dyn Fn(usize) -> f64; 5] = [
        &|run| rank(&records[run])[1],
        &|run| rank(&records[run])[0],
        &|run| seed(run).into(),
        &t,
        &|run| value(run).unwrap_or(0.0),
    ];
    let runs = keys
        .iter()
        .fold((0..records.len()).collect(), |runs: Vec<usize>, key| {
            let keys: Vec<f64> = runs.iter().map(|&run| key(run)).collect();
            order(&keys).into_iter().map(|k| runs[k]).collect()
        });
    let point = |runs: &[usize]| Point {
        t: t(runs[0]),
        seeds: (runs.chunk_by(|&a, &b| seed(a) == seed(b)))
            .map(|runs| Seed {
                data_seed: seed(runs[0]),
                best: runs[0],
                others: runs[1..].to_vec(),
            })
            .collect(),
    };
    (runs.chunk_by(|&a, &b| value(a) == value(b)))
        .map(|runs| Curve {
            value: value(runs[0]),
            points: runs.chunk_by(|&a, &b| t(a) == t(b)).map(point).collect(),
        })
        .collect()
}

/// What runs are chosen by, the least first: train loss, and among those that memorise ‖W‖, as the closed form is that of
/// least norm. Infinite if the run diverged.
fn rank(record: &Record) -> [f64; 2] {
    let train_loss = Quantity::TrainLoss.in_run(record);
    let w_norm = Quantity::WNorm.in_run(record);
    [train_loss.map(|loss| loss.max(MEMORISED)), w_norm].map(|x| x.unwrap_or(f64::INFINITY))
}

/// Is the first of two runs chosen before the second?
pub fn is_better(ours: &Record, theirs: &Record) -> bool {
    rank(ours) < rank(theirs)
}

impl Point {
    /// The run that is chosen among all.
    pub fn best<'a>(&self, records: &'a [Record]) -> (usize, &'a Record) {
        let runs = self
            .seeds
            .iter()
            .map(|seed| (seed.best, &records[seed.best]));
        let better = |ours, theirs| match (ours, theirs) {
            ((_, a), (_, b)) if is_better(b, a) => theirs,
            _ => ours,
        };
        runs.reduce(better).expect("a point has runs")
    }

    /// Mean and range over data seeds; none if all diverged.
    pub fn spread(&self, records: &[Record], quantity: Quantity) -> Option<Spread> {
        let values: Vec<f64> = (self.seeds.iter())
            .filter_map(|seed| quantity.in_run(&records[seed.best]))
            .collect();
        (!values.is_empty()).then(|| Spread {
            mean: values.iter().sum::<f64>() / values.len() as f64,
            low: values.iter().copied().fold(f64::INFINITY, f64::min),
            high: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            seeds: values.len(),
        })
    }
}
