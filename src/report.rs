//! What came out of a run? Its measures, and the JSON that `lab train --json` and the page write alike.
//!
//! Numbers are written in the shortest form that reads back to the same bits, so two equal texts are two equal
//! runs.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::checksum;
use crate::data::Examples;
use crate::gradient::Path;
use crate::measure::outcome::{Facts, Outcome};
use crate::measure::{self, Polygon};
use crate::model::Params;
use crate::train::{Config, HistoryPoint, Numerics, Trainer};

/// What the figures and verdicts need of a trained model. Losses are the model's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Loss on the training examples.
    pub train_loss: f64,
    /// Loss on the test examples.
    pub test_loss: f64,
    /// ‖W‖_F, without W_up where that is not Wᵀ.
    pub w_norm: f64,
    /// ‖b‖₂.
    pub b_norm: f64,
    /// Share of (training example, feature) pairs whose z is above zero.
    pub active_share: f64,
    /// Hidden vectors as a polygon; none unless m = 2 and T is finite.
    pub polygon: Option<Polygon>,
}

impl Measures {
    /// Measures `trainer` as it stands.
    pub fn of(trainer: &Trainer) -> Self {
        Measures::of_params(trainer, &trainer.params(), trainer.examples())
    }

    /// Measures `params` of an earlier `step` of `trainer`'s run.
    ///
    /// # Panics
    /// If `params` are of another n or m.
    pub fn at(trainer: &Trainer, params: &Params, step: u64) -> Self {
        Measures::of_params(trainer, params, &trainer.examples_at(step))
    }

    fn of_params(trainer: &Trainer, params: &Params, examples: &Examples) -> Self {
        let variant = trainer.config().variant();
        let train = variant.evaluate(params, examples);
        let planar = params.m() == 2 && trainer.config().t.finite().is_some();
        let has_closed_form = trainer.config().has_closed_form();
        let polygon = || {
            let polygon = measure::polygon(variant.hidden(params, examples).as_chunks().0)?;
            let radius = polygon.closed_form_radius;
            Some(Polygon {
                closed_form_radius: radius.filter(|_| has_closed_form),
                ..polygon
            })
        };
        Measures {
            train_loss: train.loss,
            test_loss: variant.evaluate(params, trainer.test_examples()).loss,
            w_norm: measure::norm(params.w().iter()),
            b_norm: measure::norm(params.b().iter()),
            active_share: train.active_share,
            polygon: planar.then(polygon).flatten(),
        }
    }
}

/// What figures can be drawn from: columns of W (n, m), rows of W_up (m, n) if weights are untied, b (n), hidden vectors (T, m).
pub fn snapshot(trainer: &Trainer) -> Vec<f32> {
    let params = trainer.params();
    let mut values = params.columns();
    values.extend(params.rows().skip(params.m()).flatten());
    values.extend(trainer.hidden());
    values
}

/// What `trainer`'s run is, as it stands; `measures` are its own.
pub fn outcome(trainer: &Trainer, measures: &Measures) -> Outcome {
    match trainer.diverged_at() {
        Some(step) => Outcome::diverged(step),
        None => outcome_at(trainer.config(), measures, feature_dimensionality(trainer)),
    }
}

/// What a run with these measures and all these D's of features is, or was at an earlier step.
pub fn outcome_at(config: &Config, measures: &Measures, mut of_features: Vec<f64>) -> Outcome {
    of_features.sort_by(|a, b| b.total_cmp(a));
    let facts = facts(config, measures, &of_features, true);
    Outcome::of(&facts).expect("all D's are known")
}

/// What an outcome is told from, with the `largest` D's of features that are known, from the largest on.
pub fn facts<'a>(
    config: &Config,
    measures: &'a Measures,
    largest: &'a [f64],
    all_known: bool,
) -> Facts<'a> {
    Facts {
        examples: config.t.finite(),
        train_loss: measures.train_loss,
        test_loss: measures.test_loss,
        baseline: config.baseline(),
        polygon: measures.polygon.as_ref(),
        has_closed_form: config.has_closed_form(),
        largest,
        all_known,
    }
}

/// D of every feature: of the columns of W, whether or not outputs are made with it.
pub fn feature_dimensionality(trainer: &Trainer) -> Vec<f64> {
    measure::dimensionalities(trainer.params().w().reversed_axes())
}

/// D of every training example (of the coming batch where T is infinite).
pub fn example_dimensionality(trainer: &Trainer) -> Vec<f64> {
    of_hidden(trainer, measure::dimensionalities)
}

/// CRC-32 of W and b, row after row, as little-endian f32: with the measures it tells whether two runs ended with the same bits.
pub fn weights(trainer: &Trainer) -> u32 {
    checksum::of_floats(trainer.params().rows().flatten())
}

/// What a run starts from, as sums to compare with: another program that draws the same numbers has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Checksums {
    /// CRC-32 of the initial W, row after row, and then of W_up if weights are untied, as little-endian f32.
    pub w: u32,
    /// CRC-32 of the values of the training examples of step 0, example after example, as little-endian f32.
    pub values: u32,
}

impl Checksums {
    /// Those of `trainer`'s run.
    pub fn of(trainer: &Trainer) -> Self {
        let Config { n, m, .. } = *trainer.config();
        let Config {
            untied, init_seed, ..
        } = *trainer.config();
        let initial = Params::initial_of(untied, n, m, init_seed);
        let weights = if untied { 2 * m } else { m };
        let examples = trainer.examples_at(0);
        Checksums {
            w: checksum::of_floats(initial.rows().take(weights).flatten()),
            values: checksum::of_floats(examples.rows().flat_map(|(_, values)| values)),
        }
    }
}

/// D* of every training example (of the coming batch where T is infinite).
pub fn example_maximal_dimensionality(trainer: &Trainer) -> Vec<f64> {
    of_hidden(trainer, measure::max_data_dimensionality)
}

/// The clusters of the training examples; none unless m = 2.
pub fn example_clusters(trainer: &Trainer) -> Vec<measure::Clusters> {
    let Config { m, data_seed, .. } = *trainer.config();
    match m {
        2 => measure::clusters(
            trainer.hidden().as_chunks().0,
            trainer.examples(),
            data_seed,
        ),
        _ => Vec::new(),
    }
}

/// A measure of the hidden vectors of the training examples.
fn of_hidden(trainer: &Trainer, measure: fn(ArrayView2<f32>) -> Vec<f64>) -> Vec<f64> {
    let hidden = trainer.hidden();
    let m = trainer.config().m;
    measure(ArrayView2::from_shape((hidden.len() / m, m), &hidden).expect("rows of m"))
}

/// A whole run.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    config: &'a Config,
    numerics: u32,
    path: Path,
    step: u64,
    diverged_at: Option<u64>,
    r#final: Final,
    history: &'a [HistoryPoint],
    w: Vec<Vec<f32>>,
    /// Of untied weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    w_up: Option<Vec<Vec<f32>>>,
    b: Vec<f32>,
    hidden: Vec<Vec<f32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initial_w: Option<Vec<Vec<f32>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initial_w_up: Option<Vec<Vec<f32>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data>,
}

#[derive(Debug, Serialize)]
struct Final {
    #[serde(flatten)]
    measures: Measures,
    outcome: Outcome,
    feature_dimensionality: Vec<f64>,
    example_dimensionality: Vec<f64>,
}

/// Training examples as lists.
#[derive(Debug, Serialize)]
struct Data {
    indices: Vec<Vec<u32>>,
    values: Vec<Vec<f32>>,
}

impl Data {
    fn of(examples: &Examples) -> Self {
        Data {
            indices: examples
                .rows()
                .map(|(features, _)| features.to_vec())
                .collect(),
            values: examples.rows().map(|(_, values)| values.to_vec()).collect(),
        }
    }
}

impl<'a> Report<'a> {
    /// Reports `trainer` as it stands; `with_data` adds initial W and the training examples (of step 0 where T is
    /// infinite), so that any other program can repeat the run.
    pub fn of(trainer: &'a Trainer, with_data: bool) -> Self {
        let params = trainer.params();
        let (n, m) = (params.n(), params.m());
        let config = trainer.config();
        let rows =
            |values: &[f32], width| values.chunks_exact(width).map(<[f32]>::to_vec).collect();
        let measures = Measures::of(trainer);
        let initial = Params::initial_of(config.untied, n, m, config.init_seed);
        // W is the first of one or two matrices.
        let matrix = |params: &Params, from: usize| {
            let rows = params.rows().skip(from).take(m);
            rows.map(<[f32]>::to_vec).collect()
        };
        let Numerics { path, version } = trainer.numerics();
        Report {
            config,
            numerics: version,
            path,
            step: trainer.steps_done(),
            diverged_at: trainer.diverged_at(),
            r#final: Final {
                outcome: outcome(trainer, &measures),
                measures,
                feature_dimensionality: feature_dimensionality(trainer),
                example_dimensionality: example_dimensionality(trainer),
            },
            history: trainer.history(),
            w: matrix(&params, 0),
            w_up: config.untied.then(|| matrix(&params, m)),
            b: params.b().to_vec(),
            hidden: rows(&trainer.hidden(), m),
            initial_w: with_data.then(|| matrix(&initial, 0)),
            initial_w_up: (with_data && config.untied).then(|| matrix(&initial, m)),
            data: with_data.then(|| Data::of(&trainer.examples_at(0))),
        }
    }

    /// The report as JSON. NaN and infinity, which only a diverged run has, are written as null.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a report is valid JSON")
    }
}
